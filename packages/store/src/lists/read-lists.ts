import { type FactLine, parseLine } from '../facts/fact-line.ts';
import { feeds, repositoryPlace, subjectOf } from '../facts/fact-places.ts';
import { factList, type Reader } from '../facts/read-facts.ts';
import { findRuns, type RunSearch, type RunSearchResult } from '../facts/run-search.ts';
import { type IsSeen, type List, type Page, type PageRequest, readMatching, type TimeRange } from '../pages.ts';
import type { StoredItem } from '../stored-item.ts';
import {
  type AuditFilter,
  type DeliveryFilter,
  type DispatchFilter,
  type FactFilter,
  matchesAction,
  matchesDelivery,
  matchesDispatch,
  matchesFact,
} from './filters.ts';
import { type AuditRow, auditRowOf, type DeliveryRow, deliveryRowOf, type DispatchRow, dispatchRowOf } from './rows.ts';

/**
 * Reads the lists. Every read is one `Query` page of an index. With a filter, a page contains the matches of up to
 * {@link maxExamined} facts: it can be short or empty and still have a cursor. Rows that `isSeen` refuses are left out.
 * @throws InvalidCursorError for a cursor of another list or filter
 * @throws StoredItemError for an item that does not match its schema
 */
export interface ListReads {
  /** Newest first. A delivery is listed once its run was delayed, planned, repeated, ignored, or dead-lettered. */
  deliveries(request: PageRequest & DeliveryFilter, isSeen?: IsSeen<DeliveryRow>): Promise<Page<DeliveryRow>>;
  /** The runs and requests of these deliveries. A run that was delivered under two GUIDs is listed for each. */
  runs(request: PageRequest & DeliveryFilter, isSeen?: IsSeen<RunSearchResult>): Promise<Page<RunSearchResult>>;
  /** One row per dispatch with its newest step, newest dispatch first. */
  dispatches(request: PageRequest & DispatchFilter, isSeen?: IsSeen<DispatchRow>): Promise<Page<DispatchRow>>;
  /** Newest first. */
  audit(request: PageRequest & AuditFilter): Promise<Page<AuditRow>>;
  /** The facts of a list of all repositories, newest first: the list is sorted by the time of the delivery or the start. */
  facts(
    list: keyof typeof feeds,
    request: PageRequest & FactFilter,
    isSeen?: IsSeen<FactLine>,
  ): Promise<Page<FactLine>>;
  /** Newest first. */
  findRuns(search: RunSearch, request: PageRequest, isSeen?: IsSeen<RunSearchResult>): Promise<Page<RunSearchResult>>;
}

/** Number of facts that one request examines. As entries of an index they are about 1 MB, which is DynamoDB's page. */
export const maxExamined = 2_000;

export function createListReads(reader: Reader): ListReads {
  return {
    deliveries: (request, isSeen) => readDeliveries(reader, request, isSeen),
    runs: async (request, isSeen) => {
      const isRowSeen = isSeen === undefined ? undefined : (row: DeliveryRow) => isSeen(resultOfRow(row));
      const { items, cursor } = await readDeliveries(reader, request, isRowSeen);
      return { items: items.map(resultOfRow), cursor };
    },
    dispatches: (request, isSeen) =>
      readRows(reader, factList(reader, 'feed', feeds.dispatches, request), request, {
        rowOf: newestOfSubject(dispatchRowOf),
        matches: matchesDispatch,
        // Accepted and completed.
        factsPerRow: 2,
        isSeen,
      }),
    audit: (request) =>
      readRows(reader, factList(reader, 'feed', feeds.audit, request), request, {
        rowOf: (item) => auditRowOf(parseLine(item)),
        matches: matchesAction,
        factsPerRow: 1,
      }),
    facts: (list, request, isSeen) =>
      readRows(reader, factList(reader, 'feed', feeds[list], request), request, {
        rowOf: parseLine,
        matches: matchesFact,
        factsPerRow: 1,
        isSeen,
      }),
    findRuns: (search, request, isSeen) => findRuns(reader, search, request, isSeen),
  };
}

function readDeliveries(
  reader: Reader,
  request: PageRequest & DeliveryFilter,
  isSeen?: IsSeen<DeliveryRow>,
): Promise<Page<DeliveryRow>> {
  const { repository } = request;
  // The facts of a repository are fewer. A request by an API key is of no repository.
  const list =
    repository === undefined
      ? factList(reader, 'feed', feeds.deliveries, request)
      : factList(reader, 'repository', repositoryPlace(repository), request);
  // Few deliveries have more than one fact in the list.
  return readRows(reader, list, request, {
    rowOf: newestOfSubject(deliveryRowOf),
    matches: matchesDelivery,
    factsPerRow: 1.1,
    isSeen,
  });
}

type Parsed = ReturnType<typeof parseLine>;

/**
 * Returns the row that the newest fact about a delivery or dispatch shows, and null for the earlier ones, which follow it
 * in the list.
 */
function newestOfSubject<Row>(rowOf: (line: Parsed) => Row | null) {
  return (item: StoredItem, previous: string | null): Row | null =>
    previous !== null && subjectOf(previous) === subjectOf(String(item['order'])) ? null : rowOf(parseLine(item));
}

interface RowSource<Row, Filter> {
  readonly rowOf: (item: StoredItem, previous: string | null) => Row | null;
  readonly matches: (row: Row, filter: Filter) => boolean;
  /** How many facts a row usually has, for the size of a page without a filter. */
  readonly factsPerRow: number;
  readonly isSeen?: IsSeen<Row> | undefined;
}

const defaultLimit = 50;

function readRows<Row, Filter extends TimeRange>(
  reader: Reader,
  list: List,
  { cursor, limit = defaultLimit, ...filter }: PageRequest & Filter,
  { rowOf, matches, factsPerRow, isSeen }: RowSource<Row, Filter>,
): Promise<Page<Row>> {
  const { since: _, until: __, ...compared } = filter;
  const wanted = Object.entries(compared)
    .filter(([, value]) => value !== undefined)
    .toSorted(([left], [right]) => (left < right ? -1 : 1));
  const isFiltered = wanted.length > 0;
  const described = isFiltered ? { ...list, filter: JSON.stringify(wanted) } : list;
  const examined = isFiltered ? maxExamined : Math.ceil(limit * factsPerRow) + 1;
  const pick = (item: StoredItem, previous: string | null) => {
    const row = rowOf(item, previous);
    return row !== null && matches(row, filter as unknown as Filter) ? row : null;
  };
  return readMatching(reader.client, described, { cursor, limit }, { examined }, pick, isSeen);
}

/** Returns the run of a row of the list of deliveries. */
function resultOfRow(row: DeliveryRow): RunSearchResult {
  const { runKey, deliveryId, time } = row;
  return {
    runKey,
    deliveryId,
    time,
    repository: 'repository' in row ? row.repository : null,
    workflow: 'workflow' in row ? row.workflow : null,
    key: 'key' in row ? row.key : null,
    schedule: 'schedule' in row ? row.schedule : null,
    webhook: 'webhook' in row ? row.webhook : null,
    commit: 'commit' in row ? row.commit : null,
    outcome: 'outcome' in row ? row.outcome : null,
    dispatchId: null,
  };
}
