import { Page } from '../../components/page.tsx';
import { Blank } from '../../components/states.tsx';

export function ActivityPage() {
  return (
    <Page title="Activity">
      <Blank title="Not there yet" />
    </Page>
  );
}
