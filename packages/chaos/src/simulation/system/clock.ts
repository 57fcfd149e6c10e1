/** Simulated time. It stands still while a worker runs, and advances only when every worker waits. */
export interface Clock {
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Does nothing where `ms` is in the past. */
  advanceTo(ms: number): void;
  advanceBy(ms: number): void;
}

export function createClock(startMs: number): Clock {
  let current = startMs;
  const advanceTo = (ms: number) => {
    current = Math.max(current, ms);
  };
  return { now: () => current, advanceTo, advanceBy: (ms) => advanceTo(current + ms) };
}

/**
 * Replaces `Date.now` and `AbortSignal.timeout` with simulated ones until the returned function is called. Powertools'
 * idempotency takes no clock, and would hold a crashed worker's claim for that long in real time. No request times out:
 * time stands still while a worker runs, and a time-out on a slow machine would lead to a different history.
 */
export function installClock(clock: Clock): () => void {
  const real = { now: Date.now, timeout: AbortSignal.timeout.bind(AbortSignal) };
  Date.now = () => clock.now();
  AbortSignal.timeout = () => new AbortController().signal;
  return () => {
    Date.now = real.now;
    AbortSignal.timeout = real.timeout;
  };
}
