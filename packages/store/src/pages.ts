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

/** Whether a row is one that the reader may see. */
export type IsSeen<Row> = (row: Row) => boolean;

/** Restricts a list that is sorted by time. Times are ISO 8601; without one, the list is not limited on that side. */
export interface TimeRange {
  /** Rows of this time and later. */
  readonly since?: string | undefined;
  /** Rows before this time. */
  readonly until?: string | undefined;
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
  /** The range of the sort keys, both ends included; all items if absent. */
  readonly range?: KeyRange | undefined;
  /** The filter of the list, as text: a cursor belongs to one list with one filter. */
  readonly filter?: string;
}

export interface KeyRange {
  readonly from: string;
  readonly to: string;
}

/**
 * Returns the range of `order` values, which begin with the time in milliseconds and `#`; undefined without limits.
 * DynamoDB refuses a range whose end precedes its start: callers check that `until` is not before `since`.
 */
export function timeRange({ since, until }: TimeRange): KeyRange | undefined {
  if (since === undefined && until === undefined) return undefined;
  // No order equals a bare time, so `until` itself is excluded. `~` sorts after every digit.
  return { from: since === undefined ? '0' : normalized(since), to: until === undefined ? '~' : normalized(until) };
}

const normalized = (time: string): string => new Date(time).toISOString();

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
    ...queryOf(list),
    Limit: limit,
    ...(cursor === undefined ? {} : { ExclusiveStartKey: startOf(list, cursor) }),
  });
  return {
    items: items.map((item) => parseItem(list.table, item, parse)),
    cursor: last === undefined ? null : cursorOf(list, last),
  };
}

function queryOf(list: List) {
  const { range } = list;
  return {
    TableName: list.table,
    ...(list.index === null ? {} : { IndexName: list.index }),
    KeyConditionExpression: range === undefined ? '#hash = :hash' : '#hash = :hash AND #range BETWEEN :from AND :to',
    ExpressionAttributeNames: { '#hash': list.hash, ...(range === undefined ? {} : { '#range': rangeName(list) }) },
    ExpressionAttributeValues: {
      ':hash': list.value,
      ...(range === undefined ? {} : { ':from': range.from, ':to': range.to }),
    },
    ScanIndexForward: !list.newestFirst,
  };
}

const cursorOf = (list: List, last: Readonly<Record<string, unknown>>): string =>
  encodeCursor(scopeOf(list), positionsOf(list, last));

/**
 * Reads one page of the rows of an index that a filter accepts, with one `Query`. It reads on until it has `limit` rows or has examined
 * `examined` items (DynamoDB ends a page after 1 MB), so a page can contain few rows or none and still have a cursor.
 * @param pick returns the row of an item, or null. `previous`: the sort key of the item before it in the list, if any.
 * @param isSeen the rows that the reader may see; all by default. The others count neither as rows nor towards the limit: a
 *   cursor must not tell how many of them the filter accepts.
 */
export async function readMatching<T>(
  client: DynamoDBDocumentClient,
  list: List,
  { cursor, limit = defaultLimit }: PageRequest,
  { examined }: { readonly examined: number },
  pick: (item: StoredItem, previous: string | null) => T | null,
  isSeen: IsSeen<T> = () => true,
): Promise<Page<T>> {
  const start = cursor === undefined ? undefined : startOf(list, cursor);
  const { items, last } = await queryOnce(client, {
    ...queryOf(list),
    Limit: examined,
    ...(start === undefined ? {} : { ExclusiveStartKey: start }),
  });
  const rows: T[] = [];
  let before: Readonly<Record<string, unknown>> | undefined = start;
  for (const item of items) {
    const previous = before === undefined ? null : String(before['order']);
    const row = parseItem(list.table, item, () => pick(item, previous));
    if (row !== null && isSeen(row)) {
      if (rows.length === limit && before !== undefined) return { items: rows, cursor: cursorOf(list, before) };
      rows.push(row);
    }
    before = item;
  }
  return { items: rows, cursor: last === undefined ? null : cursorOf(list, last) };
}

/** Sends one `Query` and returns the items as stored, with the start key of the next page. */
export async function queryOnce(client: DynamoDBDocumentClient, input: QueryCommandInput) {
  const { Items: items = [], LastEvaluatedKey: last } = await client
    .send(new QueryCommand(input))
    .catch(throwQueryError);
  return { items: items as StoredItem[], last };
}

/**
 * Yields every item that a query matches, in order: it sends a `Query` for each page, which ends after 1 MB or `Limit` items.
 * A page is read once the caller has used up the one before it, so none is read after the caller stops.
 */
export async function* queryEach(client: DynamoDBDocumentClient, input: QueryCommandInput): AsyncGenerator<StoredItem> {
  let start: QueryCommandInput['ExclusiveStartKey'];
  do {
    const page = await queryOnce(client, start === undefined ? input : { ...input, ExclusiveStartKey: start });
    yield* page.items;
    start = page.last;
  } while (start !== undefined);
}

/** Returns every item that a query matches, of all pages. */
export async function queryAll(client: DynamoDBDocumentClient, input: QueryCommandInput): Promise<StoredItem[]> {
  const items: StoredItem[] = [];
  for await (const item of queryEach(client, input)) items.push(item);
  return items;
}

/** Translates the error that DynamoDB returns for a start key outside the queried sort keys: no page ended there. */
function throwQueryError(error: unknown): never {
  if (error instanceof Error && error.name === 'ValidationException' && /starting key/i.test(error.message)) {
    throw new InvalidCursorError();
  }
  throw error;
}

const rangeName = ({ index }: List): string => (index === null ? 'sk' : 'order');

/** Names the list with its filters. */
function scopeOf({ index, value, newestFirst, range, filter }: List): string {
  return JSON.stringify([index, value, newestFirst, range?.from, range?.to, ...(filter === undefined ? [] : [filter])]);
}

function positionsOf({ index }: List, last: Readonly<Record<string, unknown>>): string[] {
  const names = index === null ? ['sk'] : ['order', 'pk', 'sk'];
  return names.map((name) => String(last[name]));
}

function startOf(list: List, cursor: string) {
  const { index, hash, value } = list;
  if (index === null) return { [hash]: value, sk: decodeCursor(scopeOf(list), cursor, 1)[0] };
  const [order, pk, sk] = decodeCursor(scopeOf(list), cursor, 3);
  return { [hash]: value, order, pk, sk };
}
