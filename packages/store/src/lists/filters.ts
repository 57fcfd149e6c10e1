import { type Code, foldName, type Outcome as OutcomeName } from '@dispatcher/contracts';
import type { TimeRange } from '../pages.ts';
import type { FactLine } from '../facts/fact-line.ts';
import type { AuditRow, DeliveryRow, DispatchRow } from './rows.ts';

/** Filters of the list of deliveries. At most one of `kind`, `outcome` and `code`: each implies the ones before it. */
export interface DeliveryFilter extends TimeRange {
  /** The source, `owner/name` in any case. */
  readonly repository?: string | undefined;
  readonly kind?: FilteredKind | undefined;
  readonly outcome?: OutcomeName | undefined;
  readonly code?: Code | undefined;
  /** The branch or tag of the run. */
  readonly branch?: string | undefined;
  /** The number of the run's pull request. */
  readonly pullRequest?: number | undefined;
}

/** Kinds of deliveries that a list can be restricted to. Planned ones are found by outcome. */
export const filteredKinds = ['requested', 'delayed', 'repeated', 'ignored', 'dead-lettered'] as const;
export type FilteredKind = (typeof filteredKinds)[number];

/** Filters of the list of dispatches. At most one of `state` and `code`. */
export interface DispatchFilter extends TimeRange {
  /** The target, `owner/name` in any case. */
  readonly repository?: string | undefined;
  readonly state?: DispatchRow['state'] | undefined;
  readonly code?: Code | undefined;
  /** Conclusion of the run that the dispatch started, as GitHub names it. */
  readonly conclusion?: string | undefined;
}

/** Filters of the audit log. */
export interface AuditFilter extends TimeRange {
  readonly operator?: string | undefined;
  readonly action?: AuditRow['action'] | undefined;
}

/** Filters of a list of facts. */
export interface FactFilter extends TimeRange {
  readonly type?: ListedFactType | undefined;
  /** The repository of the run, or of the source of the route: `owner/name` in any case. */
  readonly source?: string | undefined;
  /** The repository of the target of the route, or of the request: `owner/name` in any case. */
  readonly target?: string | undefined;
}

/** The types of the facts in the lists of all repositories. */
export const listedFactTypes = [
  'run.planned',
  'run.delayed',
  'delivery.repeated',
  'delivery.ignored',
  'message.dead-lettered',
  'dispatch.accepted',
  'dispatch.failed',
  'dispatch.completed',
  'operator.acted',
  'dead-letter.acted',
  'key.changed',
  'pause.changed',
  'repository.confirmed',
  'bulk-replay.changed',
  'schedule.changed',
  'webhook.changed',
] as const satisfies readonly FactLine['type'][];
export type ListedFactType = (typeof listedFactTypes)[number];

const isWanted = <Value>(wanted: Value | undefined, actual: Value | null | undefined): boolean =>
  wanted === undefined || wanted === actual;

function isRepository(wanted: string | undefined, actual: string | null): boolean {
  return wanted === undefined || (actual !== null && foldName(wanted) === foldName(actual));
}

/** Returns whether the list contains the row. The time is not compared: it is part of the read. */
export function matchesDelivery(
  row: DeliveryRow,
  { repository, kind, outcome, code, branch, pullRequest }: DeliveryFilter,
): boolean {
  const plan = row.kind === 'planned' || row.kind === 'requested' ? row : { outcome: null, code: null };
  return (
    isRepository(repository, 'repository' in row ? row.repository : null) &&
    isWanted(kind, row.kind) &&
    isWanted(outcome, plan.outcome) &&
    isWanted(code, plan.code) &&
    isWanted(branch, row.kind === 'planned' ? row.branch : null) &&
    isWanted(pullRequest, row.kind === 'planned' ? row.pullRequest : null)
  );
}

export function matchesDispatch(row: DispatchRow, { repository, state, code, conclusion }: DispatchFilter): boolean {
  return (
    isRepository(repository, row.route.target.repository) &&
    isWanted(state, row.state) &&
    isWanted(code, row.code) &&
    isWanted(conclusion, row.conclusion)
  );
}

export function matchesAction(row: AuditRow, { operator, action }: AuditFilter): boolean {
  return isWanted(operator, row.operator) && isWanted(action, row.action);
}

/** Returns whether the list contains the fact. */
export function matchesFact(line: FactLine, { type, source, target }: FactFilter): boolean {
  return isWanted(type, line.type) && isRepository(source, sourceOf(line)) && isRepository(target, targetOf(line));
}

function sourceOf(line: FactLine): string | null {
  if ('route' in line) return 'repository' in line.route.source ? line.route.source.repository : null;
  return 'repository' in line ? line.repository : null;
}

function targetOf(line: FactLine): string | null {
  if ('route' in line) return line.route.target.repository;
  // `owner/name:workflow.yml` or `owner/name#event-type`.
  return line.type === 'run.planned' && line.target !== null ? line.target.replace(/[:#].*$/s, '') : null;
}
