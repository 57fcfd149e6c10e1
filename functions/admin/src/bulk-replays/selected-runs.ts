import type { BulkReplaySelection } from '@dispatcher/contracts';
import type { DeliveryRow, FactReads, Page } from '@dispatcher/store';

/** Reads the list of deliveries. */
export type SelectionReads = Pick<FactReads, 'deliveries'>;

/** A row of the list of deliveries with a plan. */
export type PlannedRow = Extract<DeliveryRow, { readonly kind: 'planned' | 'requested' }>;

const defaultPageSize = 100;

/** Reads one page of the selected runs, newest first, each once. A page may be empty before the last one. */
export async function readSelected(
  reads: SelectionReads,
  selection: BulkReplaySelection,
  cursor: string | null,
  pageSize = defaultPageSize,
): Promise<Page<PlannedRow>> {
  const request = { limit: pageSize, ...(cursor === null ? {} : { cursor }) };
  const page = await reads.deliveries(request);
  const rows = new Map(page.items.flatMap((row) => (isSelected(row, selection) ? [[row.runKey, row] as const] : [])));
  // The rows are in the order of time: the next page is older still.
  const isPast = page.items.some(({ time }) => Date.parse(time) < Date.parse(selection.since));
  return { items: [...rows.values()], cursor: isPast ? null : page.cursor };
}

function isSelected(row: DeliveryRow, selection: BulkReplaySelection): row is PlannedRow {
  if (row.kind !== 'planned' && row.kind !== 'requested') return false;
  const { repository, outcome, code, since, until } = selection;
  const time = Date.parse(row.time);
  const source = row.kind === 'planned' ? row.repository.toLowerCase() : null;
  return (
    time >= Date.parse(since) &&
    time <= Date.parse(until) &&
    (outcome === null || row.outcome === outcome) &&
    (code === null || row.code === code) &&
    (repository === null || source === repository.toLowerCase())
  );
}
