import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type DynamoDb, openDynamoDb } from '@dispatcher/local/dynamodb';
import { createDocumentClient } from '@dispatcher/store';
import { inProcess, respondInProcess } from '@dispatcher/store/testing';
import { createTableInput, type TableName, tables } from '@dispatcher/topology';
import type { Clock } from './clock.ts';
import type { MutationCounter } from './mutation-counter.ts';

export type Call = (operation: string, input: Readonly<Record<string, unknown>>) => Promise<object>;

/** DynamoDB for one simulation: the real client and its protocol, without a socket (about 1 ms a call). */
export interface SimulatedDynamoDb {
  readonly call: Call;
  close(): Promise<void>;
}

export const tableName = (name: TableName): string => `simulated-${name}`;

const reads: readonly string[] = ['GetItem', 'BatchGetItem', 'Query', 'Scan'];

export async function openSimulatedDynamoDb(clock: Clock, mutations: MutationCounter): Promise<SimulatedDynamoDb> {
  const database: DynamoDb = await openDynamoDb({ now: clock.now });
  for (const table of tables) {
    await database.call('CreateTable', { ...createTableInput(table, tableName(table.name)) });
  }
  for (const { name } of tables) await untilActive(database, tableName(name));
  return {
    call: (operation, input) => {
      if (!reads.includes(operation)) mutations.increment();
      return database.call(operation, input);
    },
    close: () => database.close(),
  };
}

async function untilActive(database: DynamoDb, table: string): Promise<void> {
  for (;;) {
    const { Table: described } = (await database.call('DescribeTable', { TableName: table })) as {
      Table: { TableStatus: string; GlobalSecondaryIndexes?: readonly { IndexStatus: string }[] };
    };
    const indexes = described.GlobalSecondaryIndexes ?? [];
    if (described.TableStatus === 'ACTIVE' && indexes.every(({ IndexStatus }) => IndexStatus === 'ACTIVE')) return;
    await new Promise((resolve) => setImmediate(resolve));
  }
}

/**
 * The real client, which passes each request to the `call` given with it. All processes share it, because creating a
 * client and sending its first request takes longer than most invocations. It keeps no state between requests, since it
 * repeats none.
 */
const sharedClient = createDocumentClient({
  ...inProcess,
  maxAttempts: 1,
  requestHandler: {
    handle: (request: Parameters<typeof respondInProcess>[1], { call }: { readonly call: Call }) =>
      respondInProcess(call, request) as never,
    destroy: () => {},
    metadata: { handlerProtocol: 'http/1.1' },
  },
});

/** Creates a client that passes its requests to `call`, without retries. */
export function createClient(call: Call): DynamoDBDocumentClient {
  const send = (command: Parameters<typeof sharedClient.send>[0]) => sharedClient.send(command, { call } as object);
  return Object.create(sharedClient, { send: { value: send } }) as DynamoDBDocumentClient;
}
