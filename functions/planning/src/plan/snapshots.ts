import type {
  AppPermissions,
  GuardRails,
  Plan,
  RepositorySnapshot,
  RunHead,
  TargetRequest,
  TargetSnapshots,
} from '@dispatcher/contracts';
import type { Outage } from '@dispatcher/github';
import type { CallOptions } from '@dispatcher/lambda';
import type { CompileCache, CurrentRequester } from '@dispatcher/rules';
import type { CandidateStore, ReadFile, RepositoryIdStore, RequesterReference } from '@dispatcher/store';
import type { CommitRunDependencies } from './commit-runs.ts';
import type { ConfigObserver } from '../observe/config-observer.ts';
import type { WaitToParse } from './parse-files.ts';

/** Reads the source and the targets of a run. Messages that are handled together share requests to GitHub. */
export interface SnapshotReader {
  readSource(
    request: { installationId: number; owner: string; name: string; head: RunHead | null },
    options?: CallOptions,
  ): Promise<RepositorySnapshot>;
  readTargets(
    source: { installationId: number; owner: string } | null,
    requests: readonly TargetRequest[],
    options?: CallOptions,
  ): Promise<TargetSnapshots>;
  /** Reads the `.github` repositories of owners with their policies. Keys of the result are lower-case owners. */
  readPolicies(
    source: { installationId: number; owner: string } | null,
    owners: readonly string[],
    options?: CallOptions,
  ): Promise<Readonly<Record<string, RepositorySnapshot>>>;
}

/** A plan, and the outage that kept a snapshot from being read; null if GitHub responded to every read. */
export interface Decided {
  readonly plan: Plan;
  readonly outage: Outage | null;
  /** What was read of the source and the targets. */
  readonly snapshots: readonly RepositorySnapshot[];
  /** The files that the plan was decided on. */
  readonly files: readonly ReadFile[];
  /** Stores the repository ids and the policies that the plan relies on. Absent if there is nothing to store. */
  readonly rememberIds?: (() => Promise<void>) | undefined;
}

/** What reading and deciding needs. */
export interface DecisionDependencies extends CommitRunDependencies {
  readonly reader: SnapshotReader;
  readonly cache: CompileCache;
  /** Returns the permissions of the App in an installation. */
  readonly permissionsOf: (installationId: number, options?: CallOptions) => Promise<AppPermissions>;
  /** Returns what an API key, a schedule or a webhook may request now. */
  readonly findRequester: (requester: RequesterReference) => Promise<CurrentRequester>;
  /** Called before files are parsed. */
  readonly waitToParse: WaitToParse;
  readonly guardRails: GuardRails;
  readonly repositoryIds: RepositoryIdStore;
  /** Lists what the patterns of a source mean. */
  readonly candidates: CandidateStore;
  /** Records what the repositories say that a plan reads. */
  readonly observer: Pick<ConfigObserver, 'observeOfPlan'>;
  readonly now: () => number;
}
