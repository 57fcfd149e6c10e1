import { Page } from '../../components/page.tsx';
import { Blank } from '../../components/states.tsx';

export function OverviewPage() {
  return (
    <Page title="Overview">
      <Blank title="Not there yet" />
    </Page>
  );
}
