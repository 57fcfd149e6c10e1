import {
  type Decision,
  fixOf,
  hiddenName,
  kindOfSource,
  type RunPlanned,
  type WorkflowReference,
} from '@dispatcher/contracts';
import { asSeenBySource, checksSeenBySource } from '@dispatcher/rules';
import type { RecordedFact, StoredPlan } from '@dispatcher/store';
import { codeSeenBySource, reasonSeenBySource } from './seen-codes.ts';
import { type LimitedViewer, seenSides, sees } from './viewer.ts';

type OfType<Type extends RecordedFact['type']> = Extract<RecordedFact, { readonly type: Type }>;

/** Returns the facts of one page of a run's history as the viewer sees them; none if the run's source is hidden. */
export function factsSeenBy(viewer: LimitedViewer, facts: readonly RecordedFact[]): readonly RecordedFact[] {
  const plan = facts.find((fact) => fact.type === 'run.planned');
  // Only the first page of a long history has the plan; on the others, each fact must say for itself whose it is.
  const seesRun = plan === undefined ? null : seesTrigger(viewer, plan.data.trigger);
  return seesRun === false ? [] : facts.flatMap((fact) => factSeenBy(viewer, fact, seesRun) ?? []);
}

function seesTrigger(viewer: LimitedViewer, trigger: RunPlanned['data']['trigger']): boolean {
  if (trigger.type === 'dispatch.requested') return sees(viewer, trigger.request.repository);
  return sees(viewer, `${trigger.repository.owner}/${trigger.repository.name}`);
}

function factSeenBy(viewer: LimitedViewer, fact: RecordedFact, seesRun: true | null): RecordedFact | null {
  switch (fact.type) {
    case 'run.planned':
      return { ...fact, data: { ...fact.data, lineage: lineageSeenBy(viewer, fact.data.lineage) } };
    case 'route.decided': {
      const decision = decisionSeenBy(viewer, fact.data.decision);
      return decision === null
        ? null
        : { ...fact, data: { ...fact.data, decision, lineage: lineageSeenBy(viewer, fact.data.lineage) } };
    }
    case 'dispatch.accepted':
    case 'dispatch.failed':
    case 'dispatch.completed':
    case 'issue.reported':
      return dispatchFactSeenBy(viewer, fact);
    case 'message.dead-lettered':
      // The detail quotes errors, which may name any repository.
      return seesRun === null ? null : { ...fact, data: { ...fact.data, detail: '' } };
    case 'operator.acted':
      // The preview of a dry run says what the targets decide.
      return seesRun === null ? null : { ...fact, data: { ...fact.data, preview: undefined } };
    case 'run.delayed':
    case 'delivery.repeated':
    case 'delivery.ignored':
    case 'plan.reported':
      return fact.data.repository !== null && sees(viewer, fact.data.repository) ? fact : null;
    default:
      return null;
  }
}

type DispatchFact = OfType<'dispatch.accepted' | 'dispatch.failed' | 'dispatch.completed' | 'issue.reported'>;

function dispatchFactSeenBy(viewer: LimitedViewer, fact: DispatchFact): RecordedFact | null {
  const sides = seenSides(viewer, fact.data.route);
  if (sides === 'both') return fact;
  if (sides !== 'source') return null;
  switch (fact.type) {
    case 'dispatch.accepted': {
      const { code: _, ...data } = fact.data;
      return { ...fact, data: { ...data, workflowRunId: null, htmlUrl: null } };
    }
    case 'dispatch.failed': {
      const reason = reasonSeenBySource(fact.data);
      const fix =
        reason.code === fact.data.code ? fact.data.fix : fixOf(reason.code, kindOfSource(fact.data.route.source).kind);
      return { ...fact, data: { ...fact.data, ...reason, fix, status: null } };
    }
    case 'issue.reported':
      return { ...fact, data: { ...fact.data, code: codeSeenBySource(fact.data.code) } };
    default:
      return null;
  }
}

/** Returns the decision with what the source may see of the target; null if neither side is seen, or only the target. */
function decisionSeenBy(viewer: LimitedViewer, decision: Decision): Decision | null {
  const sides = seenSides(viewer, decision.route);
  if (sides === 'both') return decision;
  if (sides !== 'source') return null;
  const { target: _, targetFile: __, closest: ___, wouldRefuse = [], ...own } = decision;
  const { code, message, fix, responsible, checks } = asSeenBySource(decision);
  // What a policy of the target's owner would refuse is not for the source, as little as that policy itself.
  const evaluated = checksSeenBySource(wouldRefuse);
  const seen = { ...own, code, message, fix, responsible, checks: [...checks] };
  return evaluated.length === 0 ? seen : { ...seen, wouldRefuse: evaluated };
}

function lineageSeenBy(
  viewer: LimitedViewer,
  { depth, path }: { readonly depth: number; readonly path: readonly WorkflowReference[] },
): { depth: number; path: WorkflowReference[] } {
  const hidden = { repository: hiddenName, workflow: hiddenName };
  return { depth, path: path.map((each) => (sees(viewer, each.repository) ? each : hidden)) };
}

/** Returns a stored plan as the viewer sees it; null if its source is hidden. */
export function planSeenBy(viewer: LimitedViewer, stored: StoredPlan): StoredPlan | null {
  const { plan, files } = stored;
  if (!seesTrigger(viewer, plan.trigger)) return null;
  return {
    ...stored,
    plan: {
      ...plan,
      lineage: lineageSeenBy(viewer, plan.lineage),
      decisions: plan.decisions.flatMap((decision) => decisionSeenBy(viewer, decision) ?? []),
    },
    ...(files === undefined ? {} : { files: files.filter(({ repository }) => sees(viewer, repository)) }),
  };
}
