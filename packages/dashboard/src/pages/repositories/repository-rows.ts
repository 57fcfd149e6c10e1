import type { Schemas } from '../../api/client.ts';

type Row = Pick<Schemas['RepositoryRow'], 'hours' | 'repository'>;

export const orders = [
  ['hour', 'Busiest this hour'],
  ['day', 'Busiest in 24 hours'],
] as const;
export type Order = (typeof orders)[number][0];

const hourMs = 3_600_000;

/** Whether a repository's name contains what was written, in any case. */
export const matchesName = (repository: string, text: string | undefined): boolean =>
  text === undefined || repository.toLowerCase().includes(text.toLowerCase());

/**
 * Returns how many runs came from a repository and how many decisions were about it as target.
 * @param hours how many hours of the clock, the current one included; at most 24
 */
export function activityWithin({ hours: activity }: Pick<Row, 'hours'>, hours: number, nowMs: number): number {
  if (activity === null) return 0;
  const quietHours = Math.max(0, Math.floor((nowMs - Date.parse(activity.until)) / hourMs));
  const wanted = hours - quietHours;
  return wanted <= 0 ? 0 : activity.counts.slice(-wanted).reduce((sum, count) => sum + count, 0);
}

/** Returns the rows by activity, busiest first, and those with the same activity by name; all by name without an order. */
export function inOrder<R extends Row>(rows: readonly R[], order: string | undefined, nowMs: number): readonly R[] {
  const hours = order === 'hour' ? 1 : 24;
  if (!orders.some(([name]) => name === order)) return rows;
  return rows.toSorted(
    (one, other) =>
      activityWithin(other, hours, nowMs) - activityWithin(one, hours, nowMs) ||
      one.repository.localeCompare(other.repository),
  );
}
