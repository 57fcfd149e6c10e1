import { type DynamoDBDocumentClient, QueryCommand, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import { InvalidCursorError, decodeCursor, encodeCursor } from './cursor.ts';
import { parseItem, type StoredItem } from './stored-item.ts';

export interface Page<T> {
  readonly items: readonly T[];
  /** Cursor of the next page; null on the last page. Facts recorded between two pages neither shift nor repeat rows. */
  readonly cursor: string | null;
}

export interface PageRequest {
  readonly cursor?: string | undefined;
  /** Maximum number of rows. */
  readonly limit?: number;
}

/** Names the items under one partition key of a table or of one of its indexes. */
export interface List {
  readonly table: string;
  /** Null for the table itself, which sorts by `sk`; indexes sort by `order`. */
  readonly index: string | null;
  /** Name and value of the partition key. */
  readonly hash: string;
  readonly value: string;
  readonly newestFirst: boolean;
}

const defaultLimit = 50;

/**
 * Reads one page with one `Query`.
 * @param parse parses one item with its schema
 * @throws InvalidCursorError for a cursor of another list
 * @throws StoredItemError for an item that does not match its schema
 */
export async function readPage<T>(
  client: DynamoDBDocumentClient,
  list: List,
  { cursor, limit = defaultLimit }: PageRequest,
  parse: (item: StoredItem) => T,
): Promise<Page<T>> {
  const { items, last } = await queryOnce(client, {
    TableName: list.table,
    ...(list.index === null ? {} : { IndexName: list.index }),
    KeyConditionExpression: '#hash = :hash',
    ExpressionAttributeNames: { '#hash': list.hash },
    ExpressionAttributeValues: { ':hash': list.value },
    ScanIndexForward: !list.newestFirst,
    Limit: limit,
    ...(cursor === undefined ? {} : { ExclusiveStartKey: startOf(list, cursor) }),
  });
  return {
    items: items.map((item) => parseItem(list.table, item, parse)),
    cursor: last === undefined ? null : encodeCursor(positionsOf(list, last)),
  };
}

/** Sends one `Query` and returns the items as stored, with the start key of the next page. */
export async function queryOnce(client: DynamoDBDocumentClient, input: QueryCommandInput) {
  const { Items: items = [], LastEvaluatedKey: last } = await client
    .send(new QueryCommand(input))
    .catch(throwQueryError);
  return { items: items as StoredItem[], last };
}

/** Translates the error that DynamoDB returns for a start key outside the queried sort keys: no page ended there. */
function throwQueryError(error: unknown): never {
  if (error instanceof Error && error.name === 'ValidationException' && /starting key/i.test(error.message)) {
    throw new InvalidCursorError();
  }
  throw error;
}

function positionsOf({ index }: List, last: Readonly<Record<string, unknown>>): string[] {
  const names = index === null ? ['sk'] : ['order', 'pk', 'sk'];
  return names.map((name) => String(last[name]));
}

function startOf({ index, hash, value }: List, cursor: string) {
  if (index === null) return { [hash]: value, sk: decodeCursor(cursor, 1)[0] };
  const [order, pk, sk] = decodeCursor(cursor, 3);
  return { [hash]: value, order, pk, sk };
}
