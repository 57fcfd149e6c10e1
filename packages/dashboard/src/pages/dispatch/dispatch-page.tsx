import { getRouteApi } from '@tanstack/react-router';
import { FoundRuns } from '../../components/found-runs.tsx';

const routeApi = getRouteApi('/dispatches/$dispatchId');

/** Leads to the run of a dispatch. */
export const DispatchPage = () => <FoundRuns by="dispatch" value={routeApi.useParams().dispatchId} />;
