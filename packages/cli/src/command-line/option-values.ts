import { UsageError } from '../command.ts';

/** Collects the values of an option that can be repeated. */
export function collect(value: string, previous: string[]): string[] {
  return [...previous, value];
}

/** Returns a parser of whole numbers from 1 to `max`. */
export function wholeNumber(option: string, max: number): (text: string) => number {
  return (text) => {
    const number = /^[1-9]\d{0,8}$/.test(text) ? Number(text) : 0;
    if (number < 1 || number > max) throw new UsageError(`${option} needs a whole number from 1 to ${max}.`);
    return number;
  };
}
