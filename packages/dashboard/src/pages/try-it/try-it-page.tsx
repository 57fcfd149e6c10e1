import { Page } from '../../components/page.tsx';
import { Blank } from '../../components/states.tsx';

export function TryItPage() {
  return (
    <Page title="Try it">
      <Blank title="Not there yet" />
    </Page>
  );
}
