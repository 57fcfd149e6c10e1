import type { Trigger } from '@dispatcher/contracts';
import type { RecordedFact } from '@dispatcher/store';
import type { Evidence } from './evidence.ts';

/**
 * Recounts the fact log and compares the result with the stored counters, and the other projections with what the log folds
 * to.
 */
export function checkCounters({
  facts,
  totals,
  differences,
}: Pick<Evidence, 'facts' | 'totals' | 'differences'>): string[] {
  const recounted = new Map<string, number>();
  for (const counter of facts.flatMap(countersOf)) recounted.set(counter, (recounted.get(counter) ?? 0) + 1);
  const wrong = [...recounted]
    .filter(([name, count]) => totals[name] !== count)
    .map(([name, count]) => `the counter ${name} is ${totals[name] ?? 0}, but the log has ${count} such facts`);
  return [...wrong, ...differences.map((difference) => `after the last roll-up, the projection ${difference}`)];
}

/** What each fact adds to the counters. Written independently of the store, so that an error there is noticed here. */
function countersOf(fact: RecordedFact): string[] {
  switch (fact.type) {
    case 'run.planned':
      return [...(fact.data.revision === 0 ? [arrivalOf(fact.data.trigger)] : []), `plans.${fact.data.outcome}`];
    case 'delivery.repeated':
      return ['deliveries', 'deliveries.repeated'];
    case 'route.decided':
      return [`decisions.${fact.data.decision.code}`];
    case 'dispatch.accepted':
      return [fact.data.workflowRunId === null ? 'dispatches.accepted-unverified' : 'dispatches.accepted'];
    case 'dispatch.failed':
      return ['dispatches.failed'];
    case 'dispatch.completed':
      return ['dispatches.completed', `conclusions.${fact.data.conclusion ?? 'none'}`];
    default:
      return [];
  }
}

function arrivalOf({ type }: Trigger): string {
  return type === 'run.completed' ? 'deliveries' : 'requests';
}
