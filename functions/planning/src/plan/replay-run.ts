import { factId, factsOfPlan, type OperatorActed, type RunReplay } from '@dispatcher/contracts';
import type { Attempt } from '@dispatcher/lambda';
import type { PlanStore, RevisionStore, StoredPlan } from '@dispatcher/store';
import { type PlanningDependencies, reportPlan } from './plan-run.ts';
import { getOrCreatePlan } from './stored-plan.ts';

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
  const stored =
    newest === null || replay.mode === 'as-recorded' ? newest : await planReplay(deps, replay, newest, attempt);
  const facts = stored === null ? [] : factsOfPlan(stored.plan, stored.plannedAt);
  const acted = operatorActed(replay, stored);
  await deps.bus.publish([...facts, acted], { signal: attempt.signal });

  const { actionId, operator, reason, mode } = replay;
  log.info('operator acted', { actionId, operator, reason, mode, result: acted.data.result });
  deps.meter.count('OperatorActions', { action: mode });
  if (stored !== null) reportPlan(deps, stored, log);
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

function operatorActed(replay: RunReplay, stored: StoredPlan | null): OperatorActed {
  const { actionId, runKey, mode: action, operator, reason, routeId, requestedAt: time, bulkReplayId } = replay;
  return {
    version: 1,
    id: factId('operator.acted', actionId),
    type: 'operator.acted',
    time,
    // An unknown run has no delivery.
    correlationId: stored?.plan.trigger.deliveryId ?? actionId,
    runKey,
    data: {
      actionId,
      action,
      operator,
      reason,
      routeId,
      result: stored === null ? 'unknown-run' : 'published',
      revision: stored?.plan.revision ?? null,
      ...(bulkReplayId === undefined ? {} : { bulkReplayId }),
    },
  };
}
