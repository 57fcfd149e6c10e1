import type { Fact } from '@dispatcher/contracts';

const batchSize = 100;
const concurrency = 2;

export interface Recording {
  /** Resolves once the facts since the given time are recorded. */
  readonly newest: Promise<void>;
  readonly all: Promise<void>;
  /** Ends after the batches in progress. */
  stop(): Promise<void>;
}

/** Records facts in batches, the newest first: what people look at first is there first. */
export function recordNewestFirst(
  record: (batch: readonly Fact[]) => Promise<void>,
  facts: readonly Fact[],
  since: number,
): Recording {
  const sorted = [...facts].sort((left, right) => right.time.localeCompare(left.time));
  const sinceTime = new Date(since).toISOString();
  const newest = sorted.filter(({ time }) => time >= sinceTime);
  const older = sorted.slice(newest.length);
  const stopping = new AbortController();
  const recordAll = async (some: readonly Fact[]): Promise<void> => {
    let next = 0;
    const work = async (): Promise<void> => {
      while (next < some.length && !stopping.signal.aborted) {
        const batch = some.slice(next, next + batchSize);
        next += batchSize;
        await record(batch);
      }
    };
    await Promise.all(Array.from({ length: concurrency }, work));
  };
  const first = recordAll(newest);
  const all = first.then(() => recordAll(older));
  return {
    newest: first,
    all,
    stop: async () => {
      stopping.abort();
      await all.catch(() => undefined);
    },
  };
}
