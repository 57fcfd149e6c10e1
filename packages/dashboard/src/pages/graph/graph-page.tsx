import { Page } from '../../components/page.tsx';
import { Blank } from '../../components/states.tsx';

export function GraphPage() {
  return (
    <Page title="Graph">
      <Blank title="Not there yet" />
    </Page>
  );
}
