import { requesterNamePattern } from '@dispatcher/contracts';
import { UsageError } from '../command.ts';

/** Collects the values of an option that can be repeated. */
export function collect(value: string, previous: string[]): string[] {
  return [...previous, value];
}

/** Returns the name of a new or an existing key, schedule or webhook. @param noun what it names @throws UsageError */
export function parseRequesterName(noun: string, name: string | undefined): string {
  if (name !== undefined && requesterNamePattern.test(name)) return name;
  throw new UsageError(`Name the ${noun}: at most 64 lower-case letters and digits, with . _ - in between.`);
}

/** Returns what was written as `name=value`, by name. @throws UsageError */
export function parsePairs(option: string, entries: readonly string[]): Record<string, string> {
  const pairs = new Map<string, string>();
  for (const entry of entries) {
    const [, name, value] = /^([^=]+)=([\s\S]*)$/.exec(entry) ?? [];
    if (name === undefined || value === undefined) throw new UsageError(`${option} needs name=value, not ${entry}.`);
    if (pairs.has(name)) throw new UsageError(`${option} ${name} is given twice.`);
    pairs.set(name, value);
  }
  return Object.fromEntries(pairs);
}

/** Returns a parser of whole numbers from 1 to `max`. */
export function wholeNumber(option: string, max: number): (text: string) => number {
  return (text) => {
    const number = /^[1-9]\d{0,8}$/.test(text) ? Number(text) : 0;
    if (number < 1 || number > max) throw new UsageError(`${option} needs a whole number from 1 to ${max}.`);
    return number;
  };
}

const unitSeconds: Readonly<Record<string, number>> = { s: 1, m: 60, h: 3_600, d: 86_400 };

/** Returns a parser of times in UTC and of ages, both as milliseconds since the epoch. */
export function timeOrAge(option: string, now: () => number): (text: string) => number {
  return (text) => {
    const [, number = '', unit = ''] = /^(\d{1,7})([smhd])$/.exec(text) ?? [];
    const seconds = unitSeconds[unit];
    if (seconds !== undefined) return now() - 1000 * seconds * Number(number);
    const time = /^\d{4}-\d{2}-\d{2}(T[\d:.]+(Z|[+-]\d{2}:\d{2}))?$/.test(text) ? Date.parse(text) : NaN;
    if (!Number.isNaN(time)) return time;
    throw new UsageError(`${option} needs an age such as 90s, 30m, 2h or 1d, or a time such as 2026-11-20T12:00:00Z.`);
  };
}
