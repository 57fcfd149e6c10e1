import type { DeadLetterReason } from '@dispatcher/contracts';

/** Why a message became a dead letter. */
export interface GivenUp {
  readonly reason: DeadLetterReason;
  readonly detail: string;
  readonly attempts: number;
  /** ISO 8601. */
  readonly at: string;
}

/** What is stored about the attempts at a message. */
export interface AttemptRecord {
  /** Attempts that failed or died. Deferrals are not counted. */
  readonly counted: number;
  /** An attempt began and did not end: its process died or timed out. */
  readonly isOpen: boolean;
}

/** Counts attempts per message outside SQS, because SQS's receive count includes throttled and deferred receives. */
export interface Attempts {
  /** Returns null if nothing is stored: no attempt ended other than by success, or the first one died. */
  getAttempts(queue: string, messageId: string): Promise<AttemptRecord | null>;
  /** Records that an attempt begins, and how many attempts are counted from now on. */
  beginAttempt(queue: string, messageId: string, counted: number): Promise<void>;
  /** Records that an attempt ended without success, and how many attempts are counted. */
  endAttempt(queue: string, messageId: string, counted: number): Promise<void>;
  /**
   * Records why the message is given up. Returns the first record, which later calls do not change: a retry after a
   * crash publishes the same fact.
   */
  giveUp(queue: string, messageId: string, why: GivenUp): Promise<GivenUp>;
}
