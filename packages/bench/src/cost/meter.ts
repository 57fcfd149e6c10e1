import { type Call, type Observe, tableName, type WorkerRequest } from '@dispatcher/chaos/simulation';
import { indexUnits, inIndex, itemSize, readUnits, writeUnits } from '@dispatcher/store/testing';
import { type TableDescription, tables } from '@dispatcher/topology';
import { unmarshall } from '@aws-sdk/util-dynamodb';

type Item = Readonly<Record<string, unknown>>;
type Input = WorkerRequest['input'];

/** The roll-up is a schedule of the facts function. */
export type Sender = WorkerRequest['worker'] | 'roll-up';

/** One write of one item. */
export interface Write {
  /** The logical table, and for a fact its type. */
  readonly item: string;
  readonly units: number;
  readonly indexUnits: number;
  /** The size of the item after the write; 0 if it was deleted. */
  readonly bytes: number;
}

export interface Stored {
  readonly table: TableDescription['name'];
  readonly bytes: number;
  readonly indexBytes: number;
  readonly months: number;
}

/** A request to AWS or GitHub, with what it is billed by. */
export interface MeteredRequest {
  readonly sender: Sender;
  readonly service: WorkerRequest['service'];
  readonly operation: string;
  readonly writes: readonly Write[];
  readonly readUnits: number;
  /** What the request added to tables until it expires. What never expires is overwritten, and is not counted. */
  readonly stored: readonly Stored[];
  /** The events of `PutEvents`. */
  readonly events: readonly { readonly type: string; readonly bytes: number }[];
}

export interface RequestMeter {
  readonly observe: Observe;
  /** Meters the requests of a client that is not a worker's. */
  wrap(sender: Sender, call: Call): Call;
  /** Sets how items are read without being metered. Call it before the first request. */
  readWith(call: Call): void;
  /** Returns the requests since the last call of this function. */
  collect(): MeteredRequest[];
}

const monthMs = (365 / 12) * 24 * 60 * 60_000;
const wireName = new Map(tables.map((table) => [tableName(table.name), table]));

function tableOf(name: unknown): TableDescription {
  const table = wireName.get(String(name));
  if (table === undefined) throw new Error(`There is no table ${String(name)}.`);
  return table;
}

const itemOf = (marshalled: unknown): Item => unmarshall(withBytes((marshalled ?? {}) as Item) as never);

/** Returns an item of the JSON protocol with its binary values as bytes: as base64 they would count a third more. */
function withBytes(item: Item): Item {
  return Object.fromEntries(
    Object.entries(item).map(([name, value]) => {
      const { B: base64 } = value as { readonly B?: string };
      return [name, typeof base64 === 'string' ? { B: Buffer.from(base64, 'base64') } : value];
    }),
  );
}

interface Target {
  readonly table: TableDescription;
  readonly wireTable: string;
  readonly key: Readonly<Record<string, unknown>>;
}

/** Returns the items that a request writes or checks. */
function targetsOf(operation: string, input: Input): Target[] {
  const actions =
    operation === 'TransactWriteItems'
      ? (input['TransactItems'] as Record<string, Input>[]).flatMap((action) => Object.values(action))
      : ['PutItem', 'UpdateItem', 'DeleteItem'].includes(operation)
        ? [input]
        : [];
  return actions.map((action) => {
    const table = tableOf(action['TableName']);
    const given = (action['Key'] ?? action['Item']) as Record<string, unknown>;
    const names = table.range === undefined ? [table.hash] : [table.hash, table.range];
    return {
      table,
      wireTable: String(action['TableName']),
      key: Object.fromEntries(names.map((name) => [name, given[name]])),
    };
  });
}

/** Returns the read units of a response, by the items that were returned. */
function readUnitsOf(operation: string, input: Input, output: Input): number {
  const sizes = (items: unknown) => ((items ?? []) as unknown[]).map((item) => itemSize(itemOf(item)));
  const isConsistent = input['ConsistentRead'] === true;
  if (operation === 'GetItem') return readUnits(itemSize(itemOf(output['Item'])), isConsistent);
  if (operation === 'Query') return readUnits(sum(sizes(output['Items'])), isConsistent);
  if (operation !== 'BatchGetItem') return 0;
  const requested = input['RequestItems'] as Record<string, { Keys: unknown[]; ConsistentRead?: boolean }>;
  const responses = (output['Responses'] ?? {}) as Record<string, unknown[]>;
  return sum(
    Object.entries(requested).map(([name, { Keys: keys, ConsistentRead: consistent = false }]) => {
      const found = sizes(responses[name]);
      // An absent item is billed like the smallest one.
      const absent = Array.from({ length: keys.length - found.length }, () => 1);
      return sum([...found, ...absent].map((bytes) => readUnits(bytes, consistent)));
    }),
  );
}

