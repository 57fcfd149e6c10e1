import { Page } from '../../components/page.tsx';
import { Blank } from '../../components/states.tsx';

export function DispatchPage() {
  return (
    <Page title="Dispatch">
      <Blank title="Not there yet" />
    </Page>
  );
}
