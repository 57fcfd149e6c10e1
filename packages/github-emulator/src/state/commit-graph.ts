import type { Repository } from './entities.ts';

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
    waiting.push(...(commit.parent === null ? [] : [commit.parent]), ...(commit.mergedParents ?? []));
  }
  return found;
}
