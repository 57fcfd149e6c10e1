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
 * Lets `Date.now` tell the harness's time too, until the returned function is called: Powertools' idempotency takes no
 * clock, and would keep a dead worker's claim for as long as real time takes.
 */
export function installClock(clock: Clock): () => void {
  const real = Date.now;
  Date.now = () => clock.now();
  return () => {
    Date.now = real;
  };
}
