/** Counts the requests that may have changed state which outlives a process: see `distinctPoints`. */
export interface MutationCounter {
  increment(): void;
  readonly count: () => number;
}

export function createMutationCounter(): MutationCounter {
  let count = 0;
  return {
    increment: () => {
      count += 1;
    },
    count: () => count,
  };
}
