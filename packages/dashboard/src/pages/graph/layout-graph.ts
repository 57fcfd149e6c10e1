import { Graph, layout } from '@dagrejs/dagre';

export interface LayoutRequest {
  readonly id: number;
  readonly nodes: readonly { readonly id: string; readonly width: number; readonly height: number }[];
  readonly edges: readonly { readonly from: string; readonly to: string }[];
}

export interface LayoutResponse {
  readonly id: number;
  /** The upper left corner of each node. */
  readonly positions: Readonly<Record<string, { readonly x: number; readonly y: number }>>;
}

/** Places the nodes from left to right: what starts something stands left of what it starts. */
export function layoutGraph({ id, nodes, edges }: LayoutRequest): LayoutResponse {
  const graph = new Graph();
  graph.setGraph({ rankdir: 'LR', nodesep: 16, ranksep: 140 });
  graph.setDefaultEdgeLabel(() => ({}));
  for (const node of nodes) graph.setNode(node.id, { width: node.width, height: node.height });
  for (const { from, to } of edges) graph.setEdge(from, to);
  layout(graph);
  const positions = nodes.map((node) => {
    const { x, y } = graph.node(node.id) as { readonly x: number; readonly y: number };
    return [node.id, { x: x - node.width / 2, y: y - node.height / 2 }] as const;
  });
  return { id, positions: Object.fromEntries(positions) };
}
