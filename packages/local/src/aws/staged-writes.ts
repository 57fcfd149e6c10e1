import { AwsError } from './aws-error.ts';
import {
  type Attributes,
  type BatchOperation,
  createKey,
  type Input,
  promise,
  type Store,
  type SubStore,
  type Table,
  validateItem,
  validateKey,
} from './dynalite.ts';

export async function locate(store: Store, parsed: Input): Promise<{ table: Table; key: string }> {
  const table = await promise<Table>((callback) => store.getTable(parsed['TableName'] as string, callback));
  if (table === undefined) throw new AwsError('ResourceNotFoundException', 'Requested resource not found');
  const item = parsed['Item'] as Attributes | undefined;
  const key = parsed['Key'] as Attributes;
  const invalid = item === undefined ? validateKey(key, table) : validateItem(item, table);
  if (invalid) throw invalid;
  return { table, key: createKey(item ?? key, table) };
}

const itemPrefix = (table: string) => `item-${table}~`;

export function isItemPut(entry: BatchOperation): entry is Extract<BatchOperation, { type: 'put' }> {
  return entry.type === 'put' && entry.key.startsWith('item-');
}

/** Returns a store for one write: it reads from the real store and collects the writes in `staged`. */
export function stagedStore(store: Store, staged: BatchOperation[]): Store {
  const collect = (prefix: string, stored: SubStore): SubStore => ({
    get: (key, callback) => stored.get(key, callback),
    put(key, value, callback) {
      staged.push({ type: 'put', key: prefix + key, value });
      callback(null);
    },
    del(key, callback) {
      staged.push({ type: 'del', key: prefix + key });
      callback(null);
    },
    // The caller holds the store's lock.
    lock: (_key, work) => work((callback) => callback),
  });
  return {
    ...store,
    getItemDb: (table) => collect(itemPrefix(table), store.getItemDb(table)),
    getIndexDb: (type, table, index) =>
      collect(`index-${type.toLowerCase()}~${table}~${index}~`, store.getIndexDb(type, table, index)),
  };
}

export function itemAt(store: Store, table: Table, key: string): Promise<Attributes | undefined> {
  return promise<Attributes>((callback) => store.getItemDb(table.TableName).get(key, callback));
}

export function requestsOldItem(input: Input): boolean {
  return input['ReturnValuesOnConditionCheckFailure'] === 'ALL_OLD';
}
