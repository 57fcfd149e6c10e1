import { setTimeout as delay } from 'node:timers/promises';
import type { Outcome } from './lambda-runtime.ts';

export interface Schedule {
  /** Starts no further invocation, and resolves once the current one has ended. */
  stop(): Promise<void>;
}

/** Invokes the function immediately, and again `everyMs` after each end. A failed invocation is reported and does not stop it. */
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
