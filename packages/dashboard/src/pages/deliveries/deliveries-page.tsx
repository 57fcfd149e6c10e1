import { Page } from '../../components/page.tsx';
import { Blank } from '../../components/states.tsx';

export function DeliveriesPage() {
  return (
    <Page title="Deliveries">
      <Blank title="Not there yet" />
    </Page>
  );
}
