import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import { type List, type Page, type PageRequest, queryOnce, readPage, timeRange, type TimeRange } from '../pages.ts';
import { parseItem } from '../stored-item.ts';
import { parseFact } from './fact-bytes.ts';
import { runPlace } from './fact-keys.ts';
import { type FactLine, parseLine } from './fact-line.ts';
import { deliveryPlace, dispatchPlace, feeds, type placeNames, repositoryPlace } from './fact-places.ts';
import type { FactTables } from './fact-writer.ts';
import type { RecordedFact } from './recorded-fact.ts';

/**
 * Reads the fact log. Every read is one `Query` page or one `GetItem`. Lists are read from indexes, which follow a write
 * within about a second.
 * @throws InvalidCursorError for a cursor of another list
 * @throws StoredItemError for an item that does not match its schema
 */
export interface FactReads {
  /** What is found by the GUID of a delivery, or by the correlation id of a request, oldest first. */
  delivery(deliveryId: string, request: PageRequest): Promise<Page<FactLine>>;
  /** The decisions that allowed this dispatch, oldest first: one per revision. They name the run, which has everything else. */
  dispatch(dispatchId: string, request: PageRequest): Promise<Page<FactLine>>;
  /** Every fact of one run, in the order of the steps. A page contains about a thousand. */
  run(runKey: string, request: Pick<PageRequest, 'cursor'>): Promise<Page<RecordedFact>>;
  /**
   * Newest first: runs of the repository as source, decisions about it as target.
   * @param fullName `owner/name`, any case
   */
  repositoryFacts(fullName: string, request: PageRequest & TimeRange): Promise<Page<FactLine>>;
  /** The ends of a route, newest first: denials, failed and completed dispatches, and runs that cannot be followed. */
  routeFacts(routeId: string, request: PageRequest & TimeRange): Promise<Page<FactLine>>;
  /** The first facts of a list of all repositories, newest first: at most `limit`. */
  newestFacts(list: keyof typeof feeds, limit: number): Promise<readonly FactLine[]>;
}

export interface Reader {
  readonly client: DynamoDBDocumentClient;
  readonly tables: FactTables;
}

/** Names a list of facts: the partition of an index. */
export function factList(
  reader: Reader,
  place: (typeof placeNames)[number],
  value: string,
  request: TimeRange = {},
): List {
  const range = timeRange(request);
  return { table: reader.tables.facts, index: place, hash: place, value, newestFirst: true, range };
}

async function readRun({ client, tables }: Reader, runKey: string, cursor: string | undefined) {
  const place = runPlace(runKey);
  if (place === null) return { items: [], cursor: null };
  const { pk, prefix } = place;
  const scope = JSON.stringify(['run', runKey]);
  const { items, last } = await queryOnce(client, {
    TableName: tables.facts,
    KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
    // Steps are digits: they sort between these two.
    ExpressionAttributeValues: { ':pk': pk, ':from': `${prefix}0`, ':to': `${prefix}:` },
    ...(cursor === undefined ? {} : { ExclusiveStartKey: { pk, sk: decodeCursor(scope, cursor, 1)[0] } }),
  });
  return {
    items: items.map((item) => parseItem(tables.facts, item, parseFact)),
    cursor: last === undefined ? null : encodeCursor(scope, [String(last['sk'])]),
  };
}

export function createFactReads(reader: Reader): FactReads {
  const { client } = reader;
  return {
    delivery: (deliveryId, request) => {
      const list = { ...factList(reader, 'find', deliveryPlace(deliveryId)), newestFirst: false };
      return readPage(client, list, request, parseLine);
    },
    dispatch: (dispatchId, request) => {
      const list = { ...factList(reader, 'find', dispatchPlace(dispatchId)), newestFirst: false };
      return readPage(client, list, request, parseLine);
    },
    run: (runKey, { cursor }) => readRun(reader, runKey, cursor),
    repositoryFacts: (fullName, request) => {
      return readPage(client, factList(reader, 'repository', repositoryPlace(fullName), request), request, parseLine);
    },
    routeFacts: (routeId, request) => readPage(client, factList(reader, 'route', routeId, request), request, parseLine),
    newestFacts: async (list, limit) =>
      (await readPage(client, factList(reader, 'feed', feeds[list]), { limit }, parseLine)).items,
  };
}
