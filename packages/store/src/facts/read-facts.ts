import { type Fact, foldName } from '@dispatcher/contracts';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import { type List, type Page, type PageRequest, queryOnce, readPage, timeRange, type TimeRange } from '../pages.ts';
import { parseItem, type StoredItem } from '../stored-item.ts';
import { FactDetail, FactSummary, join } from './fact-summary.ts';
import { detailKey, isDetail } from './fact-keys.ts';
import type { FactTables } from './fact-writer.ts';

/**
 * Reads the fact log. Every read is one `Query` page or one `GetItem`. Lists are read from indexes, which follow a write
 * within about a second.
 * @throws InvalidCursorError for a cursor of another list
 * @throws StoredItemError for an item that does not match its schema
 */
export interface FactReads {
  /** The timeline of one delivery: every fact with its GUID, oldest first. */
  delivery(deliveryId: string, request: PageRequest): Promise<Page<FactSummary>>;
  /** Every fact of one run with its checks, in the order of the steps. */
  run(runKey: string, request: Pick<PageRequest, 'cursor'>): Promise<Page<Fact>>;
  /**
   * Newest first: runs of the repository as source, decisions and dispatches of it as target.
   * @param fullName `owner/name`, any case
   */
  repositoryFacts(fullName: string, request: PageRequest & TimeRange): Promise<Page<FactSummary>>;
  /** Newest first. */
  routeFacts(routeId: string, request: PageRequest & TimeRange): Promise<Page<FactSummary>>;
}

export interface Reader {
  readonly client: DynamoDBDocumentClient;
  readonly tables: FactTables;
}

/** Page size for the facts of one delivery, run or dispatch: few have more. */
export const timelineLimit = 200;

/** Parses the summary of a fact. */
export const parseFact = (item: StoredItem): FactSummary => z.parse(FactSummary, item['fact']);
const parseDetail = (item: StoredItem): FactDetail => z.parse(FactDetail, item['detail']);

/** Names the list of facts with that attribute, newest first. */
export function newestFacts(reader: Reader, index: string, hash: string, value: string): List {
  return { table: reader.tables.facts, index, hash, value, newestFirst: true };
}

/** Reads a page of the facts of one run. @param between range of the sort keys; all facts if absent */
export async function readRun(
  { client, tables }: Reader,
  runKey: string,
  cursor: string | undefined,
  between?: { readonly from: string; readonly to: string },
): Promise<Page<Fact>> {
  const scope = JSON.stringify(['run', runKey, between]);
  const { items, last } = await queryOnce(client, {
    TableName: tables.facts,
    KeyConditionExpression: between === undefined ? 'pk = :pk' : 'pk = :pk AND sk BETWEEN :from AND :to',
    ExpressionAttributeValues: {
      ':pk': runKey,
      ...(between === undefined ? {} : { ':from': between.from, ':to': between.to }),
    },
    Limit: timelineLimit,
    ...(cursor === undefined ? {} : { ExclusiveStartKey: { pk: runKey, sk: decodeCursor(scope, cursor, 1)[0] } }),
  });
  // A page may end between a fact and its detail. Such a fact belongs to the next page.
  const whole = last !== undefined && items.at(-1)?.['hasDetail'] === true ? items.slice(0, -1) : items;
  const end = whole.at(-1)?.sk;
  const details = new Map(
    whole.filter(({ sk }) => isDetail(sk)).map((item) => [item.sk, parseItem(tables.facts, item, parseDetail)]),
  );
  return {
    items: whole
      .filter(({ sk }) => !isDetail(sk))
      .map((item) => join(parseItem(tables.facts, item, parseFact), details.get(detailKey(item).sk) ?? null)),
    cursor: last === undefined || end === undefined ? null : encodeCursor(scope, [end]),
  };
}

export function createFactReads(reader: Reader): FactReads {
  const { client } = reader;
  return {
    delivery: (deliveryId, request) => {
      const list = { ...newestFacts(reader, 'by-delivery', 'correlationId', deliveryId), newestFirst: false };
      return readPage(client, list, { limit: timelineLimit, ...request }, parseFact);
    },
    run: (runKey, { cursor }) => readRun(reader, runKey, cursor),
    repositoryFacts: (fullName, request) => {
      const list = newestFacts(reader, 'by-repository', 'repository', foldName(fullName));
      return readPage(client, { ...list, range: timeRange(request) }, request, parseFact);
    },
    routeFacts: (routeId, request) => {
      const list = newestFacts(reader, 'by-route', 'routeId', routeId);
      return readPage(client, { ...list, range: timeRange(request) }, request, parseFact);
    },
  };
}
