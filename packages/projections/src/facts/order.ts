import type { Fact, FactType } from '@dispatcher/contracts';

/** Order in which the facts of one run are read, regardless of the order of arrival. */
const steps: Readonly<Record<FactType, string>> = {
  'run.delayed': '05',
  'run.planned': '10',
  'route.decided': '20',
  'dispatch.accepted': '30',
  'dispatch.failed': '30',
  'issue.reported': '40',
  'plan.reported': '40',
  'dispatch.completed': '50',
  'delivery.repeated': '60',
  'delivery.ignored': '60',
  'message.dead-lettered': '70',
  'operator.acted': '80',
  'dead-letter.acted': '80',
  'key.changed': '80',
  'pause.changed': '80',
  'repository.confirmed': '80',
  'bulk-replay.changed': '80',
  'schedule.changed': '80',
  'schedule.missed': '80',
  'webhook.changed': '80',
  'deliveries.checked': '90',
  'config.checked': '90',
  'config.observed': '90',
};

/** Returns the position of the fact's kind among the steps of a run: two digits. */
export const stepOf = ({ type }: Pick<Fact, 'type'>): string => steps[type];

/**
 * Returns the sort key (time, step, fact id), which is unique per fact. Times are normalized to milliseconds, because
 * `…00Z` sorts after `…00.500Z`.
 */
export function orderOf(fact: Fact): string {
  return `${new Date(fact.time).toISOString()}#${stepOf(fact)}#${fact.id}`;
}

// Eight digits of base 36 count milliseconds until the year 2059.
const timeDigits = 8;
const idDigits = 8;

/** Returns {@link orderOf} in 18 characters: time in base 36, step, and the beginning of the fact id. */
export function shortOrderOf(fact: Fact): string {
  return encodeTime(Date.parse(fact.time)) + stepOf(fact) + fact.id.slice(0, idDigits);
}

/** Returns eight characters that sort like the time. @param milliseconds since the epoch */
export function encodeTime(milliseconds: number): string {
  return Math.max(0, milliseconds).toString(36).padStart(timeDigits, '0');
}

/** Returns the time at the beginning of an encoded order, as ISO 8601. */
export function decodeTime(order: string): string {
  return new Date(Number.parseInt(order.slice(0, timeDigits), 36)).toISOString();
}

/** Returns the later of two times; the same result in either order. */
export function laterOf(known: string | null, time: string): string {
  if (known === null) return time;
  const [left, right] = [Date.parse(known), Date.parse(time)];
  if (left === right) return known < time ? time : known;
  return left < right ? time : known;
}
