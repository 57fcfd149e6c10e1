import { getRouteApi } from '@tanstack/react-router';
import { Page } from '../../components/page.tsx';
import { RunList } from './run-list.tsx';

const routeApi = getRouteApi('/runs');

/** Every run that was received, with what it started. */
export function RunsPage() {
  const search = routeApi.useSearch();
  const navigate = routeApi.useNavigate();
  return (
    <Page title="Runs" lead="Completed workflow runs and requests, and what they started.">
      <RunList search={search} change={(next) => void navigate({ search: next, replace: true })} />
    </Page>
  );
}
