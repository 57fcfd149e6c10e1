import { fullName, type RunCompleted } from '../run-completed.ts';

/** Creates a successful push run of octo-org/app's ci.yml on main, with the given changes. */
export function completedRun(
  run: Partial<RunCompleted['run']> = {},
  change: Partial<Omit<RunCompleted, 'run'>> = {},
): RunCompleted {
  const repository = change.repository ?? { id: 11, owner: 'octo-org', name: 'app', defaultBranch: 'main' };
  const { id = 77 } = run;
  return {
    type: 'run.completed',
    version: 1,
    deliveryId: 'delivery-1',
    receivedAt: '2026-01-02T03:04:06.000Z',
    installationId: 5,
    workflow: 'ci.yml',
    ...change,
    repository,
    run: {
      id,
      number: 3,
      attempt: 1,
      event: 'push',
      conclusion: 'success',
      headBranch: 'main',
      headSha: 'c'.repeat(40),
      headRepositoryId: repository.id,
      htmlUrl: `https://github.com/${fullName(repository)}/actions/runs/${id}`,
      startedAt: '2026-01-02T03:00:00.000Z',
      updatedAt: '2026-01-02T03:04:05.000Z',
      actor: 'octocat',
      ...run,
    },
  };
}
