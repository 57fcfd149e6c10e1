import { triggeredAt, type Fact, repositoryOfTrigger } from '@dispatcher/contracts';
import { bucketOf } from './histogram.ts';
import { allTimeKey, hourKey, inboundKey, minuteKey, type ProjectionKey, repositoryKey } from './projection-keys.ts';
import { inboundOf, type LatestValue } from './latest-rows.ts';

/**
 * Names of counters and their values: `deliveries`, `requests`, `plans.no-match`, `decisions.allowed`,
 * `latency.decided.31`.
 */
export type Counters = Readonly<Record<string, number>>;

/** Counters to add to one projection item in the transaction that stores the facts. */
export interface Addition {
  readonly key: ProjectionKey;
  readonly add: Counters;
  /** Seconds since the epoch. */
  readonly expiresAt?: number;
  /** Set if the item has no such value yet: without it the item would be incomplete for readers. */
  readonly first?: LatestValue;
}

const hourInSeconds = 60 * 60;
// The roll-up reads one hour of minutes and one week of hours. The margin covers a roll-up that did not run for a while.
const minutesKept = 6 * hourInSeconds;
const hoursKept = 14 * 24 * hourInSeconds;

export const hourOf = (time: string): string => new Date(time).toISOString().slice(0, 13);
export const minuteOf = (time: string): string => new Date(time).toISOString().slice(0, 16);

/** Returns what one fact adds to each time span. What several facts report counts once: a decision, but not its issue. */
export function countersOf(fact: Fact): Counters {
  switch (fact.type) {
    case 'run.planned': {
      const { revision, outcome, trigger: run } = fact.data;
      const plan = { [`plans.${outcome}`]: 1 };
      // A raised revision is a second plan of the same delivery, requested by an operator.
      if (revision > 0) return plan;
      const milliseconds = Date.parse(fact.time) - Date.parse(triggeredAt(run));
      const arrival = run.type === 'run.completed' ? 'deliveries' : 'requests';
      return { [arrival]: 1, ...plan, [`latency.decided.${bucketOf(milliseconds)}`]: 1 };
    }
    case 'delivery.repeated':
      return { deliveries: 1, 'deliveries.repeated': 1 };
    case 'route.decided':
      return { [`decisions.${fact.data.decision.code}`]: 1 };
    case 'dispatch.accepted': {
      const { workflowRunId, latencyMs, revision = 0 } = fact.data;
      const state = workflowRunId === null ? 'accepted-unverified' : 'accepted';
      const dispatch = { [`dispatches.${state}`]: 1 };
      // The latency of a later revision contains the time until an operator replayed the run.
      return revision > 0 ? dispatch : { ...dispatch, [`latency.accepted.${bucketOf(latencyMs)}`]: 1 };
    }
    case 'dispatch.failed':
      return { 'dispatches.failed': 1 };
    case 'dispatch.completed':
      return { 'dispatches.completed': 1, [`conclusions.${fact.data.conclusion ?? 'none'}`]: 1 };
    default:
      return {};
  }
}

/** Returns everything that one fact adds, to any item. */
export function additionsOf(fact: Fact): readonly Addition[] {
  const counters = countersOf(fact);
  if (Object.keys(counters).length === 0) return [];
  const hour = hourOf(fact.time);
  const minute = minuteOf(fact.time);
  return [
    { key: allTimeKey, add: counters },
    { key: hourKey(hour), add: counters, expiresAt: secondsAt(`${hour}:00Z`) + hoursKept },
    { key: minuteKey(minute), add: counters, expiresAt: secondsAt(`${minute}Z`) + minutesKept },
    ...ofRepository(fact),
  ];
}

const secondsAt = (time: string): number => Math.floor(Date.parse(time) / 1000);

// Zeros are stored too, because readers return items as stored.
const zeros = { 'asSource.deliveries': 0, 'asTarget.allowed': 0, 'asTarget.denied': 0 };

function ofRepository(fact: Fact): Addition[] {
  switch (fact.type) {
    case 'run.planned': {
      const { trigger: run, outcome, revision } = fact.data;
      const repository = repositoryOfTrigger(run);
      if (repository === null) return [];
      const deliveries = revision === 0 ? 1 : 0;
      const add = { ...zeros, 'asSource.deliveries': deliveries, [`asSource.plans.${outcome}`]: 1 };
      return [{ key: repositoryKey(repository), add }];
    }
    case 'delivery.repeated':
      return [{ key: repositoryKey(fact.data.repository), add: { ...zeros, 'asSource.deliveries': 1 } }];
    case 'route.decided': {
      const { code, effect, route, routeId } = fact.data.decision;
      const { repository } = route.target;
      const allowed = effect === 'allow' ? 1 : 0;
      const denied = 1 - allowed;
      const asTarget = { 'asTarget.allowed': allowed, 'asTarget.denied': denied, [`asTarget.decisions.${code}`]: 1 };
      return [
        { key: repositoryKey(repository), add: { ...zeros, ...asTarget } },
        { key: inboundKey(repository, routeId), add: { allowed, denied }, first: inboundOf(fact) },
      ];
    }
    default:
      return [];
  }
}

/** Sums additions per projection item, because a transaction may name an item only once. */
export function sumAdditions(facts: readonly Fact[]): readonly Addition[] {
  const sums = new Map<string, Addition>();
  for (const addition of facts.flatMap(additionsOf)) {
    const name = JSON.stringify(addition.key);
    const sum = sums.get(name);
    sums.set(name, sum === undefined ? addition : { ...sum, add: sumOf([sum.add, addition.add]) });
  }
  return [...sums.values()];
}

export function sumOf(many: readonly Counters[]): Counters {
  const sum: Record<string, number> = {};
  for (const counters of many) {
    for (const [name, by] of Object.entries(counters)) sum[name] = (sum[name] ?? 0) + by;
  }
  return sum;
}

/** Returns the counters of one group without its prefix: `{ 'no-match': 3 }` for `plans`. */
export function groupOf(counters: Readonly<Record<string, unknown>>, group: string): Record<string, number> {
  return Object.fromEntries(
    Object.entries(counters)
      .filter(([name]) => name.startsWith(`${group}.`))
      .map(([name, count]) => [name.slice(group.length + 1), Number(count)]),
  );
}
