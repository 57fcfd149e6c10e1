import type { DispatchRequested, GuardRails, Lineage, Plan, RunTrigger } from '@dispatcher/contracts';
import { unsatisfied } from '../checks/checks.ts';
import { pauseCheck, runChecks } from '../checks/run-checks.ts';
import { planOf } from './build-plan.ts';

/**
 * Evaluates the checks of a run or job that need no repository snapshot. Returns a plan if the run is refused: nothing needs to
 * be read. Returns null otherwise.
 */
export function screen(run: RunTrigger, lineage: Lineage, guardRails: GuardRails): Plan | null {
  const checks = runChecks(run, guardRails);
  return unsatisfied(checks).length === 0 ? null : planOf({ trigger: run, lineage, checks });
}

/** Does for a request what {@link screen} does for a run. */
export function screenRequest(request: DispatchRequested, guardRails: GuardRails): Plan | null {
  const checks = [pauseCheck(guardRails)];
  return unsatisfied(checks).length === 0 ? null : planOf({ trigger: request, lineage: { state: 'root' }, checks });
}
