import type { CommitRun, DispatchClaim } from './commit-runs.ts';
import type { GraphCandidates } from './consent-graph.ts';

/** What could not be read. Planning retries; finally it records the repository as unreadable. */
export interface UnknownSnapshot {
  readonly state: 'unknown';
  readonly reason: string;
  /**
   * GitHub could not be reached, or reported an internal error: the read is repeated for hours. Absent if GitHub refused
   * the read or its response was not understood: only a few attempts are made.
   */
  readonly unreachable?: {
    /** The next try, in milliseconds since the epoch; null if none is known. */
    readonly retryAt: number | null;
  };
}

/**
 * A file as it was read at one moment. An absent file may deny a route. An `unknown` file must be read again and never be
 * treated as a file without rules.
 */
export type FileSnapshot =
  | { readonly state: 'absent' }
  | UnknownSnapshot
  /** The path exists, but is not a regular file: a directory, a symbolic link or a submodule. */
  | { readonly state: 'not-a-file'; readonly kind: string }
  | {
      readonly state: 'read';
      /** Git blob id. It identifies the content, so a parsed file may be cached under it. */
      readonly blobId: string;
      readonly byteSize: number;
      readonly isBinary: boolean;
      /** GitHub truncates `text` at 512,000 bytes. */
      readonly isTruncated: boolean;
      /** Null for a binary blob. */
      readonly text: string | null;
    };

export type RefSnapshot = 'branch' | 'tag' | 'absent' | 'unknown';

/**
 * The head of a run: the name of its branch or tag, and its commit. GitHub sends one name and does not say whether it is
 * a branch or a tag.
 */
export interface RunHead {
  readonly name: string;
  readonly sha: string;
}

/**
 * What a branch says about a commit. It contains the commit if it is `identical` or the commit is `behind` its head.
 * `not-comparable`: GitHub has no such commit, or the two have no common history.
 */
export type BranchComparison = 'identical' | 'behind' | 'ahead' | 'diverged' | 'not-comparable';

type NotRead = { readonly state: 'absent' } | { readonly state: 'unknown'; readonly reason: string };

/** The branch and the tag that have the name of a run's head, as they were at one moment. */
export interface HeadSnapshot extends RunHead {
  /** `comparison` is how the commit of the run relates to the branch. */
  readonly branch: NotRead | { readonly state: 'read'; readonly sha: string; readonly comparison: BranchComparison };
  /** `sha` is the commit that the tag points to, for an annotated tag through its object; null if it is not a commit. */
  readonly tag: NotRead | { readonly state: 'read'; readonly sha: string | null };
}

export interface RepositoryContents {
  readonly state: 'read';
  readonly id: number;
  readonly owner: string;
  readonly name: string;
  readonly isArchived: boolean;
  readonly isDisabled: boolean;
  readonly isLocked: boolean;
  readonly visibility: 'public' | 'private' | 'internal';
  /** Null if the repository is empty or its default branch could not be read. */
  readonly defaultBranch: { readonly name: string; readonly sha: string } | null;
  /** Both possible paths of the dispatching.yml. Both are read, because a repository with both files is invalid. */
  readonly files: {
    readonly 'dispatching.yml': FileSnapshot;
    readonly '.github/dispatching.yml': FileSnapshot;
  };
  /** The paths of existing files with the wrong extension, such as `.github/dispatching.yaml`. They are never read. */
  readonly misnamedFiles?: readonly string[];
  /** The `dispatching-policy.yml` of an owner's `.github` repository. Absent: it was not requested. */
  readonly policy?: FileSnapshot;
  /** The requested workflow files on the default branch, by their name below `.github/workflows/` (`cd.yml`). */
  readonly workflows: Readonly<Record<string, FileSnapshot>>;
  /** The requested refs, by name. */
  readonly refs: Readonly<Record<string, RefSnapshot>>;
  /** The requested heads of runs. Absent: none was requested. */
  readonly heads?: readonly HeadSnapshot[];
  /** The installation whose token read the repository and may start a workflow in it. */
  readonly installationId: number;
}

export type RepositorySnapshot =
  | RepositoryContents
  /** The repository does not exist or the App has no access to it: GitHub's response is the same. */
  | { readonly state: 'absent' }
  | UnknownSnapshot;

/** The permissions that an installation granted the App, such as `contents: write`. Others are not granted. */
export type AppPermissions = Readonly<Record<string, string>>;

/** What planning must read of one target, so that a {@link RepositorySnapshot} suffices for every check. */
export interface TargetRequest {
  readonly owner: string;
  readonly name: string;
  readonly workflows: readonly string[];
  readonly refs: readonly string[];
  /** Heads of runs of this repository. */
  readonly heads?: readonly RunHead[];
  /** Whether to read the policy of the owner, beside everything else or alone. Absent: it is not read. */
  readonly policy?: 'also' | 'only';
}

/** The repository and the file in which an owner states a policy for all its repositories. */
export const policyRepository = '.github';
export const policyPath = 'dispatching-policy.yml';

