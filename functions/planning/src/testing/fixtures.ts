import {
  foldName,
  noCandidates,
  type RepositoryContents,
  type RepositorySnapshot,
  type RunCompleted,
  type RunHead,
} from '@dispatcher/contracts';
import { completedRun, readFile, readRepository } from '@dispatcher/contracts/testing';
import type { CommitRunDependencies } from '../plan/commit-runs.ts';
import type { CandidateStore, RepositoryIdStore, RepositoryPair, StoredRepositoryIds } from '@dispatcher/store';

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

/** Creates an empty store of remembered ids, in memory. */
export function createRepositoryIds(): RepositoryIdStore {
  const stored = new Map<string, StoredRepositoryIds>();
  const policies = new Map<string, number | null>();
  const keyOf = ({ source, target }: RepositoryPair) => foldName(`${source} ${target}`);
  return {
    getIds: async (pair) => stored.get(keyOf(pair)) ?? null,
    putIds: async (pair, { source, target }, known) => {
      if ((stored.get(keyOf(pair))?.version ?? 0) !== (known?.version ?? 0)) return false;
      stored.set(keyOf(pair), { source, target, version: (known?.version ?? 0) + 1 });
      return true;
    },
    getPolicy: async (owner) => policies.get(foldName(owner)) ?? null,
    putPolicy: async (owner, repositoryId) => void policies.set(foldName(owner), repositoryId),
  };
}

/** Lists no repository for any source. */
export const noCandidateStore: CandidateStore = { getCandidates: async () => noCandidates };

/** Stores nothing about commits, and fails if a plan needs it. */
export const noCommitRuns: Pick<CommitRunDependencies, 'commitRuns' | 'listRunsOfCommit'> = {
  commitRuns: { putRun: refuseNeeds, getCommit: refuseNeeds, claim: refuseNeeds },
  listRunsOfCommit: refuseNeeds,
};

function refuseNeeds(): Promise<never> {
  return Promise.reject(new Error('No rule of this test has `needs`.'));
}

/** Adds the head of a run to a snapshot without one: a branch whose newest commit is the run's. */
export function withHead(snapshot: RepositorySnapshot, head: RunHead | null): RepositorySnapshot {
  if (snapshot.state !== 'read' || head === null) return snapshot;
  const branch = { state: 'read', sha: head.sha, comparison: 'identical' } as const;
  return { heads: [{ ...head, branch, tag: { state: 'absent' } }], ...snapshot };
}

/** Reads policies where no owner has one. */
export async function readNoPolicies(
  _: unknown,
  owners: readonly string[],
): Promise<Readonly<Record<string, RepositorySnapshot>>> {
  return Object.fromEntries(owners.map((owner) => [foldName(owner), { state: 'absent' }] as const));
}
