/** A clock that only the test advances. */
export interface Clock {
  readonly now: () => number;
  advance(milliseconds: number): void;
  advanceTo(time: number): void;
}

export function createClock(start: string): Clock {
  let time = Date.parse(start);
  return {
    now: () => time,
    advance: (milliseconds) => {
      time += milliseconds;
    },
    advanceTo: (to) => {
      time = Math.max(time, to);
    },
  };
}
