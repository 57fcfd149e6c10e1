import {
  factId,
  factsOfPlan,
  type OperatorActed,
  type Plan,
  type ReplayPreview,
  type RunReplay,
  targetLabel,
} from '@dispatcher/contracts';
import type { Attempt } from '@dispatcher/lambda';
import type { PlanStore, RevisionStore, StoredPlan } from '@dispatcher/store';
import { type PlanningDependencies, reportPlan } from './plan-run.ts';
import { getOrCreatePlan, previewPlan } from './stored-plan.ts';

export interface ReplayRunDependencies extends PlanningDependencies {
  readonly plans: Pick<PlanStore, 'getNewestPlan'>;
  readonly revisions: Pick<RevisionStore, 'raiseRevision' | 'setCurrent'>;
}

/**
 * Replays a run for an operator. It always publishes a stored plan: the newest one, or a new one under a raised
 * revision. If the same action is handled twice, it publishes the same plan.
 */
export async function replayRun(deps: ReplayRunDependencies, replay: RunReplay, attempt: Attempt): Promise<void> {
  const log = attempt.log.with({ runKey: replay.runKey });
  const newest = await deps.plans.getNewestPlan(replay.runKey);
  if (newest !== null && replay.dryRun) return previewReplay(deps, replay, newest, attempt);
  const stored =
    newest === null || replay.mode === 'as-recorded' ? newest : await planReplay(deps, replay, newest, attempt);
  const facts = stored === null ? [] : factsOfPlan(stored.plan, stored.plannedAt);
  // An unknown run has no delivery.
  const acted = operatorActed(replay, newest?.plan.trigger.deliveryId ?? replay.actionId, {
    result: stored === null ? 'unknown-run' : 'published',
    revision: stored?.plan.revision ?? null,
  });
  await deps.bus.publish([...facts, acted], { signal: attempt.signal });

  const { actionId, operator, reason, mode } = replay;
  log.info('operator acted', { actionId, operator, reason, mode, result: acted.data.result });
  deps.meter.count('OperatorActions', { action: mode });
  if (stored !== null) reportPlan(deps, stored, log);
}

/** More decisions make the fact too large for an event, and nobody reads them. */
const maxPreviewed = 50;

/** Publishes what a re-evaluation would decide now. */
async function previewReplay(
  deps: ReplayRunDependencies,
  replay: RunReplay,
  { plan: { trigger, revision } }: StoredPlan,
  attempt: Attempt,
): Promise<void> {
  const startedBy = trigger.type === 'dispatch.requested' ? null : await deps.startedBy(trigger);
  const next = { revision: revision + 1, generations: {}, routeId: replay.routeId };
  const preview = previewOf(await previewPlan(deps, { trigger, startedBy, replay: next }, attempt));
  const { deliveryId: correlationId } = trigger;
  const result = { result: 'dry-run', revision: null, preview } as const;
  await deps.bus.publish([operatorActed(replay, correlationId, result)], { signal: attempt.signal });
  const { actionId, operator, runKey } = replay;
  attempt.log.info('replay previewed', { runKey, actionId, operator, code: preview.code });
  deps.meter.count('OperatorActions', { action: 'dry-run' });
}

function previewOf({ outcome, code, message, decisions }: Plan): ReplayPreview {
  const previewed = decisions.slice(0, maxPreviewed).map((decision) => {
    const { routeId, route, effect, code: reason, message: text, fix } = decision;
    return { routeId, target: targetLabel(route.target), effect, code: reason, message: text, fix };
  });
  return { outcome, code, message, decisions: previewed, omitted: decisions.length - previewed.length };
}

async function planReplay(
  deps: ReplayRunDependencies,
  { actionId, runKey, mode, routeId }: RunReplay,
  newest: StoredPlan,
  attempt: Attempt,
): Promise<StoredPlan> {
  const { trigger } = newest.plan;
  const raiseGenerationOf = mode === 'dispatch-again' ? routeId : null;
  const replay = await deps.revisions.raiseRevision(runKey, { actionId, routeId, raiseGenerationOf });
  const startedBy = trigger.type === 'dispatch.requested' ? null : await deps.startedBy(trigger);
  return getOrCreatePlan(deps, { trigger, startedBy, replay }, attempt);
}

function operatorActed(
  replay: RunReplay,
  correlationId: string,
  result: Pick<OperatorActed['data'], 'preview' | 'result' | 'revision'>,
): OperatorActed {
  const { actionId, runKey, mode: action, operator, reason, routeId, requestedAt: time, bulkReplayId } = replay;
  return {
    version: 1,
    id: factId('operator.acted', actionId),
    type: 'operator.acted',
    time,
    correlationId,
    runKey,
    data: {
      actionId,
      action,
      operator,
      reason,
      routeId,
      ...result,
      ...(bulkReplayId === undefined ? {} : { bulkReplayId }),
    },
  };
}
