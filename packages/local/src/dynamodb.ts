import { isDeepStrictEqual } from 'node:util';
import { AwsError } from './aws-error.ts';
import {
  type Attributes,
  type BatchOperation,
  checkConditional,
  createKey,
  createStore,
  type DynaliteError,
  type Input,
  isOperation,
  itemSize,
  type Operation,
  parseInput,
  promise,
  runAction,
  type Store,
  type SubStore,
  type Table,
  validateItem,
  validateKey,
} from './dynalite.ts';

export interface DynamoDb {
  /** Runs one operation of DynamoDB's JSON protocol. Throws {@link AwsError}. */
  call(operation: string, input: Input): Promise<object>;
  close(): Promise<void>;
}

type TransactKind = 'Put' | 'Update' | 'Delete' | 'ConditionCheck';

interface TransactAction {
  readonly kind: TransactKind;
  readonly input: Input;
  readonly parsed: Input;
  readonly table: Table;
  /** Where the item stands in its table's store. */
  readonly key: string;
}

interface CancellationReason {
  readonly Code: string;
  readonly Message?: string;
  readonly Item?: Attributes;
}

const writes: readonly Operation[] = ['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem'];
const tableChanges: readonly Operation[] = ['CreateTable', 'DeleteTable', 'UpdateTable'];
const operationOfKind: Readonly<Record<TransactKind, Operation>> = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  // It has the members of a DeleteItem; only its condition is used.
  ConditionCheck: 'DeleteItem',
};

const maximumActions = 100;
const maximumTransactionBytes = 4 * 1024 * 1024;
const tokenLifetimeMs = 10 * 60_000;

/**
 * DynamoDB over dynalite's store, with what dynalite lacks: TransactWriteItems, and the old item in the answer of a failed
 * condition. Writes go one after another, and each is one atomic batch of the store with all its index entries, so a
 * killed process leaves a transaction whole or not at all. A `TransactionConflict` therefore never happens here.
 */
export async function openDynamoDb(options: { path?: string; now: () => number }): Promise<DynamoDb> {
  const store = createStore(options.path);
  await store.db.open();
  const exclusively = createLock();
  const transact = createTransactions(store, options.now);

  async function run(operation: string, input: Input): Promise<object> {
    if (operation === 'TransactWriteItems') return exclusively(() => transact(input));
    if (!isOperation(operation)) {
      throw new AwsError('UnknownOperationException', `The local DynamoDB has no ${operation}.`);
    }
    const parsed = parseInput(store, operation, input);
    if (writes.includes(operation)) return exclusively(() => write(store, operation, input, parsed));
    return tableChanges.includes(operation)
      ? exclusively(() => runAction(store, operation, parsed))
      : runAction(store, operation, parsed);
  }

  return {
    async call(operation, input) {
      try {
        return await run(operation, input);
      } catch (error) {
        throw toAwsError(error);
      }
    },
    close: () => exclusively(() => store.db.close()),
  };
}

function createLock(): <T>(work: () => Promise<T>) => Promise<T> {
  let last: Promise<unknown> = Promise.resolve();
  return (work) => {
    const mine = last.then(work);
    last = mine.catch(() => undefined);
    return mine;
  };
}

async function write(store: Store, operation: Operation, input: Input, parsed: Input): Promise<object> {
  const staged: BatchOperation[] = [];
  try {
    const output = await runAction(stagedStore(store, staged), operation, parsed);
    await store.db.batch(staged);
    return output;
  } catch (error) {
    const failure = toAwsError(error);
    if (failure.type !== 'ConditionalCheckFailedException' || !wantsOldItem(input)) throw failure;
    const { table, key } = await locate(store, parsed);
    const item = await itemAt(store, table, key);
    throw new AwsError(failure.type, failure.message, item === undefined ? {} : { Item: item });
  }
}

function createTransactions(store: Store, now: () => number): (input: Input) => Promise<object> {
  const done = new Map<string, { readonly input: Input; readonly until: number }>();

  function alreadyDone(token: string, input: Input): boolean {
    for (const [oldToken, { until }] of done) if (until <= now()) done.delete(oldToken);
    const earlier = done.get(token);
    if (earlier === undefined) return false;
    if (isDeepStrictEqual(earlier.input, input)) return true;
    throw new AwsError('IdempotentParameterMismatchException', 'The token was used with another request.');
  }

  return async (input) => {
    const token = input['ClientRequestToken'];
    if (typeof token === 'string' && alreadyDone(token, input)) return {};
    await commit(store, await prepare(store, input['TransactItems']));
    if (typeof token === 'string') done.set(token, { input, until: now() + tokenLifetimeMs });
    return {};
  };
}

async function prepare(store: Store, items: unknown): Promise<TransactAction[]> {
  if (!Array.isArray(items) || items.length === 0 || items.length > maximumActions) {
    throw validationError(`TransactItems must have 1 to ${maximumActions} members.`);
  }
  const actions: TransactAction[] = [];
  for (const item of items as Readonly<Record<string, Input>>[]) actions.push(await prepareAction(store, item));
  const places = new Set(actions.map(({ table, key }) => JSON.stringify([table.TableName, key])));
  if (places.size < actions.length) {
    throw validationError('Transaction request cannot include multiple operations on one item');
  }
  return actions;
}

