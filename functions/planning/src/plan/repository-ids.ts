import {
  foldName,
  fullName,
  type RememberedTargets,
  type RunTrigger,
  sameName,
  type TargetRequest,
} from '@dispatcher/contracts';
import { DeferError } from '@dispatcher/lambda';
import type { RepositoryIdStore, StoredRepositoryIds } from '@dispatcher/store';

// Another run of the same two repositories was planned at the same time; its write is done.
const retryAfterMs = 1_000;

/** What is stored of the targets of a run, by lower-case `owner/name`; null if nothing is. */
export type StoredIdsOfRun = ReadonlyMap<string, StoredRepositoryIds | null>;

/** Reads the remembered ids of the targets of other owners. A run without such targets reads nothing. */
export async function readRepositoryIds(
  ids: Pick<RepositoryIdStore, 'getIds'>,
  { repository }: RunTrigger,
  requests: readonly TargetRequest[],
): Promise<StoredIdsOfRun> {
  const source = fullName(repository);
  const others = requests.filter(({ owner }) => !sameName(owner, repository.owner)).map(fullName);
  return new Map(
    await Promise.all(others.map(async (target) => [foldName(target), await ids.getIds({ source, target })] as const)),
  );
}

/** Returns the stored ids as `decide` takes them. */
export function toRemembered(stored: StoredIdsOfRun): RememberedTargets {
  return Object.fromEntries([...stored].flatMap(([key, ids]) => (ids === null ? [] : [[key, ids] as const])));
}

/**
 * Stores changed ids before the plan is stored, so that nothing starts that is not remembered.
 * @throws DeferError if another run changed them since they were read: the run is then planned with what that run stored
 */
export async function writeRepositoryIds(
  ids: Pick<RepositoryIdStore, 'putIds'>,
  { repository }: RunTrigger,
  changed: RememberedTargets,
  stored: StoredIdsOfRun,
): Promise<void> {
  const source = fullName(repository);
  const written = await Promise.all(
    Object.entries(changed).map(([target, next]) => ids.putIds({ source, target }, next, stored.get(target) ?? null)),
  );
  if (written.includes(false)) throw new DeferError('Another run has just changed the remembered ids.', retryAfterMs);
}
