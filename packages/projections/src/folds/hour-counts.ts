import * as z from 'zod/mini';

const hourMs = 60 * 60_000;
/** Number of hours that are counted one by one. */
export const countedHours = 24;

/** Counts of the newest 24 hours that have any. */
export const HourCounts = z.object({
  /** The newest hour, in hours since the epoch. */
  last: z.int(),
  /** The count of the newest hour and of those before it, without the zeros at the end. */
  counts: z.array(z.int()),
});
export type HourCounts = z.infer<typeof HourCounts>;

/**
 * Counts one event. The result does not depend on the order of the events: whatever is within 24 hours of the newest one
 * is never dropped, because no earlier window ends later.
 */
export function countHour(known: HourCounts | null, time: string): HourCounts {
  const hour = Math.floor(Date.parse(time) / hourMs);
  const last = Math.max(known?.last ?? hour, hour);
  if (hour <= last - countedHours) return known ?? { last, counts: [] };
  const shift = known === null ? 0 : Math.min(last - known.last, countedHours);
  const counts = known === null ? [] : [...Array<number>(shift).fill(0), ...known.counts].slice(0, countedHours);
  const place = last - hour;
  while (counts.length <= place) counts.push(0);
  counts[place] = (counts[place] ?? 0) + 1;
  while (counts.at(-1) === 0) counts.pop();
  return { last, counts };
}

/** Returns the start of the newest hour, and the counts of the 24 hours that end with it, oldest first. */
export function toHours({ last, counts }: HourCounts): { readonly until: string; readonly counts: number[] } {
  const padded = Array.from({ length: countedHours }, (_, index) => counts[countedHours - 1 - index] ?? 0);
  return { until: new Date(last * hourMs).toISOString(), counts: padded };
}
