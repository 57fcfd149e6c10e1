import { Page } from '../../components/page.tsx';
import { Blank } from '../../components/states.tsx';

export function DeadLetterActionPage() {
  return (
    <Page title="Action on dead letters">
      <Blank title="Not there yet" />
    </Page>
  );
}
