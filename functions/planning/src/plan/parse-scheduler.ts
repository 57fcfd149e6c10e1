import { setImmediate, setTimeout } from 'node:timers/promises';
import type { WaitToParse } from './parse-files.ts';

/** A few rules, parsed within milliseconds. */
const smallBytes = 16 * 1024;
// Messages with small files can wait for GitHub for a long time. Large files must be parsed within the deadline.
const maxWaitMs = 5_000;

/** Lets the messages of a batch whose files are small finish before large files are parsed. */
export interface ParseScheduler {
  /** Handles one message. Messages are handled concurrently. */
  handle<T>(work: (waitToParse: WaitToParse) => Promise<T>): Promise<T>;
}

export function createParseScheduler(): ParseScheduler {
  let ahead = 0;
  let emptied = Promise.withResolvers<void>();
  return {
    handle: async (work) => {
      ahead += 1;
      let isAhead = true;
      const stepAside = () => {
        if (!isAhead) return;
        isAhead = false;
        ahead -= 1;
        if (ahead > 0) return;
        emptied.resolve();
        emptied = Promise.withResolvers<void>();
      };
      try {
        return await work(async (bytes) => {
          if (bytes > smallBytes) {
            stepAside();
            if (ahead > 0) await waitAtMost(emptied.promise);
          }
          await setImmediate();
        });
      } finally {
        stepAside();
      }
    },
  };
}

async function waitAtMost(event: Promise<void>): Promise<void> {
  const controller = new AbortController();
  const timeout = setTimeout(maxWaitMs, undefined, { signal: controller.signal }).catch(() => undefined);
  await Promise.race([event, timeout]);
  controller.abort();
}
