import type { Repository } from './entities.ts';

export interface Ref {
  readonly kind: 'branch' | 'tag';
  readonly name: string;
  readonly oid: string;
}

/** Returns the branch or tag with this name, null when there is none. A commit id is never a name. */
export function findRef(repository: Repository, name: string): Ref | null {
  const short = name.replace(/^refs\/(?:heads|tags)\//, '');
  const branch = name.startsWith('refs/tags/') ? undefined : repository.branches[short];
  if (branch !== undefined) {
    return { kind: 'branch', name: short, oid: branch };
  }
  const tag = name.startsWith('refs/heads/') ? undefined : repository.tags[short];
  return tag === undefined ? null : { kind: 'tag', name: short, oid: tag };
}

/** Returns the commit id of a branch. Throws when the repository has no such branch. */
export function headOf(repository: Repository, branch: string): string {
  const oid = repository.branches[branch];
  if (oid === undefined) {
    throw new Error(`${repository.owner}/${repository.name} has no branch "${branch}".`);
  }
  return oid;
}
