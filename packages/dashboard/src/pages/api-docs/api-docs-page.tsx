import { Page } from '../../components/page.tsx';
import { Blank } from '../../components/states.tsx';

export function ApiDocsPage() {
  return (
    <Page title="API">
      <Blank title="Not there yet" />
    </Page>
  );
}
