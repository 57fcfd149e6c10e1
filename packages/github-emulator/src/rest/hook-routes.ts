import type { FastifyInstance, FastifyReply } from 'fastify';
import { requireApp } from '../auth/permissions.ts';
import { notFound } from '../common/api-error.ts';
import { record, stringOrNull } from '../common/json-values.ts';
import { renderDelivery, renderFullDelivery } from '../render/render-deliveries.ts';
import { callerOf, type EmulatorContext, queryOf } from '../server/context.ts';
import type { Delivery } from '../state/entities.ts';
import { deliverWebhook } from '../webhooks/webhook-delivery.ts';
import { linkNextPage, perPageOf } from './pagination.ts';

/** Routes of the App's webhook: its configuration and the delivery log. */
export function addHookRoutes(app: FastifyInstance, context: EmulatorContext): void {
  app.get('/app/hook/config', (request) => {
    requireApp(callerOf(context, request));
    return hookConfig(context);
  });
  app.patch('/app/hook/config', (request) => {
    requireApp(callerOf(context, request));
    const { url, secret } = record(request.body);
    const { webhook } = context.store.state.app;
    webhook.url = stringOrNull(url) ?? webhook.url;
    webhook.secret = stringOrNull(secret) ?? webhook.secret;
    return hookConfig(context);
  });
  app.get('/app/hook/deliveries', (request, reply) => {
    requireApp(callerOf(context, request));
    const { cursor, status } = queryOf(request);
    const perPage = perPageOf(queryOf(request));
    const older = context.store.state.deliveries
      .filter((delivery) => (cursor === undefined || delivery.id < Number(cursor)) && hasStatus(delivery, status))
      .sort((left, right) => right.id - left.id);
    const shown = older.slice(0, perPage);
    const last = shown.at(-1);
    if (older.length > perPage && last !== undefined) {
      linkNextPage(context, request, reply, { cursor: String(last.id) });
    }
    return shown.map(renderDelivery);
  });
  app.get<{ Params: { id: string } }>('/app/hook/deliveries/:id', (request) => {
    requireApp(callerOf(context, request));
    return renderFullDelivery(deliveryById(context, request.params.id));
  });
  app.post<{ Params: { id: string } }>('/app/hook/deliveries/:id/attempts', (request, reply) => {
    requireApp(callerOf(context, request));
    return redeliver(context, deliveryById(context, request.params.id), reply);
  });
}

/** Responds after the redelivery was sent, so that the caller finds it in the log. */
async function redeliver(
  context: EmulatorContext,
  { event, body, guid }: Delivery,
  reply: FastifyReply,
): Promise<FastifyReply> {
  await deliverWebhook(context.store, { event, body, guid, redelivery: true }, context.settings.webhookTimeoutMs);
  return reply.code(202).send({});
}

/** `status=failure` selects HTTP 400–599 only: a delivery without a response is in neither list. */
function hasStatus(delivery: Delivery, status: string | undefined): boolean {
  const failed = delivery.statusCode >= 400 && delivery.statusCode <= 599;
  const succeeded = delivery.statusCode >= 200 && delivery.statusCode <= 399;
  return status === undefined || (status === 'failure' ? failed : succeeded);
}

function hookConfig(context: EmulatorContext): Record<string, unknown> {
  const { url, secret } = context.store.state.app.webhook;
  return {
    content_type: 'json',
    insecure_ssl: '0',
    ...(secret === '' ? {} : { secret: '********' }),
    ...(url === null ? {} : { url }),
  };
}

function deliveryById(context: EmulatorContext, id: string): Delivery {
  const delivery = context.store.state.deliveries.find(({ id: deliveryId }) => String(deliveryId) === id);
  if (delivery === undefined) {
    throw notFound();
  }
  return delivery;
}
