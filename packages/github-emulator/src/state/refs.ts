import type { Repository, TagObject } from './entities.ts';
import { tagId } from './git-objects.ts';

export interface Ref {
  readonly kind: 'branch' | 'tag';
  readonly name: string;
  /** The commit that the ref points to, for an annotated tag through its object. */
  readonly oid: string;
  /** What the ref itself points to: the commit, or the object of an annotated tag. */
  readonly objectOid: string;
}

const FULL_NAME = /^refs\/(heads|tags)\/(.+)$/;

/** Returns the branch or tag with this name, null when there is none. A commit id is never a name. */
export function findRef(repository: Repository, name: string): Ref | null {
  const short = name.replace(/^refs\/(?:heads|tags)\//, '');
  const branch = name.startsWith('refs/tags/') ? undefined : own(repository.branches, short);
  if (branch !== undefined) {
    return { kind: 'branch', name: short, oid: branch, objectOid: branch };
  }
  const tag = name.startsWith('refs/heads/') ? undefined : own(repository.tags, short);
  return tag === undefined ? null : { kind: 'tag', name: short, oid: peel(repository, tag), objectOid: tag };
}

/** Returns the commit id of a branch. Throws when the repository has no such branch. */
export function headOf(repository: Repository, branch: string): string {
  const oid = repository.branches[branch];
  if (oid === undefined) {
    throw new Error(`${repository.owner}/${repository.name} has no branch "${branch}".`);
  }
  return oid;
}

/** Returns the id of a commit that is named by its id, a branch or a tag; null when there is none. */
export function resolveCommit(repository: Repository, revision: string): string | null {
  const oid = findRef(repository, revision)?.oid ?? revision;
  return own(repository.commits, oid) === undefined ? null : oid;
}

/** Returns the object of an annotated tag, null when the id is not one. */
export function tagObject(repository: Repository, oid: string): TagObject | null {
  return own(repository.tagObjects ?? {}, oid) ?? null;
}

export interface RefChange {
  /** `refs/heads/…` or `refs/tags/…` */
  readonly ref: string;
  /** A commit id, a branch or a tag. */
  readonly target: string;
  /** Present: the tag is annotated with this message. */
  readonly message?: string | undefined;
}

/** Creates or moves a branch or tag, as a forced push does. Returns the commit that it points to. */
export function setRef(repository: Repository, { ref, target, message }: RefChange, seconds: number): string {
  const { kind, name } = parseRef(ref);
  const commit = resolveCommit(repository, target);
  if (commit === null) {
    throw new Error(`${repository.owner}/${repository.name} has no commit, branch or tag "${target}".`);
  }
  if (kind === 'heads') {
    repository.branches[name] = commit;
  } else {
    repository.tags[name] =
      message === undefined ? commit : addTagObject(repository, { name, target, message }, seconds);
  }
  return commit;
}

/** Deletes a branch or tag. Its commits stay, as they do on GitHub for some time. */
export function deleteRef(repository: Repository, ref: string): void {
  const { kind, name } = parseRef(ref);
  const refs = kind === 'heads' ? repository.branches : repository.tags;
  if (own(refs, name) === undefined) {
    throw new Error(`${repository.owner}/${repository.name} has no ref "${ref}".`);
  }
  delete refs[name];
}

function parseRef(ref: string): { readonly kind: string; readonly name: string } {
  const [, kind = '', name = ''] = FULL_NAME.exec(ref) ?? [];
  if (name === '') {
    throw new Error(`"${ref}" is not a full ref. Write "refs/heads/NAME" or "refs/tags/NAME".`);
  }
  if (/^[0-9a-f]{40}$/.test(name)) {
    throw new Error(`GH002: "${ref}" is refused, because its name has the form of a commit id.`);
  }
  return { kind, name };
}

/** An annotated tag of an annotated tag points to the other tag's object. */
function addTagObject(
  repository: Repository,
  { name, target, message }: { readonly name: string; readonly target: string; readonly message: string },
  seconds: number,
): string {
  const oid = findRef(repository, target)?.objectOid ?? target;
  const targetType = tagObject(repository, oid) === null ? 'commit' : 'tag';
  const id = tagId({ target: oid, targetType, name, seconds, message });
  repository.tagObjects = { ...repository.tagObjects, [id]: { oid: id, name, target: oid, message } };
  return id;
}

function peel(repository: Repository, oid: string): string {
  const tag = tagObject(repository, oid);
  return tag === null ? oid : peel(repository, tag.target);
}

function own<Value>(values: Readonly<Record<string, Value>>, name: string): Value | undefined {
  return Object.hasOwn(values, name) ? values[name] : undefined;
}
