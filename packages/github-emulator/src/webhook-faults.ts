import { setTimeout as delay } from 'node:timers/promises';
import type { Core } from './core.ts';
import type { Delivery, Repository } from './state.ts';
import { deliver, type Outgoing } from './webhooks.ts';

/** Webhooks that were made and not sent yet, in the order in which they were made. */
export class HeldWebhooks {
  readonly #held = new Map<Outgoing, 'until the next' | 'for a time'>();
  readonly #send: (outgoing: Outgoing) => Promise<unknown>;

  constructor(send: (outgoing: Outgoing) => Promise<unknown>) {
    this.#send = send;
  }

  holdUntilNext(outgoing: Outgoing): void {
    this.#held.set(outgoing, 'until the next');
  }

  /** In real time. */
  holdFor(outgoing: Outgoing, ms: number): void {
    this.#held.set(outgoing, 'for a time');
    void delay(ms, undefined, { ref: false }).then(() => this.#sendIfHeld(outgoing));
  }

  /** The next one was sent: those that waited for it follow. */
  async follow(): Promise<void> {
    for (const [outgoing, how] of this.#held) if (how === 'until the next') await this.#sendIfHeld(outgoing);
  }

  /** Sends all that are held; resolves with how many when they were answered. */
  async release(): Promise<number> {
    const held = [...this.#held.keys()];
    for (const outgoing of held) await this.#sendIfHeld(outgoing);
    return held.length;
  }

  async #sendIfHeld(outgoing: Outgoing): Promise<void> {
    if (this.#held.delete(outgoing)) await this.#send(outgoing);
  }
}

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
