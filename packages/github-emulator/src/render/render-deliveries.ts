import { parseJsonOrNull } from '../common/json-values.ts';
import type { Delivery } from '../state/entities.ts';

/** Renders a delivery as `GET /app/hook/deliveries` lists it. */
export function renderDelivery(delivery: Delivery): Record<string, unknown> {
  return {
    id: delivery.id,
    guid: delivery.guid,
    delivered_at: delivery.deliveredAt,
    redelivery: delivery.redelivery,
    duration: delivery.duration,
    status: delivery.status,
    status_code: delivery.statusCode,
    event: delivery.event,
    action: delivery.action,
    installation_id: delivery.installationId,
    repository_id: delivery.repositoryId,
    throttled_at: null,
  };
}

export function renderFullDelivery(delivery: Delivery): Record<string, unknown> {
  return {
    ...renderDelivery(delivery),
    url: delivery.url,
    request: { headers: delivery.requestHeaders, payload: parseJsonOrNull(delivery.body) },
    response: { headers: delivery.responseHeaders, payload: delivery.responseBody },
  };
}
