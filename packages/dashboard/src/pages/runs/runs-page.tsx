import { Page } from '../../components/page.tsx';
import { Blank } from '../../components/states.tsx';

export function RunsPage() {
  return (
    <Page title="Runs">
      <Blank title="Not there yet" />
    </Page>
  );
}
