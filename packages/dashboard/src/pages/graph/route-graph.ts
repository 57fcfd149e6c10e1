// Repositories and the routes between them. Workflows of the same two repositories are one edge.
import type { Schemas } from '../../api/client.ts';
import { labelOfRoute, nameOfRequester, repositoryOfSource } from '../../words/route-labels.ts';

export type RouteRow = Schemas['RouteRow'];

export interface GraphNode {
  /** `acme/app` in lower case, or `key:` and the name of an API key, schedule or webhook. */
  readonly id: string;
  readonly name: string;
  readonly isKey: boolean;
}

/** `agreed`: both sides agree; `requested`: only the source names the target; `failing`: the newest dispatch failed. */
export type EdgeState = 'agreed' | 'failing' | 'requested';

export interface GraphEdge {
  readonly id: string;
  readonly from: string;
  readonly to: string;
  readonly routes: readonly RouteRow[];
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

const isFailing = ({ state, conclusion }: RouteRow): boolean =>
  state === 'failed' ||
  (state === 'completed' && ['failure', 'startup_failure', 'timed_out'].includes(conclusion ?? ''));

/** An edge is only requested if all of its routes are; one failing route makes it failing. */
function stateOf(routes: readonly RouteRow[]): EdgeState {
  if (routes.every(({ state }) => state === 'denied')) return 'requested';
  return routes.some(isFailing) ? 'failing' : 'agreed';
}

export function buildGraph(rows: readonly RouteRow[]): RouteGraph {
  const nodes = new Map<string, GraphNode>();
  const groups = new Map<string, RouteRow[]>();
  for (const row of rows) {
    const [from, to] = [sourceNode(row.route), targetNode(row.route)];
    if (!nodes.has(from.id)) nodes.set(from.id, from);
    if (!nodes.has(to.id)) nodes.set(to.id, to);
    const id = `${from.id} ${to.id}`;
    groups.set(id, [...(groups.get(id) ?? []), row]);
  }
  const edges = [...groups].map(([id, routes]) => {
    const { route } = routes[0]!;
    return { id, from: sourceNode(route).id, to: targetNode(route).id, routes, state: stateOf(routes) };
  });
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
  agreed: 'both sides agree',
  requested: 'requested, and the target does not agree',
  failing: 'the newest dispatch failed',
};

export const wordOfEdge = (state: EdgeState): string => stateWords[state];

/** Returns the edge in words, for screen readers. */
export const labelOfEdge = ({ routes, state }: GraphEdge): string =>
  `${routes.map(({ route }) => labelOfRoute(route)).join('; ')}: ${stateWords[state]}`;
