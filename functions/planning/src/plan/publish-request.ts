import { type DispatchRequested, factsOfPlan, type JobRequested } from '@dispatcher/contracts';
import type { CallOptions, StepLog } from '@dispatcher/lambda';
import type { StoredPlan } from '@dispatcher/store';
import type { StartingDispatch } from './completion.ts';
import { type PlanningDependencies, reportPlan } from './plan-run.ts';
import { getOrCreatePlan, type StoredPlanDependencies } from './stored-plan.ts';

export interface PublishRequestDependencies
  extends StoredPlanDependencies,
    Pick<PlanningDependencies, 'bus' | 'meter'> {}

/**
 * Plans a request once: a repeat with the same request id returns the stored plan, whatever it asks for. Reads, decides
 * and stores, but publishes nothing.
 * @param startedBy the dispatch that started the run of a job; null for any other request
 */
export function planRequest(
  deps: PublishRequestDependencies,
  request: DispatchRequested | JobRequested,
  startedBy: StartingDispatch | null = null,
): Promise<StoredPlan> {
  return getOrCreatePlan(deps, { trigger: request, startedBy }, { isLast: false });
}

/** Publishes the decisions of a stored plan. The dispatch function carries out what they allow. */
export async function publishPlan(
  deps: PublishRequestDependencies,
  stored: StoredPlan,
  log: StepLog,
  options: CallOptions = {},
): Promise<void> {
  await deps.bus.publish(factsOfPlan(stored.plan, stored.plannedAt), options);
  reportPlan(deps, stored, log);
}

/** Plans a request once and publishes its decisions. A repeat publishes the same facts again, which changes nothing. */
export async function planAndPublishRequest(
  deps: PublishRequestDependencies,
  request: DispatchRequested,
  log: StepLog,
): Promise<StoredPlan> {
  const stored = await planRequest(deps, request);
  await publishPlan(deps, stored, log);
  return stored;
}
