import { foldName, fullName, type TargetRequest } from '@dispatcher/contracts';

/** Returns the key of a repository in the results: lower-case `owner/name`. */
export function repositoryKey(repository: { owner: string; name: string }): string {
  return foldName(fullName(repository));
}

/** Merges the requests for the same repository into one that names all requested workflows and refs. */
export function mergeByRepository(requests: readonly TargetRequest[]): TargetRequest[] {
  const merged = new Map<string, TargetRequest>();
  for (const request of requests) {
    const known = merged.get(repositoryKey(request));
    merged.set(repositoryKey(request), {
      ...(known ?? request),
      workflows: [...new Set([...(known?.workflows ?? []), ...request.workflows])],
      refs: [...new Set([...(known?.refs ?? []), ...request.refs])],
    });
  }
  return [...merged.values()];
}

export function chunksOf<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size));
}
