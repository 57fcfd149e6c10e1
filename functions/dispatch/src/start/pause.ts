import type { RouteDecided } from '@dispatcher/contracts';
import { DeferError } from '@dispatcher/lambda';
import type { Pause } from '@dispatcher/store';

export interface PauseDependencies {
  /** `DISPATCH_PAUSED`. */
  readonly isPausedByConfiguration: boolean;
  readonly now: () => number;
}

/**
 * Returns the error that sends the message back to the queue if dispatches are paused; null if they are not.
 * @param state the operators' switch, read consistently: after an operator's change is stored, every read sees it
 */
export function findPause(
  { isPausedByConfiguration, now }: PauseDependencies,
  decided: Pick<RouteDecided, 'time'>,
  state: Pause | null,
): DeferError | null {
  const afterMs = retryAfterMs(now() - Date.parse(decided.time));
  if (isPausedByConfiguration) return new DeferError('DISPATCH_PAUSED is true.', afterMs);
  if (state === null || !state.paused) return null;
  return new DeferError(`${state.operator} paused all dispatches at ${state.changedAt}: ${state.reason}`, afterMs);
}

const hourMs = 60 * 60_000;

/**
 * Returns how long to wait until the next look at the switch: 30 seconds, and 15 minutes for a decision that is older than
 * 4 hours. SQS moves a message to the dead-letter queue after 1000 receives, which would otherwise take 8 hours.
 */
export function retryAfterMs(ageMs: number): number {
  return ageMs < 4 * hourMs ? 30_000 : 15 * 60_000;
}
