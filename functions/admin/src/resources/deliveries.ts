import { notRecorded } from '../http/problem.ts';
import { DeliveryParams, ListQuery, PageQuery } from '../http/requests.ts';
import type { Api } from '../http/zod-provider.ts';
import type { ApiReads } from './api-reads.ts';
import { DeliveriesResponse, DeliveryResponse } from './responses.ts';

const recordedDeliveries =
  'Only deliveries of completed workflow runs are recorded. Those of other events and actions, and rejected ones, are only in the log of the ingress function, under their GUID.';

export function addDeliveryRoutes(api: Api, reads: ApiReads): void {
  const list = {
    summary: 'Lists the deliveries, newest first.',
    description: `A delivery is listed once its run was delayed, was planned, was recognised as a repeat, was ignored, or became a dead letter. ${recordedDeliveries}`,
    querystring: ListQuery,
    response: { 200: DeliveriesResponse },
  };
  api.get('/deliveries', { schema: list }, async ({ query }) => {
    const { items, cursor } = await reads.deliveries(query);
    return { deliveries: items, cursor };
  });

  const one = {
    summary: 'Returns the timeline of one delivery: every fact with its GUID, oldest first.',
    description: 'Without the checks of the decisions; GET /api/runs/{runKey} returns them.',
    params: DeliveryParams,
    querystring: PageQuery,
    response: { 200: DeliveryResponse },
    problems: { 404: `Nothing is recorded for this delivery. ${recordedDeliveries}` },
  };
  api.get('/deliveries/:id', { schema: one }, async ({ params: { id }, query }) => {
    const { items, cursor } = await reads.delivery(id, query);
    if (items.length === 0 && query.cursor === undefined) throw notRecorded(`delivery ${id}`, recordedDeliveries);
    return { id, facts: items, cursor };
  });
}
