import type { TimeZone } from '../preferences/time-zone.ts';

const relative = new Intl.RelativeTimeFormat('en', { numeric: 'auto' });
const second = 1_000;
const minute = 60 * second;
const hour = 60 * minute;
const day = 24 * hour;

const optionsOf = (zone: TimeZone): Intl.DateTimeFormatOptions => (zone === 'utc' ? { timeZone: 'UTC' } : {});

/** Returns a time as people say it: `12 seconds ago`, `yesterday`, `in 3 minutes`; after 30 days the date. */
export function relativeTime(time: string, nowMs: number, zone: TimeZone = 'local'): string {
  const elapsed = Date.parse(time) - nowMs;
  const size = Math.abs(elapsed);
  if (Number.isNaN(elapsed)) return time;
  if (size < second) return 'now';
  if (size < minute) return relative.format(Math.trunc(elapsed / second), 'second');
  if (size < hour) return relative.format(Math.trunc(elapsed / minute), 'minute');
  if (size < day) return relative.format(Math.trunc(elapsed / hour), 'hour');
  if (size < 30 * day) return relative.format(Math.trunc(elapsed / day), 'day');
  return new Intl.DateTimeFormat('en', { ...optionsOf(zone), dateStyle: 'medium' }).format(Date.parse(time));
}

/** Returns a time to the second with its zone: `Nov 28, 2026, 9:05:07 AM UTC`. */
export function exactTime(time: string, zone: TimeZone): string {
  const milliseconds = Date.parse(time);
  if (Number.isNaN(milliseconds)) return time;
  return new Intl.DateTimeFormat('en', {
    ...optionsOf(zone),
    year: 'numeric',
    month: 'short',
    day: 'numeric',
    hour: 'numeric',
    minute: '2-digit',
    second: '2-digit',
    timeZoneName: 'short',
  }).format(milliseconds);
}

/** Returns the time of day with minutes: `9:05 AM`. */
export function timeOfDay(time: string | number, zone: TimeZone): string {
  return new Intl.DateTimeFormat('en', { ...optionsOf(zone), hour: 'numeric', minute: '2-digit' }).format(
    new Date(time),
  );
}

/** Returns the day and the hour, for the ends of an axis: `Nov 26, 5 PM`. */
export function dayAndHour(time: string, zone: TimeZone): string {
  const options = { ...optionsOf(zone), month: 'short', day: 'numeric', hour: 'numeric' } as const;
  return new Intl.DateTimeFormat('en', options).format(Date.parse(time));
}

/** Returns a duration in at most two units: `850 ms`, `4.2 s`, `3 min 5 s`, `2 h 10 min`, `3 d 4 h`. */
export function duration(milliseconds: number): string {
  if (milliseconds < second) return `${Math.max(0, Math.round(milliseconds))} ms`;
  if (milliseconds < 10 * second) return `${(Math.round(milliseconds / 100) / 10).toString()} s`;
  const seconds = Math.round(milliseconds / second);
  if (seconds < 60) return `${seconds} s`;
  const units = [
    ['d', 86_400],
    ['h', 3_600],
    ['min', 60],
    ['s', 1],
  ] as const;
  const first = units.findIndex(([, size]) => seconds >= size);
  const [name, size] = units[first]!;
  const [nextName, nextSize] = units[first + 1] ?? ['', 1];
  const count = Math.floor(seconds / size);
  const rest = Math.floor((seconds % size) / nextSize);
  return rest === 0 || nextName === '' ? `${count} ${name}` : `${count} ${name} ${rest} ${nextName}`;
}
