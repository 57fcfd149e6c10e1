import { ProblemError } from '@dispatcher/lambda';
import type { FastifyInstance, FastifyRequest } from 'fastify';
import type { ApiReads } from '../resources/api-reads.ts';
import { visibleReads } from './visible-reads.ts';

declare module 'fastify' {
  interface FastifyRequest {
    /** The reads of the store, as far as the principal may see what they return. @throws Error on open routes */
    readonly reads: ApiReads;
  }
}

export function decorateReads(app: FastifyInstance, reads: ApiReads): void {
  app.decorateRequest('reads', {
    getter() {
      const { limits } = this.principal;
      return limits === undefined ? reads : visibleReads(reads, limits);
    },
  });
}

/** Paths of the API that a viewer who sees some repositories may use: each reads from `request.reads`, or shows no names. */
const visibleRoutes: ReadonlySet<string> = new Set(
  [
    'me',
    'openapi.json',
    'summary',
    'trend',
    'queues',
    'status',
    'pause',
    'dead-letters',
    'installations',
    'facts',
    'deliveries',
    'deliveries/:id',
    'runs',
    'runs/:runKey',
    'plans/:runKey',
    'files/:blobId',
    'dispatches',
    'dispatches/:dispatchId',
    'repositories',
    'repositories/:owner/:name',
    'repositories/:owner/:name/facts',
    'repositories/:owner/:name/inbound',
    'repositories/:owner/:name/graph',
    'graph',
    'graph/:owner',
    'routes',
    'routes/:routeId',
    'routes/:routeId/facts',
    'stream',
  ].map((path) => `/api/${path}`),
);

/**
 * Refuses a page that shows every repository to a viewer who sees some only. An endpoint that is not listed is refused.
 * @throws ProblemError 403
 */
export function authorizeLimitedRead(request: FastifyRequest): void {
  const { url = '' } = request.routeOptions;
  if (request.principal.limits === undefined || visibleRoutes.has(url)) return;
  throw new ProblemError(
    403,
    'This shows every repository, and you see those that you may read at GitHub. Ask an operator.',
  );
}
