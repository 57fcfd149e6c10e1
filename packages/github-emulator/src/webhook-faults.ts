import type { Core } from './core.ts';
import type { Delivery, Repository } from './state.ts';
import { deliver, type Outgoing } from './webhooks.ts';

export type Sent = { readonly delivery: Delivery | null } | { readonly held: string };

/** Sends a webhook as the faults asked for will have it. `delivery` is null where the App has no webhook URL. */
export async function sendWebhook(core: Core, repository: Repository, outgoing: Outgoing): Promise<Sent> {
  const fault = core.faults.take('POST', `/webhooks/${repository.owner}/${repository.name}`);
  if (fault === 'webhook-out-of-order') {
    core.held.holdUntilNext(outgoing);
    return { held: 'It is held back until the next webhook was sent.' };
  }
  if (typeof fault === 'object' && fault !== null && 'webhookLateMs' in fault) {
    core.held.holdFor(outgoing, fault.webhookLateMs);
    return { held: `It is sent ${fault.webhookLateMs} ms late.` };
  }
  const delivery = await deliver(
    core.world,
    { ...outgoing, lost: fault === 'webhook-lost' },
    core.settings.webhookTimeoutMs,
  );
  if (fault === 'webhook-twice' && delivery !== null) {
    await deliver(core.world, { ...outgoing, guid: delivery.guid }, core.settings.webhookTimeoutMs);
  }
  await core.held.follow();
  return { delivery };
}
