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
import { type List, type Page, type PageRequest, queryOnce, readPage, timeRange, type TimeRange } from '../pages.ts';
import { parseItem, type StoredItem } from '../stored-item.ts';
import {
  DeadLetter,
  DeadLetterSummary,
  InboundUse,
  Installation,
  Queues,
  Repository,
  RepositoryRow,
  type RouteProjection,
  RouteResult,
  RouteRow,
  Summary,
  Trend,
} from './projection-schemas.ts';
import { groupOf } from './counters.ts';
import {
  inboundPartition,
  deadLetterSummaryKey,
  partitions,
  type ProjectionKey,
  queuesKey,
  repositoryKey,
  routeStatusKey,
  summaryKey,
  trendKey,
} from './projection-keys.ts';
import type { ProjectionReads, RunSearch } from './projection-reads.ts';
import { maxRouteResults, RouteStatus } from './route-status.ts';
import { newestOfRoute } from './write-projections.ts';

export function createProjectionReads(reader: Reader): ProjectionReads {
  return {
    summary: (window) => getValue(reader, summaryKey(window), Summary),
    trend: () => getValue(reader, trendKey, Trend),
    queues: () => getValue(reader, queuesKey, Queues),
    deadLetterSummary: () => getValue(reader, deadLetterSummaryKey, DeadLetterSummary),
    deadLetters: (queue, request) => readRowsOf(reader, deadLetterFilterValues(queue, request), DeadLetter, request),
    repositories: (request) => readRows(reader, partitions.repositories, RepositoryRow, request),
    repository: (fullName) => readRepository(reader, fullName),
    inboundUses: (fullName, request) =>
      readPage(reader.client, rows(reader, inboundPartition(fullName)), request, ({ allowed, denied, last }) =>
        z.parse(InboundUse, { ...(last as object), allowed, denied }),
      ),
    routes: (request) =>
      readPage(reader.client, routeList(reader.tables.projections, request), request, ({ row }) =>
        z.parse(RouteRow, row),
      ),
    routeProjection: (routeId) => readRoute(reader, routeId),
    installations: (request) => readRows(reader, partitions.installations, Installation, request),
    deliveries: (request) => readRowsOf(reader, deliveryFilterValues(request), DeliveryRow, request),
    runs: (request) => readRuns(reader, request),
    audit: (request) => readRowsOf(reader, auditFilterValues(request), AuditRow, request),
    dispatches: (request) => readRowsOf(reader, dispatchFilterValues(request), DispatchRow, request),
    dispatch: (dispatchId, request) => {
      const list = { ...newestFacts(reader, 'by-dispatch', 'dispatchId', dispatchId), newestFirst: false };
      return readPage(reader.client, list, { limit: timelineLimit, ...request }, parseFact);
    },
    findRuns: (search, request) =>
      search.by === 'delivery'
        ? findByDelivery(reader, search.value, request)
        : readPage(reader.client, searchList(reader, search), request, ({ found }) => z.parse(RunSearchResult, found)),
  };
}

async function readItem({ client, tables }: Reader, key: ProjectionKey) {
  const { Item: item } = await client.send(new GetCommand({ TableName: tables.projections, Key: key }));
  return item as StoredItem | undefined;
}

async function getValue<T>(reader: Reader, key: ProjectionKey, schema: z.core.$ZodType<T>): Promise<T | null> {
  const item = await readItem(reader, key);
  return item === undefined ? null : parseItem(reader.tables.projections, item, ({ value }) => z.parse(schema, value));
}

/** Names the items under one partition key of the projections table, by sort key. */
function rows({ tables }: Reader, partition: string): List {
  return { table: tables.projections, index: null, hash: 'pk', value: partition, newestFirst: false };
}

function readRows<T>(
  reader: Reader,
  partition: string,
  schema: z.core.$ZodType<T>,
  request: PageRequest,
): Promise<Page<T>> {
  return readPage(reader.client, rows(reader, partition), request, ({ row }) => z.parse(schema, row));
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

async function readRepository(reader: Reader, fullName: string): Promise<Repository | null> {
  const item = await readItem(reader, repositoryKey(fullName));
  if (item === undefined) return null;
  return parseItem(reader.tables.projections, item, () =>
    z.parse(Repository, {
      repository: foldName(fullName),
      asSource: {
        deliveries: item['asSource.deliveries'],
        plans: groupOf(item, 'asSource.plans'),
        lastRunAt: item['lastRunAt'] ?? null,
      },
      asTarget: {
        decisions: groupOf(item, 'asTarget.decisions'),
        allowed: item['asTarget.allowed'],
        denied: item['asTarget.denied'],
        lastDecisionAt: item['lastDecisionAt'] ?? null,
      },
    }),
  );
}

async function readRoute({ client, tables }: Reader, routeId: string): Promise<RouteProjection | null> {
  const { items } = await queryOnce(client, {
    TableName: tables.projections,
    ...newestOfRoute(routeId, maxRouteResults),
  });
  const stored = items.find(({ sk }) => sk === routeStatusKey(routeId).sk);
  // A route without a status is treated as unknown: its first result was recorded a moment ago.
  if (stored === undefined) return null;
  const { latest, agreement, lastSuccess, successRate } = parseItem(tables.projections, stored, ({ status }) =>
    z.parse(RouteStatus, status),
  );
  return {
    routeId,
    route: latest.value.route,
    latest: latest.value,
    results: items
      .filter((item) => item !== stored)
      .map((item) => parseItem(tables.projections, item, ({ result }) => z.parse(RouteResult, result))),
    lastSuccess: lastSuccess?.value ?? null,
    successRate,
    agreement: agreement?.value ?? null,
  };
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
