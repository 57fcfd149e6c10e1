import { isDeepStrictEqual } from 'node:util';
import { AwsError } from './aws-error.ts';
import {
  type Attributes,
  type BatchOperation,
  checkConditional,
  type Input,
  itemSize,
  type Operation,
  parseInput,
  runAction,
  type Store,
  type Table,
} from './dynalite.ts';
import { toAwsError, validationError } from './dynamodb-errors.ts';
import { isItemPut, itemAt, locate, stagedStore, requestsOldItem } from './staged-writes.ts';

type TransactKind = 'Put' | 'Update' | 'Delete' | 'ConditionCheck';

interface TransactAction {
  readonly kind: TransactKind;
  readonly input: Input;
  readonly parsed: Input;
  readonly table: Table;
  /** Key of the item in its table's store. */
  readonly key: string;
}

interface CancellationReason {
  readonly Code: string;
  readonly Message?: string;
  readonly Item?: Attributes;
}

const operationOfKind: Readonly<Record<TransactKind, Operation>> = {
  Put: 'PutItem',
  Update: 'UpdateItem',
  Delete: 'DeleteItem',
  // It has the members of DeleteItem; only its condition is evaluated.
  ConditionCheck: 'DeleteItem',
};

const maxActions = 100;
const maxTransactionBytes = 4 * 1024 * 1024;
const tokenLifetimeMs = 10 * 60_000;

/** Runs TransactWriteItems as one batch of the store. The caller must hold the store's lock. */
export function createTransactions(store: Store, now: () => number): (input: Input) => Promise<object> {
  const done = new Map<string, { readonly input: Input; readonly until: number }>();

  function wasCommitted(token: string, input: Input): boolean {
    for (const [oldToken, { until }] of done) if (until <= now()) done.delete(oldToken);
    const earlier = done.get(token);
    if (earlier === undefined) return false;
    if (isDeepStrictEqual(earlier.input, input)) return true;
    throw new AwsError('IdempotentParameterMismatchException', 'The token was used with a different request.');
  }

  return async (input) => {
    const token = input['ClientRequestToken'];
    if (typeof token === 'string' && wasCommitted(token, input)) return {};
    await commit(store, await prepare(store, input['TransactItems']));
    if (typeof token === 'string') done.set(token, { input, until: now() + tokenLifetimeMs });
    return {};
  };
}

async function prepare(store: Store, items: unknown): Promise<TransactAction[]> {
  if (!Array.isArray(items) || items.length === 0 || items.length > maxActions) {
    throw validationError(`TransactItems must have 1 to ${maxActions} members.`);
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
  if (bytes > maxTransactionBytes) throw validationError('The items of one transaction exceed 4 MB.');
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
    const item = requestsOldItem(input) ? await itemAt(store, table, key) : undefined;
    return { Code: 'ConditionalCheckFailed', Message: message, ...(item === undefined ? {} : { Item: item }) };
  }
}
