import { setTimeout as delay } from 'node:timers/promises';
import type { OutgoingWebhook } from './webhook-delivery.ts';

/** Webhooks that a fault delays, in the order in which they were created. */
export class DelayedWebhooks {
  readonly #delayed = new Map<OutgoingWebhook, 'until the next webhook' | 'for a time'>();
  readonly #send: (outgoing: OutgoingWebhook) => Promise<unknown>;

  constructor(send: (outgoing: OutgoingWebhook) => Promise<unknown>) {
    this.#send = send;
  }

  delayUntilNext(outgoing: OutgoingWebhook): void {
    this.#delayed.set(outgoing, 'until the next webhook');
  }

  /** Delays the webhook in real time. */
  delayFor(outgoing: OutgoingWebhook, ms: number): void {
    this.#delayed.set(outgoing, 'for a time');
    void delay(ms, undefined, { ref: false }).then(() => this.#sendIfDelayed(outgoing));
  }

  /** Sends the webhooks that were delayed until the next one. Call it after sending a webhook. */
  async sendFollowing(): Promise<void> {
    for (const [outgoing, kind] of this.#delayed) {
      if (kind === 'until the next webhook') await this.#sendIfDelayed(outgoing);
    }
  }

  /** Sends all delayed webhooks. Resolves with their number when the receiver has responded to each. */
  async release(): Promise<number> {
    const delayed = [...this.#delayed.keys()];
    for (const outgoing of delayed) await this.#sendIfDelayed(outgoing);
    return delayed.length;
  }

  async #sendIfDelayed(outgoing: OutgoingWebhook): Promise<void> {
    if (this.#delayed.delete(outgoing)) await this.#send(outgoing);
  }
}
