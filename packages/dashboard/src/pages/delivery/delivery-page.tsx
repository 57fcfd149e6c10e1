import { getRouteApi } from '@tanstack/react-router';
import { LookupPage } from '../../components/lookup-page.tsx';

const routeApi = getRouteApi('/deliveries/$deliveryId');

/** Leads to the run of a delivery. */
export const DeliveryPage = () => <LookupPage by="delivery" id={routeApi.useParams().deliveryId} />;
