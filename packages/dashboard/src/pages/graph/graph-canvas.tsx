import '@xyflow/react/dist/base.css';
import {
  Background,
  BaseEdge,
  Controls,
  type Edge,
  type EdgeProps,
  getBezierPath,
  Handle,
  MarkerType,
  type Node,
  type NodeProps,
  Position,
  ReactFlow,
} from '@xyflow/react';
import { Link } from '@tanstack/react-router';
import { useMemo, useState } from 'react';
import { ListSkeleton } from '../../components/states.tsx';
import styles from './graph.module.css';
import { labelOfEdge, type RouteGraph, trailOf } from './route-graph.ts';
import { useLayout } from './use-layout.ts';

interface RepositoryData extends Record<string, unknown> {
  readonly name: string;
  readonly isKey: boolean;
  readonly isCenter: boolean;
  readonly isDim: boolean;
  readonly light: (id: string | null) => void;
}
type RepositoryNode = Node<RepositoryData, 'repository'>;

const height = 38;
// Wide enough for every name, so that the boxes of a column are aligned: there is no measuring in the worker.
const widthOf = ({ nodes }: RouteGraph) => Math.min(320, 40 + Math.max(...nodes.map(({ name }) => name.length)) * 7.2);

interface CanvasProps {
  readonly graph: RouteGraph;
  readonly center: string | null;
}

/** Repositories as boxes, from left to right; the trail through the one with the focus or the pointer is lit. */
export function GraphCanvas({ graph, center }: CanvasProps) {
  const [lit, setLit] = useState<string | null>(null);
  const width = widthOf(graph);
  const request = useMemo(
    () => ({
      nodes: graph.nodes.map(({ id }) => ({ id, width, height })),
      edges: graph.edges.map(({ from, to }) => ({ from, to })),
    }),
    [graph, width],
  );
  const positions = useLayout(request);
  const trail = useMemo(() => (lit === null ? null : trailOf(graph, lit)), [graph, lit]);
  const isComplete = positions !== null && graph.nodes.every(({ id }) => positions[id] !== undefined);
  if (!isComplete) return <ListSkeleton rows={8} />;
  const onTrail = (id: string) =>
    trail === null ||
    id === lit ||
    graph.edges.some((edge) => trail.has(edge.id) && (edge.from === id || edge.to === id));
  const nodes: RepositoryNode[] = graph.nodes.map(({ id, name, isKey }) => ({
    id,
    type: 'repository',
    position: positions[id]!,
    width,
    height,
    // The link inside takes the focus.
    focusable: false,
    data: { name, isKey, isCenter: id === center, isDim: !onTrail(id), light: setLit },
  }));
  const edgesAt = edgesOfNodes(graph);
  const edges: CountedEdge[] = graph.edges.map((edge) => ({
    id: edge.id,
    type: 'counted',
    source: edge.from,
    target: edge.to,
    ariaLabel: labelOfEdge(edge),
    className: [styles[edge.state], trail === null ? '' : trail.has(edge.id) ? styles.lit : styles.dimEdge].join(' '),
    markerEnd: { type: MarkerType.ArrowClosed, color: 'var(--fgColor-muted)' },
    data: {
      count: edge.routes.length + edge.consents.length,
      isCrowdedAtTarget: (edgesAt.get(edge.to) ?? 0) > (edgesAt.get(edge.from) ?? 0),
    },
  }));
  const bottom = Math.max(...graph.nodes.map(({ id }) => positions[id]!.y + height));
  return (
    <div className={styles.canvas} ref={(element) => heightOf(element, bottom)}>
      <ReactFlow
        key={`${center} ${graph.nodes.length}`}
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
        edgeTypes={edgeTypes}
        fitView
        fitViewOptions={{ padding: 0.1, maxZoom: 1, minZoom }}
        minZoom={0.1}
        nodesDraggable={false}
        nodesConnectable={false}
        edgesFocusable={false}
        zoomOnScroll={false}
        preventScrolling={false}
        panOnScroll={false}
        proOptions={{ hideAttribution: false }}
        aria-label="Graph of the routes"
      >
        <Background />
        <Controls showInteractive={false} />
      </ReactFlow>
    </div>
  );
}

const minZoom = 0.8;
const minCanvasHeight = 320;
const maxCanvasHeight = 1_000;

/** Makes the canvas as high as the graph, so that none of it is cut off at first, and small ones leave no empty space. */
function heightOf(element: HTMLElement | null, bottom: number): void {
  if (element === null) return;
  const wanted = Math.round(bottom * minZoom * 1.25);
  element.style.height = `${Math.min(maxCanvasHeight, Math.max(minCanvasHeight, wanted))}px`;
}

function RepositoryBox({ id, data: { name, isKey, isCenter, isDim, light } }: NodeProps<RepositoryNode>) {
  const text = <span className={styles.nodeName}>{name}</span>;
  return (
    <div
      className={styles.node}
      data-center={isCenter}
      data-dim={isDim}
      onMouseEnter={() => light(id)}
      onMouseLeave={() => light(null)}
    >
      <Handle type="target" position={Position.Left} className={styles.handle ?? ''} />
      {isKey ? (
        text
      ) : (
        <Link
          to="/graph"
          search={{ repository: name }}
          className={styles.nodeLink ?? ''}
          title={name}
          onFocus={() => light(id)}
          onBlur={() => light(null)}
        >
          {text}
        </Link>
      )}
      <Handle type="source" position={Position.Right} className={styles.handle ?? ''} />
    </div>
  );
}

const nodeTypes = { repository: RepositoryBox };

/** Returns how many edges each node has. */
function edgesOfNodes({ edges }: RouteGraph): ReadonlyMap<string, number> {
  const counts = new Map<string, number>();
  for (const { from, to } of edges) for (const id of [from, to]) counts.set(id, (counts.get(id) ?? 0) + 1);
  return counts;
}

interface CountedData extends Record<string, unknown> {
  /** How many routes the edge stands for. */
  readonly count: number;
  readonly isCrowdedAtTarget: boolean;
}
type CountedEdge = Edge<CountedData, 'counted'>;

/** Pixels between the end of an edge and its number. */
const numberDistance = 16;

/** An edge with the number of its routes, at the end where fewer edges meet. */
function EdgeWithCount({ data, markerEnd, ...ends }: EdgeProps<CountedEdge>) {
  const { sourceX, sourceY, targetX, targetY } = ends;
  const [path] = getBezierPath(ends);
  const { count, isCrowdedAtTarget } = data!;
  const place = isCrowdedAtTarget
    ? { labelX: sourceX + numberDistance, labelY: sourceY }
    : { labelX: targetX - numberDistance, labelY: targetY };
  return (
    <BaseEdge
      path={path}
      {...place}
      {...(markerEnd === undefined ? {} : { markerEnd })}
      {...(count > 1 ? { label: count } : {})}
    />
  );
}

const edgeTypes = { counted: EdgeWithCount };
