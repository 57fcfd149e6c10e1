import type { DeadLetterReason } from '@dispatcher/contracts';

/** Why a message became a dead letter. */
export interface GivenUp {
  readonly reason: DeadLetterReason;
  readonly detail: string;
  readonly attempts: number;
  /** ISO 8601. */
  readonly at: string;
}

/** Counts attempts per message outside SQS, because SQS's receive count includes throttled and deferred receives. */
export interface Attempts {
  /** Counts and returns the attempt that begins now. Starts at 2, because a first receive writes no record. */
  begin(queue: string, messageId: string): Promise<number>;
  /** Uncounts the current attempt: the message did not cause its failure. */
  defer(queue: string, messageId: string): Promise<void>;
  /**
   * Records why the message is given up. Returns the first record, which later calls do not change: a retry after a
   * crash publishes the same fact.
   */
  giveUp(queue: string, messageId: string, why: GivenUp): Promise<GivenUp>;
}
