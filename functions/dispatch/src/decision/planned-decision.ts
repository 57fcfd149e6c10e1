import { fullFactsOfPlan, type RouteDecided } from '@dispatcher/contracts';
import { PermanentError } from '@dispatcher/lambda';
import type { PlanStore } from '@dispatcher/store';

export interface PlannedDecisionDependencies {
  readonly plans: Pick<PlanStore, 'getPlan'>;
}

/**
 * Returns the decision as the stored plan contains it. Only run key, revision and index are taken from the message:
 * otherwise anyone who can send to the queue or to the event bus could start any workflow. The planning function stores
 * a plan before it publishes its decisions, and the read is consistent, so a decision without a plan is forged.
 * @throws PermanentError if the plan does not contain the decision
 */
export async function getPlannedDecision(
  { plans }: PlannedDecisionDependencies,
  { runKey, data: { revision, index, decision } }: RouteDecided,
): Promise<RouteDecided> {
  const stored = await plans.getPlan(runKey, revision);
  if (stored === null) throw notInPlan(`No plan of run ${runKey} with revision ${revision} is stored.`);
  const [, ...decisions] = fullFactsOfPlan(stored.plan, stored.plannedAt);
  const planned = decisions[index];
  if (planned === undefined) {
    throw notInPlan(`The plan of run ${runKey} with revision ${revision} has no decision with index ${index}.`);
  }
  const { dispatchId, effect } = planned.data.decision;
  if (dispatchId !== decision.dispatchId) {
    throw notInPlan(
      `The message names dispatch ${decision.dispatchId}, the plan of run ${runKey} dispatch ${dispatchId}.`,
    );
  }
  if (effect !== decision.effect) {
    throw notInPlan(`The message says "${decision.effect}", the plan of run ${runKey} says "${effect}".`);
  }
  return planned;
}

function notInPlan(message: string): PermanentError {
  const advice =
    'Nothing was started. If no table was restored, find out who can send to the queue or the event bus; then discard the dead letter.';
  return new PermanentError(`${message} ${advice}`, { reason: 'decision-not-in-plan' });
}
