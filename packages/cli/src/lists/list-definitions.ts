import { type Route, targetLabel } from '@dispatcher/contracts';
import type { AuditRow, DeliveryRow, DispatchRow, RouteRow, RunSearchResult } from '@dispatcher/store';
import type { Cell, Column, Style } from '../command-line/text-table.ts';

/** One list of the API, and how its rows are printed. */
export interface ListDefinition<Row> {
  readonly name: string;
  readonly summary: string;
  readonly path: string;
  /** The field of the response with the rows. */
  readonly field: string;
  /** The filters of the list, without `since` and `until`. */
  readonly filters: readonly Filter[];
  readonly hasTime: boolean;
  readonly columns: readonly Column[];
  readonly cells: (row: Row) => readonly (Cell | string)[];
  /** Identifies a row and its state: `--follow` prints a row once. */
  readonly identity: (row: Row) => string;
  readonly example: string;
}

export interface Filter {
  /** The option, and the parameter of the API. */
  readonly name: 'repository' | 'outcome' | 'code' | 'state' | 'kind' | 'operator' | 'action';
  readonly value: string;
  readonly description: string;
}

const code: Filter = { name: 'code', value: 'code', description: 'only with this code (docs/reference/codes.md)' };
const sourceFilters: readonly Filter[] = [
  { name: 'repository', value: 'owner/name', description: 'only of this source repository' },
  {
    name: 'outcome',
    value: 'outcome',
    description: 'only plans with this outcome: planned, no-match, config-invalid, …',
  },
  code,
  { name: 'kind', value: 'kind', description: 'only this kind: requested, delayed, repeated, ignored, dead-lettered' },
];

// A list may be read from a newer Dispatcher, whose rows have more fields and states.
type AnyRow = Readonly<Record<string, unknown>>;

const run: Column = { title: 'run', minWidth: 14 };
const source: Column = { title: 'source', minWidth: 16 };

export const runs: ListDefinition<RunSearchResult | DeliveryRow> = {
  name: 'runs',
  summary: 'list runs, newest first',
  path: '/api/runs',
  field: 'runs',
  filters: sourceFilters,
  hasTime: true,
  columns: [{ title: 'time' }, run, source, { title: 'result', minWidth: 10 }],
  cells: (row) => [timeOf(row.time), row.runKey ?? '', sourceOf(row), resultOf(row)],
  identity: (row) => identityOf(row, ['runKey', 'deliveryId', 'dispatchId', 'outcome', 'kind', 'updatedAt']),
  example: 'dispatcher runs --repository octo-org/app --since 2h',
};

export const deliveries: ListDefinition<DeliveryRow> = {
  name: 'deliveries',
  summary: 'list the deliveries of GitHub, and the requests of jobs, keys, schedules and webhooks, newest first',
  path: '/api/deliveries',
  field: 'deliveries',
  filters: sourceFilters,
  hasTime: true,
  columns: [{ title: 'time' }, { title: 'delivery', minWidth: 12 }, run, source, { title: 'result', minWidth: 10 }],
  cells: (row) => [timeOf(row.time), row.deliveryId, row.runKey ?? '', sourceOf(row), resultOf(row)],
  identity: (row) => identityOf(row, ['deliveryId', 'kind', 'revision', 'outcome', 'updatedAt']),
  example: 'dispatcher deliveries --outcome config-unreadable --since 2h',
};

export const dispatches: ListDefinition<DispatchRow> = {
  name: 'dispatches',
  summary: 'list dispatches, newest first',
  path: '/api/dispatches',
  field: 'dispatches',
  filters: [
    { name: 'repository', value: 'owner/name', description: 'only of this target repository' },
    {
      name: 'state',
      value: 'state',
      description: 'only in this state: accepted, accepted-unverified, failed, completed',
    },
    code,
  ],
  hasTime: true,
  columns: [
    { title: 'time' },
    run,
    { title: 'target', minWidth: 16 },
    { title: 'state' },
    { title: 'details', minWidth: 10 },
  ],
  cells: ({ time, runKey, route, state, code, conclusion, targetRunUrl }) => [
    timeOf(time),
    runKey,
    labelOf(route),
    { text: state, style: styleOf(state, conclusion) },
    [conclusion, code, targetRunUrl].filter((text) => text !== null && text !== undefined).join(' '),
  ],
  identity: (row) => identityOf(row, ['dispatchId', 'state', 'time', 'conclusion', 'updatedAt']),
  example: 'dispatcher dispatches --state failed --since 1d',
};

