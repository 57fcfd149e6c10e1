import { createRequire } from 'node:module';

// dynalite has no types, and its request handler hides the store that transactions need. So this file uses its validators,
// actions and store directly, and is the only one that knows their shapes (dynalite 4.0.0, pinned).

export type Attributes = Readonly<Record<string, unknown>>;
export type Input = Readonly<Record<string, unknown>>;
type Callback<T> = (error: DynaliteError | null | undefined, result?: T) => void;

/** A failure of dynalite, with the body of DynamoDB's error response. */
export interface DynaliteError extends Error {
  readonly body?: { readonly __type: string; readonly message?: string; readonly Message?: string };
}

export interface SubStore {
  get(key: string, callback: Callback<Attributes>): void;
  put(key: string, value: unknown, callback: Callback<void>): void;
  del(key: string, callback: Callback<void>): void;
  lock(key: string, work: (release: (callback: Callback<unknown>) => Callback<unknown>) => void): void;
}

export type BatchOperation = { type: 'put'; key: string; value: unknown } | { type: 'del'; key: string };

export interface Table {
  readonly TableName: string;
  readonly TableStatus: string;
}

export interface Store {
  readonly db: {
    open(): Promise<void>;
    batch(operations: readonly BatchOperation[]): Promise<void>;
    close(): Promise<void>;
  };
  getItemDb(table: string): SubStore;
  getIndexDb(type: string, table: string, index: string): SubStore;
  getTable(name: string, callback: Callback<Table>): void;
}

interface Validation {
  readonly types: object;
  readonly custom: unknown;
}

const require = createRequire(import.meta.url);

const database = require('dynalite/db') as {
  readonly create: (options: {
    path?: string;
    createTableMs: number;
    deleteTableMs: number;
    updateTableMs: number;
  }) => Store;
  readonly createKey: (item: Attributes, table: Table) => string;
  readonly validateItem: (item: Attributes, table: Table) => DynaliteError | undefined;
  readonly validateKey: (key: Attributes, table: Table) => DynaliteError | undefined;
  readonly checkConditional: (input: Input, item: Attributes | undefined) => DynaliteError | null | undefined;
  readonly itemSize: (item: Attributes) => number;
};

const validations = require('dynalite/validations') as {
  checkTypes(input: object, types: object): Input;
  checkValidations(input: Input, types: object, custom: unknown, store: Store): void;
};

const operations = [
  'BatchGetItem',
  'BatchWriteItem',
  'CreateTable',
  'DeleteItem',
  'DeleteTable',
  'DescribeTable',
  'DescribeTimeToLive',
  'GetItem',
  'ListTables',
  'PutItem',
  'Query',
  'Scan',
  'UpdateItem',
  'UpdateTable',
] as const;
export type Operation = (typeof operations)[number];

type Action = (store: Store, input: Input, callback: Callback<object>) => void;

const actions = new Map<string, { readonly validation: Validation; readonly action: Action }>(
  operations.map((operation) => {
    const file = operation.charAt(0).toLowerCase() + operation.slice(1);
    const validation = require(`dynalite/validations/${file}`) as Validation;
    return [operation, { validation, action: require(`dynalite/actions/${file}`) as Action }];
  }),
);

export const { createKey, validateItem, validateKey, checkConditional, itemSize } = database;

/** Creates a store: LevelDB in the directory `path`, or in memory without one. */
export function createStore(path: string | undefined): Store {
  // The delays of a real CreateTable would slow down every start.
  const waits = { createTableMs: 0, deleteTableMs: 0, updateTableMs: 0 };
  return database.create(path === undefined ? waits : { path, ...waits });
}

export function isOperation(name: string): name is Operation {
  return actions.has(name);
}

function actionOf(operation: Operation) {
  const found = actions.get(operation);
  if (found === undefined) throw new Error(`dynalite does not implement ${operation}.`);
  return found;
}

/** Validates and parses the input. @throws {@link DynaliteError} for input that DynamoDB would reject */
export function parseInput(store: Store, operation: Operation, input: Input): Input {
  const { types, custom } = actionOf(operation).validation;
  // checkTypes deletes unknown members, so it gets a copy.
  const parsed = validations.checkTypes({ ...input }, types);
  validations.checkValidations(parsed, types, custom, store);
  return parsed;
}

export function runAction(store: Store, operation: Operation, parsed: Input): Promise<object> {
  return promise((callback) => actionOf(operation).action(store, parsed, callback)).then((output) => output ?? {});
}

/** Turns a callback of dynalite into a promise. */
export function promise<T>(start: (callback: Callback<T>) => void): Promise<T | undefined> {
  return new Promise((resolve, reject) => {
    start((error, result) => (error ? reject(error) : resolve(result)));
  });
}
