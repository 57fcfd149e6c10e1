import { setTimeout as delay } from 'node:timers/promises';
import type { Outgoing } from './webhooks.ts';

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
