import '@xyflow/react/dist/base.css';
import {
  Background,
  Controls,
  type Edge,
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
// Wide enough for the name: there is no measuring in the worker.
const widthOf = (name: string) => Math.min(320, 40 + name.length * 7.2);

interface CanvasProps {
  readonly graph: RouteGraph;
  readonly center: string | null;
}

/** Repositories as boxes, from left to right; the trail through the one with the focus or the pointer is lit. */
export function GraphCanvas({ graph, center }: CanvasProps) {
  const [lit, setLit] = useState<string | null>(null);
  const request = useMemo(
    () => ({
      nodes: graph.nodes.map(({ id, name }) => ({ id, width: widthOf(name), height })),
      edges: graph.edges.map(({ from, to }) => ({ from, to })),
    }),
    [graph],
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
    width: widthOf(name),
    height,
    // The link inside takes the focus.
    focusable: false,
    data: { name, isKey, isCenter: id === center, isDim: !onTrail(id), light: setLit },
  }));
  const edges: Edge[] = graph.edges.map((edge) => ({
    id: edge.id,
    source: edge.from,
    target: edge.to,
    ariaLabel: labelOfEdge(edge),
    className: [styles[edge.state], trail === null ? '' : trail.has(edge.id) ? styles.lit : styles.dimEdge].join(' '),
    markerEnd: { type: MarkerType.ArrowClosed, color: 'var(--fgColor-muted)' },
    ...(edge.routes.length + edge.consents.length > 1 ? { label: `${edge.routes.length + edge.consents.length}` } : {}),
  }));
  const bottom = Math.max(...graph.nodes.map(({ id }) => positions[id]!.y + height));
  return (
    <div className={styles.canvas} ref={(element) => heightOf(element, bottom)}>
      <ReactFlow
        key={`${center} ${graph.nodes.length}`}
        nodes={nodes}
        edges={edges}
        nodeTypes={nodeTypes}
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
