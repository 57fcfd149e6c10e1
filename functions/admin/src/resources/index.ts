import type { Api } from '../http/zod-provider.ts';
import { addDeliveryRoutes } from './deliveries.ts';
import { addDispatchRoutes } from './dispatches.ts';
import { addListRoutes } from './installations.ts';
import type { ApiReads } from './api-reads.ts';
import { addRepositoryRoutes } from './repositories.ts';
import { addRollUpRoutes } from './roll-up.ts';
import { addRouteRoutes } from './routes.ts';
import { addRunRoutes } from './runs.ts';

const resources = [
  addRollUpRoutes,
  addDeliveryRoutes,
  addRunRoutes,
  addDispatchRoutes,
  addRepositoryRoutes,
  addRouteRoutes,
  addListRoutes,
];

/** Every GET under `/api`: one read of the store, answered as it is stored. */
export function addResources(api: Api, reads: ApiReads): void {
  for (const addRoutes of resources) addRoutes(api, reads);
}
