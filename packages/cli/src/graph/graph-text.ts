import {
  codes,
  type ConsentCycle,
  type ConsentEdge,
  type GraphOwner,
  type GraphRepository,
} from '@dispatcher/contracts';
import { type Cell, type Column, textTable } from '../command-line/text-table.ts';
import type { Terminal } from '../command.ts';

export const edgeStates = ['agreed', 'requested', 'offered'] as const;
export type EdgeState = (typeof edgeStates)[number];

/** Returns the edges of some repositories, each once: an edge between two of them is listed with both. */
export function edgesOf(repositories: readonly GraphRepository[]): readonly ConsentEdge[] {
  const edges = repositories.flatMap(({ outbound, inbound }) => [...outbound, ...inbound]);
  return [...new Map(edges.map((edge) => [JSON.stringify(edge), edge])).values()].toSorted(byStateAndName);
}

function byStateAndName(left: ConsentEdge, right: ConsentEdge): number {
  const order = edgeStates.indexOf(left.state) - edgeStates.indexOf(right.state);
  if (order !== 0) return order;
  const [a, b] = [left, right].map((edge) => `${sourceOf(edge)} ${targetOf(edge)}`.toLowerCase());
  return (a ?? '') < (b ?? '') ? -1 : 1;
}

const columns: readonly Column[] = [
  { title: 'state' },
  { title: 'source', minWidth: 16 },
  { title: 'target', minWidth: 16 },
  { title: 'why', minWidth: 12 },
];
const styles = { agreed: 'green', requested: 'yellow', offered: 'dim' } as const;

export function edgeTable(edges: readonly ConsentEdge[], terminal: Pick<Terminal, 'columns' | 'hasColors'>): string {
  const rows = edges.map((edge): (Cell | string)[] => [
    { text: edge.state, style: styles[edge.state] },
    sourceOf(edge),
    targetOf(edge),
    whyOf(edge),
  ]);
  return textTable(columns, rows, terminal);
}

function sourceOf({ source }: ConsentEdge): string {
  return 'workflow' in source ? `${source.repository}:${source.workflow}` : `${source.requester} ${source.name}`;
}

function targetOf({ target, id }: ConsentEdge): string {
  const what = target.workflow === null ? `#${target.eventType ?? ''}` : `:${target.workflow}`;
  return `${target.repository}${what}${id === null ? '' : `#${id}`}`;
}

function whyOf(edge: ConsentEdge): string {
  const { target, source, code } = edge;
  const notes = [
    code === null ? '' : `${code}: ${codes[code].title}`,
    target.renamedTo === undefined ? '' : `the repository is ${target.renamedTo} now`,
    target.formerRepositoryId === undefined ? '' : `repository ${target.formerRepositoryId} had this name before`,
    'workflow' in source && source.renamedTo !== undefined ? `the source is ${source.renamedTo} now` : '',
    edge.state === 'offered' ? 'nobody uses it' : '',
  ];
  return notes.filter((note) => note !== '').join('; ');
}

export function summaryText({
  owner,
  agreed,
  requested,
  offered,
  configured,
  repositories,
  builtAt,
}: GraphOwner): string {
  const edges = `${agreed} agreed, ${requested} requested, ${offered} offered`;
  return `${owner}: ${edges}. ${configured} of ${repositories === 1 ? '1 repository' : `${repositories} repositories`} have a dispatching.yml. As of ${builtAt}.`;
}

/** Returns what somebody should look at: circles, invalid files, and edges that are left out. */
export function warningsText({ cycles, cycleCount }: GraphOwner, repositories: readonly GraphRepository[]): string {
  const lines = [
    ...cycles.map(
      (cycle) =>
        `Warning: ${cycleText(cycle)} is a circle. Each run that it starts starts the next, until Dispatcher denies the first repetition as route-loop.`,
    ),
    ...(cycleCount > cycles.length ? [`Warning: ${cycleCount - cycles.length} more circles are not shown.`] : []),
    ...repositories.flatMap(({ repository, state, problems, path, isIndexed, omitted }) => [
      ...(state === 'ambiguous'
        ? [`Warning: ${repository} has two files, dispatching.yml and .github/dispatching.yml.`]
        : []),
      ...(state === 'invalid'
        ? [
            `Warning: ${repository}: ${path ?? 'dispatching.yml'} is invalid: line ${problems[0]?.line ?? 1}: ${problems[0]?.message ?? ''}`,
          ]
        : []),
      ...(isIndexed ? [] : [`Warning: ${repository} has more rules than the index keeps; its edges are not shown.`]),
      ...(omitted === 0 ? [] : [`Warning: ${omitted} edges of ${repository} are not shown.`]),
    ]),
  ];
  return lines.map((line) => `${line}\n`).join('');
}

function cycleText(cycle: ConsentCycle): string {
  const names = cycle.map(({ repository, workflow }) => `${repository}:${workflow}`);
  return [...names, names[0] ?? ''].join(' → ');
}
