import { Page } from '../../components/page.tsx';
import { Blank } from '../../components/states.tsx';

export function RunPage() {
  return (
    <Page title="Run">
      <Blank title="Not there yet" />
    </Page>
  );
}
