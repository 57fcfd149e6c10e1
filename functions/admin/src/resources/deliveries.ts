import { notRecorded } from '../http/problem.ts';
import { DeliveriesQuery, DeliveryParams, ListQuery } from '../http/requests.ts';
import type { Api } from '../http/zod-provider.ts';
import { DeliveriesResponse, DeliveryResponse } from './responses.ts';

const recordedDeliveries =
  'Only deliveries of completed workflow runs are recorded. Those of other events and actions, and rejected ones, are only in the log of the ingress function, under their GUID.';

export function addDeliveryRoutes(api: Api): void {
  const list = {
    summary: 'Lists the deliveries, newest first, each with the result of its newest revision.',
    description: `A delivery is listed once its run was delayed, was planned, was recognized as a repeat, was ignored, or became a dead letter. The list is sorted by the time of receipt: when a delivery is planned again, \`updatedAt\` changes, and \`time\` does not. ${recordedDeliveries}`,
    querystring: DeliveriesQuery,
    response: { 200: DeliveriesResponse },
  };
  api.get('/deliveries', { schema: list }, async ({ query, reads }) => {
    const { items, cursor } = await reads.deliveries(query);
    return { deliveries: items, cursor };
  });

  const one = {
    summary: 'Returns what became of one delivery: its plans, its delay, its repeats or its dead letter, oldest first.',
    description:
      'Each entry names the run; GET /api/runs/{runKey} returns its whole history, with decisions and dispatches.',
    params: DeliveryParams,
    querystring: ListQuery,
    response: { 200: DeliveryResponse },
    problems: { 404: `Nothing is recorded for this delivery. ${recordedDeliveries}` },
  };
  api.get('/deliveries/:id', { schema: one }, async ({ params: { id }, query, reads }) => {
    const { items, cursor } = await reads.delivery(id, query);
    if (items.length === 0 && query.cursor === undefined) throw notRecorded(`delivery ${id}`, recordedDeliveries);
    return { id, facts: items, cursor };
  });
}
