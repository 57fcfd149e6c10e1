import { type Code, foldName, Outcome, type Outcome as OutcomeName } from '@dispatcher/contracts';
import type { TimeRange } from '../pages.ts';
import type { RowValues } from './list-keys.ts';
import type { AuditRow, DeliveryRow, DispatchRow } from './rows.ts';

// Which values each list can be filtered by, and under which of them a row is stored. Both sides of a list are here, so
// that a row is stored where a filter looks for it.

/** Filters of the list of deliveries. At most one of `kind`, `outcome` and `code`: each implies the ones before it. */
export interface DeliveryFilter extends TimeRange {
  /** The source, `owner/name` in any case. */
  readonly repository?: string | undefined;
  readonly kind?: FilteredKind | undefined;
  readonly outcome?: OutcomeName | undefined;
  readonly code?: Code | undefined;
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
}

/** Filters of the audit log. */
export interface AuditFilter extends TimeRange {
  readonly operator?: string | undefined;
  readonly action?: AuditRow['action'] | undefined;
}

const deliveries = 'deliveries';
const dispatches = 'dispatches';
const audit = 'audit';
// Requests by API keys have no source repository, so their rows can have this subject. No repository has this name.
const requests = 'requested';

/**
 * Returns whether every plan with this outcome has the code of the same name. Such a row needs no entry for its code,
 * which saves two write units for nearly every delivery.
 */
function impliesCode(outcome: string): boolean {
  return (
    outcome !== 'source-refused' && outcome !== 'config-invalid' && Outcome.options.some((each) => each === outcome)
  );
}

export function deliveryValues(row: DeliveryRow): RowValues {
  switch (row.kind) {
    case 'planned':
      return { list: deliveries, subject: foldName(row.repository), ...valuesOfPlan(row) };
    case 'requested':
      return { list: deliveries, subject: requests, ...valuesOfPlan(row) };
    case 'dead-lettered':
      return { list: deliveries, state: row.kind };
    default:
      return {
        list: deliveries,
        subject: row.repository === null ? requests : foldName(row.repository),
        state: row.kind,
      };
  }
}

function valuesOfPlan({ outcome, code }: { readonly outcome: OutcomeName; readonly code: Code }) {
  return impliesCode(outcome) && outcome === code ? { state: outcome } : { state: outcome, code };
}

export function deliveryFilterValues({ repository, kind, outcome, code }: DeliveryFilter): RowValues {
  const subject = kind === 'requested' ? requests : repository && foldName(repository);
  const state = kind === 'requested' ? outcome : (kind ?? outcome);
  if (code === undefined) return { list: deliveries, subject, state };
  return impliesCode(code) ? { list: deliveries, subject, state: code } : { list: deliveries, subject, code };
}

export function dispatchValues({ route, state, code }: DispatchRow): RowValues {
  const values = { list: dispatches, subject: foldName(route.target.repository), state };
  return code === null ? values : { ...values, code };
}

export function dispatchFilterValues({ repository, state, code }: DispatchFilter): RowValues {
  return { list: dispatches, subject: repository && foldName(repository), state, code };
}

export function auditValues({ operator, action }: AuditRow): RowValues {
  return { list: audit, subject: operator, state: action };
}

export function auditFilterValues({ operator, action }: AuditFilter): RowValues {
  return { list: audit, subject: operator, state: action };
}
