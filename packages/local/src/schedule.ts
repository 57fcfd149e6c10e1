import { setTimeout as delay } from 'node:timers/promises';
import type { Outcome } from './lambda-runtime.ts';

export interface Schedule {
  /** Begins no further invocation and resolves once the one under way has ended. */
  stop(): Promise<void>;
}

/**
 * Invokes at once, and again so long after each end. A failed invocation is told, and the next one comes all the same.
 */
export function startSchedule(options: {
  readonly everyMs: number;
  readonly invoke: () => Promise<Outcome>;
  readonly onError: (message: string) => void;
}): Schedule {
  const stopping = new AbortController();
  const loop = (async () => {
    while (!stopping.signal.aborted) {
      const outcome = await options.invoke();
      if (outcome.state === 'failed') options.onError(`${outcome.error.errorType}: ${outcome.error.errorMessage}`);
      await delay(options.everyMs, undefined, { signal: stopping.signal }).catch(() => undefined);
    }
  })();
  return {
    async stop() {
      stopping.abort();
      await loop;
    },
  };
}
