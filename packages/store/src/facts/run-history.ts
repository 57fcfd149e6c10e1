import { Outcome, DateTime } from '@dispatcher/contracts';
import * as z from 'zod/mini';
import { stepOf } from '@dispatcher/projections';
import { type RecordedFact, recordedFacts } from './recorded-fact.ts';

/** Present on a plan, a denied decision or a failed dispatch once a later revision started the same. */
const resolved = z.optional(z.literal(true));
const { RunPlanned, RouteDecided, DispatchFailed, ...neverResolved } = recordedFacts;

/** A fact in the history of its run. */
export const HistoryFact = z.discriminatedUnion('type', [
  z.extend(RunPlanned, { resolved }),
  z.extend(RouteDecided, { resolved }),
  z.extend(DispatchFailed, { resolved }),
  ...Object.values(neverResolved),
]);
export type HistoryFact = z.infer<typeof HistoryFact>;

/** The facts of one revision of a run's plan, in order of time. */
export const RunRevision = z.object({
  revision: z.int(),
  /** Null if the plan is not recorded yet, or is on another page. */
  plannedAt: z.nullable(DateTime),
  outcome: z.nullable(Outcome),
  facts: z.array(HistoryFact),
});
export type RunRevision = z.infer<typeof RunRevision>;

type OfType<Type extends RecordedFact['type']> = Extract<RecordedFact, { readonly type: Type }>;

/** Groups the facts of one run by the revision of its plan, newest revision first, each in order of time. */
export function runHistory(facts: readonly RecordedFact[]): RunRevision[] {
  const plans = facts.filter((fact) => fact.type === 'run.planned');
  const groups = Map.groupBy(facts, (fact) => revisionOf(fact, facts, plans));
  return [...groups]
    .toSorted(([left], [right]) => right - left)
    .map(([revision, members]) => {
      const plan = plans.find(({ data }) => data.revision === revision);
      return {
        revision,
        plannedAt: plan?.time ?? null,
        outcome: plan?.data.outcome ?? null,
        facts: members.toSorted(byTime).map((fact) => historyFactOf(fact, facts)),
      };
    });
}

/** Returns the revision that a fact names or is a result of; otherwise the newest one that was planned before the fact. */
function revisionOf(
  fact: RecordedFact,
  facts: readonly RecordedFact[],
  plans: readonly OfType<'run.planned'>[],
): number {
  if (fact.type === 'dispatch.accepted' || fact.type === 'dispatch.failed') return fact.data.revision ?? 0;
  if (fact.type === 'dispatch.completed') {
    const { dispatchId } = fact.data;
    const start = facts.find((each) => each.type === 'dispatch.accepted' && each.data.dispatchId === dispatchId);
    if (start?.type === 'dispatch.accepted') return start.data.revision ?? 0;
  }
  if ('revision' in fact.data && typeof fact.data.revision === 'number') return fact.data.revision;
  const earlier = plans.filter(({ time }) => Date.parse(time) <= Date.parse(fact.time));
  if (earlier.length > 0) return Math.max(...earlier.map(({ data }) => data.revision));
  return plans.length === 0 ? 0 : Math.min(...plans.map(({ data }) => data.revision));
}

/** Orders by time. The facts of a plan have the same time: the plan comes first, then its decisions as in the plan. */
function byTime(left: RecordedFact, right: RecordedFact): number {
  return (
    Date.parse(left.time) - Date.parse(right.time) ||
    Number(stepOf(left)) - Number(stepOf(right)) ||
    indexOf(left) - indexOf(right)
  );
}

const indexOf = (fact: RecordedFact): number => (fact.type === 'route.decided' ? fact.data.index : 0);

function historyFactOf(fact: RecordedFact, facts: readonly RecordedFact[]): HistoryFact {
  // Only facts of the three types above are resolved.
  return isResolved(fact, facts) ? ({ ...fact, resolved: true } as HistoryFact) : fact;
}

/** Whether a later revision succeeded where this fact did not: GitHub accepted a dispatch, of the same route if it has one. */
function isResolved(fact: RecordedFact, facts: readonly RecordedFact[]): boolean {
  const isStarted = (revision: number, routeId: string | null) =>
    facts.some(
      ({ type, data }) =>
        type === 'dispatch.accepted' &&
        (data.revision ?? 0) > revision &&
        (routeId === null || data.routeId === routeId),
    );
  switch (fact.type) {
    case 'run.planned':
      return fact.data.outcome !== 'planned' && isStarted(fact.data.revision, null);
    case 'route.decided':
      return fact.data.decision.effect === 'deny' && isStarted(fact.data.revision, fact.data.decision.routeId);
    case 'dispatch.failed':
      return isStarted(fact.data.revision ?? 0, fact.data.routeId);
    default:
      return false;
  }
}
