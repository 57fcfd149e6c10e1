import { getRouteApi } from '@tanstack/react-router';
import { LookupPage } from '../../components/lookup-page.tsx';

const routeApi = getRouteApi('/dispatches/$dispatchId');

/** Leads to the run of a dispatch. */
export const DispatchPage = () => <LookupPage by="dispatch" id={routeApi.useParams().dispatchId} />;
