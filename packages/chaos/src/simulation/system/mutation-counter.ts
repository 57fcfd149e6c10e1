/** Counts what was set off that may have changed anything that outlives a process: see `distinctDeaths`. */
export interface Changes {
  note(): void;
  readonly count: () => number;
}

export function createChanges(): Changes {
  let count = 0;
  return {
    note: () => {
      count += 1;
    },
    count: () => count,
  };
}
