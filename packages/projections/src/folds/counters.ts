import { type Fact, triggeredAt } from '@dispatcher/contracts';
import { bucketOf } from './histogram.ts';

/**
 * Names of counters and their values: `deliveries`, `requests`, `plans.no-match`, `decisions.allowed`,
 * `latency.decided.31`.
 */
export type Counters = Readonly<Record<string, number>>;

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

export function sumOf(many: readonly Counters[]): Counters {
  const sum: Record<string, number> = {};
  for (const counters of many) {
    for (const [name, by] of Object.entries(counters)) sum[name] = (sum[name] ?? 0) + by;
  }
  return sum;
}

/** Returns the counters of one group without its prefix: `{ 'no-match': 3 }` for `plans`. */
export function groupOf(counters: Counters, group: string): Record<string, number> {
  return Object.fromEntries(
    Object.entries(counters)
      .filter(([name]) => name.startsWith(`${group}.`))
      .map(([name, count]) => [name.slice(group.length + 1), count]),
  );
}
