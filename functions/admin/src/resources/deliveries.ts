import { Deliveries, Delivery } from './responses.ts';
import { notRecorded } from '../http/problem.ts';
import { DeliveryParams, ListQuery, PageQuery } from '../http/requests.ts';
import type { Api } from '../http/zod-provider.ts';
import type { ApiReads } from './api-reads.ts';

export function addDeliveryRoutes(api: Api, reads: ApiReads): void {
  const list = {
    summary: 'Deliveries, newest first.',
    description: 'A delivery has a line when its run was planned, was found repeated, or went to the dead letters.',
    querystring: ListQuery,
    response: { 200: Deliveries },
  };
  api.get('/deliveries', { schema: list }, async ({ query }) => {
    const { items, cursor } = await reads.deliveries(query);
    return { deliveries: items, cursor };
  });

  const one = {
    summary: 'The journey of one delivery: every fact with its GUID, oldest first.',
    description: 'Check trees are left out; they stand under the run.',
    params: DeliveryParams,
    querystring: PageQuery,
    response: { 200: Delivery },
    problems: { 404: 'Nothing is recorded about this delivery.' },
  };
  api.get('/deliveries/:id', { schema: one }, async ({ params: { id }, query }) => {
    const { items, cursor } = await reads.delivery(id, query);
    if (items.length === 0 && query.cursor === undefined) throw notRecorded(`delivery ${id}`);
    return { id, facts: items, cursor };
  });
}