/** The policy of an owner as it was read at one moment. */
export type PolicySnapshot =
  | UnknownSnapshot
  /** There is no such file, or the App does not see the repository: GitHub's response is the same. */
  | { readonly state: 'absent' }
  | {
      readonly state: 'read';
      /** The id of the `.github` repository. */
      readonly repositoryId: number;
      /** `owner/.github`, as GitHub spells it. */
      readonly repository: string;
      /** The commit of its default branch. */
      readonly sha: string;
      readonly file: Exclude<FileSnapshot, { state: 'absent' } | UnknownSnapshot>;
    };

/** What is known of the policy of an owner. */
export interface OwnerPolicy {
  readonly snapshot: PolicySnapshot;
  /** The id of the repository in which a policy was seen, and not confirmed as removed; null if none was. */
  readonly seenIn: number | null;
}

/** Policies by the lower-case name of the owner. */
export type OwnerPolicies = Readonly<Record<string, OwnerPolicy>>;

/**
 * The id of the repository to which a name of another owner led, and the repository that has the name now, if that was
 * refused. `blobId` is the Git blob of the consenting dispatching.yml at the first refusal.
 */
export interface RememberedId {
  readonly repositoryId: number;
  readonly replacement: { readonly repositoryId: number; readonly blobId: string } | null;
}

/**
 * What planning remembers of a source and a target of different owners. The target's file names the source, and the
 * source's file names the target: a person who registers a name again must not inherit what the other side agreed to.
 */
export interface RememberedIds {
  readonly source: RememberedId;
  readonly target: RememberedId;
}

/** Remembered ids of one source, by the lower-case `owner/name` of the target. */
export type RememberedTargets = Readonly<Record<string, RememberedIds>>;

/**
 * The repositories of the source's owner that a pattern of its file may mean, from the consent index. It is a hint about
 * where to look and never a consent: each repository is read and decided as if the file named it.
 */
export interface Candidates {
  /** When the index listed them; null if it lists none for this source. */
  readonly listedAt: string | null;
  /** False if there are more repositories than the index lists. */
  readonly isComplete: boolean;
  readonly repositories: GraphCandidates['repositories'];
}

export const noCandidates: Candidates = { listedAt: null, isComplete: true, repositories: [] };

/** Snapshots of targets by lower-case `owner/name`. */
export type TargetSnapshots = Readonly<Record<string, RepositorySnapshot>>;

/**
 * The chain of dispatches that led to a run; a `root` has none. A run that this App started, but whose lineage is not
 * stored (yet), is `unknown`. It is never treated as a root, because that would reset the limit of the chain's depth.
 */
export type Lineage =
  | { readonly state: 'root' }
  | {
      readonly state: 'known';
      /** The dispatch that started this run. */
      readonly dispatchId: string;
      /** Number of dispatches in the chain: 1 for a run that a root's dispatch started. */
      readonly depth: number;
      /** The repositories and workflows of the chain: the root first, this run's own last. */
      readonly path: readonly { readonly repository: string; readonly workflow: string }[];
    }
  /** A check run of Dispatcher triggered the run (`on: check_run` or `check_suite`). */
  | { readonly state: 'own-check' }
  | { readonly state: 'unknown' };

/** The operator's guard rails. An empty list means "no limit". */
export interface GuardRails {
  readonly sourceRepositories: readonly string[];
  readonly targetRepositories: readonly string[];
  readonly sourceWorkflows: readonly string[];
  readonly maxTargetsPerRun: number;
  readonly maxDispatchDepth: number;
  readonly paused: boolean;
  /** `DRY_RUN`: everything is decided and recorded, and nothing is started. */
  readonly dryRun: boolean;
  /** `REQUIRE_POLICY`: owners whose repositories take part only with a policy. */
  readonly requirePolicy: readonly string[];
  /** `ALLOW_PATTERNS`: a target of an outbound rule may be a pattern of repositories. */
  readonly allowPatterns: boolean;
  /** `DEFAULT_DISPATCH_REF`; null for the target's default branch. */
  readonly defaultRef: string | null;
}

/** The guard rails if the operator sets none. */
export const defaultGuardRails: GuardRails = {
  sourceRepositories: [],
  targetRepositories: [],
  sourceWorkflows: [],
  maxTargetsPerRun: 25,
  maxDispatchDepth: 5,
  paused: false,
  dryRun: false,
  requirePolicy: [],
  allowPatterns: false,
  defaultRef: null,
};

/** What is known of the runs on the commit of a completed run. */
export interface CommitRuns {
  /** Runs of the same repository, branch or tag, and commit; several of a workflow are possible. */
  readonly runs: readonly CommitRun[];
  /** Set if GitHub's list could not be read. */
  readonly unknown?: UnknownSnapshot | undefined;
  /** By dispatch id. */
  readonly claims: Readonly<Record<string, DispatchClaim>>;
  /** The lineages of runs that a dispatch started, by run id. */
  readonly lineages: Readonly<Record<number, Lineage>>;
}
