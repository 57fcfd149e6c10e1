import { getRouteApi } from '@tanstack/react-router';
import { Page } from '../../components/page.tsx';
import { RunList } from '../runs/run-list.tsx';

const routeApi = getRouteApi('/deliveries');

/** Every recorded delivery with its GUID. */
export function DeliveriesPage() {
  const search = routeApi.useSearch();
  const navigate = routeApi.useNavigate();
  return (
    <Page title="Deliveries" lead="Webhook deliveries of completed workflow runs, with GitHub’s id of each.">
      <RunList search={search} change={(next) => void navigate({ search: next, replace: true })} showDelivery />
    </Page>
  );
}
