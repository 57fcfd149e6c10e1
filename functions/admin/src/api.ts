import type { FactReads } from '@dispatcher/store';
import type { FastifyInstance } from 'fastify';
import { Deliveries, Delivery, Run } from './answers.ts';
import type { ZodTypeProvider } from './zod-provider.ts';
import { Problem } from './problem.ts';
import { DeliveryParams, ListQuery, PageQuery, RunParams } from './requests.ts';

export type ApiReads = Pick<FactReads, 'deliveries' | 'delivery' | 'run'>;

/** Every route is one read of the store, and answers what it finds there. */
export function addApiRoutes(instance: FastifyInstance, reads: ApiReads): void {
  const api = instance.withTypeProvider<ZodTypeProvider>();

  api.get('/deliveries', { schema: { querystring: ListQuery, response: { 200: Deliveries } } }, async ({ query }) => {
    const { items, cursor } = await reads.deliveries(query);
    return { deliveries: items, cursor };
  });

  const deliverySchema = { params: DeliveryParams, querystring: PageQuery, response: { 200: Delivery } };
  api.get('/deliveries/:id', { schema: deliverySchema }, async ({ params: { id }, query }) => {
    const { items, cursor } = await reads.delivery(id, query);
    if (items.length === 0 && query.cursor === undefined) throw notRecorded('delivery', id);
    return { id, facts: items, cursor };
  });

  const runSchema = { params: RunParams, querystring: PageQuery, response: { 200: Run } };
  api.get('/runs/:runKey', { schema: runSchema }, async ({ params: { runKey }, query }) => {
    const { items, cursor } = await reads.run(runKey, query);
    if (items.length === 0 && query.cursor === undefined) throw notRecorded('run', runKey);
    return { runKey, facts: items, cursor };
  });
}

function notRecorded(what: 'delivery' | 'run', id: string): Problem {
  return new Problem(
    404,
    `Nothing is recorded about ${what} ${id}. If it came in just now, ask again in some seconds.`,
  );
}
