import { Page } from '../../components/page.tsx';
import { Blank } from '../../components/states.tsx';

export function DispatchesPage() {
  return (
    <Page title="Dispatches">
      <Blank title="Not there yet" />
    </Page>
  );
}
