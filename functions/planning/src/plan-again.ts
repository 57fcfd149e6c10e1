import { factId, factsOfPlan, type OperatorActed, type RunReplay } from '@dispatcher/contracts';
import type { Attempt } from '@dispatcher/lambda';
import type { PlanStore, StoredPlan } from '@dispatcher/store';
import { type PlanningDependencies, reportPlan } from './plan-run.ts';
import { storedPlan } from './stored-plan.ts';

export interface ReplayRunDependencies extends PlanningDependencies {
  readonly plans: Pick<PlanStore, 'newest' | 'raise'>;
}

/**
 * An operator's *again*. What is published is a stored plan in each case: the one there is, or a new one under a raised
 * revision. Handled twice, the same action publishes the same plan.
 */
export async function replayRun(deps: ReplayRunDependencies, asked: RunReplay, attempt: Attempt): Promise<void> {
  const log = attempt.log.with({ runKey: asked.runKey });
  const newest = await deps.plans.newest(asked.runKey);
  const stored = newest === null || asked.mode === 'as-recorded' ? newest : await replan(deps, asked, newest, attempt);
  const facts = stored === null ? [] : factsOfPlan(stored.plan, stored.plannedAt);
  const acted = operatorActed(asked, stored);
  await deps.bus.publish([...facts, acted]);

  const { actionId, operator, reason, mode } = asked;
  log.info('operator acted', { actionId, operator, reason, mode, result: acted.data.result });
  deps.meter.count('OperatorActions', { action: mode });
  if (stored !== null) reportPlan(deps, stored, log);
}

async function replan(
  deps: ReplayRunDependencies,
  { actionId, runKey, mode, routeId }: RunReplay,
  newest: StoredPlan,
  attempt: Attempt,
): Promise<StoredPlan> {
  const { trigger: run } = newest.plan;
  const raiseGenerationOf = mode === 'dispatch-again' ? routeId : null;
  const again = await deps.plans.raise(runKey, { actionId, routeId, raiseGenerationOf });
  const startedBy = run.type === 'run.completed' ? await deps.startedBy(run) : null;
  return storedPlan(deps, { run, startedBy, again }, attempt);
}

function operatorActed(asked: RunReplay, stored: StoredPlan | null): OperatorActed {
  const { actionId, runKey, mode: action, operator, reason, routeId, requestedAt: time } = asked;
  return {
    version: 1,
    id: factId('operator.acted', actionId),
    type: 'operator.acted',
    time,
    // A run that is not known has no delivery either.
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
    },
  };
}
