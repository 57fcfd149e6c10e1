import { type RepositorySnapshot, sameName, type TargetSnapshots, type TargetRequest } from '@dispatcher/contracts';
import DataLoader from 'dataloader';
import { waitForShared } from './cancellation.ts';
import type { Installations } from './installations.ts';
import { readRepositories, reasonUnlessWhole, type RepositoryDependencies } from './read-repositories.ts';
import { keyOf, mergeByRepository } from './target-requests.ts';
import type { RepositoryReader } from './types.ts';

/** Runs of one batch ask a few milliseconds apart, since each first looks for its stored plan. */
const gatherMs = 5;

export interface ReaderDependencies extends RepositoryDependencies {
  readonly installations: Installations;
}

type Loader = DataLoader<TargetRequest, RepositorySnapshot, string>;

export function createReader(dependencies: ReaderDependencies): RepositoryReader {
  const loaders = new Map<number, Loader>();
  const loaderOf = (installationId: number): Loader => {
    const known = loaders.get(installationId);
    if (known !== undefined) return known;
    const loader: Loader = new DataLoader(readAndForgetUnknown, {
      cacheKeyFn: (request) => JSON.stringify([keyOf(request), request.workflows, request.refs]),
      batchScheduleFn: (read) => setTimeout(read, gatherMs),
    });
    // A failure is never kept: whoever asks next asks GitHub.
    async function readAndForgetUnknown(requests: readonly TargetRequest[]): Promise<RepositorySnapshot[]> {
      const readings = await readRepositories(dependencies, installationId, requests);
      for (const [at, request] of requests.entries()) if (readings[at]?.state === 'unknown') loader.clear(request);
      return readings;
    }
    loaders.set(installationId, loader);
    return loader;
  };

  async function readTarget(
    source: { installationId: number; owner: string } | null,
    request: TargetRequest,
  ): Promise<RepositorySnapshot> {
    const found =
      source !== null && sameName(request.owner, source.owner)
        ? source.installationId
        : await installationOr(dependencies.installations, request.owner);
    if (found === null) return { state: 'absent' };
    return typeof found === 'number' ? loaderOf(found).load(request) : found;
  }

  return {
    readSource: ({ installationId, owner, name }, options) =>
      waitForShared(() => loaderOf(installationId).load({ owner, name, workflows: [], refs: [] }), options?.signal),
    readTargets: async (source, requests, options) => {
      const merged = mergeByRepository(requests);
      const read = async (request: TargetRequest) => [keyOf(request), await readTarget(source, request)] as const;
      const snapshots = await waitForShared(() => Promise.all(merged.map(read)), options?.signal);
      return Object.fromEntries(snapshots) satisfies TargetSnapshots;
    },
  };
}

/** Trouble with the look-up of one owner belongs to the readings of that owner's repositories. */
async function installationOr(
  installations: Installations,
  owner: string,
): Promise<number | null | RepositorySnapshot> {
  try {
    return await installations.installationOf(owner);
  } catch (error) {
    return { state: 'unknown', reason: reasonUnlessWhole(error) };
  }
}