export const routes: ListDefinition<RouteRow> = {
  name: 'routes',
  summary: 'list the routes, each with its newest step',
  path: '/api/routes',
  field: 'routes',
  filters: [
    { name: 'repository', value: 'owner/name', description: 'only routes into this target repository' },
    { name: 'state', value: 'state', description: 'only routes whose newest step is denied, dry-run or failed' },
    code,
  ],
  hasTime: false,
  columns: [
    { title: 'time' },
    { title: 'source', minWidth: 16 },
    { title: 'target', minWidth: 16 },
    { title: 'state' },
    { title: 'details', minWidth: 10 },
  ],
  cells: ({ time, route, state, code, conclusion }) => [
    timeOf(time),
    routeSourceOf(route),
    labelOf(route),
    { text: state, style: styleOf(state, conclusion ?? null) },
    [conclusion, code].filter((text) => text !== null && text !== undefined).join(' '),
  ],
  identity: (row) => identityOf(row, ['routeId', 'state', 'time']),
  example: 'dispatcher routes --state failed',
};

export const audit: ListDefinition<AuditRow> = {
  name: 'audit',
  summary: 'list the actions of operators, newest first',
  path: '/api/audit',
  field: 'entries',
  filters: [
    { name: 'operator', value: 'name', description: 'only actions of this operator' },
    { name: 'action', value: 'action', description: 'only this action: re-evaluate, redrive, key-created, paused, …' },
  ],
  hasTime: true,
  columns: [
    { title: 'time' },
    { title: 'operator', minWidth: 8 },
    { title: 'action' },
    { title: 'subject', minWidth: 14 },
    { title: 'result' },
    { title: 'reason', minWidth: 12 },
  ],
  cells: ({ time, operator, action, subject, result, reason }) => [
    timeOf(time),
    operator,
    action,
    subject,
    result,
    reason,
  ],
  identity: (row) => identityOf(row, ['factId']),
  example: 'dispatcher audit --since 1d',
};

function identityOf(row: object, names: readonly string[]): string {
  return JSON.stringify(names.map((name) => (row as AnyRow)[name]));
}

/** Seconds are enough to read; `--json` has the milliseconds. */
function timeOf(time: string): string {
  return time.replace(/\.\d+Z$/, 'Z');
}

function sourceOf(row: RunSearchResult | DeliveryRow): string {
  const { repository, workflow, target, ...requester } = row as AnyRow;
  const kind = (['key', 'schedule', 'webhook'] as const).find((each) => typeof requester[each] === 'string');
  if (kind !== undefined) {
    return `${kind}:${String(requester[kind])}${typeof target === 'string' ? ` → ${target}` : ''}`;
  }
  return [repository, workflow].filter((text) => typeof text === 'string').join(' ');
}

function resultOf(row: RunSearchResult | DeliveryRow): Cell {
  const { kind, outcome, code, allowed, denied, dryRun, leftToAnotherRun, reason, nextTryAt } = row as AnyRow;
  if (typeof outcome === 'string') {
    const dry = typeof dryRun === 'number' ? dryRun : 0;
    const left = typeof leftToAnotherRun === 'number' ? leftToAnotherRun : 0;
    const refused = typeof denied === 'number' ? denied - dry - left : 0;
    const counts =
      typeof allowed === 'number' && typeof denied === 'number' ? ` ${allowed} allowed, ${refused} denied` : '';
    const toAnother = left === 0 ? '' : `, ${left} left to another run`;
    const inDryRun = dry === 0 ? '' : `, ${dry} in a dry run`;
    const isBad = outcome !== 'planned' || refused > 0;
    return {
      text: `${typeof code === 'string' ? code : outcome}${counts}${toAnother}${inDryRun}`,
      style: isBad ? 'yellow' : 'green',
    };
  }
  if (kind === 'delayed') return { text: `delayed until ${timeOf(String(nextTryAt))}`, style: 'yellow' };
  if (kind === 'dead-lettered') return { text: `dead letter: ${String(reason)}`, style: 'red' };
  return { text: [kind, reason].filter((text) => typeof text === 'string').join(': '), style: 'dim' };
}

function styleOf(state: string, conclusion: string | null): Style | undefined {
  if (state === 'denied' || state === 'failed') return 'red';
  if (state === 'completed') return conclusion === 'success' ? 'green' : 'red';
  return undefined;
}

function labelOf({ target, id }: Route): string {
  return `${targetLabel(target)}${id === undefined ? '' : `#${id}`}`;
}

function routeSourceOf({ source }: Route): string {
  return Object.values(source).join(' ');
}
