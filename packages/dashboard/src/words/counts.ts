const full = new Intl.NumberFormat('en');

/** Returns a number with thousands separators: `12,345`. */
export const count = (value: number): string => full.format(value);

/** Returns a number with its noun: `1 run`, `12,345 runs`. */
export const counted = (value: number, one: string, many = `${one}s`): string =>
  `${full.format(value)} ${value === 1 ? one : many}`;

/** Returns a share as a percentage, or `–` if there is nothing to divide by. Never rounds up to 100 or down to 0. */
export function share(part: number, whole: number): string {
  if (whole === 0) return '–';
  const percent = (100 * part) / whole;
  if (percent > 99 && percent < 100) return '> 99 %';
  if (percent > 0 && percent < 1) return '< 1 %';
  return `${Math.round(percent)} %`;
}
