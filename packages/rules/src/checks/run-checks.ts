import { type Check, foldName, fullName, type GuardRails, type RunTrigger } from '@dispatcher/contracts';
import { isAllowlisted, workflowFileName } from '../values/names.ts';
import { check } from './checks.ts';

export const maxRunAgeDays = 30;
const hourMs = 60 * 60 * 1000;
const dayMs = 24 * hourMs;

/** Returns the checks of a run that need no repository snapshot. */
export function runChecks(run: RunTrigger, guardRails: GuardRails): Check[] {
  const repository = fullName(run.repository);
  const { attempt, createdAt = null, updatedAt } = run.run;
  // The age at delivery, not now: a replay of the same run gives the same plan at any time.
  const msUntilReceived = (date: string) => Date.parse(run.receivedAt) - Date.parse(date);
  // A re-run is as old as its first attempt: otherwise re-running an old run would make it new.
  const age = msUntilReceived(attempt > 1 ? (createdAt ?? updatedAt) : updatedAt) / dayMs;
  const isFuture = (date: string | null) => date !== null && msUntilReceived(date) < -hourMs;
  return [
    check(
      'own-repository',
      run.run.headRepositoryId === run.repository.id,
      `a run of repository ${run.repository.id}`,
      run.run.headRepositoryId === null ? 'a deleted repository' : `repository ${run.run.headRepositoryId}`,
    ),
    check('run-age', age <= maxRunAgeDays, `at most ${maxRunAgeDays} days`, `${Math.max(0, Math.floor(age))} days`),
    check(
      'run-time',
      !isFuture(updatedAt) && !isFuture(createdAt),
      `at most 1 hour after ${run.receivedAt}`,
      isFuture(createdAt) ? (createdAt ?? updatedAt) : updatedAt,
    ),
    check(
      'source-allowlist',
      isAllowlisted(guardRails.sourceRepositories.map(foldName), foldName(repository)),
      'a repository in SOURCE_REPO_ALLOWLIST',
      repository,
    ),
    check(
      'source-workflow-allowlist',
      isAllowlisted(guardRails.sourceWorkflows.map(workflowFileName), run.workflow),
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
