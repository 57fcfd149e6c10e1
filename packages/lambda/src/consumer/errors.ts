import type { DeadLetterReason } from '@dispatcher/contracts';

/** Thrown to retry the message after `afterMs`, without counting the attempt: the message did not cause the delay. */
export class DeferError extends Error {
  override readonly name = 'DeferError';
  readonly afterMs: number;
  constructor(message: string, afterMs: number, options?: ErrorOptions) {
    super(message, options);
    this.afterMs = afterMs;
  }
}

export interface PermanentErrorOptions extends ErrorOptions {
  /** The reason of the dead letter; `permanent-error` by default. */
  readonly reason?: DeadLetterReason;
}

/** Thrown if a message can never succeed: it becomes a dead letter at once, with this error as the detail. */
export class PermanentError extends Error {
  override readonly name = 'PermanentError';
  readonly reason: DeadLetterReason;
  constructor(message: string, { reason = 'permanent-error', ...options }: PermanentErrorOptions = {}) {
    super(message, options);
    this.reason = reason;
  }
}
