import { Page } from '../../components/page.tsx';
import { Blank } from '../../components/states.tsx';

export function RepositoryPage() {
  return (
    <Page title="Repository">
      <Blank title="Not there yet" />
    </Page>
  );
}
