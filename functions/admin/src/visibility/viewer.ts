import { foldName, hiddenName, type Route } from '@dispatcher/contracts';

/** A viewer who sees the repositories that GitHub lets that person read, and no others. */
export interface LimitedViewer {
  /** `owner/name` in lower case. */
  readonly repositories: ReadonlySet<string>;
  /** Encrypts the cursors of this viewer: a position in a list can contain the name of a hidden repository. */
  readonly cursorKey: Uint8Array;
}

/** Which sides of a route the viewer sees. */
export type SeenSides = 'both' | 'source' | 'target' | 'neither';

/** A name that was cut for a list, and ends with `…`, is not seen. */
export const sees = ({ repositories }: LimitedViewer, repository: string): boolean =>
  repositories.has(foldName(repository));

/** A request of an API key, a schedule or a webhook has no source repository: a viewer of the target sees it. */
export function seenSides(viewer: LimitedViewer, { source, target }: Route): SeenSides {
  const seesTarget = sees(viewer, target.repository);
  if (!('repository' in source)) return seesTarget ? 'both' : 'neither';
  const seesSource = sees(viewer, source.repository);
  if (seesSource) return seesTarget ? 'both' : 'source';
  return seesTarget ? 'target' : 'neither';
}

/** Returns the route without the name of its source. */
export const withoutSource = ({ target }: Route): Route => ({
  source: { repository: hiddenName, workflow: hiddenName },
  target,
});
