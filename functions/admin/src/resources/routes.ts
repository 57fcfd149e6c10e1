import { RouteProjection } from '@dispatcher/store';
import { RouteFacts, Routes } from './responses.ts';
import { notRecorded } from '../http/problem.ts';
import { ListQuery, NoQuery, RouteParams } from '../http/requests.ts';
import type { Api } from '../http/zod-provider.ts';
import type { ApiReads } from './api-reads.ts';

export function addRouteRoutes(api: Api, reads: ApiReads): void {
  const list = {
    summary: 'Routes by their id, each with what was heard of it last.',
    querystring: ListQuery,
    response: { 200: Routes },
  };
  api.get('/routes', { schema: list }, async ({ query }) => {
    const { items, cursor } = await reads.routes(query);
    return { routes: items, cursor };
  });

  const one = {
    summary: 'One route: its last 30 results, last success, success rate, and whether both sides agree.',
    params: RouteParams,
    querystring: NoQuery,
    response: { 200: RouteProjection },
    problems: { 404: 'No fact told of this route.' },
  };
  api.get('/routes/:routeId', { schema: one }, async ({ params: { routeId } }) => {
    const found = await reads.routeProjection(routeId);
    if (found === null) throw notRecorded(`route ${routeId}`);
    return found;
  });

  const log = {
    summary: 'The facts of one route, newest first.',
    description: 'Check trees are left out; they stand under the run.',
    params: RouteParams,
    querystring: ListQuery,
    response: { 200: RouteFacts },
    problems: { 404: 'No fact told of this route.' },
  };
  api.get('/routes/:routeId/facts', { schema: log }, async ({ params: { routeId }, query }) => {
    const { items, cursor } = await reads.routeFacts(routeId, query);
    if (items.length === 0 && query.cursor === undefined) throw notRecorded(`route ${routeId}`);
    return { routeId, facts: items, cursor };
  });
}
