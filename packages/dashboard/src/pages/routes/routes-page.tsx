import { Page } from '../../components/page.tsx';
import { Blank } from '../../components/states.tsx';

export function RoutesPage() {
  return (
    <Page title="Routes">
      <Blank title="Not there yet" />
    </Page>
  );
}
