import type { DeadLetterReason } from '@dispatcher/contracts';
import type { TimeRange } from '../pages.ts';
import type { DeadLetter, DeadLetterState } from '@dispatcher/projections';
import type { RowValues } from './list-keys.ts';

/** Filters of the dead letters of one queue. */
export interface DeadLetterFilter extends TimeRange {
  readonly state?: DeadLetterState | undefined;
  readonly reason?: DeadLetterReason | undefined;
}

const deadLetters = (queue: string): string => `dead-letters#${queue}`;

/** The reason takes the place of the subject, because a dead letter can be found by state and reason together. */
export function deadLetterValues({ queue, reason, state }: DeadLetter): RowValues {
  return { list: deadLetters(queue), subject: reason, state };
}

export function deadLetterFilterValues(queue: string, { state, reason }: DeadLetterFilter): RowValues {
  return { list: deadLetters(queue), subject: reason, state };
}
