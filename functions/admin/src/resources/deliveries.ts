import { Deliveries, Delivery } from '../answers.ts';
import { notRecorded } from '../problem.ts';
import { DeliveryParams, ListQuery, PageQuery } from '../requests.ts';
import type { Api } from '../zod-provider.ts';
import type { ApiReads } from './reads.ts';

export function addDeliveryRoutes(api: Api, reads: ApiReads): void {
  const list = {
    summary: 'Deliveries, newest first.',
    description: 'A delivery has a line when its run was delayed, was planned, was found repeated, or went to the dead letters.',
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
