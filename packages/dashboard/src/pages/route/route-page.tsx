import { Page } from '../../components/page.tsx';
import { Blank } from '../../components/states.tsx';

export function RoutePage() {
  return (
    <Page title="Route">
      <Blank title="Not there yet" />
    </Page>
  );
}
