import type { ConsentEdge, GraphOwner, GraphRepository, NamedRepository } from '@dispatcher/contracts';
import { codeSeenBySource } from './seen-codes.ts';
import { type LimitedViewer, sees } from './viewer.ts';

/**
 * Returns a repository of the consent graph as the viewer sees it; null if it is hidden. Its own rules are its own: an edge is
 * shown with the name that they write, and without what only the other side knows. A hidden source is left out and counted.
 */
export function graphRepositorySeenBy(viewer: LimitedViewer, repository: GraphRepository): GraphRepository | null {
  if (!sees(viewer, repository.repository)) return null;
  const inbound = repository.inbound.filter((edge) => edge.state === 'offered' || seesSource(viewer, edge));
  return {
    ...repository,
    outbound: repository.outbound.map((edge) => requestSeenBy(viewer, edge)),
    inbound: inbound.map((edge) => (edge.state === 'offered' ? offerSeenBy(viewer, edge) : edge)),
    omitted: repository.omitted + repository.inbound.length - inbound.length,
  };
}

function seesSource(viewer: LimitedViewer, { source }: ConsentEdge): boolean {
  return !('repository' in source) || sees(viewer, source.repository);
}

function requestSeenBy(viewer: LimitedViewer, edge: ConsentEdge): ConsentEdge {
  const { target, code } = edge;
  if (sees(viewer, target.repository)) return edge;
  const { workflow, eventType } = target;
  const hidden = { ...nameOnly(target), workflow, eventType };
  return { ...edge, target: hidden, inbound: null, code: code === null ? null : codeSeenBySource(code) };
}

function offerSeenBy(viewer: LimitedViewer, edge: ConsentEdge): ConsentEdge {
  const { source } = edge;
  if (!('repository' in source)) return edge;
  const { workflow } = source;
  return sees(viewer, source.repository) ? edge : { ...edge, source: { ...nameOnly(source), workflow } };
}

const nameOnly = ({ repository }: NamedRepository): NamedRepository => ({
  repository,
  repositoryId: null,
  visibility: null,
  installationId: null,
});

/** Returns the numbers of an owner with the circles whose repositories the viewer all sees; null for other owners. */
export function graphOwnerSeenBy(viewer: LimitedViewer, owner: GraphOwner): GraphOwner | null {
  const prefix = `${owner.owner.toLowerCase()}/`;
  if (![...viewer.repositories].some((name) => name.startsWith(prefix))) return null;
  const cycles = owner.cycles.filter((cycle) => cycle.every(({ repository }) => sees(viewer, repository)));
  return { ...owner, cycles };
}
