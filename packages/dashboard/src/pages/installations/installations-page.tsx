import { Page } from '../../components/page.tsx';
import { Blank } from '../../components/states.tsx';

export function InstallationsPage() {
  return (
    <Page title="Installations">
      <Blank title="Not there yet" />
    </Page>
  );
}
