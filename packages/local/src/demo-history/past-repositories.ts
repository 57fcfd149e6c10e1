import type { FileSnapshot, HeadSnapshot, RefSnapshot, RepositorySnapshot, RunTrigger } from '@dispatcher/contracts';
import { blobId, type DemoRepository } from '../demo-organization/repositories.ts';

/** A repository as it was at one moment. */
export interface RepositoryState extends DemoRepository {
  /** The head of the default branch. */
  readonly sha: string;
  /** Content of a second file, `.github/dispatching.yml`. Absent: there is none. */
  readonly secondFile?: string;
  /** The default branch has no commit. */
  readonly isEmpty?: true;
  /** The App is not installed on it, or it does not exist. */
  readonly isHidden?: true;
  /** What could not be read, with GitHub's message. */
  readonly unreadable?: string;
  /** Refs besides the default branch. */
  readonly refs?: Readonly<Record<string, RefSnapshot>>;
}

/** A difference of a repository from its state of now, for a part of the week. Times are milliseconds since the epoch. */
export interface Episode {
  readonly repository: string;
  readonly from: number;
  readonly until: number;
  readonly change: Partial<RepositoryState>;
}

/** The repositories over the week. */
export interface PastRepositories {
  /** @throws Error if the demonstration has no such repository */
  at(name: string, time: number): RepositoryState;
  /** Returns null if the demonstration has no such repository. */
  find(name: string, time: number): RepositoryState | null;
  add(episode: Episode): void;
}

export function createPastRepositories(repositories: readonly RepositoryState[]): PastRepositories {
  const byName = new Map(repositories.map((repository) => [repository.name, repository]));
  const episodes: Episode[] = [];
  const find: PastRepositories['find'] = (name, time) => {
    const repository = byName.get(name);
    if (repository === undefined) return null;
    return episodes
      .filter(({ repository: of, from, until }) => of === name && from <= time && time < until)
      .reduce((state, { change }) => ({ ...state, ...change }), repository);
  };
  return {
    find,
    at: (name, time) => {
      const found = find(name, time);
      if (found === null) throw new Error(`The demonstration has no repository ${name}.`);
      return found;
    },
    add: (episode) => void episodes.push(episode),
  };
}

function fileOf(text: string | null | undefined): FileSnapshot {
  if (text === null || text === undefined) return { state: 'absent' };
  const byteSize = Buffer.byteLength(text);
  return { state: 'read', blobId: blobId(text), byteSize, isBinary: false, isTruncated: false, text };
}

/** What is read of a repository besides its `dispatching.yml`. */
interface Read {
  readonly heads?: readonly HeadSnapshot[];
  readonly workflows?: readonly string[];
  readonly refs?: readonly string[];
}

/** Returns the snapshot that a read of the repository gives. */
export function snapshotOf(state: RepositoryState, { heads, workflows = [], refs = [] }: Read): RepositorySnapshot {
  if (state.unreadable !== undefined) return { state: 'unknown', reason: state.unreadable };
  if (state.isHidden) return { state: 'absent' };
  const { id, owner, name, isArchived, visibility, installationId, sha } = state;
  const stateOfRef = (ref: string) => state.refs?.[ref] ?? (ref === 'main' ? 'branch' : 'absent');
  return {
    state: 'read',
    id,
    owner,
    name,
    isArchived,
    isDisabled: false,
    isLocked: false,
    visibility,
    defaultBranch: state.isEmpty ? null : { name: 'main', sha },
    files: { 'dispatching.yml': fileOf(state.dispatching), '.github/dispatching.yml': fileOf(state.secondFile) },
    workflows: Object.fromEntries(workflows.map((file) => [file, fileOf(state.workflows[file])])),
    refs: Object.fromEntries(refs.map((ref) => [ref, stateOfRef(ref)])),
    ...(heads === undefined ? {} : { heads }),
    installationId,
  };
}

/** Returns the snapshot of the branch or tag of a run: it contains the commit, and nothing has moved. */
export function headOf({ run }: RunTrigger, isTag: boolean): HeadSnapshot {
  const absent = { state: 'absent' } as const;
  return {
    name: run.headBranch ?? '',
    sha: run.headSha,
    branch: isTag ? absent : { state: 'read', sha: run.headSha, comparison: 'identical' },
    tag: isTag ? { state: 'read', sha: run.headSha } : absent,
  };
}
