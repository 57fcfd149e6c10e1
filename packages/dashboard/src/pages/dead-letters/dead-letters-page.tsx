import { Page } from '../../components/page.tsx';
import { Blank } from '../../components/states.tsx';

export function DeadLettersPage() {
  return (
    <Page title="Dead letters">
      <Blank title="Not there yet" />
    </Page>
  );
}
