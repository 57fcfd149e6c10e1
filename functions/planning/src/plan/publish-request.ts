import { type DispatchRequested, factsOfPlan, type JobRequested } from '@dispatcher/contracts';
import type { CallOptions, StepLog } from '@dispatcher/lambda';
import type { StoredPlan } from '@dispatcher/store';
import type { StartingDispatch } from './completion.ts';
import { type PlanningDependencies, reportPlan } from './plan-run.ts';
import { getOrCreatePlan, type StoredPlanDependencies } from './stored-plan.ts';

export interface PublishRequestDependencies
  extends StoredPlanDependencies,
    Pick<PlanningDependencies, 'bus' | 'meter'> {}

/** A request that is authenticated and valid. */
export interface ReceivedRequest {
  readonly request: DispatchRequested | JobRequested;
  /** The dispatch that started the run of a job; null for any other request. */
  readonly startedBy: StartingDispatch | null;
  /** Whether a plan that depends on something unknown is stored, because waiting longer would not help. */
  readonly isLast: boolean;
}

/**
 * Plans a request once: a repeat with the same request id returns the stored plan, whatever it asks for. Reads, decides
 * and stores, but publishes nothing.
 */
export function planRequest(
  deps: PublishRequestDependencies,
  { request, startedBy, isLast }: ReceivedRequest,
): Promise<StoredPlan> {
  return getOrCreatePlan(deps, { trigger: request, startedBy }, { isLast });
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
