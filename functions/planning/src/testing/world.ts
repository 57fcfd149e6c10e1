import type { ReadRepository, RunCompleted } from '@dispatcher/contracts';
import type { Attempt, StepLog } from '@dispatcher/lambda';

/** octo-org/app, whose ci.yml starts cd.yml in octo-org/deploy: both sides agree. */

export const silent: StepLog = { info: () => {}, warn: () => {}, error: () => {}, with: () => silent };
export const attempt: Attempt = {
  messageId: 'm',
  attempt: 1,
  isLast: false,
  signal: new AbortController().signal,
  log: silent,
};

export function run(change: Partial<RunCompleted> & { of?: Partial<RunCompleted['run']> } = {}): RunCompleted {
  const { of, ...rest } = change;
  return {
    type: 'run.completed',
    version: 1,
    deliveryId: 'guid-1',
    receivedAt: '2026-01-02T03:04:06.000Z',
    installationId: 5,
    repository: { id: 11, owner: 'octo-org', name: 'app', defaultBranch: 'main' },
    workflow: 'ci.yml',
    run: {
      id: 77,
      number: 3,
      attempt: 1,
      event: 'push',
      conclusion: 'success',
      headBranch: 'main',
      headSha: 'c'.repeat(40),
      headRepositoryId: 11,
      htmlUrl: 'https://github.example/octo-org/app/actions/runs/77',
      startedAt: '2026-01-02T03:00:00.000Z',
      updatedAt: '2026-01-02T03:04:05.000Z',
      actor: 'octocat',
      ...of,
    },
    ...rest,
  };
}

export function repository(name: string, id: number, dispatching: string): ReadRepository {
  const file = (text: string) =>
    ({
      state: 'read',
      blobId: `${name}-${text.length}`,
      byteSize: text.length,
      isBinary: false,
      isTruncated: false,
      text,
    }) as const;
  return {
    state: 'read',
    id,
    owner: 'octo-org',
    name,
    isArchived: false,
    isDisabled: false,
    isLocked: false,
    visibility: 'public',
    defaultBranch: { name: 'main', sha: 'd'.repeat(40) },
    files: { 'dispatching.yml': file(dispatching), '.github/dispatching.yml': { state: 'absent' } },
    workflows: { 'cd.yml': file('on: workflow_dispatch\njobs: {}\n') },
    refs: {},
    installationId: 5,
  };
}

export const outbound =
  'outbound:\n  - source: { workflow: ci.yml }\n    targets:\n      - { repository: deploy, workflow: cd.yml }\n';
export const inbound =
  'inbound:\n  - source: { repository: app, workflow: ci.yml }\n    targets:\n      - { workflow: cd.yml }\n';
