import { foldName, fullName, type TargetRequest } from '@dispatcher/contracts';

export function keyOf(repository: { owner: string; name: string }): string {
  return foldName(fullName(repository));
}

/** One request per repository, for all that is wanted of it. */
export function mergeByRepository(requests: readonly TargetRequest[]): TargetRequest[] {
  const merged = new Map<string, TargetRequest>();
  for (const request of requests) {
    const known = merged.get(keyOf(request));
    merged.set(keyOf(request), {
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
