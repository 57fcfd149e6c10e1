import { getRouteApi } from '@tanstack/react-router';
import { RunSearchResults } from '../../components/run-search-results.tsx';

const routeApi = getRouteApi('/deliveries/$deliveryId');

/** Leads to the run of a delivery. */
export const DeliveryPage = () => <RunSearchResults by="delivery" value={routeApi.useParams().deliveryId} />;
