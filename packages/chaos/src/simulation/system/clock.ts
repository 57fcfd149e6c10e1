/** Time as the harness tells it: it stands still while somebody works, and leaps where everybody waits. */
export interface Clock {
  readonly now: () => number;
  /** Never backwards. */
  leapTo(ms: number): void;
  leap(byMs: number): void;
}

export function createClock(startMs: number): Clock {
  let current = startMs;
  const leapTo = (ms: number) => {
    current = Math.max(current, ms);
  };
  return { now: () => current, leapTo, leap: (byMs) => leapTo(current + byMs) };
}

/**
 * Lets `Date.now` and `AbortSignal.timeout` tell the harness's time too, until the returned function is called. Powertools'
 * idempotency takes no clock, and would keep a dead worker's claim for as long as real time takes. Nothing times out
 * while somebody works, since time stands still then: a slow machine would make another history of it.
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
