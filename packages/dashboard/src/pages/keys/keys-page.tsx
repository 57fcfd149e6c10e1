import { Page } from '../../components/page.tsx';
import { Blank } from '../../components/states.tsx';

export function KeysPage() {
  return (
    <Page title="API keys">
      <Blank title="Not there yet" />
    </Page>
  );
}
