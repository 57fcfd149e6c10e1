import { CronSyntaxError, type CronFields, matchesDate, parseCronFields } from './cron-fields.ts';

/** When a schedule is due. */
export interface SchedulePattern {
  /** Five fields: minute, hour, day of month, month, day of week. */
  readonly cron: string;
  /** A name of the IANA time zone database: `Europe/Berlin`. */
  readonly timezone: string;
}

export interface CronProblem {
  readonly field: 'cron' | 'timezone';
  /** What is wrong, and what to write. */
  readonly message: string;
}

/** Two occurrences are at least so many minutes apart on the clock. */
export const minIntervalMinutes = 5;

const dayMinutes = 24 * 60;
/** After so many days the calendar repeats itself, within one century. */
const calendarDays = 28 * 365 + 7;

/** Returns the first problem of a pattern; null if it is valid. */
export function checkSchedule({ cron, timezone }: SchedulePattern): CronProblem | null {
  if (!isTimeZone(timezone)) {
    const message = `\`${timezone.slice(0, 100)}\` is not a time zone: write a name as \`Europe/Berlin\`, \`America/New_York\` or \`UTC\`.`;
    return { field: 'timezone', message };
  }
  try {
    const fields = parseCronFields(cron);
    const dates = datesOf(fields);
    if (!dates.some(Boolean)) {
      return {
        field: 'cron',
        message: `\`${cron}\` never occurs: no month has such a day. Write another day or month.`,
      };
    }
    const minutes = minIntervalOf(fields, dates);
    if (minutes < minIntervalMinutes) {
      const message = `\`${cron}\` occurs every ${minutes === 1 ? 'minute' : `${minutes} minutes`}: at least ${minIntervalMinutes} minutes must lie between two occurrences.`;
      return { field: 'cron', message };
    }
    return null;
  } catch (error) {
    if (error instanceof CronSyntaxError) return { field: 'cron', message: error.message };
    throw error;
  }
}

// An offset such as `+01:00` is not a name, and knows no change of clocks.
const timeZoneName = /^[A-Za-z][A-Za-z0-9_+-]{0,40}(?:\/[A-Za-z0-9_+-]{1,40}){0,2}$/;

function isTimeZone(name: string): boolean {
  if (!timeZoneName.test(name)) return false;
  try {
    Intl.DateTimeFormat('en', { timeZone: name });
    return true;
  } catch {
    return false;
  }
}

/** Returns for each day of the calendar whether the pattern matches it. */
function datesOf(fields: CronFields): boolean[] {
  const start = Date.UTC(2024, 0, 1);
  return Array.from({ length: calendarDays }, (_, day) =>
    matchesDate(fields, new Date(start + day * dayMinutes * 60_000)),
  );
}

/** Returns the smallest number of minutes between two occurrences, on the clock: a change of clocks is not considered. */
function minIntervalOf({ minute, hour }: CronFields, dates: readonly boolean[]): number {
  const times = [...hour.values].flatMap((hours) => [...minute.values].map((minutes) => hours * 60 + minutes));
  times.sort((left, right) => left - right);
  const [first = 0, last = first] = [times[0], times.at(-1)];
  const overMidnight = first + dayMinutes - last;
  const within = times.slice(1).map((time, index) => time - (times[index] ?? time));
  const isOnConsecutiveDays = dates.some((matches, day) => matches && dates[day + 1] === true);
  return Math.min(...within, isOnConsecutiveDays ? overMidnight : dayMinutes);
}
