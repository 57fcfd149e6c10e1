import { Cron } from 'croner';
import type { SchedulePattern } from './check-schedule.ts';

/** The occurrences that are due at one moment. */
export interface DueOccurrences {
  /** The newest one, in milliseconds since the epoch. */
  readonly dueAt: number;
  /** Those before it, which were not dispatched in time. */
  readonly missed: { readonly count: number; readonly firstAt: number; readonly lastAt: number } | null;
}

/** The occurrences of a schedule. Times are milliseconds since the epoch. */
export interface Occurrences {
  /** Returns the first occurrence after a time. */
  readonly nextAfter: (time: number) => number;
  /** Returns the first occurrences after a time. */
  readonly listAfter: (time: number, count: number) => readonly number[];
  /** Returns what is due at `now`, if `from` is the first occurrence that was not handled yet; null if nothing is. */
  readonly dueAt: (from: number, now: number) => DueOccurrences | null;
}

/**
 * Computes the occurrences of a schedule in its time zone.
 *
 * On the day of a change of clocks, a fixed time occurs once: at the first time after the gap, or at the first of the doubled
 * ones. If minute or hour has `*` or a step, occurrences follow the clock: none in the gap, and twice in a doubled hour.
 * @param pattern one that `checkSchedule` accepted
 * Its functions throw if the pattern is not valid, for example because its time zone was removed from the database.
 */
export function createOccurrences({ cron, timezone }: SchedulePattern): Occurrences {
  const rule = new Cron(cron, { mode: '5-part', fixedTimeRule: 'no-wildcard', timezone, paused: true });
  const nextAfter = (time: number): number => {
    const next = rule.nextRun(new Date(time));
    if (next === null) throw new RangeError(`\`${cron}\` does not occur after ${new Date(time).toISOString()}.`);
    return next.getTime();
  };
  return {
    nextAfter,
    listAfter: (time, count) => {
      const times: number[] = [];
      for (let last = time; times.length < count; times.push(last)) last = nextAfter(last);
      return times;
    },
    dueAt: (from, now) => {
      if (from > now) return null;
      let [dueAt, lastAt, count] = [from, from, 0];
      for (let next = nextAfter(dueAt); next <= now; next = nextAfter(next)) {
        [dueAt, lastAt, count] = [next, dueAt, count + 1];
      }
      return { dueAt, missed: count === 0 ? null : { count, firstAt: from, lastAt } };
    },
  };
}
