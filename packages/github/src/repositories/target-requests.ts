import { foldName, fullName, type RunHead, type TargetRequest } from '@dispatcher/contracts';

/** Returns the key of a repository in the results: lower-case `owner/name`. */
export function repositoryKey(repository: { owner: string; name: string }): string {
  return foldName(fullName(repository));
}

/** Merges the requests for the same repository into one that names all requested workflows, refs and heads. */
export function mergeByRepository(requests: readonly TargetRequest[]): TargetRequest[] {
  const merged = new Map<string, TargetRequest>();
  for (const request of requests) {
    const known = merged.get(repositoryKey(request));
    merged.set(repositoryKey(request), {
      ...(known ?? request),
      workflows: [...new Set([...(known?.workflows ?? []), ...request.workflows])],
      refs: [...new Set([...(known?.refs ?? []), ...request.refs])],
      heads: distinctHeads([...(known?.heads ?? []), ...(request.heads ?? [])]),
    });
  }
  return [...merged.values()];
}

function distinctHeads(heads: readonly RunHead[]): RunHead[] {
  return [...new Map(heads.map((head) => [JSON.stringify([head.name, head.sha]), head])).values()];
}

export function chunksOf<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size));
}
