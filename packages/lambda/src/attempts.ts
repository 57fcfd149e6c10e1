import type { DeadLetterReason } from '@dispatcher/contracts';

/** Why a message became a dead letter. */
export interface GivenUp {
  readonly reason: DeadLetterReason;
  readonly detail: string;
  readonly attempts: number;
  /** ISO 8601. */
  readonly at: string;
}

/** What became of each message so far, kept outside SQS: its own count includes throttles and deferrals. */
export interface Attempts {
  /** Counts the attempt that begins now; the first one is `2`, because a first receive needs no record. */
  begin(queue: string, messageId: string): Promise<number>;
  /** Takes the running attempt back: it was no fault of the message. */
  defer(queue: string, messageId: string): Promise<void>;
  /**
   * Records why the message is given up. The first record stands and is returned, so that whoever repeats what a dead
   * process began tells the same.
   */
  giveUp(queue: string, messageId: string, why: GivenUp): Promise<GivenUp>;
}
