import {
  type Check,
  foldName,
  type RememberedId,
  type RememberedIds,
  type RepositoryContents,
  type Route,
} from '@dispatcher/contracts';
import { configPaths } from '../compile/compile-snapshot.ts';
import { check, type CheckName } from './checks.ts';

/** Which repository a rule accepts under a name: the id that the rule states, and what is remembered of the name. */
export interface AcceptedRepository {
  /** The `repository-id` of the rule. */
  readonly pinned: number | null;
  readonly remembered: RememberedId | undefined;
  /** The Git blob of the dispatching.yml that contains the rule. */
  readonly blobId: string;
}

/**
 * Returns the check that a name still belongs to the repository that the rule accepts. Returns none if the rule states
 * no id and nothing is remembered.
 */
export function idChecks(name: CheckName, accepted: AcceptedRepository, id: number): Check[] {
  const { pinned, remembered } = accepted;
  const expected = pinned ?? remembered?.repositoryId;
  if (expected === undefined) return [];
  const isAccepted = pinned === null ? acceptsRemembered(accepted, id) : pinned === id;
  return [check(name, isAccepted, `repository ${isAccepted ? id : expected}`, `repository ${id}`)];
}

/** The file was changed after the new repository was first refused: its owners know of it, and the rule is still there. */
function acceptsRemembered({ remembered, blobId }: AcceptedRepository, id: number): boolean {
  if (remembered === undefined || remembered.repositoryId === id) return true;
  const { replacement } = remembered;
  return replacement?.repositoryId === id && replacement.blobId !== blobId;
}

/**
 * Returns the Git blob of the one dispatching.yml of a repository; an empty text if there is none, and then no rule of
 * it is evaluated.
 */
export function blobIdOf({ files }: RepositoryContents): string {
  const blobs = configPaths.map((path) => files[path]).flatMap((file) => (file.state === 'read' ? [file.blobId] : []));
  return blobs[0] ?? '';
}

/** Tells whether source and target have different owners. An owner decides alone who gets the names below its own. */
export function isOfOtherOwner({ source, target }: Route): boolean {
  return 'repository' in source && ownerOf(source.repository) !== ownerOf(target.repository);
}

function ownerOf(repository: string): string {
  return foldName(repository.split('/')[0] ?? '');
}

/** The remembered ids of a route, and the blob of the source's file. */
export interface RouteIds {
  readonly remembered: RememberedIds | undefined;
  readonly sourceBlobId: string;
}
