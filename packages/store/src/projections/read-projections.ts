import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { foldName, GraphOwner, GraphRepository } from '@dispatcher/contracts';
import * as z from 'zod/mini';
import { deadLetterFilterValues } from '../lists/dead-letter-filter.ts';
import { filteredList } from '../lists/list-keys.ts';
import { maxExamined } from '../lists/read-lists.ts';
import { matchesRoute, type RouteFilter, routeList } from '../lists/route-filter.ts';
import type { Reader } from '../facts/read-facts.ts';
import { type IsSeen, type List, type Page, type PageRequest, readMatching, readPage, timeRange } from '../pages.ts';
import { parseItem, type StoredItem } from '../stored-item.ts';
import {
  deadLetterRowOf,
  DeadLetterSummary,
  type FoldedRoute,
  inboundUseOf,
  Installation,
  projections,
  Queues,
  repositoryRowOf,
  repositoryViewOf,
  routeProjectionOf,
  type RouteRow,
  routeRowOf,
  StatusFigures,
  Summary,
  SweepProgress,
  Trend,
} from '@dispatcher/projections';
import {
  deadLetterSummaryKey,
  graphPartition,
  graphRepositoryKey,
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
import type { ProjectionReads } from './projection-reads.ts';

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
    routes: (request, isSeen) => readRoutes(reader, request, isSeen),
    routeProjection: (routeId) =>
      getFolded(reader, routeKey(routeId), ({ state }) => routeProjectionOf(routeId, projections.route.parse(state))),
    graphOwners: (request) =>
      present(readPage(client, rows(reader, partitions.graphOwners), request, (item) => graphValue(item, GraphOwner))),
    graph: (owner, request) =>
      present(
        readPage(client, rows(reader, graphPartition(owner)), request, (item) => graphValue(item, GraphRepository)),
      ),
    graphRepository: (fullName) =>
      getFolded(reader, graphRepositoryKey(fullName), (item) => graphValue(item, GraphRepository)),
    sweeps: (request) =>
      readPage(client, rows(reader, partitions.sweeps), request, ({ row }) => z.parse(SweepProgress, row)),
    installations: (request) =>
      readPage(client, rows(reader, partitions.installations), request, ({ row }) => z.parse(Installation, row)),
  };
}

const stateOf = (item: StoredItem): FoldedRoute => projections.route.parse(item['state']);

function readRoutes({ client, tables }: Reader, request: PageRequest & RouteFilter, isSeen?: IsSeen<RouteRow>) {
  const list = routeList(tables.projections, request);
  const isWhole = list.filter === undefined && (request.repository === undefined || isSeen === undefined);
  if (isWhole) return readPage(client, list, request, (item) => routeRowOf(routeIdOfKey(item), stateOf(item)));
  const pick = (item: StoredItem) => {
    const state = stateOf(item);
    return matchesRoute(state, request) ? routeRowOf(routeIdOfKey(item), state) : null;
  };
  return readMatching(client, list, request, { examined: maxExamined }, pick, isSeen);
}

async function readItem({ client, tables }: Reader, key: ProjectionKey) {
  const { Item: item } = await client.send(new GetCommand({ TableName: tables.projections, Key: key }));
  return item as StoredItem | undefined;
}

async function getValue<T>(reader: Reader, key: ProjectionKey, schema: z.core.$ZodType<T>): Promise<T | null> {
  return getFolded(reader, key, ({ value }) => z.parse(schema, value));
}

/** Returns null for what is not part of the graph any more. */
function graphValue<T>({ value }: StoredItem, schema: z.core.$ZodType<T>): T | null {
  return value === undefined ? null : z.parse(schema, value);
}

/** Reads one item. @param view parses it and returns what is answered */
async function getFolded<T>(
  reader: Reader,
  key: ProjectionKey,
  view: (item: StoredItem) => T | null,
): Promise<T | null> {
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
