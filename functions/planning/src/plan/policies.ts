import { foldName, type OwnerPolicies, type RepositorySnapshot } from '@dispatcher/contracts';
import type { CallOptions } from '@dispatcher/lambda';
import { ownerPolicies, policiesToRemember } from '@dispatcher/rules';
import type { DecisionDependencies } from './snapshots.ts';

/** Policies, and the repositories in which they were read. */
export interface ReadPolicies {
  readonly policies: OwnerPolicies;
  /** For a message about an outage: `owner/.github` with what was read. */
  readonly repositories: readonly (readonly [name: string, RepositorySnapshot])[];
}

/** The repositories in which policies were seen before, by owner in lower case; null where none was seen. */
export type SeenPolicies = ReadonlyMap<string, number | null>;

export const noPolicies: ReadPolicies = { policies: {}, repositories: [] };

/**
 * Reads the policies of owners, and whether one was seen before. Called together with the read of a source or of targets,
 * it costs one more repository in the same request to GitHub.
 * @param known what was read already of where policies were seen
 */
export async function readPolicies(
  { reader, repositoryIds }: Pick<DecisionDependencies, 'reader' | 'repositoryIds'>,
  source: { installationId: number; owner: string } | null,
  owners: readonly string[],
  options: CallOptions,
  known: SeenPolicies = new Map(),
): Promise<ReadPolicies> {
  if (owners.length === 0) return noPolicies;
  const unknown = owners.filter((owner) => !known.has(foldName(owner)));
  const [repositories, seen] = await Promise.all([
    reader.readPolicies(source, owners, options),
    Promise.all(unknown.map(async (owner) => [foldName(owner), await repositoryIds.getPolicy(owner)] as const)),
  ]);
  return {
    policies: ownerPolicies(repositories, new Map([...known, ...seen])),
    repositories: Object.entries(repositories).map(([owner, repository]) => [`${owner}/.github`, repository]),
  };
}

export function mergePolicies(one: ReadPolicies, other: ReadPolicies): ReadPolicies {
  return {
    policies: { ...one.policies, ...other.policies },
    repositories: [...one.repositories, ...other.repositories],
  };
}

/** Remembers new policies, before the plan is stored: from then on their absence refuses. */
export async function rememberPolicies(
  { repositoryIds }: Pick<DecisionDependencies, 'repositoryIds'>,
  policies: OwnerPolicies,
): Promise<void> {
  await Promise.all(
    policiesToRemember(policies).map(({ owner, repositoryId }) => repositoryIds.putPolicy(owner, repositoryId)),
  );
}
