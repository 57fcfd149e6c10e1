import {
  type Check,
  foldName,
  fullName,
  type GuardRails,
  type Lineage,
  type Plan,
  type RunCompleted,
} from '@dispatcher/contracts';
import { check, unsatisfied } from '../checks/checks.ts';
import { allowlisted, bareWorkflow } from '../values/names.ts';
import { planOf } from './build-plan.ts';

export const maxRunAgeDays = 30;
const dayMs = 24 * 60 * 60 * 1000;

/**
 * The checks of the run alone, which need nothing read. A plan: the run is refused, and nothing need be read.
 * Null: go on and read.
 */
export function screen(run: RunCompleted, lineage: Lineage, guardRails: GuardRails): Plan | null {
  const checks = runChecks(run, guardRails);
  return unsatisfied(checks).length === 0 ? null : planOf({ run, lineage, checks });
}

export function runChecks(run: RunCompleted, guardRails: GuardRails): Check[] {
  const repository = fullName(run.repository);
  // The age when the delivery came in, not now: the same run gives the same plan whenever it is replayed.
  const age = (Date.parse(run.receivedAt) - Date.parse(run.run.updatedAt)) / dayMs;
  return [
    check(
      'own-repository',
      run.run.headRepositoryId === run.repository.id,
      `a run of repository ${run.repository.id}`,
      run.run.headRepositoryId === null ? 'a repository that is gone' : `repository ${run.run.headRepositoryId}`,
    ),
    check('run-age', age <= maxRunAgeDays, `at most ${maxRunAgeDays} days`, `${Math.max(0, Math.floor(age))} days`),
    check(
      'source-allowlist',
      allowlisted(guardRails.sourceRepositories.map(foldName), foldName(repository)),
      'a repository that SOURCE_REPO_ALLOWLIST names',
      repository,
    ),
    check(
      'source-workflow-allowlist',
      allowlisted(guardRails.sourceWorkflows.map(bareWorkflow), run.workflow),
      'a workflow that SOURCE_WORKFLOW_ALLOWLIST names',
      run.workflow,
    ),
    pauseCheck(guardRails),
  ];
}

export function pauseCheck({ paused }: GuardRails): Check {
  return check('not-paused', !paused, 'dispatching is not paused', paused ? 'paused' : 'not paused');
}
