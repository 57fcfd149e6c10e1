import { AwsError } from './aws-error.ts';
import {
  type BatchOperation,
  createStore,
  type Input,
  isOperation,
  type Operation,
  parseInput,
  runAction,
  type Store,
} from './dynalite.ts';
import { toAwsError } from './dynamodb-errors.ts';
import { createTransactions } from './dynamodb-transactions.ts';
import { itemAt, locate, stagedStore, requestsOldItem } from './staged-writes.ts';

export interface DynamoDb {
  /** Runs one operation of DynamoDB's JSON protocol. @throws {@link AwsError} */
  call(operation: string, input: Input): Promise<object>;
  close(): Promise<void>;
}

const writes: readonly Operation[] = ['PutItem', 'UpdateItem', 'DeleteItem', 'BatchWriteItem'];
const tableChanges: readonly Operation[] = ['CreateTable', 'DeleteTable', 'UpdateTable'];

/**
 * Opens a DynamoDB on dynalite's store, and adds what dynalite lacks: TransactWriteItems, and the old item in the response
 * to a failed condition. Writes run one after another, each as one atomic batch with all its index entries, so a killed
 * process leaves either a whole transaction or none of it. Therefore `TransactionConflict` never occurs.
 */
export async function openDynamoDb(options: { path?: string; now: () => number }): Promise<DynamoDb> {
  const store = createStore(options.path);
  await store.db.open();
  const exclusively = createLock();
  const transact = createTransactions(store, options.now);

  async function run(operation: string, input: Input): Promise<object> {
    if (operation === 'TransactWriteItems') return exclusively(() => transact(input));
    if (!isOperation(operation)) {
      throw new AwsError('UnknownOperationException', `The local DynamoDB does not implement ${operation}.`);
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
    if (failure.type !== 'ConditionalCheckFailedException' || !requestsOldItem(input)) throw failure;
    const { table, key } = await locate(store, parsed);
    const item = await itemAt(store, table, key);
    throw new AwsError(failure.type, failure.message, item === undefined ? {} : { Item: item });
  }
}
