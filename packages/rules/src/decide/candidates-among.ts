import {
  type Candidates,
  noCandidates,
  type RepositoryContents,
  type RepositorySnapshot,
  sameName,
} from '@dispatcher/contracts';
import { type CompileCache, compileSnapshot } from '../compile/compile-snapshot.ts';

/**
 * Returns these repositories as candidates of a source, for what is only explained: the consent index lists those that allow
 * the source, and an explanation says why one does not. Only repositories of the source's owner are candidates.
 */
export function candidatesAmong(
  source: RepositorySnapshot,
  repositories: readonly Pick<RepositoryContents, 'id' | 'owner' | 'name'>[],
  cache?: CompileCache,
): Candidates {
  if (source.state !== 'read') return noCandidates;
  const compiled = compileSnapshot(source, cache);
  if (compiled.state !== 'valid') return noCandidates;
  const { outbound, inbound } = compiled.file;
  const patterns = outbound.flatMap(({ targets }) => targets).filter(({ pattern }) => pattern !== null);
  const workflows = [...new Set(patterns.map(({ workflow }) => workflow))];
  // Without inbound rules, the source does not allow itself anything, which needs no explanation.
  const isCandidate = ({ id, owner }: { readonly id: number; readonly owner: string }) =>
    sameName(owner, source.owner) && (id !== source.id || inbound.length > 0);
  return {
    ...noCandidates,
    repositories: repositories
      .filter(isCandidate)
      .map(({ id: repositoryId, name }) => ({ repositoryId, name, workflows })),
  };
}
