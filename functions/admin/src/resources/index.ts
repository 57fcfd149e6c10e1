import type { Api } from '../http/zod-provider.ts';
import { addAuditRoutes } from './audit.ts';
import { addDeadLetterRoutes } from './dead-letters.ts';
import { addDeliveryRoutes } from './deliveries.ts';
import { addDispatchRoutes } from './dispatches.ts';
import { addFactRoutes } from './facts.ts';
import { addFileRoutes } from './files.ts';
import { addGraphRoutes } from './graph.ts';
import { addInstallationRoutes } from './installations.ts';
import { addRepositoryRoutes } from './repositories.ts';
import { addRollUpRoutes } from './roll-up.ts';
import { addRouteRoutes } from './routes-resource.ts';
import { addRunRoutes } from './runs.ts';
import { addStreamRoute } from './stream.ts';

// In the order of the API reference.
const resources = [
  addFactRoutes,
  addDeliveryRoutes,
  addRunRoutes,
  addFileRoutes,
  addDispatchRoutes,
  addRepositoryRoutes,
  addRouteRoutes,
  addGraphRoutes,
  addInstallationRoutes,
  addDeadLetterRoutes,
  addAuditRoutes,
];

/** Adds every GET under `/api`: each returns the result of one read of the store. */
export function addResources(api: Api, now: () => number): void {
  addRollUpRoutes(api, now);
  for (const addRoutes of resources) addRoutes(api);
  addStreamRoute(api, now);
}
