import { Page } from '../../components/page.tsx';
import { Blank } from '../../components/states.tsx';

export function FindPage() {
  return (
    <Page title="Find">
      <Blank title="Not there yet" />
    </Page>
  );
}
