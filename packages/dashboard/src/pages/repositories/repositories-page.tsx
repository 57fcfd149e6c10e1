import { Page } from '../../components/page.tsx';
import { Blank } from '../../components/states.tsx';

export function RepositoriesPage() {
  return (
    <Page title="Repositories">
      <Blank title="Not there yet" />
    </Page>
  );
}
