import type { Decision, Plan } from '@dispatcher/contracts';
import { asSeenBySource, refusalAsSeenBySource, type SourceView } from '@dispatcher/rules';
import type { DispatchRecord, StartedRunState } from '@dispatcher/store';

/** What has become of one decision, as the source may see it. */
export type RouteState =
  | { readonly state: 'waiting' }
  | { readonly state: 'refused'; readonly view: SourceView }
  | {
      readonly state: 'started';
      /** The run's page; null if GitHub did not name the run, or the target hides it. */
      readonly url: string | null;
      /** `hidden`: the target does not report its run. `unnamed`: GitHub did not name it. */
      readonly report: 'run' | 'hidden' | 'unnamed';
      /** What GitHub said about the run when it was last read; null if it was not read yet, or must not be shown. */
      readonly run: StartedRunState | null;
    };

/** A decision that counts, and the revision of the plan that made it. */
export interface ReportedDecision {
  readonly decision: Decision;
  readonly revision: number;
}

/**
 * Returns the decisions that count, in the order of the first plan that has them: of each route that of the newest plan. A
 * replay of one route makes a plan with that route alone.
 * @param plans the plans of a run; none is older than the newest one that decided on all routes
 */
export function reportedDecisions(plans: readonly Plan[]): ReportedDecision[] {
  const oldestFirst = plans.toSorted((left, right) => left.revision - right.revision);
  const reported = new Map<string, ReportedDecision>();
  for (const { revision, decisions } of oldestFirst) {
    const seen = new Map<string, number>();
    for (const decision of decisions) {
      // A plan denies the second of two equal routes, so the place among equal routes belongs to the key.
      const place = seen.get(decision.routeId) ?? 0;
      seen.set(decision.routeId, place + 1);
      reported.set(`${decision.routeId}#${place}`, { decision, revision });
    }
  }
  return [...reported.values()];
}

/** Returns what has become of a decision. What was started counts, whatever a later plan decided. */
export function routeStateOf(
  { decision, revision }: ReportedDecision,
  record: DispatchRecord | null,
  run: StartedRunState | null,
): RouteState {
  const isOwn = record !== null && decision.code !== 'duplicate-route';
  if (isOwn && record.state === 'accepted-unverified')
    return { state: 'started', url: null, report: 'unnamed', run: null };
  if (isOwn && record.state === 'accepted') {
    return decision.report === 'none'
      ? { state: 'started', url: null, report: 'hidden', run: null }
      : { state: 'started', url: record.htmlUrl, report: 'run', run };
  }
  if (decision.effect === 'deny') return { state: 'refused', view: asSeenBySource(decision) };
  // A later revision may try again what GitHub refused.
  if (isOwn && record.state === 'failed' && record.revision >= revision) {
    return { state: 'refused', view: refusalAsSeenBySource(decision, record) };
  }
  return { state: 'waiting' };
}
