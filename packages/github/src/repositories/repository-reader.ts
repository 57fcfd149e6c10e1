import {
  foldName,
  policyRepository,
  type RepositorySnapshot,
  type RunHead,
  sameName,
  type TargetRequest,
  type TargetSnapshots,
} from '@dispatcher/contracts';
import DataLoader from 'dataloader';
import { setTimeout } from 'node:timers/promises';
import type { Installations } from '../installations/installations.ts';
import { waitForShared } from '../transport/cancellation.ts';
import type { CallOptions, GitHubAppOptions } from '../transport/options.ts';
import { type ReadDependencies, readRepositories, snapshotAfterFailure } from './read-repositories.ts';
import { mergeByRepository, repositoryKey } from './target-requests.ts';

export interface SourceRequest {
  readonly installationId: number;
  readonly owner: string;
  readonly name: string;
  /** Null or absent: no branch and no tag is read. */
  readonly head?: RunHead | null;
}

/**
 * Reads repositories. A failure that concerns one repository makes its snapshot `unknown`, so that the others keep
 * theirs. Failures that concern the whole installation are thrown: GitHubRateLimitedError, and GitHubTransientError
 * with `credentials`. A call whose signal aborts rejects with GitHubTransientError; the request that it shares with
 * other calls continues for them.
 */
export interface RepositoryReader {
  /**
   * Reads a source: its default branch, both locations of a dispatching.yml, and the branch and the tag that have the
   * name of the run's head. Concurrent calls share one GraphQL request per installation.
   */
  readSource(request: SourceRequest, options?: CallOptions): Promise<RepositorySnapshot>;
  /**
   * Reads the targets of one run, of any owner, in parallel requests of at most ten repositories per installation. The
   * installations of other owners than the source's are looked up. Keys of the result are lower-case `owner/name`.
   * @param sourceInstallation null when the trigger has no source repository, as for an API key.
   */
  readTargets(
    sourceInstallation: { installationId: number; owner: string } | null,
    requests: readonly TargetRequest[],
    options?: CallOptions,
  ): Promise<TargetSnapshots>;
  /**
   * Reads the `.github` repositories of owners with their `dispatching-policy.yml`, by the lower-case owner. Requested
   * together with a source or with targets, each is one more repository in the same GraphQL request.
   */
  readPolicies(
    sourceInstallation: { installationId: number; owner: string } | null,
    owners: readonly string[],
    options?: CallOptions,
  ): Promise<Readonly<Record<string, RepositorySnapshot>>>;
}

/** Runs of one batch request their reads a few milliseconds apart, because each looks for its stored plan first. */
const batchDelayMs = 5;

export interface ReaderDependencies extends ReadDependencies {
  /** See {@link GitHubAppOptions}. */
  readonly pause?: GitHubAppOptions['pause'];
  readonly installations: Pick<Installations, 'installationOf'>;
}

type Loader = DataLoader<TargetRequest, RepositorySnapshot, string>;

export function createRepositoryReader(dependencies: ReaderDependencies): RepositoryReader {
  const { pause = setTimeout } = dependencies;
  const loaders = new Map<number, Loader>();
  const loaderOf = (installationId: number): Loader => {
    const known = loaders.get(installationId);
    if (known !== undefined) return known;
    const loader: Loader = new DataLoader(readWithoutCachingFailures, {
      cacheKeyFn: (request) =>
        JSON.stringify([
          repositoryKey(request),
          request.workflows,
          request.refs,
          request.heads ?? [],
          request.policy ?? null,
        ]),
      batchScheduleFn: (read) => void pause(batchDelayMs).then(read),
    });
    async function readWithoutCachingFailures(requests: readonly TargetRequest[]): Promise<RepositorySnapshot[]> {
      const snapshots = await readRepositories(dependencies, installationId, requests);
      for (const [at, request] of requests.entries()) if (snapshots[at]?.state === 'unknown') loader.clear(request);
      return snapshots;
    }
    loaders.set(installationId, loader);
    return loader;
  };

  async function readTarget(
    source: { installationId: number; owner: string } | null,
    request: TargetRequest,
  ): Promise<RepositorySnapshot> {
    const installation =
      source !== null && sameName(request.owner, source.owner)
        ? source.installationId
        : await findInstallation(dependencies, request.owner);
    if (installation === null) return { state: 'absent' };
    return typeof installation === 'number' ? loaderOf(installation).load(request) : installation;
  }

  return {
    readSource: ({ installationId, owner, name, head = null }, options) => {
      const request = { owner, name, workflows: [], refs: [], ...(head === null ? {} : { heads: [head] }) };
      return waitForShared(() => loaderOf(installationId).load(request), options?.signal);
    },
    readPolicies: async (source, owners, options) => {
      const read = async (owner: string) => {
        const request = { owner, name: policyRepository, workflows: [], refs: [], policy: 'only' } as const;
        return [foldName(owner), await readTarget(source, request)] as const;
      };
      return Object.fromEntries(await waitForShared(() => Promise.all(owners.map(read)), options?.signal));
    },
    readTargets: async (source, requests, options) => {
      const merged = mergeByRepository(requests);
      const read = async (request: TargetRequest) =>
        [repositoryKey(request), await readTarget(source, request)] as const;
      const snapshots = await waitForShared(() => Promise.all(merged.map(read)), options?.signal);
      return Object.fromEntries(snapshots) satisfies TargetSnapshots;
    },
  };
}

/** Returns an `unknown` snapshot when the lookup fails: the failure concerns the repositories of this owner only. */
async function findInstallation(
  { installations, transport }: ReaderDependencies,
  owner: string,
): Promise<number | null | RepositorySnapshot> {
  try {
    return await installations.installationOf(owner);
  } catch (error) {
    return snapshotAfterFailure(error, transport.now());
  }
}
