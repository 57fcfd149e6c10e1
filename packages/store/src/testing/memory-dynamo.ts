import { ConditionalCheckFailedException, TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import {
  BatchGetCommand,
  type BatchGetCommandInput,
  DeleteCommand,
  type DeleteCommandInput,
  type DynamoDBDocumentClient,
  GetCommand,
  type GetCommandInput,
  PutCommand,
  type PutCommandInput,
  QueryCommand,
  type QueryCommandInput,
  ScanCommand,
  type ScanCommandInput,
  TransactWriteCommand,
  type TransactWriteCommandInput,
  UpdateCommand,
  type UpdateCommandInput,
} from '@aws-sdk/lib-dynamodb';
import { type TableDescription, tables } from '@dispatcher/topology';
import { itemSize } from '../facts/item-size.ts';
import { type Capacity, indexUnits, inIndex, noCapacity, readUnits, writeUnits } from './capacity.ts';
import { type Attributes, type Expressed, hashValue, holds, matches, updated } from './expressions.ts';

/** A DynamoDB model in this process, fast enough for thousands of histories: real requests, tables in maps. */
export interface MemoryDynamo {
  /** Creates a client. @param meet wraps every call; it may throw or wait */
  newClient(meet?: Meet): DynamoDBDocumentClient;
  /** Keeps a copy of a table. */
  backUp(table: string): void;
  /** Replaces a table by its last copy; without one, by an empty table. */
  restore(table: string): void;
  /** Deletes what a long simulation does not read again, so that its memory stays bounded. */
  forget(table: string, isUnneeded: (item: Attributes) => boolean): void;
  /** Starts or stops counting the capacity. */
  setMetered(isMetered: boolean): void;
  /** Returns the capacity consumed since the last call of this function. */
  collectCapacity(): Capacity;
}

export type Meet = (command: string, perform: () => object, input: object) => Promise<object>;

type Partition = Map<string, Attributes>;
type Write = { readonly table: TableDescription; readonly after: Attributes };
type WriteInput = Expressed &
  Pick<PutCommandInput, 'TableName' | 'ConditionExpression' | 'ReturnValuesOnConditionCheckFailure'> &
  Partial<Pick<PutCommandInput, 'Item'> & Pick<UpdateCommandInput, 'Key' | 'UpdateExpression'>>;

// As dynalite says it.
const tooLarge = 'Item size has exceeded the maximum allowed size';
const maxItemBytes = 400 * 1024;

// Shared: most conditions of a history fail, and creating an error costs more than the rest of the call.
const refused = new ConditionalCheckFailedException({ message: 'The conditional request failed', $metadata: {} });

/**
 * Creates an empty model. Physical table names equal the logical ones. Items are stored without a copy.
 * @param metered whether capacity is counted, which takes most of the time of a call
 */
export function createMemoryDynamo({ metered: isMetered = false } = {}): MemoryDynamo {
  let metered = isMetered;
  const stored = new Map(tables.map(({ name }) => [name as string, new Map<string, Partition>()]));
  const backups = new Map<string, Map<string, Partition>>();
  let capacity = noCapacity();

  function partition(table: string, pk: string): Partition {
    const partitions = stored.get(table) ?? new Map<string, Partition>();
    const found = partitions.get(pk) ?? new Map<string, Attributes>();
    partitions.set(pk, found);
    return found;
  }

  function itemAt(table: string, key: Attributes): Attributes | undefined {
    return partition(table, String(key['pk'])).get(String(key['sk']));
  }

  function staged(input: WriteInput): Write | null {
    const key = input.Item ?? input.Key ?? {};
    const table = described(input.TableName);
    const before = itemAt(table.name, key);
    if (!holds(input, input.ConditionExpression, before)) return null;
    const after =
      input.Item === undefined ? updated(input, input.UpdateExpression ?? '', before ?? key) : compact(input.Item);
    if (itemSize(after) > maxItemBytes) throw new Error(tooLarge);
    return { table, after };
  }

  function store({ table, after }: Write, factor: 1 | 2): void {
    if (metered) {
      const before = itemAt(table.name, after);
      const bytes = itemSize(after);
      const largest = Math.max(bytes, before === undefined ? 0 : itemSize(before));
      capacity.bytesWritten += bytes;
      capacity[factor === 2 ? 'transactionUnits' : 'singleUnits'] += factor * writeUnits(largest);
      capacity.indexUnits += indexUnits(table, before, after);
    }
    partition(table.name, String(after['pk'])).set(String(after['sk']), after);
  }

  function writeOne(input: WriteInput): object {
    const write = staged(input);
    if (write === null) {
      const existing = itemAt(input.TableName ?? '', input.Item ?? input.Key ?? {}) ?? {};
      if (metered) capacity.singleUnits += writeUnits(itemSize(existing));
      throw input.ReturnValuesOnConditionCheckFailure === 'ALL_OLD' ? refusedFor(existing) : refused;
    }
    store(write, 1);
    return {};
  }

  function transact({ TransactItems: items = [] }: TransactWriteCommandInput): object {
    const inputs = items.map(({ Put: put, Update: update }) => (put ?? update ?? {}) as WriteInput);
    const places = inputs.map(({ TableName, Item, Key }) => JSON.stringify([TableName, keyOf(Item ?? Key ?? {})]));
    if (inputs.length > 100 || new Set(places).size < places.length)
      throw new Error('DynamoDB refuses this transaction: more than 100 actions, or two on one item.');
    const writes = inputs.map(staged);
    if (writes.includes(null)) throw cancelled(writes);
    for (const write of writes) if (write !== null) store(write, 2);
    return {};
  }

  function get({ TableName: table = '', Key: key = {}, ConsistentRead: consistent = false }: GetCommandInput): object {
    const item = itemAt(table, key);
    read(item === undefined ? [] : [item], consistent);
    return item === undefined ? {} : { Item: item };
  }

  function batchGet({ RequestItems: requested = {} }: BatchGetCommandInput): object {
    const responses = Object.entries(requested).map(
      ([table, { Keys: keys = [], ConsistentRead: consistent = false }]) => {
        const names = new Set(keys.map(({ pk, sk }) => JSON.stringify([pk, sk])));
        if (keys.length > 100 || names.size < keys.length)
          throw new Error('DynamoDB refuses this batch: more than 100 keys, or one of them twice.');
        const items = keys.flatMap((key: Attributes): Attributes[] => {
          const item = itemAt(table, key);
          return item === undefined ? [] : [item];
        });
        for (const item of items) read([item], consistent);
        return [table, items] as const;
      },
    );
    return { Responses: Object.fromEntries(responses), UnprocessedKeys: {} };
  }

  function scan({ TableName: table = '' }: ScanCommandInput): object {
    const items = [...(stored.get(table)?.values() ?? [])].flatMap((partitioned) => [...partitioned.values()]);
    read(items, false);
    return { Items: items };
  }

  function remove(input: DeleteCommandInput): object {
    const key = input.Key ?? {};
    if (!holds(input, input.ConditionExpression, itemAt(input.TableName ?? '', key))) throw refused;
    partition(input.TableName ?? '', String(key['pk'])).delete(String(key['sk']));
    return {};
  }

  function read(items: readonly Attributes[], consistent: boolean): void {
    if (!metered) return;
    const bytes = items.reduce((sum, item) => sum + itemSize(item), 0);
    capacity.itemsRead += items.length;
    capacity.bytesRead += bytes;
    capacity.readUnits += readUnits(bytes, consistent);
  }

  function query(input: QueryCommandInput): object {
    const table = described(input.TableName);
    const { items, positionOf } = candidates(table, input);
    const expression = input.KeyConditionExpression ?? '';
    const sorted = items
      .filter((item) => matches(input, expression, item))
      .map((item) => ({ item, position: positionOf(item) }))
      .toSorted((a, b) => (a.position < b.position ? -1 : 1));
    if (input.ScanIndexForward === false) sorted.reverse();
    const start = input.ExclusiveStartKey === undefined ? null : positionOf(input.ExclusiveStartKey);
    const isBehind = (position: string): boolean =>
      start === null || (input.ScanIndexForward === false ? position < start : position > start);
    const page = sorted.filter(({ position }) => isBehind(position)).slice(0, input.Limit);
    read(
      page.map(({ item }) => item),
      input.ConsistentRead ?? false,
    );
    const last = page.length === input.Limit ? page.at(-1)?.item : undefined;
    return { Items: page.map(({ item }) => item), LastEvaluatedKey: last };
  }

  function candidates(table: TableDescription, input: QueryCommandInput) {
    const index = table.indexes.find(({ name }) => name === input.IndexName);
    if (index === undefined) {
      const pk = hashValue(input, input.KeyConditionExpression ?? '');
      const positionOf = ({ sk }: Attributes) => String(sk);
      return { items: [...partition(table.name, String(pk)).values()], positionOf };
    }
    const value = hashValue(input, input.KeyConditionExpression ?? '');
    const items: Attributes[] = [];
    for (const partitioned of stored.get(table.name)?.values() ?? []) {
      for (const item of partitioned.values()) {
        const entry = item[index.hash] === value ? inIndex(index, item) : null;
        if (entry !== null) items.push(entry);
      }
    }
    const positionOf = (item: Attributes) => [item[index.range], item['pk'], item['sk']].join('\u0000');
    return { items, positionOf };
  }

  function run(command: unknown): object {
    capacity.requests += 1;
    if (command instanceof PutCommand) return writeOne(command.input);
    if (command instanceof UpdateCommand) return writeOne(command.input);
    if (command instanceof TransactWriteCommand) return transact(command.input);
    if (command instanceof GetCommand) return get(command.input);
    if (command instanceof QueryCommand) return query(command.input);
    if (command instanceof BatchGetCommand) return batchGet(command.input);
    if (command instanceof ScanCommand) return scan(command.input);
    if (command instanceof DeleteCommand) return remove(command.input);
    throw new Error('The DynamoDB model does not support this command.');
  }

  return {
    newClient: (meet = async (_command, perform) => perform()) => {
      const send = (command: object) =>
        meet(command.constructor.name, () => run(command), (command as { readonly input: object }).input);
      // The stores use no other method of the client.
      return { send } as unknown as DynamoDBDocumentClient;
    },
    backUp: (table) => {
      const copy = [...(stored.get(table) ?? [])].map(([pk, items]) => [pk, new Map(items)] as const);
      backups.set(table, new Map(copy));
    },
    restore: (table) => {
      const copy = [...(backups.get(table) ?? [])].map(([pk, items]) => [pk, new Map(items)] as const);
      stored.set(table, new Map(copy));
    },
    forget: (table, isUnneeded) => {
      const partitions = stored.get(table) ?? new Map<string, Partition>();
      for (const [pk, items] of partitions) {
        for (const [sk, item] of items) if (isUnneeded(item)) items.delete(sk);
        if (items.size === 0) partitions.delete(pk);
      }
    },
    setMetered: (on) => {
      metered = on;
    },
    collectCapacity: () => {
      const consumed = capacity;
      capacity = noCapacity();
      return consumed;
    },
  };
}

function described(name: string | undefined): TableDescription {
  const table = tables.find((each) => each.name === name);
  if (table === undefined) throw new Error(`There is no table ${String(name)}.`);
  return table;
}

/** Returns the error as the SDK throws it: its item is not unmarshalled. */
function refusedFor({ id }: Attributes): ConditionalCheckFailedException {
  const Item = { id: { S: String(id) } };
  return new ConditionalCheckFailedException({ message: 'The conditional request failed', $metadata: {}, Item });
}

/** Returns the item with copies of its bytes: what zlib returns is a part of a buffer of many kilobytes. */
function compact(item: Attributes): Attributes {
  const large = Object.entries(item).filter(
    ([, value]) => value instanceof Uint8Array && value.buffer.byteLength > 2 * value.byteLength,
  );
  if (large.length === 0) return item;
  return { ...item, ...Object.fromEntries(large.map(([name, value]) => [name, new Uint8Array(value as Uint8Array)])) };
}

const keyOf = ({ pk, sk }: Attributes): readonly unknown[] => [pk, sk];

function cancelled(writes: readonly (Write | null)[]): TransactionCanceledException {
  return new TransactionCanceledException({
    message: 'Transaction cancelled',
    $metadata: {},
    CancellationReasons: writes.map((write) => ({ Code: write === null ? 'ConditionalCheckFailed' : 'None' })),
  });
}
