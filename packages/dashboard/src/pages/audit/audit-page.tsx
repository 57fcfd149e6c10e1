import { Page } from '../../components/page.tsx';
import { Blank } from '../../components/states.tsx';

export function AuditPage() {
  return (
    <Page title="Audit">
      <Blank title="Not there yet" />
    </Page>
  );
}
