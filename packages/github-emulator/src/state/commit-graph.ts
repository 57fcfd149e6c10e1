import type { Commit, Repository } from './entities.ts';

/** How a head commit relates to a base commit: `BEHIND` means that the base contains the head. */
export type ComparisonStatus = 'AHEAD' | 'BEHIND' | 'DIVERGED' | 'IDENTICAL';

export interface Comparison {
  readonly status: ComparisonStatus;
  /** Number of commits that the head has and the base lacks. */
  readonly aheadBy: number;
  /** Number of commits that the base has and the head lacks. */
  readonly behindBy: number;
}

/** Compares two commits as GitHub does. Null when they have no common ancestor, so cannot be compared. */
export function compareCommits(repository: Repository, base: string, head: string): Comparison | null {
  const ofBase = history(repository, base);
  const ofHead = history(repository, head);
  const aheadBy = [...ofHead].filter((oid) => !ofBase.has(oid)).length;
  const behindBy = [...ofBase].filter((oid) => !ofHead.has(oid)).length;
  return aheadBy === ofHead.size ? null : { status: statusOf(aheadBy, behindBy), aheadBy, behindBy };
}

/** Returns the commits that a head has and none of the bases has, oldest first: parents before their children. */
export function commitsBetween(repository: Repository, head: string, bases: readonly string[]): Commit[] {
  const known = new Set(bases.flatMap((base) => [...history(repository, base)]));
  const ordered: Commit[] = [];
  // A history is too long for a recursion. A commit is visited a second time once its parents are in order.
  const waiting: { readonly oid: string; readonly isSecond: boolean }[] = [{ oid: head, isSecond: false }];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const { oid, isSecond } = next;
    const commit = repository.commits[oid];
    if (commit === undefined) continue;
    if (isSecond) {
      ordered.push(commit);
    } else if (!known.has(oid)) {
      known.add(oid);
      waiting.push({ oid, isSecond: true });
      for (const parent of parentsOf(commit).toReversed()) waiting.push({ oid: parent, isSecond: false });
    }
  }
  return ordered;
}

/** Returns the parents of a commit, the one of its own branch first. */
export function parentsOf({ parent, mergedParents = [] }: Commit): readonly string[] {
  return parent === null ? mergedParents : [parent, ...mergedParents];
}

function statusOf(aheadBy: number, behindBy: number): ComparisonStatus {
  if (aheadBy === 0) {
    return behindBy === 0 ? 'IDENTICAL' : 'BEHIND';
  }
  return behindBy === 0 ? 'AHEAD' : 'DIVERGED';
}

/** Returns a commit with all its ancestors. */
function history(repository: Repository, oid: string): ReadonlySet<string> {
  const found = new Set<string>();
  const waiting = [oid];
  for (let next = waiting.pop(); next !== undefined; next = waiting.pop()) {
    const commit = repository.commits[next];
    if (commit === undefined || found.has(next)) {
      continue;
    }
    found.add(next);
    waiting.push(...parentsOf(commit));
  }
  return found;
}
