import type { RouteDecided } from '@dispatcher/contracts';
import { DeferError } from '@dispatcher/lambda';
import type { PauseStore } from '@dispatcher/store';

export interface PauseDependencies {
  /** The operators' switch. */
  readonly pause: Pick<PauseStore, 'getPause'>;
  /** `DISPATCH_PAUSED`. */
  readonly isPausedByConfiguration: boolean;
  readonly now: () => number;
}

/**
 * Returns the error that sends the message back to the queue if dispatches are paused; null if they are not. The read is
 * consistent: after an operator's change is stored, every call sees it.
 */
export async function findPause(
  { pause, isPausedByConfiguration, now }: PauseDependencies,
  decided: Pick<RouteDecided, 'time'>,
): Promise<DeferError | null> {
  const afterMs = retryAfterMs(now() - Date.parse(decided.time));
  if (isPausedByConfiguration) return new DeferError('DISPATCH_PAUSED is true.', afterMs);
  const state = await pause.getPause();
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
