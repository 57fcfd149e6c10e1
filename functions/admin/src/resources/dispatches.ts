import { notRecorded } from '../http/problem.ts';
import { DispatchParams, ListQuery } from '../http/requests.ts';
import type { Api } from '../http/zod-provider.ts';
import type { ApiReads } from './api-reads.ts';
import { DispatchesResponse, DispatchFactsResponse } from './responses.ts';

export function addDispatchRoutes(api: Api, reads: ApiReads): void {
  const list = {
    summary: 'Lists the steps of all dispatches, newest first.',
    querystring: ListQuery,
    response: { 200: DispatchesResponse },
  };
  api.get('/dispatches', { schema: list }, async ({ query }) => {
    const { items, cursor } = await reads.dispatches(query);
    return { dispatches: items, cursor };
  });

  const one = {
    summary: 'Returns every fact of one dispatch, oldest first, including its decision.',
    params: DispatchParams,
    querystring: ListQuery,
    response: { 200: DispatchFactsResponse },
    problems: { 404: 'Nothing is recorded for this dispatch.' },
  };
  api.get('/dispatches/:dispatchId', { schema: one }, async ({ params: { dispatchId }, query }) => {
    const { items, cursor } = await reads.dispatch(dispatchId, query);
    if (items.length === 0 && query.cursor === undefined) throw notRecorded(`dispatch ${dispatchId}`);
    return { dispatchId, facts: items, cursor };
  });
}
