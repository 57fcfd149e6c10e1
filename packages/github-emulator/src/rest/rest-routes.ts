import type { FastifyInstance } from 'fastify';
import type { EmulatorContext } from '../server/context.ts';
import { addCheckRoutes } from './check-routes.ts';
import { addHookRoutes } from './hook-routes.ts';
import { addInstallationRoutes } from './installation-routes.ts';
import { addIssueRoutes } from './issue-routes.ts';
import { addManifestConversionRoute } from './manifest-conversion-route.ts';
import { addRepositoryRoutes } from './repository-routes.ts';
import { addRunRoutes } from './run-routes.ts';
import { addTokenRoutes } from './token-routes.ts';
import { addUserAuthorizationRoutes } from './user-authorization-routes.ts';
import { addMembershipRoutes } from './membership-routes.ts';

/** Adds the routes of GitHub's REST API. */
export function addRestRoutes(app: FastifyInstance, context: EmulatorContext): void {
  addInstallationRoutes(app, context);
  addTokenRoutes(app, context);
  addHookRoutes(app, context);
  addManifestConversionRoute(app, context);
  addRepositoryRoutes(app, context);
  addRunRoutes(app, context);
  addIssueRoutes(app, context);
  addCheckRoutes(app, context);
  addMembershipRoutes(app, context);
  addUserAuthorizationRoutes(app, context);
}
