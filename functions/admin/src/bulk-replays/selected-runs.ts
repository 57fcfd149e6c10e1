import type { BulkReplaySelection } from '@dispatcher/contracts';
import type { DeliveryRow, ListReads, Page, SelectedRun } from '@dispatcher/store';

/** Reads the list of deliveries. */
export type SelectionReads = Pick<ListReads, 'deliveries'>;

/** A row of the list of deliveries with a plan. */
type PlannedRow = Extract<DeliveryRow, { readonly kind: 'planned' | 'requested' }>;

const defaultPageSize = 100;

/** Reads one page of the selected runs, newest first, each once, by the filters of the list. */
export async function readSelected(
  reads: SelectionReads,
  selection: BulkReplaySelection,
  cursor: string | null,
  pageSize = defaultPageSize,
): Promise<Page<SelectedRun>> {
  const { repository, outcome, code, since, until } = selection;
  const filter = code !== null ? { code } : outcome !== null ? { outcome } : {};
  const page = await reads.deliveries({
    ...filter,
    ...(repository === null ? {} : { repository }),
    since,
    // The selection includes its end, and the list does not.
    until: new Date(Date.parse(until) + 1).toISOString(),
    limit: pageSize,
    cursor: cursor ?? undefined,
  });
  const runs = page.items.flatMap((row) =>
    isSelected(row, selection) ? [[row.runKey, selectedRunOf(row)] as const] : [],
  );
  return { items: [...new Map(runs).values()], cursor: page.cursor };
}

function selectedRunOf(row: PlannedRow): SelectedRun {
  const { runKey, deliveryId, time, target, outcome, code } = row;
  const { repository, workflow } = row.kind === 'planned' ? row : { repository: null, workflow: null };
  return { runKey, deliveryId, time, repository, workflow, target, outcome, code };
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
