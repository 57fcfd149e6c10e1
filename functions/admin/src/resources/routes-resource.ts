import { RouteProjection } from '@dispatcher/store';
import { notRecorded } from '../http/problem.ts';
import { FactsQuery, NoQuery, RouteParams, RoutesQuery } from '../http/requests.ts';
import type { Api } from '../http/zod-provider.ts';
import { RouteFactsResponse, RoutesResponse } from './responses.ts';

export function addRouteRoutes(api: Api): void {
  const list = {
    summary: 'Lists the routes by target repository, each with its latest fact.',
    querystring: RoutesQuery,
    response: { 200: RoutesResponse },
  };
  api.get('/routes', { schema: list }, async ({ query, reads }) => {
    const { items, cursor } = await reads.routes(query);
    return { routes: items, cursor };
  });

  const one = {
    summary: 'Returns one route: its last 24 results, last success, success rate, and whether both sides agree.',
    params: RouteParams,
    querystring: NoQuery,
    response: { 200: RouteProjection },
    problems: { 404: 'No fact mentions this route.' },
  };
  api.get('/routes/:routeId', { schema: one }, async ({ params: { routeId }, reads }) => {
    const route = await reads.routeProjection(routeId);
    if (route === null) throw notRecorded(`route ${routeId}`);
    return route;
  });

  const log = {
    summary:
      'Returns the ends of one route, newest first: denials, failed and completed dispatches, runs that cannot be followed.',
    description: 'One line per fact; GET /api/runs/{runKey} returns the whole facts of a run.',
    params: RouteParams,
    querystring: FactsQuery,
    response: { 200: RouteFactsResponse },
    problems: { 404: 'No fact mentions this route.' },
  };
  api.get('/routes/:routeId/facts', { schema: log }, async ({ params: { routeId }, query, reads }) => {
    const { items, cursor } = await reads.routeFacts(routeId, query);
    if (items.length === 0 && query.cursor === undefined) throw notRecorded(`route ${routeId}`);
    return { routeId, facts: items, cursor };
  });
}
