// When schedules are due, found by asking the time zone database about every minute of a year. It shares no code with the
// package and none with croner.

const minuteMs = 60_000;
const quarterMs = 15 * minuteMs;

/** A year of minutes in one time zone. */
export interface Minutes {
  readonly start: number;
  readonly end: number;
  /** Minutes since the epoch that a clock on the wall shows at each minute, if it counted as UTC does. */
  readonly wall: readonly number[];
}

/** Returns what clocks show at each minute. Their offset is read every quarter of an hour: none changes in between. */
export function minutesOf(timezone: string, start: number, end: number): Minutes {
  const format = new Intl.DateTimeFormat('en-GB', {
    timeZone: timezone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
  });
  const wall: number[] = [];
  for (let time = start; time < end; time += quarterMs) {
    const parts = Object.fromEntries(format.formatToParts(time).map(({ type, value }) => [type, Number(value)]));
    const { year = 0, month = 0, day = 0, hour = 0, minute = 0 } = parts;
    const shown = Date.UTC(year, month - 1, day, hour, minute) / minuteMs;
    for (let index = 0; index < 15; index += 1) wall.push(shown + index);
  }
  return { start, end, wall };
}

/** A pattern, as sets of numbers. */
export interface PlainPattern {
  readonly minutes: ReadonlySet<number>;
  readonly hours: ReadonlySet<number>;
  readonly isDay: (date: Date) => boolean;
  /** Whether neither minute nor hour has `*` or a step. */
  readonly isFixed: boolean;
}

/** Returns the times from `from` until `to`, in milliseconds, at which the schedule is due. */
export function plainOccurrences({ start, wall }: Minutes, pattern: PlainPattern, from: number, to: number): number[] {
  const matches = (shown: number) => {
    const date = new Date(shown * minuteMs);
    return pattern.minutes.has(date.getUTCMinutes()) && pattern.hours.has(date.getUTCHours()) && pattern.isDay(date);
  };
  const due = new Set<number>();
  // Minutes of the clock that were shown before are not new when the clock shows them again.
  let latest = Math.max(
    ...wall.slice(Math.max(0, (from - start) / minuteMs - 180), (from - start) / minuteMs),
    (wall[0] ?? 0) - 1,
  );
  for (let time = from; time < to; time += minuteMs) {
    const shown = wall[(time - start) / minuteMs] ?? 0;
    if (!pattern.isFixed && matches(shown)) due.add(time);
    // Every minute that a clock shows for the first time, and those that it skipped before it.
    for (; latest < shown; latest += 1) if (pattern.isFixed && matches(latest + 1)) due.add(time);
  }
  return [...due];
}
