import type { Fact } from '@dispatcher/contracts';
import { type DynamoDBDocumentClient, GetCommand, QueryCommand, type QueryCommandInput } from '@aws-sdk/lib-dynamodb';
import { type BriefFact, type FactDetail, join } from './brief.ts';
import { decodeCursor, encodeCursor } from './cursor.ts';
import { detailKey, feedKey, isDetail } from './keys.ts';
import { type RouteStatus, routeStatusKey } from './latest.ts';
import type { DeliveryRow } from './row.ts';
import { type Totals, type TotalsSpan, totalsKey } from './totals.ts';
import type { FactTables } from './transactions.ts';

export interface Page<T> {
  readonly items: readonly T[];
  /** Hand it back for what follows; null at the end. Facts recorded meanwhile neither shift nor repeat a line. */
  readonly cursor: string | null;
}

export interface PageRequest {
  readonly cursor?: string | undefined;
  /** At most so many lines. */
  readonly limit?: number;
}

/**
 * Every read is one `Query` page or one `GetItem`, and answers what is stored. Lists are read from indexes, which follow
 * a write within about a second. @throws CursorInvalid for a cursor of another list.
 */
export interface FactReads {
  /** Newest first. A delivery has a line when its run was planned, was found repeated, or went to the dead letters. */
  deliveries(request: PageRequest): Promise<Page<DeliveryRow>>;
  /** The journey of one delivery: every fact with its GUID, oldest first. */
  delivery(deliveryId: string, request: PageRequest): Promise<Page<BriefFact>>;
  /** Every fact of one run with its checks, in the order of the steps. */
  run(runKey: string, request: Pick<PageRequest, 'cursor'>): Promise<Page<Fact>>;
  /** Newest first: as source, its runs; as target, the decisions and dispatches. @param fullName `owner/name`, any case. */
  repository(fullName: string, request: PageRequest): Promise<Page<BriefFact>>;
  /** Newest first. */
  route(routeId: string, request: PageRequest): Promise<Page<BriefFact>>;
  routeStatus(routeId: string): Promise<RouteStatus | null>;
  /** Empty where nothing was counted in that time. */
  totals(span: TotalsSpan): Promise<Totals>;
}

const defaultLimit = 50;
const journeyLimit = 200;

interface Reader {
  readonly client: DynamoDBDocumentClient;
  readonly tables: FactTables;
}

interface IndexQuery {
  readonly index: string;
  readonly hash: string;
  readonly value: string;
  readonly newestFirst: boolean;
}

// Items are typed as recordFacts wrote them, not parsed again: that would refuse the facts of earlier releases.
type StoredItem = Readonly<Record<string, unknown>> & { readonly pk: string; readonly sk: string };

async function query(reader: Reader, input: Omit<QueryCommandInput, 'TableName'>) {
  const { Items: items = [], LastEvaluatedKey: last } = await reader.client.send(
    new QueryCommand({ TableName: reader.tables.facts, ...input }),
  );
  return { items: items as StoredItem[], last };
}

async function readIndex<T>(
  reader: Reader,
  { index, hash, value, newestFirst }: IndexQuery,
  { cursor, limit = defaultLimit }: PageRequest,
  attribute: 'fact' | 'row',
): Promise<Page<T>> {
  const { items, last } = await query(reader, {
    IndexName: index,
    KeyConditionExpression: '#hash = :hash',
    ExpressionAttributeNames: { '#hash': hash },
    ExpressionAttributeValues: { ':hash': value },
    ScanIndexForward: !newestFirst,
    Limit: limit,
    ...(cursor === undefined ? {} : { ExclusiveStartKey: indexStart(hash, value, cursor) }),
  });
  return {
    items: items.map((item) => item[attribute] as T),
    cursor: last === undefined ? null : encodeCursor([last['order'], last['pk'], last['sk']]),
  };
}

function indexStart(hash: string, value: string, cursor: string) {
  const [order, pk, sk] = decodeCursor(cursor, 3);
  return { [hash]: value, order, pk, sk };
}

async function readRun(reader: Reader, runKey: string, cursor: string | undefined): Promise<Page<Fact>> {
  const { items, last } = await query(reader, {
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': runKey },
    Limit: journeyLimit,
    ...(cursor === undefined ? {} : { ExclusiveStartKey: { pk: runKey, sk: decodeCursor(cursor, 1)[0] } }),
  });
  // A page may end between a fact and its detail: that fact is left to the next page.
  const whole = last !== undefined && items.at(-1)?.['hasDetail'] === true ? items.slice(0, -1) : items;
  const end = whole.at(-1)?.sk;
  const details = new Map(
    whole.filter(({ sk }) => isDetail(sk)).map((item) => [item.sk, item['detail'] as FactDetail]),
  );
  return {
    items: whole
      .filter(({ sk }) => !isDetail(sk))
      .map((item) => join(item['fact'] as BriefFact, details.get(detailKey(item).sk) ?? null)),
    cursor: last === undefined || end === undefined ? null : encodeCursor([end]),
  };
}

async function readProjection(reader: Reader, key: { readonly pk: string; readonly sk: string }) {
  const { Item: item } = await reader.client.send(
    new GetCommand({ TableName: reader.tables.projections, Key: { pk: key.pk, sk: key.sk } }),
  );
  return item;
}

const newest = (index: string, hash: string, value: string): IndexQuery => ({ index, hash, value, newestFirst: true });

export function createFactReads(reader: Reader): FactReads {
  return {
    deliveries: (request) => readIndex(reader, newest('feed', 'feed', feedKey), request, 'row'),
    delivery: (deliveryId, request) =>
      readIndex(
        reader,
        { index: 'by-delivery', hash: 'correlationId', value: deliveryId, newestFirst: false },
        { limit: journeyLimit, ...request },
        'fact',
      ),
    run: (runKey, { cursor }) => readRun(reader, runKey, cursor),
    repository: (fullName, request) =>
      readIndex(reader, newest('by-repository', 'repository', fullName.toLowerCase()), request, 'fact'),
    route: (routeId, request) => readIndex(reader, newest('by-route', 'routeId', routeId), request, 'fact'),
    routeStatus: async (routeId) => {
      const item = await readProjection(reader, routeStatusKey(routeId));
      return item === undefined ? null : (item['status'] as RouteStatus);
    },
    totals: async (span) => {
      const { pk: _, sk: __, expiresAt: ___, ...totals } = (await readProjection(reader, totalsKey(span))) ?? {};
      return totals;
    },
  };
}
