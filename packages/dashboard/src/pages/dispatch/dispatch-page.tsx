import { getRouteApi } from '@tanstack/react-router';
import { RunSearchResults } from '../../components/run-search-results.tsx';

const routeApi = getRouteApi('/dispatches/$dispatchId');

/** Leads to the run of a dispatch. */
export const DispatchPage = () => <RunSearchResults by="dispatch" value={routeApi.useParams().dispatchId} />;
