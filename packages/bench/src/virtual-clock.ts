/** A clock that advances only while everybody sleeps, so that an hour of waiting takes no time. */
export interface VirtualClock {
  readonly now: () => number;
  readonly sleep: (ms: number) => Promise<void>;
  /** Advances to each time at which somebody wakes up, until nobody sleeps. */
  readonly run: () => Promise<void>;
}

export function createVirtualClock(): VirtualClock {
  let now = 0;
  const sleepers = new Map<number, (() => void)[]>();
  return {
    now: () => now,
    sleep: (ms) =>
      new Promise((resolve) => {
        const at = now + ms;
        const others = sleepers.get(at);
        if (others === undefined) sleepers.set(at, [resolve]);
        else others.push(resolve);
      }),
    run: async () => {
      for (;;) {
        await new Promise((resolve) => setImmediate(resolve));
        if (sleepers.size === 0) return;
        now = Math.min(...sleepers.keys());
        const due = sleepers.get(now) ?? [];
        sleepers.delete(now);
        for (const wake of due) wake();
      }
    },
  };
}
