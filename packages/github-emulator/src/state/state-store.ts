import { createPublicKey } from 'node:crypto';
import { buildTree, commitId, type Files, type TreeNode } from './git-objects.ts';
import type { Commit, Installation, Owner, Repository, State, Workflow } from './entities.ts';
import { workflowName } from './workflow-file.ts';

const FIRST_IDS: Readonly<Record<string, number>> = {
  // Above 2^31, as on GitHub, so that a client that stores ids in 32 bits fails here too. Repositories and owners stay
  // below, because GraphQL's `databaseId` is an Int.
  run: 19_000_000_000,
  issue: 3_600_000_000,
  'check-run': 41_000_000_000,
  'check-suite': 42_000_000_000,
  comment: 3_700_000_000,
  delivery: 190_000_000_000,
  workflow: 210_000_000,
  repository: 910_000_000,
  owner: 180_000_000,
  app: 1_200_000,
  installation: 61_000_000,
};

const WORKFLOW_PATH = /^\.github\/workflows\/[^/]+\.ya?ml$/;

/** The state with its clock and lookups. Names are case-insensitive, as on GitHub. */
export class StateStore {
  readonly state: State;
  readonly #clock: () => number;
  readonly #trees = new WeakMap<Files, TreeNode>();

  constructor(state: State, clock: () => number) {
    this.state = state;
    this.#clock = clock;
  }

  now(): number {
    return this.#clock() + this.state.clockOffsetMs;
  }

  timestamp(): string {
    return timestamp(this.now());
  }

  nextId(kind: string): number {
    const next = (this.state.counters[kind] ?? FIRST_IDS[kind] ?? 0) + 1;
    this.state.counters[kind] = next;
    return next;
  }

  owner(login: string): Owner | undefined {
    return this.state.owners.find((owner) => sameName(owner.login, login));
  }

  repository(owner: string, name: string): Repository | undefined {
    return this.state.repositories.find(
      (repository) => sameName(repository.owner, owner) && sameName(repository.name, name),
    );
  }

  /** Returns the repository that had this name before, if no other one has it now. */
  movedRepository(owner: string, name: string): Repository | undefined {
    if (this.repository(owner, name) !== undefined) return undefined;
    const former = `${owner}/${name}`.toLowerCase();
    return this.state.repositories.findLast(({ formerNames = [] }) => formerNames.includes(former));
  }

  repositoryById(id: number): Repository | undefined {
    return this.state.repositories.find((repository) => repository.id === id);
  }

  installation(id: number): Installation | undefined {
    return this.state.installations.find((installation) => installation.id === id);
  }

  installationOfAccount(login: string): Installation | undefined {
    return this.state.installations.find((installation) => sameName(installation.account, login));
  }

  installationOn(repository: Repository): Installation | undefined {
    return this.state.installations.find((installation) => covers(installation, repository));
  }

  repositoriesOf(installation: Installation): Repository[] {
    return this.state.repositories.filter((repository) => covers(installation, repository));
  }

  tree(files: Files): TreeNode {
    const known = this.#trees.get(files) ?? buildTree(files);
    this.#trees.set(files, known);
    return known;
  }

  /**
   * Adds a commit with exactly these files to a branch, creating the branch at the default branch when it does not
   * exist. Returns the commit id.
   * @param parents the commits to build on; default: the head of the branch
   */
  commit(
    repository: Repository,
    branch: string,
    files: Files,
    message: string,
    parents: readonly string[] = startOf(repository, branch),
  ): string {
    const committedAt = this.timestamp();
    const treeOid = this.tree(files).oid;
    const oid = commitId({ treeOid, parents, seconds: Date.parse(committedAt) / 1000, message });
    const [parent = null, ...mergedParents] = parents;
    const commit: Commit = { oid, treeOid, parent, message, committedAt, files };
    repository.commits[oid] = mergedParents.length === 0 ? commit : { ...commit, mergedParents };
    repository.branches[branch] = oid;
    repository.pushedAt = committedAt;
    for (const path of Object.keys(files).filter((path) => WORKFLOW_PATH.test(path))) {
      this.#registerWorkflow(repository, path, files, committedAt);
    }
    return oid;
  }

  #registerWorkflow(repository: Repository, path: string, files: Files, at: string): void {
    const name = workflowName(path, files[path]);
    const known = repository.workflows.find((workflow) => workflow.path === path);
    if (known === undefined) {
      const workflow: Workflow = {
        id: this.nextId('workflow'),
        path,
        name,
        state: 'active',
        createdAt: at,
        updatedAt: at,
      };
      repository.workflows.push(workflow);
    } else if (known.name !== name) {
      Object.assign(known, { name, updatedAt: at });
    }
  }
}

function startOf(repository: Repository, branch: string): readonly string[] {
  const head = repository.branches[branch] ?? repository.branches[repository.defaultBranch];
  return head === undefined ? [] : [head];
}

export function covers(installation: Installation, repository: Repository): boolean {
  return (
    sameName(installation.account, repository.owner) &&
    (installation.repositories === 'all' || installation.repositories.some((name) => sameName(name, repository.name)))
  );
}

export function sameName(left: string, right: string): boolean {
  return left.toLowerCase() === right.toLowerCase();
}

/** Formats a time as GitHub does, in whole seconds: `2026-11-21T02:15:31Z`. */
export function timestamp(ms: number): string {
  return new Date(ms).toISOString().replace(/\.\d+Z$/, 'Z');
}

/** Returns the public key (SPKI PEM) of a private or public PEM key. */
export function publicKeyOf(pem: string): string {
  return createPublicKey(pem).export({ type: 'spki', format: 'pem' }).toString();
}
