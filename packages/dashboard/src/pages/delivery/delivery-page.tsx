import { getRouteApi } from '@tanstack/react-router';
import { FoundRuns } from '../../components/found-runs.tsx';

const routeApi = getRouteApi('/deliveries/$deliveryId');

/** Leads to the run of a delivery. */
export const DeliveryPage = () => <FoundRuns by="delivery" value={routeApi.useParams().deliveryId} />;
