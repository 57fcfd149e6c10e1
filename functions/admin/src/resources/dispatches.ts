import { notRecorded } from '../http/problem.ts';
import { DispatchesQuery, DispatchParams, ListQuery } from '../http/requests.ts';
import type { Api } from '../http/zod-provider.ts';
import { DispatchesResponse, DispatchFactsResponse } from './responses.ts';

export function addDispatchRoutes(api: Api): void {
  const list = {
    summary: 'Lists the dispatches, newest first, each with its newest step.',
    description:
      'A dispatch keeps its place in the list when its run completes: `updatedAt` changes, `time` does not. One that failed and was started at a replay is listed when it was started. A failed one is marked as `resolved` once GitHub accepted a later dispatch of the same route and run.',
    querystring: DispatchesQuery,
    response: { 200: DispatchesResponse },
  };
  api.get('/dispatches', { schema: list }, async ({ query, reads }) => {
    const { items, cursor } = await reads.dispatches(query);
    return { dispatches: items, cursor };
  });

  const one = {
    summary: 'Returns the decisions that allowed one dispatch, one per revision of the plan, oldest first.',
    description:
      'Each names the run; GET /api/runs/{runKey} returns its whole history, with what became of the dispatch, and denied decisions.',
    params: DispatchParams,
    querystring: ListQuery,
    response: { 200: DispatchFactsResponse },
    problems: { 404: 'Nothing is recorded for this dispatch.' },
  };
  api.get('/dispatches/:dispatchId', { schema: one }, async ({ params: { dispatchId }, query, reads }) => {
    const { items, cursor } = await reads.dispatch(dispatchId, query);
    if (items.length === 0 && query.cursor === undefined) throw notRecorded(`dispatch ${dispatchId}`);
    return { dispatchId, facts: items, cursor };
  });
}