async function prepareAction(store: Store, item: Readonly<Record<string, Input>>): Promise<TransactAction> {
  const kinds = Object.keys(item).filter((name): name is TransactKind => name in operationOfKind);
  const [kind] = kinds;
  const input = kind === undefined ? undefined : item[kind];
  if (kind === undefined || input === undefined || kinds.length > 1) {
    throw validationError('Each member of TransactItems needs exactly one of Put, Update, Delete and ConditionCheck.');
  }
  if (kind === 'ConditionCheck' && typeof input['ConditionExpression'] !== 'string') {
    throw validationError('A ConditionCheck needs a ConditionExpression.');
  }
  const parsed = parseInput(store, operationOfKind[kind], input);
  return { kind, input, parsed, ...(await locate(store, parsed)) };
}

async function locate(store: Store, parsed: Input): Promise<{ table: Table; key: string }> {
  const table = await promise<Table>((callback) => store.getTable(parsed['TableName'] as string, callback));
  if (table === undefined) throw new AwsError('ResourceNotFoundException', 'Requested resource not found');
  const item = parsed['Item'] as Attributes | undefined;
  const key = parsed['Key'] as Attributes;
  const invalid = item === undefined ? validateKey(key, table) : validateItem(item, table);
  if (invalid) throw invalid;
  return { table, key: createKey(item ?? key, table) };
}

async function commit(store: Store, actions: readonly TransactAction[]): Promise<void> {
  const staged: BatchOperation[] = [];
  const reasons: CancellationReason[] = [];
  for (const action of actions) reasons.push(await stageAction(store, staged, action));
  if (reasons.some(({ Code }) => Code !== 'None')) {
    const codes = reasons.map(({ Code }) => Code).join(', ');
    throw new AwsError(
      'TransactionCanceledException',
      `Transaction cancelled, please refer cancellation reasons for specific reasons [${codes}]`,
      { CancellationReasons: reasons },
    );
  }
  const bytes = staged.reduce((sum, entry) => sum + (isItemPut(entry) ? itemSize(entry.value as Attributes) : 0), 0);
  if (bytes > maximumTransactionBytes) throw validationError('The items of one transaction exceed 4 MB.');
  await store.db.batch(staged);
}

async function stageAction(
  store: Store,
  staged: BatchOperation[],
  action: TransactAction,
): Promise<CancellationReason> {
  const { kind, input, parsed, table, key } = action;
  try {
    if (kind === 'ConditionCheck') {
      const failed = checkConditional(parsed, await itemAt(store, table, key));
      if (failed) throw failed;
    } else {
      await runAction(stagedStore(store, staged), operationOfKind[kind], parsed);
    }
    return { Code: 'None' };
  } catch (error) {
    const { type, message } = toAwsError(error);
    if (type === 'ValidationException') return { Code: 'ValidationError', Message: message };
    if (type !== 'ConditionalCheckFailedException') throw error;
    const item = wantsOldItem(input) ? await itemAt(store, table, key) : undefined;
    return { Code: 'ConditionalCheckFailed', Message: message, ...(item === undefined ? {} : { Item: item }) };
  }
}

const itemPrefix = (table: string) => `item-${table}~`;

function isItemPut(entry: BatchOperation): entry is Extract<BatchOperation, { type: 'put' }> {
  return entry.type === 'put' && entry.key.startsWith('item-');
}

/** The store for one write: it reads what is stored and collects what would be written. */
function stagedStore(store: Store, staged: BatchOperation[]): Store {
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
    // Every write holds the lock of the whole store already.
    lock: (_key, work) => work((callback) => callback),
  });
  return {
    ...store,
    getItemDb: (table) => collect(itemPrefix(table), store.getItemDb(table)),
    getIndexDb: (type, table, index) =>
      collect(`index-${type.toLowerCase()}~${table}~${index}~`, store.getIndexDb(type, table, index)),
  };
}

function itemAt(store: Store, table: Table, key: string): Promise<Attributes | undefined> {
  return promise<Attributes>((callback) => store.getItemDb(table.TableName).get(key, callback));
}

function wantsOldItem(input: Input): boolean {
  return input['ReturnValuesOnConditionCheckFailure'] === 'ALL_OLD';
}

function validationError(message: string): AwsError {
  return new AwsError('ValidationException', message);
}

/** The same failure as an AWS client knows it; what is no answer of DynamoDB's is thrown on. */
function toAwsError(error: unknown): AwsError {
  if (error instanceof AwsError) return error;
  const body = (error as Partial<DynaliteError>).body;
  if (body === undefined) throw error;
  return new AwsError(body.__type.split('#').at(-1) ?? body.__type, body.message ?? body.Message ?? '');
}
