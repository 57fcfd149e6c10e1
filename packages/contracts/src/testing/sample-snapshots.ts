import type { RunTrigger } from '../trigger.ts';
import type { FileSnapshot, HeadSnapshot, RepositoryContents } from '../snapshots.ts';

/** Creates the snapshot of a text file. */
export function readFile(blobId: string, text: string): FileSnapshot {
  const byteSize = new TextEncoder().encode(text).length;
  return { state: 'read', blobId, byteSize, isBinary: false, isTruncated: false, text };
}

/**
 * Creates the snapshot of a private repository on main, with this `dispatching.yml` and without workflow files and refs,
 * with the given changes.
 */
export function readRepository(
  fullName: string,
  config: FileSnapshot,
  change: Partial<Omit<RepositoryContents, 'state'>> = {},
): RepositoryContents {
  const [owner = '', name = ''] = fullName.split('/');
  return {
    state: 'read',
    id: 22,
    owner,
    name,
    isArchived: false,
    isDisabled: false,
    isLocked: false,
    visibility: 'private',
    defaultBranch: { name: 'main', sha: 'd'.repeat(40) },
    files: { 'dispatching.yml': config, '.github/dispatching.yml': { state: 'absent' } },
    workflows: {},
    refs: {},
    installationId: 5,
    ...change,
  };
}

/**
 * Creates the snapshot of a run's head, with the given changes: a branch whose newest commit is the run's, or for a
 * `release` a tag of it. The other ref does not exist.
 */
export function readHead({ run }: Pick<RunTrigger, 'run'>, change: Partial<HeadSnapshot> = {}): HeadSnapshot {
  const { headBranch, headSha: sha } = run;
  const absent = { state: 'absent' } as const;
  const isTag = run.event === 'release';
  return {
    name: headBranch ?? '',
    sha,
    branch: isTag ? absent : { state: 'read', sha, comparison: 'identical' },
    tag: isTag ? { state: 'read', sha } : absent,
    ...change,
  };
}
