import { Page } from '../../components/page.tsx';
import { Blank } from '../../components/states.tsx';

export function SettingsPage() {
  return (
    <Page title="Settings">
      <Blank title="Not there yet" />
    </Page>
  );
}
