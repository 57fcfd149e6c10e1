import type { FaultInjector } from '../faults/faults.ts';
import type { Delivery, Repository } from '../state/entities.ts';
import type { StateStore } from '../state/state-store.ts';
import type { DelayedWebhooks } from './delayed-webhooks.ts';
import { deliverWebhook, type OutgoingWebhook } from './webhook-delivery.ts';

export interface WebhookSender {
  readonly store: StateStore;
  readonly faults: FaultInjector;
  readonly delayedWebhooks: DelayedWebhooks;
  readonly settings: { readonly webhookTimeoutMs: number };
}

export type SendResult = { readonly delivery: Delivery | null } | { readonly delayed: string };

/** Sends a webhook with the faults that apply to it. `delivery` is null when the App has no webhook URL. */
export async function sendWebhook(
  { store, faults, delayedWebhooks, settings: { webhookTimeoutMs } }: WebhookSender,
  repository: Repository,
  outgoing: OutgoingWebhook,
): Promise<SendResult> {
  const fault = faults.takeFault('POST', `/webhooks/${repository.owner}/${repository.name}`);
  if (fault === 'webhook-out-of-order') {
    delayedWebhooks.delayUntilNext(outgoing);
    return { delayed: 'A fault delays it until after the next webhook.' };
  }
  if (typeof fault === 'object' && fault !== null && 'webhookLateMs' in fault) {
    delayedWebhooks.delayFor(outgoing, fault.webhookLateMs);
    return { delayed: `A fault delays it by ${fault.webhookLateMs} ms.` };
  }
  const delivery = await deliverWebhook(store, { ...outgoing, lost: fault === 'webhook-lost' }, webhookTimeoutMs);
  if (fault === 'webhook-twice' && delivery !== null) {
    await deliverWebhook(store, { ...outgoing, guid: delivery.guid }, webhookTimeoutMs);
  }
  await delayedWebhooks.sendFollowing();
  return { delivery };
}
