import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { foldName } from '@dispatcher/contracts';
import * as z from 'zod/mini';
import { InvalidCursorError } from '../cursor.ts';
import { deadLetterFilterValues } from '../lists/dead-letter-filter.ts';
import {
  auditFilterValues,
  type DeliveryFilter,
  deliveryFilterValues,
  dispatchFilterValues,
} from '../lists/filters.ts';
import { filteredList, type RowValues } from '../lists/list-keys.ts';
import { routeList } from '../lists/route-filter.ts';
import { AuditRow, DeliveryRow, DispatchRow } from '../lists/rows.ts';
import { dispatchSearch, resultOfDelivery, resultOfRow, runIdSearch, RunSearchResult } from '../facts/run-search.ts';
import { parseFact, timelineLimit, newestFacts, type Reader } from '../facts/read-facts.ts';
import { type List, type Page, type PageRequest, readPage, timeRange, type TimeRange } from '../pages.ts';
import { parseItem, type StoredItem } from '../stored-item.ts';
import {
  deadLetterRowOf,
  DeadLetterSummary,
  inboundUseOf,
  Installation,
  projections,
  Queues,
  repositoryRowOf,
  repositoryViewOf,
  routeProjectionOf,
  routeRowOf,
  StatusFigures,
  Summary,
  Trend,
} from '@dispatcher/projections';
import {
  deadLetterSummaryKey,
  partitions,
  type ProjectionKey,
  queuesKey,
  repositoryKey,
  routeIdOfKey,
  routeKey,
  statusKey,
  summaryKey,
  trendKey,
} from './projection-keys.ts';
import type { ProjectionReads, RunSearch } from './projection-reads.ts';

export function createProjectionReads(reader: Reader): ProjectionReads {
  const { client, tables } = reader;
  return {
    summary: (window) => getValue(reader, summaryKey(window), Summary),
    trend: () => getValue(reader, trendKey, Trend),
    queues: () => getValue(reader, queuesKey, Queues),
    status: () => getValue(reader, statusKey, StatusFigures),
    deadLetterSummary: () => getValue(reader, deadLetterSummaryKey, DeadLetterSummary),
    deadLetters: (queue, request) => {
      const list = filteredList(tables.projections, deadLetterFilterValues(queue, request), timeRange(request));
      return present(
        readPage(client, list, request, ({ state }) => deadLetterRowOf(projections['dead-letter'].parse(state))),
      );
    },
    repositories: (request) =>
      readPage(client, rows(reader, partitions.repositories), request, ({ sk, state }) =>
        repositoryRowOf(sk, projections.repository.parse(state)),
      ),
    repository: (fullName) =>
      getFolded(reader, repositoryKey(fullName), ({ state }) =>
        repositoryViewOf(foldName(fullName), projections.repository.parse(state)),
      ),
    inboundUses: (repository, request) =>
      present(
        readPage(client, routeList(tables.projections, { repository }), request, (item) =>
          inboundUseOf(routeIdOfKey(item), projections.route.parse(item['state'])),
        ),
      ),
    routes: (request) =>
      readPage(client, routeList(tables.projections, request), request, (item) =>
        routeRowOf(routeIdOfKey(item), projections.route.parse(item['state'])),
      ),
    routeProjection: (routeId) =>
      getFolded(reader, routeKey(routeId), ({ state }) => routeProjectionOf(routeId, projections.route.parse(state))),
    installations: (request) =>
      readPage(client, rows(reader, partitions.installations), request, ({ row }) => z.parse(Installation, row)),
    deliveries: (request) => readRowsOf(reader, deliveryFilterValues(request), DeliveryRow, request),
    runs: (request) => readRuns(reader, request),
    audit: (request) => readRowsOf(reader, auditFilterValues(request), AuditRow, request),
    dispatches: (request) => readRowsOf(reader, dispatchFilterValues(request), DispatchRow, request),
    dispatch: (dispatchId, request) => {
      const list = { ...newestFacts(reader, 'by-dispatch', 'dispatchId', dispatchId), newestFirst: false };
      return readPage(client, list, { limit: timelineLimit, ...request }, parseFact);
    },
    findRuns: (search, request) =>
      search.by === 'delivery'
        ? findByDelivery(reader, search.value, request)
        : readPage(client, searchList(reader, search), request, ({ found }) => z.parse(RunSearchResult, found)),
  };
}

async function readItem({ client, tables }: Reader, key: ProjectionKey) {
  const { Item: item } = await client.send(new GetCommand({ TableName: tables.projections, Key: key }));
  return item as StoredItem | undefined;
}

async function getValue<T>(reader: Reader, key: ProjectionKey, schema: z.core.$ZodType<T>): Promise<T | null> {
  return getFolded(reader, key, ({ value }) => z.parse(schema, value));
}

/** Reads one item. @param view parses it and returns what is answered */
async function getFolded<T>(reader: Reader, key: ProjectionKey, view: (item: StoredItem) => T): Promise<T | null> {
  const item = await readItem(reader, key);
  return item === undefined ? null : parseItem(reader.tables.projections, item, view);
}

/** Leaves out the items about which too little is known yet: an action on a dead letter that no fact has recorded. */
async function present<T>(page: Promise<Page<T | null>>): Promise<Page<T>> {
  const { items, cursor } = await page;
  return { items: items.filter((item) => item !== null), cursor };
}

/** Names the items under one partition key of the projections table, by sort key. */
function rows({ tables }: Reader, partition: string): List {
  return { table: tables.projections, index: null, hash: 'pk', value: partition, newestFirst: false };
}

/** Reads a page of a list that can be filtered. @param values the list, and the values that its rows must have */
function readRowsOf<T>(
  reader: Reader,
  values: RowValues,
  schema: z.core.$ZodType<T>,
  request: PageRequest & TimeRange,
): Promise<Page<T>> {
  const list = filteredList(reader.tables.projections, values, timeRange(request));
  return readPage(reader.client, list, request, ({ row }) => z.parse(schema, row));
}

async function readRuns(reader: Reader, request: PageRequest & DeliveryFilter): Promise<Page<RunSearchResult>> {
  const { items, cursor } = await readRowsOf(reader, deliveryFilterValues(request), DeliveryRow, request);
  return { items: items.map(resultOfRow), cursor };
}

/** A delivery is about one run, in the first fact of its timeline; only dead letters can precede it. */
const timelineStartLimit = 25;

/** Reads one page only: later facts of the timeline name no other run. @throws InvalidCursorError for any cursor */
async function findByDelivery(
  reader: Reader,
  deliveryId: string,
  { cursor }: PageRequest,
): Promise<Page<RunSearchResult>> {
  if (cursor !== undefined) throw new InvalidCursorError();
  const list = { ...newestFacts(reader, 'by-delivery', 'correlationId', deliveryId), newestFirst: false };
  const { items } = await readPage(reader.client, list, { limit: timelineStartLimit }, parseFact);
  return { items: items.flatMap((fact) => resultOfDelivery(fact) ?? []), cursor: null };
}

function searchList(reader: Reader, { by, value }: Exclude<RunSearch, { by: 'delivery' }>): List {
  if (by === 'commit') return newestFacts(reader, 'by-commit', 'commit', value);
  return newestFacts(reader, 'by-search', 'search', by === 'run-id' ? runIdSearch(value) : dispatchSearch(value));
}
