import type { RunIgnored } from '../run-ignored.ts';

/** Returns an ignored run: run 99 of octo-org/deploy, which failed at start-up. */
export function ignoredRun(
  of: Partial<RunIgnored['run']> = {},
  change: Partial<Omit<RunIgnored, 'run'>> = {},
): RunIgnored {
  return {
    type: 'run.ignored',
    version: 1,
    deliveryId: 'guid-9',
    receivedAt: '2026-01-02T03:04:05.000Z',
    reason: 'not-a-workflow-file',
    path: 'BuildFailed',
    installationId: 7,
    repository: { id: 22, owner: 'octo-org', name: 'deploy' },
    ...change,
    run: {
      id: 99,
      attempt: 1,
      event: 'workflow_dispatch',
      conclusion: 'startup_failure',
      htmlUrl: 'https://github.com/octo-org/deploy/actions/runs/99',
      startedAt: '2026-01-02T03:04:04.000Z',
      updatedAt: '2026-01-02T03:04:04.000Z',
      actor: 'dispatcher[bot]',
      ...of,
    },
  };
}
