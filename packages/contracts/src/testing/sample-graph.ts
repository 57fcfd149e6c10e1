import type { ConsentEdge, GraphOwner, GraphRepository } from '../consent-graph.ts';

const named = (repository: string) => ({
  repository,
  repositoryId: 1,
  visibility: 'private' as const,
  installationId: 7,
});

/** Returns an edge of two private repositories: `ci.yml` of the one is the source of `cd.yml` in the other. */
export function sampleEdge(
  state: ConsentEdge['state'],
  source: string,
  target: string,
  change: Partial<ConsentEdge> = {},
): ConsentEdge {
  return {
    state,
    source: { ...named(source), workflow: 'ci.yml' },
    target: { ...named(target), workflow: 'cd.yml', eventType: null },
    id: null,
    routeId: state === 'offered' ? null : '0123456789abcdef',
    outbound: null,
    inbound: null,
    code: state === 'requested' ? 'inbound-no-match' : null,
    ...change,
  };
}

/** Returns a private repository with a valid dispatching.yml and without edges. */
export function sampleGraphRepository(repository: string, change: Partial<GraphRepository> = {}): GraphRepository {
  return {
    ...named(repository),
    isActive: true,
    state: 'valid',
    commit: null,
    path: 'dispatching.yml',
    blobId: null,
    problems: [],
    observedAt: '2026-11-03T14:00:00.000Z',
    formerNames: [],
    isIndexed: true,
    outbound: [],
    inbound: [],
    omitted: 0,
    ...change,
  };
}

/** Returns an owner with one edge of each state. */
export function sampleGraphOwner(owner: string, change: Partial<GraphOwner> = {}): GraphOwner {
  return {
    owner,
    repositories: 3,
    configured: 2,
    invalid: 1,
    agreed: 1,
    requested: 1,
    offered: 1,
    cycles: [],
    cycleCount: 0,
    installationIds: [7],
    builtAt: '2026-11-03T15:00:00.000Z',
    ...change,
  };
}
