import {
  factId,
  foldName,
  policyRepository,
  type RememberedIds,
  type RepositoryConfirmed,
} from '@dispatcher/contracts';
import type { Bus } from './messaging/bus.ts';

export interface RepositoryConfirmation {
  /** A repeat with the same id publishes the same fact. */
  readonly actionId: string;
  /** The side whose repository was registered again. */
  readonly side: 'source' | 'target';
  /** `owner/name`. */
  readonly source: string;
  readonly target: string;
  /** The id of the repository that has the name now. */
  readonly repositoryId: number;
  readonly operator: string;
  readonly reason: string;
}

/** Confirms that an owner no longer has a policy. */
export interface PolicyRemoval extends Pick<RepositoryConfirmation, 'actionId' | 'operator' | 'reason'> {
  readonly owner: string;
  /** The id of the repository in which the policy was seen, as the decision shows it. */
  readonly repositoryId: number;
}

type Pair = Pick<RepositoryConfirmation, 'source' | 'target'>;
type Stored = RememberedIds & { readonly version: number };

export interface ConfirmRepositoryDependencies {
  readonly repositoryIds: {
    getIds(pair: Pair): Promise<Stored | null>;
    putIds(pair: Pair, ids: RememberedIds, known: Stored | null): Promise<boolean>;
    getPolicy(owner: string): Promise<number | null>;
    putPolicy(owner: string, repositoryId: number | null): Promise<void>;
  };
  readonly bus: Pick<Bus, 'publish'>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/** There is nothing to confirm. `reason` tells whether the pair is unknown or another id was refused. */
export class NothingToConfirmError extends Error {
  override readonly name = 'NothingToConfirmError';
  readonly reason: 'unknown' | 'not-refused';
  constructor(reason: 'unknown' | 'not-refused', message: string) {
    super(message);
    this.reason = reason;
  }
}

/** The confirmation is stored, but the fact was not published: it is effective and not in the audit log. */
export class ConfirmationNotRecordedError extends Error {
  override readonly name = 'ConfirmationNotRecordedError';
}

/**
 * Lets a repository that was refused because another one had its name take that one's place. Only an id that was
 * refused can be confirmed: an operator confirms what a decision showed, and not a repository that comes later.
 * @throws NothingToConfirmError
 * @throws ConfirmationNotRecordedError if the confirmation is stored and the fact could not be published
 */
export async function confirmRepository(
  deps: ConfirmRepositoryDependencies,
  confirmation: RepositoryConfirmation,
): Promise<{ readonly confirmedAt: string }> {
  const { side, repositoryId } = confirmation;
  const pair = { source: foldName(confirmation.source), target: foldName(confirmation.target) };
  await storeConfirmation(deps.repositoryIds, pair, side, repositoryId);
  return record(deps, { ...confirmation, ...pair });
}

/**
 * Forgets that a policy of an owner was seen, so that its absence means that there is none. Planning remembers it again if
 * it sees one.
 * @throws NothingToConfirmError
 * @throws ConfirmationNotRecordedError as in {@link confirmRepository}
 */
export async function confirmPolicyRemoval(
  deps: ConfirmRepositoryDependencies,
  { owner, ...removal }: PolicyRemoval,
): Promise<{ readonly confirmedAt: string }> {
  const seenIn = await deps.repositoryIds.getPolicy(owner);
  const name = `${foldName(owner)}/${policyRepository}`;
  // Also if it was removed before: a repeat after a failed publication records it.
  if (seenIn !== null && seenIn !== removal.repositoryId) {
    const message = `The policy was seen in repository ${seenIn}, not in repository ${removal.repositoryId}. Give the id that the decision shows.`;
    throw new NothingToConfirmError('not-refused', message);
  }
  await deps.repositoryIds.putPolicy(owner, null);
  return record(deps, { ...removal, side: 'policy', source: name, target: name });
}

async function record(
  deps: ConfirmRepositoryDependencies,
  { actionId, side, source, target, repositoryId, operator, reason }: RepositoryConfirmed['data'],
): Promise<{ readonly confirmedAt: string }> {
  const confirmedAt = new Date(deps.now()).toISOString();
  const id = factId('repository.confirmed', actionId);
  const fact: RepositoryConfirmed = {
    version: 1,
    id,
    type: 'repository.confirmed',
    time: confirmedAt,
    correlationId: id,
    data: { actionId, side, source, target, repositoryId, operator, reason },
  };
  try {
    await deps.bus.publish([fact]);
  } catch (cause) {
    const message = `Repository ${repositoryId} is confirmed, but the confirmation was not recorded: repeat it.`;
    throw new ConfirmationNotRecordedError(`${message} ${(cause as Error).message}`, { cause });
  }
  return { confirmedAt };
}

/** Reads and writes again if planning wrote in between. */
async function storeConfirmation(
  ids: ConfirmRepositoryDependencies['repositoryIds'],
  pair: Pair,
  side: 'source' | 'target',
  repositoryId: number,
): Promise<void> {
  for (;;) {
    const known = await ids.getIds(pair);
    if (known === null) {
      const message = `No run of ${pair.source} ever started a workflow of ${pair.target}, so there is nothing to confirm.`;
      throw new NothingToConfirmError('unknown', message);
    }
    if (known[side].repositoryId === repositoryId) return;
    if (known[side].replacement?.repositoryId !== repositoryId) {
      const refused = known[side].replacement?.repositoryId;
      const message =
        refused === undefined
          ? `No other repository than ${known[side].repositoryId} was refused as ${pair[side]}. Run the workflow again first.`
          : `Repository ${refused} was refused as ${pair[side]}, not repository ${repositoryId}. Give the id that the decision shows.`;
      throw new NothingToConfirmError('not-refused', message);
    }
    const { source, target } = known;
    if (await ids.putIds(pair, { source, target, [side]: { repositoryId, replacement: null } }, known)) return;
  }
}