/** What DynamoDB adds to each item, and to each entry of an index, when it bills storage. */
const overheadBytes = 100;

function billedBytes(item: Item | null): number {
  return item === null || Object.keys(item).length === 0 ? 0 : itemSize(item) + overheadBytes;
}

/** Returns what a write added; null where the item shrank or never expires. */
function storedBy({
  target: { table },
  old,
  now,
}: {
  readonly target: Target;
  readonly old: Item;
  readonly now: Item;
}): Stored | null {
  const indexBytesOf = (item: Item) => sum(table.indexes.map((index) => billedBytes(inIndex(index, item))));
  const months = (Number(now['expiresAt'] ?? 0) * 1_000 - Date.now()) / monthMs;
  const [bytes, indexBytes] = [billedBytes(now) - billedBytes(old), indexBytesOf(now) - indexBytesOf(old)];
  return months <= 0 || bytes <= 0 ? null : { table: table.name, bytes, indexBytes, months };
}

/** Meters requests as AWS bills them, from the requests that are sent and the items before and after them. */
export function createRequestMeter(): RequestMeter {
  const requests: MeteredRequest[] = [];
  const factNames = new Map<string, string>();
  let read: Call | null = null;
  const itemsOf = (targets: readonly Target[]) =>
    Promise.all(
      targets.map(async ({ wireTable, key }) => {
        if (read === null) throw new Error('Call readWith before the first request.');
        const found = (await read('GetItem', { TableName: wireTable, Key: key, ConsistentRead: true })) as Input;
        return itemOf(found['Item']);
      }),
    );

  /** Names the item by its table, a fact by its type, and others by the first part of their key. */
  function nameOf({ table }: Target, { pk, sk }: Item): string {
    const fact = factNames.get(String(sk).split('#').at(-1) ?? '');
    if (table.name === 'facts' && !String(pk).startsWith('log#') && fact !== undefined) return `facts ${fact}`;
    return `${table.name} ${String(table.name === 'plans' ? 'plan' : pk).split('#')[0]}`;
  }

  /** Remembers the types of the facts that are published, whose stored form is not readable. */
  function noteFacts(input: Input): MeteredRequest['events'] {
    const entries = (input['Entries'] ?? []) as readonly { Detail: string }[];
    return entries.map(({ Detail: text }) => {
      const { id, type, data } = JSON.parse(text) as {
        id: string;
        type: string;
        data: { decision?: { effect: string } };
      };
      factNames.set(id, data.decision === undefined ? type : `${type} (${data.decision.effect})`);
      return { type, bytes: Buffer.byteLength(text) };
    });
  }

  async function meter<T>(
    { sender, service, operation, input }: Omit<WorkerRequest, 'worker'> & { readonly sender: Sender },
    perform: () => Promise<T>,
  ): Promise<T> {
    const common = { sender, service, operation };
    if (service !== 'dynamodb') {
      const events = operation === 'PutEvents' ? noteFacts(input) : [];
      requests.push({ ...common, writes: [], readUnits: 0, stored: [], events });
      return perform();
    }
    const targets = targetsOf(operation, input);
    const before = await itemsOf(targets);
    const factor = operation === 'TransactWriteItems' ? 2 : 1;
    let output: Input = {};
    try {
      const result = await perform();
      output = result as Input;
      return result;
    } finally {
      const after = await itemsOf(targets);
      const changes = targets.map((target, index) => ({
        target,
        old: before[index] ?? {},
        now: after[index] ?? {},
      }));
      requests.push({
        ...common,
        writes: changes.map(({ target, old, now }) => ({
          item: nameOf(target, { ...old, ...now, ...itemOf(target.key) }),
          units: factor * writeUnits(Math.max(itemSize(old), itemSize(now))),
          indexUnits: indexUnits(target.table, Object.keys(old).length === 0 ? undefined : old, now),
          bytes: Object.keys(now).length === 0 ? 0 : itemSize(now),
        })),
        readUnits: readUnitsOf(operation, input, output),
        stored: changes.map(storedBy).filter((added) => added !== null),
        events: [],
      });
    }
  }

  return {
    observe: ({ worker, ...request }, perform) => meter({ ...request, sender: worker }, perform),
    wrap: (sender, call) => (operation, input) =>
      meter({ sender, service: 'dynamodb', operation, input }, () => call(operation, input)),
    readWith: (call) => {
      read = call;
    },
    collect: () => requests.splice(0),
  };
}

export const sum = (values: readonly number[]): number => values.reduce((total, value) => total + value, 0);

/** Returns the write units of requests, indexes included. */
export const unitsOf = (requests: readonly MeteredRequest[]): number =>
  sum(requests.flatMap(({ writes }) => writes.map(({ units, indexUnits: indexed }) => units + indexed)));
