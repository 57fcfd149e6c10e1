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
    const policy = known === undefined ? request.policy : mergedPolicy(known, request);
    const { policy: _, ...rest } = known ?? request;
    merged.set(repositoryKey(request), {
      ...rest,
      ...(policy === undefined ? {} : { policy }),
      workflows: [...new Set([...(known?.workflows ?? []), ...request.workflows])],
      refs: [...new Set([...(known?.refs ?? []), ...request.refs])],
      heads: distinctHeads([...(known?.heads ?? []), ...(request.heads ?? [])]),
    });
  }
  return [...merged.values()];
}

/** Returns what is read of a repository of which one request wants the policy alone and another one everything else. */
function mergedPolicy(one: TargetRequest, other: TargetRequest): TargetRequest['policy'] {
  if (one.policy === other.policy) return one.policy;
  return 'also';
}

function distinctHeads(heads: readonly RunHead[]): RunHead[] {
  return [...new Map(heads.map((head) => [JSON.stringify([head.name, head.sha]), head])).values()];
}

export function chunksOf<Item>(items: readonly Item[], size: number): Item[][] {
  return Array.from({ length: Math.ceil(items.length / size) }, (_, at) => items.slice(at * size, (at + 1) * size));
}
