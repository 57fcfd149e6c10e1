import { Dispatch, Dispatches } from './responses.ts';
import { notRecorded } from '../http/problem.ts';
import { DispatchParams, ListQuery } from '../http/requests.ts';
import type { Api } from '../http/zod-provider.ts';
import type { ApiReads } from './api-reads.ts';

export function addDispatchRoutes(api: Api, reads: ApiReads): void {
  const list = {
    summary: 'Every step of every dispatch, newest first.',
    querystring: ListQuery,
    response: { 200: Dispatches },
  };
  api.get('/dispatches', { schema: list }, async ({ query }) => {
    const { items, cursor } = await reads.dispatches(query);
    return { dispatches: items, cursor };
  });

  const one = {
    summary: 'Every fact of one dispatch, its decision included, oldest first.',
    params: DispatchParams,
    querystring: ListQuery,
    response: { 200: Dispatch },
    problems: { 404: 'Nothing is recorded about this dispatch.' },
  };
  api.get('/dispatches/:dispatchId', { schema: one }, async ({ params: { dispatchId }, query }) => {
    const { items, cursor } = await reads.dispatch(dispatchId, query);
    if (items.length === 0 && query.cursor === undefined) throw notRecorded(`dispatch ${dispatchId}`);
    return { dispatchId, facts: items, cursor };
  });
}
