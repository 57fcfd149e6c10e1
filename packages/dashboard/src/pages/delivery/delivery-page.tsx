import { Page } from '../../components/page.tsx';
import { Blank } from '../../components/states.tsx';

export function DeliveryPage() {
  return (
    <Page title="Delivery">
      <Blank title="Not there yet" />
    </Page>
  );
}
