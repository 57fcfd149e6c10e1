import { describe, expect, test } from '@jest/globals';
import {
  buildGraph,
  busiest,
  type ConsentEdge,
  labelOfEdge,
  neighbourhood,
  type RouteRow,
  trailOf,
  wordOfConsent,
} from './route-graph.ts';

const row = (from: string, to: string, changes: Partial<RouteRow> = {}): RouteRow =>
  ({
    routeId: `${from}-${to}`,
    route: {
      source: from.startsWith('key:') ? { key: from.slice(4) } : { repository: `Acme/${from}`, workflow: 'ci.yml' },
      target: { repository: `acme/${to}`, workflow: 'cd.yml' },
    },
    state: 'completed',
    conclusion: 'success',
    failing: false,
    ...changes,
  }) as RouteRow;
const idsOf = (items: readonly { readonly id: string }[]) => items.map(({ id }) => id).toSorted();

describe('the graph of routes', () => {
  test('routes between the same repositories are one edge, and names fold case', () => {
    const graph = buildGraph([row('app', 'deploy'), row('APP', 'deploy'), row('key:nightly', 'deploy')]);
    expect(idsOf(graph.nodes)).toEqual(['acme/app', 'acme/deploy', 'key:API key nightly']);
    expect(graph.edges.map(({ routes }) => routes.length)).toEqual([2, 1]);
  });

  test('an edge is dashed only if the target agrees to none of its routes', () => {
    const denied = row('a', 'b', { state: 'denied' });
    const stateOf = (...rows: RouteRow[]) => buildGraph(rows).edges[0]?.state;
    expect(stateOf(denied)).toBe('requested');
    expect(stateOf(denied, row('a', 'b'))).toBe('agreed');
    expect(stateOf(row('a', 'b', { failing: true }), row('a', 'b'))).toBe('failing');
  });

  const consent = (state: ConsentEdge['state'], from: string, to: string, routeId: string | null = `${from}-${to}`) =>
    ({
      state,
      routeId: state === 'offered' ? null : routeId,
      source: from.startsWith('key:')
        ? { requester: 'key', name: from.slice(4) }
        : { repository: `Acme/${from}`, workflow: 'ci.yml' },
      target: { repository: `acme/${to}`, workflow: 'cd.yml', eventType: null },
    }) as ConsentEdge;

  test('what no run used yet is an edge of its own, by what the files say', () => {
    const consents = [consent('agreed', 'a', 'b'), consent('requested', 'a', 'c'), consent('offered', 'lib-*', 'b')];
    const graph = buildGraph([], [...consents, consent('offered', 'key:nightly', 'b')]);
    expect(graph.edges.map(({ state }) => state)).toEqual(['agreed', 'requested', 'offered', 'agreed']);
    expect(idsOf(graph.nodes)).toEqual(['acme/a', 'acme/b', 'acme/c', 'acme/lib-*', 'key:API key nightly']);
    expect(graph.edges.map(labelOfEdge)[2]).toBe('Acme/lib-* ci.yml → acme/b cd.yml: Offered, and nobody requests it');
  });

  test('a decided route is not listed twice, and agreed again as soon as the files say so', () => {
    const denied = row('a', 'b', { state: 'denied' });
    const before = buildGraph([denied], [consent('requested', 'a', 'b')]).edges;
    const after = buildGraph([denied], [consent('agreed', 'a', 'b')]).edges;
    expect(before).toMatchObject([{ state: 'requested', consents: [] }]);
    expect(after).toMatchObject([{ state: 'agreed', consents: [] }]);
  });

  test('an API key that the target allows needs no request, and is not listed once it was used', () => {
    const offer = consent('offered', 'key:nightly', 'b');
    expect(wordOfConsent(offer)).toBe('Allowed by the target');
    expect(wordOfConsent(consent('offered', 'a', 'b'))).toBe('Offered, and nobody requests it');
    expect(buildGraph([row('key:nightly', 'b')], [offer]).edges).toMatchObject([{ state: 'agreed', consents: [] }]);
    expect(buildGraph([row('key:other', 'b')], [offer]).edges.flatMap(({ consents }) => consents)).toEqual([offer]);
  });

  test('the neighbourhood has two steps each way, and no siblings', () => {
    const rows = [row('a', 'b'), row('b', 'c'), row('c', 'd'), row('d', 'e'), row('x', 'd'), row('b', 'sibling')];
    const graph = buildGraph(rows);
    expect(idsOf(neighbourhood(graph, 'acme/c', 2).nodes)).toEqual(['acme/a', 'acme/b', 'acme/c', 'acme/d', 'acme/e']);
    expect(idsOf(neighbourhood(graph, 'acme/c', 1).nodes)).toEqual(['acme/b', 'acme/c', 'acme/d']);
  });

  test('a cycle ends', () => {
    const graph = buildGraph([row('a', 'b'), row('b', 'c'), row('c', 'a')]);
    expect(trailOf(graph, 'acme/a').size).toBe(3);
    expect(neighbourhood(graph, 'acme/a', 9).edges).toHaveLength(3);
  });

  test('the trail leads through a node, and not to its neighbours', () => {
    const graph = buildGraph([row('a', 'b'), row('b', 'c'), row('x', 'c')]);
    expect(idsOf([...trailOf(graph, 'acme/b')].map((id) => ({ id })))).toEqual(['acme/a acme/b', 'acme/b acme/c']);
  });

  test('it opens on the repository with the most edges, never on a key', () => {
    expect(busiest(buildGraph([row('key:k', 'a'), row('key:k', 'b'), row('key:k', 'c'), row('x', 'b')]))).toBe(
      'acme/b',
    );
    expect(busiest(buildGraph([]))).toBeNull();
  });

  test('an edge has a name in words', () => {
    const [edge] = buildGraph([row('app', 'deploy', { state: 'denied' })]).edges;
    expect(edge && labelOfEdge(edge)).toBe(
      'Acme/app:ci.yml → acme/deploy:cd.yml: Requested, and the target does not agree',
    );
  });
});
