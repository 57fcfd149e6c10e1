// Repositories and the routes between them. Workflows of the same two repositories are one edge.
import type { Schemas } from '../../api/client.ts';
import { failingSentence } from '../../words/failing.ts';
import { workflowFile } from '../../words/names.ts';
import { labelOfRoute, nameOfRequester, repositoryOfSource } from '../../words/route-labels.ts';

export type RouteRow = Schemas['RouteRow'];
export type ConsentEdge = Schemas['ConsentEdge'];

export interface GraphNode {
  /** `acme/app` in lower case, or `key:` and the name of an API key, schedule or webhook. */
  readonly id: string;
  readonly name: string;
  readonly isKey: boolean;
}

/**
 * `agreed`: both sides agree; `requested`: only the source names the target; `offered`: only the target names the source;
 * `failing`: the newest dispatch of one of its routes could not be started, or the run that it started failed.
 */
export type EdgeState = 'agreed' | 'failing' | 'offered' | 'requested';

export interface GraphEdge {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly routes: readonly RouteRow[];
  /** What the files say of routes that were never decided. */
  readonly consents: readonly ConsentEdge[];
  readonly state: EdgeState;
}

export interface RouteGraph {
  readonly nodes: readonly GraphNode[];
  readonly edges: readonly GraphEdge[];
}

const sourceNode = (route: RouteRow['route']): GraphNode => {
  const { source } = route;
  const requester = nameOfRequester(source);
  if (requester !== null) return { id: `key:${requester}`, name: requester, isKey: true };
  const repository = repositoryOfSource(source) ?? '';
  return { id: repository.toLowerCase(), name: repository, isKey: false };
};

const targetNode = ({ target }: RouteRow['route']): GraphNode => ({
  id: target.repository.toLowerCase(),
  name: target.repository,
  isKey: false,
});

/** Names an API key, a schedule or a webhook as a route does, so that both are one node. */
const requesterName = ({ requester, name }: { readonly requester: string; readonly name: string }): string =>
  nameOfRequester({ [requester]: name } as RouteRow['route']['source']) ?? name;

const sourceNodeOf = ({ source }: ConsentEdge): GraphNode => {
  if ('repository' in source) return { id: source.repository.toLowerCase(), name: source.repository, isKey: false };
  const name = requesterName(source);
  return { id: `key:${name}`, name, isKey: true };
};

const targetNodeOf = ({ target }: ConsentEdge): GraphNode => ({
  id: target.repository.toLowerCase(),
  name: target.repository,
  isKey: false,
});

/**
 * What the files say now comes before the newest decision, which may be older. An edge is only requested if all of its
 * routes are, and only offered if nothing is requested; one failing route makes it failing.
 */
function stateOf(
  routes: readonly RouteRow[],
  consents: readonly ConsentEdge[],
  agreed: ReadonlySet<string>,
): EdgeState {
  if (routes.some(({ failing }) => failing)) return 'failing';
  const works = ({ state, routeId }: RouteRow) => state !== 'denied' || agreed.has(routeId);
  if (routes.some(works) || consents.some((each) => each.state === 'agreed' || needsNoRequest(each))) return 'agreed';
  return routes.length > 0 || consents.some(({ state }) => state === 'requested') ? 'requested' : 'offered';
}

/** Returns the edges whose routes were never decided. An offer has no route id: it is compared by its names. */
export function unusedConsents(rows: readonly RouteRow[], consents: readonly ConsentEdge[]): readonly ConsentEdge[] {
  const ids = new Set(rows.map(({ routeId }) => routeId));
  const labels = new Set(rows.map(({ route }) => labelOfRoute(route).toLowerCase()));
  return consents.filter((consent) =>
    consent.routeId === null ? !labels.has(routeLabelOf(consent).toLowerCase()) : !ids.has(consent.routeId),
  );
}

const routeLabelOf = (consent: ConsentEdge): string => {
  const { source, target } = consent;
  const to = target.workflow === null ? `#${target.eventType ?? ''}` : `:${workflowFile(target.workflow)}`;
  const from = 'repository' in source ? `${source.repository}:${workflowFile(source.workflow)}` : requesterName(source);
  return `${from} → ${target.repository}${to}`;
};

/** Whether nobody needs to request what the target offers: no file of an API key, a schedule or a webhook could. */
const needsNoRequest = ({ source, state }: ConsentEdge): boolean => state === 'offered' && !('repository' in source);

