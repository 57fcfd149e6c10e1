import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { foldName } from '@dispatcher/contracts';
import { InvalidCursorError } from '../cursor.ts';
import type { AuditRow, DispatchRow } from '../facts/feed-rows.ts';
import { dispatchSearch, resultOfDelivery, runIdSearch, type RunSearchResult } from '../facts/run-search.ts';
import { behindPlans } from '../facts/fact-keys.ts';
import { factOf, timelineLimit, newestFacts, readFeed, type Reader, readRun } from '../facts/read-facts.ts';
import { type List, type Page, type PageRequest, queryOnce, readPage } from '../pages.ts';
import type { DeadLetter, InboundUse, Repository, RouteProjection, RouteResult } from './projection-schemas.ts';
import { groupOf } from './counters.ts';
import {
  inboundPartition,
  deadLetterList,
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
import { maxRouteResults, type RouteStatus } from './route-status.ts';
import { newestOfRoute } from './write-projections.ts';

export function createProjectionReads(reader: Reader): ProjectionReads {
  return {
    summary: (window) => getValue(reader, summaryKey(window)),
    trend: () => getValue(reader, trendKey),
    queues: () => getValue(reader, queuesKey),
    deadLetterSummary: () => getValue(reader, deadLetterSummaryKey),
    deadLetters: (queue, request) => {
      const list = { table: reader.tables.projections, index: 'by-time', hash: 'list', value: deadLetterList(queue) };
      return readPage(reader.client, { ...list, newestFirst: true }, request, ({ row }) => row as DeadLetter);
    },
    repositories: (request) => readRows(reader, partitions.repositories, request),
    repository: (fullName) => readRepository(reader, fullName),
    inboundUses: (fullName, request) =>
      readPage(reader.client, rows(reader, inboundPartition(fullName)), request, ({ allowed, denied, last }) => {
        return {
          ...(last as Omit<InboundUse, 'allowed' | 'denied'>),
          allowed: Number(allowed),
          denied: Number(denied),
        };
      }),
    routes: (request) => readRows(reader, partitions.routes, request),
    routeProjection: (routeId) => readRoute(reader, routeId),
    installations: (request) => readRows(reader, partitions.installations, request),
    audit: (request) => readFeed<AuditRow>(reader, 'audit', request),
    dispatches: (request) => readFeed<DispatchRow>(reader, 'dispatches', request),
    dispatch: (dispatchId, request) => {
      const list = { ...newestFacts(reader, 'by-dispatch', 'dispatchId', dispatchId), newestFirst: false };
      return readPage(reader.client, list, { limit: timelineLimit, ...request }, factOf);
    },
    plan: (runKey, { cursor }) => readRun(reader, runKey, cursor, behindPlans),
    findRuns: (search, request) =>
      search.by === 'delivery'
        ? findByDelivery(reader, search.value, request)
        : readPage(reader.client, searchList(reader, search), request, ({ found }) => found as RunSearchResult),
  };
}

async function readItem({ client, tables }: Reader, key: ProjectionKey) {
  const { Item: item } = await client.send(new GetCommand({ TableName: tables.projections, Key: key }));
  return item;
}

async function getValue<T>(reader: Reader, key: ProjectionKey): Promise<T | null> {
  return ((await readItem(reader, key))?.['value'] ?? null) as T | null;
}

/** Names the items under one partition key of the projections table, by sort key. */
function rows({ tables }: Reader, partition: string): List {
  return { table: tables.projections, index: null, hash: 'pk', value: partition, newestFirst: false };
}

function readRows<T>(reader: Reader, partition: string, request: PageRequest): Promise<Page<T>> {
  return readPage(reader.client, rows(reader, partition), request, ({ row }) => row as T);
}

async function readRepository(reader: Reader, fullName: string): Promise<Repository | null> {
  const item = await readItem(reader, repositoryKey(fullName));
  if (item === undefined) return null;
  const time = (name: string) => (item[name] ?? null) as string | null;
  return {
    repository: foldName(fullName),
    asSource: {
      deliveries: Number(item['asSource.deliveries']),
      plans: groupOf(item, 'asSource.plans'),
      lastRunAt: time('lastRunAt'),
    },
    asTarget: {
      decisions: groupOf(item, 'asTarget.decisions'),
      allowed: Number(item['asTarget.allowed']),
      denied: Number(item['asTarget.denied']),
      lastDecisionAt: time('lastDecisionAt'),
    },
  };
}

async function readRoute({ client, tables }: Reader, routeId: string): Promise<RouteProjection | null> {
  const { items } = await queryOnce(client, {
    TableName: tables.projections,
    ...newestOfRoute(routeId, maxRouteResults),
  });
  const stored = items.find(({ sk }) => sk === routeStatusKey(routeId).sk);
  // A route without a status is treated as unknown: its first result was recorded a moment ago.
  if (stored === undefined) return null;
  const { latest, agreement, lastSuccess, successRate } = stored['status'] as RouteStatus;
  return {
    routeId,
    route: latest.value.route,
    latest: latest.value,
    results: items.flatMap(({ result }) => (result === undefined ? [] : [result as RouteResult])),
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
  const { items } = await readPage(reader.client, list, { limit: timelineStartLimit }, factOf);
  return { items: items.flatMap((fact) => resultOfDelivery(fact) ?? []), cursor: null };
}

function searchList(reader: Reader, { by, value }: Exclude<RunSearch, { by: 'delivery' }>): List {
  if (by === 'commit') return newestFacts(reader, 'by-commit', 'commit', value);
  return newestFacts(reader, 'by-search', 'search', by === 'run-id' ? runIdSearch(value) : dispatchSearch(value));
}
