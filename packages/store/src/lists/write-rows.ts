import { dispatchId, type DispatchAccepted, type Fact } from '@dispatcher/contracts';
import { expiryOf, orderOf } from '../facts/fact-keys.ts';
import { auditValues, deliveryValues, dispatchValues } from './filters.ts';
import { listAttributes, placesOf, type RowValues } from './list-keys.ts';
import { type AuditRow, auditRowOf, type DeliveryRow, deliveryRowOf, type DispatchRow, dispatchRowOf } from './rows.ts';

/** Key of the item that holds one row of a list. */
export interface RowKey {
  readonly pk: string;
  readonly sk: string;
}

type Row = DeliveryRow | DispatchRow | AuditRow;

/** The row that one fact shows. */
export interface Shown {
  /** Of two facts about the same object, the row shows the one with the higher rank. */
  readonly rank: string;
  readonly row: Row;
  readonly values: RowValues;
}

/** What one fact says about one row. */
export interface Statement {
  readonly key: RowKey;
  /** Sort key of the fact. */
  readonly order: string;
  /** Null if the fact is about a later dispatch of the same route and run, which GitHub accepted. */
  readonly shown: Shown | null;
  /** Whether this is usually the first fact about the row. Only the number of requests depends on it. */
  readonly isFirst: boolean;
}

/**
 * The item of a row. It is without `row` and in no list while only a later dispatch is known. Besides these attributes it
 * has its partition keys in the indexes.
 */
export type RowItem = RowKey & {
  readonly row?: Row;
  readonly rank?: string;
  /** Sort key of the earliest fact: a row keeps its place in the list. */
  readonly order?: string;
  readonly isResolved?: true;
  readonly expiresAt: number;
};

/** Returns the statements of the facts, by row. */
export function statementsOf(facts: readonly Fact[]): readonly (readonly [RowKey, readonly Statement[]])[] {
  const rows = new Map<string, [RowKey, Statement[]]>();
  for (const statement of facts.flatMap(statementsOfFact)) {
    const known = rows.get(statement.key.pk);
    if (known === undefined) rows.set(statement.key.pk, [statement.key, [statement]]);
    else known[1].push(statement);
  }
  return [...rows.values()];
}

const rowKey = (list: string, id: string): RowKey => ({ pk: `${list}#${id}`, sk: 'row' });

function statementsOfFact(fact: Fact): Statement[] {
  const order = orderOf(fact);
  const isFirst = firstFacts.has(fact.type) && (fact.type !== 'run.planned' || fact.data.revision === 0);
  const delivery = deliveryRowOf(fact);
  if (delivery !== null) {
    const shown = { rank: `${deliveryRank(delivery)}#${order}`, row: delivery, values: deliveryValues(delivery) };
    return [{ order, isFirst, key: rowKey('delivery', delivery.deliveryId), shown }];
  }
  const dispatch = dispatchRowOf(fact);
  if (dispatch !== null) {
    const shown = { rank: order, row: dispatch, values: dispatchValues(dispatch) };
    const own = { order, isFirst, key: rowKey('dispatch', dispatch.dispatchId), shown };
    return fact.type === 'dispatch.accepted' ? [own, ...resolvedBy(fact)] : [own];
  }
  const action = auditRowOf(fact);
  if (action === null) return [];
  const shown = { rank: order, row: action, values: auditValues(action) };
  return [{ order, isFirst, key: rowKey('audit', action.factId), shown }];
}

const firstFacts: ReadonlySet<Fact['type']> = new Set([
  'run.planned',
  'delivery.ignored',
  'dispatch.accepted',
  'dispatch.failed',
  'operator.acted',
  'dead-letter.acted',
  'key.changed',
  'pause.changed',
  'repository.confirmed',
  'bulk-replay.changed',
]);

/** A later revision outranks an earlier one; within a revision, the plan outranks what preceded it; then the time decides. */
function deliveryRank(row: DeliveryRow): string {
  const revision = 'revision' in row ? row.revision : 0;
  const isPlan = row.kind === 'planned' || row.kind === 'requested';
  return `${String(revision).padStart(6, '0')}${isPlan ? 'p' : 'a'}`;
}

/** No operator dispatches one route of one run more often. The bound only protects against an endless search. */
const maxGenerations = 100;

/** Returns the statements about the earlier dispatches of the same route and run, which this one replaces. */
function resolvedBy(fact: DispatchAccepted): Statement[] {
  const { runKey, data } = fact;
  const earlier: Statement[] = [];
  for (let generation = 0; generation < maxGenerations; generation += 1) {
    const id = dispatchId(runKey, data.routeId, generation);
    if (id === data.dispatchId) return earlier;
    earlier.push({ order: orderOf(fact), isFirst: false, key: rowKey('dispatch', id), shown: null });
  }
  return [];
}

/** Merges statements into an item. The result does not depend on their order or on repeats. @param known undefined: none */
export function mergeRow(
  known: RowItem | undefined,
  key: RowKey,
  statements: readonly Statement[],
  retentionDays?: number,
): RowItem {
  const own = statements.filter(({ shown }) => shown !== null);
  const order = own.reduce(
    (first, next) => (first === undefined || next.order < first ? next.order : first),
    known?.order,
  );
  const isResolved = known?.isResolved === true || own.length < statements.length;
  const flag = isResolved ? { isResolved } : {};
  const shown = newestShown(known, own);
  if (shown === null || order === undefined) {
    const last = statements.reduce((max, { order: each }) => (each > max ? each : max), '');
    return { ...key, ...flag, expiresAt: Math.max(known?.expiresAt ?? 0, expiryOf(timeOf(last), retentionDays)) };
  }
  const { row, rank, places } = shown;
  return {
    ...key,
    ...places,
    row: displayed(row, order, isResolved),
    rank,
    order,
    ...flag,
    expiresAt: expiryOf(timeOf(order), retentionDays),
  };
}

const timeOf = (order: string): string => order.slice(0, order.indexOf('#'));

function newestShown(known: RowItem | undefined, own: readonly Statement[]) {
  const { row, rank } = known ?? {};
  let newest =
    known === undefined || row === undefined || rank === undefined ? null : { row, rank, places: placesOf(known) };
  for (const { shown } of own) {
    if (shown === null || (newest !== null && newest.rank >= shown.rank)) continue;
    newest = { row: shown.row, rank: shown.rank, places: listAttributes(shown.values) };
  }
  return newest;
}

function displayed(row: Row, order: string, isResolved: boolean): Row {
  const time = timeOf(order);
  return isResolved && 'state' in row && row.state === 'failed' ? { ...row, time, resolved: true } : { ...row, time };
}