/** @param consents what the files of the repositories say, whether or not a run used it */
export function buildGraph(rows: readonly RouteRow[], consents: readonly ConsentEdge[] = []): RouteGraph {
  const nodes = new Map<string, GraphNode>();
  const groups = new Map<string, { from: string; to: string; routes: RouteRow[]; consents: ConsentEdge[] }>();
  const groupOf = (from: GraphNode, to: GraphNode) => {
    if (!nodes.has(from.id)) nodes.set(from.id, from);
    if (!nodes.has(to.id)) nodes.set(to.id, to);
    const id = `${from.id} ${to.id}`;
    const group = groups.get(id) ?? { from: from.id, to: to.id, routes: [], consents: [] };
    groups.set(id, group);
    return group;
  };
  for (const row of rows) groupOf(sourceNode(row.route), targetNode(row.route)).routes.push(row);
  for (const consent of unusedConsents(rows, consents)) {
    groupOf(sourceNodeOf(consent), targetNodeOf(consent)).consents.push(consent);
  }
  const agreed = new Set(
    consents.flatMap(({ state, routeId }) => (state === 'agreed' && routeId !== null ? [routeId] : [])),
  );
  const edges = [...groups].map(([id, group]) => ({
    id,
    ...group,
    state: stateOf(group.routes, group.consents, agreed),
  }));
  return { nodes: [...nodes.values()], edges };
}

/** Returns the repository with the most edges, where the graph opens; null without any. */
export function busiest({ nodes, edges }: RouteGraph): string | null {
  const counts = new Map<string, number>();
  for (const { from, to } of edges) {
    for (const id of [from, to]) counts.set(id, (counts.get(id) ?? 0) + 1);
  }
  const byCount = nodes
    .filter(({ isKey }) => !isKey)
    .toSorted((a, b) => (counts.get(b.id) ?? 0) - (counts.get(a.id) ?? 0) || a.id.localeCompare(b.id));
  return byCount[0]?.id ?? null;
}

type Direction = 'down' | 'up';

/** Follows the edges from a node in one direction, at most so many steps. Cycles end. */
function follow({ edges }: RouteGraph, start: string, direction: Direction, maxSteps: number) {
  const reached = new Set([start]);
  const passed = new Set<string>();
  let border: ReadonlySet<string> = reached;
  for (let step = 0; step < maxSteps && border.size > 0; step += 1) {
    const next = new Set<string>();
    for (const { id, from, to } of edges) {
      const [near, far] = direction === 'down' ? [from, to] : [to, from];
      if (!border.has(near)) continue;
      passed.add(id);
      if (!reached.has(far)) next.add(far);
    }
    for (const each of next) reached.add(each);
    border = next;
  }
  return { reached, passed };
}

/** Returns what leads to a repository and what follows from it, so many steps each way. */
export function neighbourhood(graph: RouteGraph, center: string, steps: number): RouteGraph {
  const [up, down] = [follow(graph, center, 'up', steps), follow(graph, center, 'down', steps)];
  return {
    nodes: graph.nodes.filter(({ id }) => up.reached.has(id) || down.reached.has(id)),
    edges: graph.edges.filter(({ id }) => up.passed.has(id) || down.passed.has(id)),
  };
}

/** Returns the ids of the edges that lead to a node or follow from it, however far. */
export const trailOf = (graph: RouteGraph, node: string): ReadonlySet<string> => {
  const all = graph.nodes.length + 1;
  return new Set([...follow(graph, node, 'up', all).passed, ...follow(graph, node, 'down', all).passed]);
};

const stateWords: Readonly<Record<EdgeState, string>> = {
  agreed: 'Both sides agree',
  requested: 'Requested, and the target does not agree',
  offered: 'Offered, and nobody requests it',
  failing: failingSentence,
};

export const wordOfEdge = (state: EdgeState): string => stateWords[state];

export const wordOfConsent = (consent: ConsentEdge): string =>
  needsNoRequest(consent) ? 'Allowed by the target' : stateWords[consent.state];

/** Returns the edge in words, for screen readers. */
export const labelOfEdge = ({ routes, consents, state }: GraphEdge): string =>
  `${[...routes.map(({ route }) => labelOfRoute(route)), ...consents.map(labelOfConsent)].join('; ')}: ${stateWords[state]}`;

export function labelOfConsent(consent: ConsentEdge): string {
  return `${labelOfConsentSource(consent)} → ${labelOfConsentTarget(consent)}`;
}

export function labelOfConsentSource({ source }: ConsentEdge): string {
  return 'repository' in source ? `${source.repository} ${source.workflow}` : requesterName(source);
}

export function labelOfConsentTarget({ target }: ConsentEdge): string {
  return `${target.repository} ${target.workflow ?? `event ${target.eventType ?? ''}`}`;
}
