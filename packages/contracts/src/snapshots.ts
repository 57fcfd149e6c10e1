/**
 * What was read of a repository at one moment. "Absent" is an answer; "unknown" is the lack of one: a rule may be
 * denied on an absent file, but an unknown one must be read again, never taken for "no rules".
 */
export type FileSnapshot =
  | { readonly state: 'absent' }
  | { readonly state: 'unknown'; readonly reason: string }
  /** Something of that name is there, but it is no plain file: a directory, a symbolic link, a submodule. */
  | { readonly state: 'not-a-file'; readonly kind: string }
  | {
      readonly state: 'read';
      /** Git blob id: the same id is the same content, so a parsed file may be kept under it. */
      readonly blobId: string;
      readonly byteSize: number;
      readonly isBinary: boolean;
      /** GitHub cuts `text` at 512,000 bytes. */
      readonly isTruncated: boolean;
      /** Null where the blob is binary. */
      readonly text: string | null;
    };

export type RefSnapshot = 'branch' | 'tag' | 'absent' | 'unknown';

export interface RepositoryContents {
  readonly state: 'read';
  readonly id: number;
  readonly owner: string;
  readonly name: string;
  readonly isArchived: boolean;
  readonly isDisabled: boolean;
  readonly isLocked: boolean;
  readonly visibility: 'public' | 'private' | 'internal';
  /** Null where the repository is empty or its default branch could not be read. */
  readonly defaultBranch: { readonly name: string; readonly sha: string } | null;
  /** The two places a dispatching.yml may stand in, both read, because both present is an error. */
  readonly files: {
    readonly 'dispatching.yml': FileSnapshot;
    readonly '.github/dispatching.yml': FileSnapshot;
  };
  /**
   * Workflow files by their name below `.github/workflows/` (`cd.yml`), on the default branch; only those asked for.
   */
  readonly workflows: Readonly<Record<string, FileSnapshot>>;
  /** Refs by the name asked for. */
  readonly refs: Readonly<Record<string, RefSnapshot>>;
  /** Whose installation this was read with, and so whose token may start a workflow in it. */
  readonly installationId: number;
}

export type RepositorySnapshot =
  | RepositoryContents
  /** No such repository, or none this App can see: GitHub gives the same answer to both. */
  | { readonly state: 'absent' }
  /** GitHub gave no answer: to be retried, and recorded as unreadable on the last attempt. */
  | { readonly state: 'unknown'; readonly reason: string };

/** What an installation granted the App: `contents: write`. A permission that is not listed was not granted. */
export type AppPermissions = Readonly<Record<string, string>>;

/** What planning must read of one target for {@link RepositoryReading} to answer every check. */
export interface TargetRequest {
  readonly owner: string;
  readonly name: string;
  readonly workflows: readonly string[];
  readonly refs: readonly string[];
}

/** Target readings by lower-case `owner/name`. */
export type TargetSnapshots = Readonly<Record<string, RepositorySnapshot>>;

/**
 * Where a run comes from. A run that one of our dispatches started carries the way it came; a run of our own App whose
 * way is not stored (yet) is `unknown`, and never taken for a root: that would reset the hop limit.
 */
export type Lineage =
  | { readonly state: 'root' }
  | {
      readonly state: 'known';
      /** The dispatch that started this run. */
      readonly dispatchId: string;
      /** How many dispatches lead to this run: 1 for a run that a root's dispatch started. */
      readonly depth: number;
      /** Every repository and workflow on the way, the root first, this run's own last. */
      readonly path: readonly { readonly repository: string; readonly workflow: string }[];
    }
  | { readonly state: 'unknown' };

/** The operator's guard rails. An empty list means "no limit". */
export interface GuardRails {
  readonly sourceRepositories: readonly string[];
  readonly targetRepositories: readonly string[];
  readonly sourceWorkflows: readonly string[];
  readonly maxTargetsPerRun: number;
  readonly maxDispatchDepth: number;
  readonly paused: boolean;
  /** `DEFAULT_DISPATCH_REF`; null where the target's default branch is the default. */
  readonly defaultRef: string | null;
}

/** The guard rails where the operator sets none. */
export const defaultGuardRails: GuardRails = {
  sourceRepositories: [],
  targetRepositories: [],
  sourceWorkflows: [],
  maxTargetsPerRun: 25,
  maxDispatchDepth: 5,
  paused: false,
  defaultRef: null,
};
