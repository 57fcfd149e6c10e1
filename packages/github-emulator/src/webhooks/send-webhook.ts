import type { FaultInjector } from '../faults/faults.ts';
import type { Delivery, Repository } from '../state/entities.ts';
import type { StateStore } from '../state/state-store.ts';
import type { DelayedWebhooks } from './delayed-webhooks.ts';
import { deliverWebhook, type OutgoingWebhook } from './webhook-delivery.ts';

/** `store` and the timeout are read at each delivery, because the control API can replace them. */
export interface WebhookSender {
  readonly store: StateStore;
  readonly faults: FaultInjector;
  readonly delayedWebhooks: DelayedWebhooks;
  readonly settings: { readonly webhookTimeoutMs: number };
}

export type SendResult = { readonly delivery: Delivery | null } | { readonly delayed: string };

/** Sends a webhook with the faults that apply to it. `delivery` is null when the App has no webhook URL. */
export async function sendWebhook(
  sender: WebhookSender,
  repository: Repository,
  outgoing: OutgoingWebhook,
): Promise<SendResult> {
  const { faults, delayedWebhooks } = sender;
  const send = (webhook: OutgoingWebhook) => deliverWebhook(sender.store, webhook, sender.settings.webhookTimeoutMs);
  const fault = faults.takeFault('POST', `/webhooks/${repository.owner}/${repository.name}`);
  if (fault === 'webhook-out-of-order') {
    delayedWebhooks.delayUntilNext(outgoing);
    return { delayed: 'A fault delays it until after the next webhook.' };
  }
  if (typeof fault === 'object' && fault !== null && 'webhookLateMs' in fault) {
    delayedWebhooks.delayFor(outgoing, fault.webhookLateMs);
    return { delayed: `A fault delays it by ${fault.webhookLateMs} ms.` };
  }
  const delivery = await send({ ...outgoing, lost: fault === 'webhook-lost' });
  if (fault === 'webhook-twice' && delivery !== null) {
    await send({ ...outgoing, guid: delivery.guid });
  }
  await delayedWebhooks.sendFollowing();
  return { delivery };
}
