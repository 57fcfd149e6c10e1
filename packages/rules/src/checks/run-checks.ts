import { type Check, foldName, fullName, type GuardRails, type RunCompleted } from '@dispatcher/contracts';
import { allowlisted, bareWorkflow } from '../values/names.ts';
import { check } from './checks.ts';

export const maxRunAgeDays = 30;
const dayMs = 24 * 60 * 60 * 1000;

/** Returns the checks of a run that need no repository snapshot. */
export function runChecks(run: RunCompleted, guardRails: GuardRails): Check[] {
  const repository = fullName(run.repository);
  // The age at delivery, not now: a replay of the same run gives the same plan at any time.
  const age = (Date.parse(run.receivedAt) - Date.parse(run.run.updatedAt)) / dayMs;
  return [
    check(
      'own-repository',
      run.run.headRepositoryId === run.repository.id,
      `a run of repository ${run.repository.id}`,
      run.run.headRepositoryId === null ? 'a deleted repository' : `repository ${run.run.headRepositoryId}`,
    ),
    check('run-age', age <= maxRunAgeDays, `at most ${maxRunAgeDays} days`, `${Math.max(0, Math.floor(age))} days`),
    check(
      'source-allowlist',
      allowlisted(guardRails.sourceRepositories.map(foldName), foldName(repository)),
      'a repository in SOURCE_REPO_ALLOWLIST',
      repository,
    ),
    check(
      'source-workflow-allowlist',
      allowlisted(guardRails.sourceWorkflows.map(bareWorkflow), run.workflow),
      'a workflow in SOURCE_WORKFLOW_ALLOWLIST',
      run.workflow,
    ),
    pauseCheck(guardRails),
  ];
}

/** Returns the check of the operator's emergency brake. */
export function pauseCheck({ paused }: GuardRails): Check {
  return check('not-paused', !paused, 'dispatching is not paused', paused ? 'paused' : 'not paused');
}
