import type { RepositoryContents, RepositorySnapshot, RunCompleted, RunHead } from '@dispatcher/contracts';
import { completedRun, readFile, readRepository } from '@dispatcher/contracts/testing';

// octo-org/app, whose ci.yml starts cd.yml in octo-org/deploy; both sides allow it.

export function run(change: Partial<RunCompleted> & { of?: Partial<RunCompleted['run']> } = {}): RunCompleted {
  const { of, ...rest } = change;
  return completedRun(of, { deliveryId: 'guid-1', ...rest });
}

export function repository(name: string, id: number, dispatching: string): RepositoryContents {
  return readRepository(`octo-org/${name}`, readFile(`${name}-${dispatching.length}`, dispatching), {
    id,
    visibility: 'public',
    workflows: { 'cd.yml': readFile(`${name}-cd`, 'on: workflow_dispatch\njobs: {}\n') },
  });
}

export const outbound =
  'outbound:\n  - source: { workflow: ci.yml }\n    targets:\n      - { repository: deploy, workflow: cd.yml }\n';
export const inbound =
  'inbound:\n  - source: { repository: app, workflow: ci.yml }\n    targets:\n      - { workflow: cd.yml }\n';

/** Adds the head of a run to a snapshot without one: a branch whose newest commit is the run's. */
export function withHead(snapshot: RepositorySnapshot, head: RunHead | null): RepositorySnapshot {
  if (snapshot.state !== 'read' || head === null) return snapshot;
  const branch = { state: 'read', sha: head.sha, comparison: 'identical' } as const;
  return { heads: [{ ...head, branch, tag: { state: 'absent' } }], ...snapshot };
}
