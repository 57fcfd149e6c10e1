import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type DynamoDb, openDynamoDb } from '@dispatcher/local/dynamodb';
import { createDocumentClient } from '@dispatcher/store';
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

interface SignedRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Uint8Array;
}

/**
 * The real client, which passes each request to the `call` given with it. All processes share it, because creating a
 * client and sending its first request takes longer than most invocations. It keeps no state between requests, since it
 * repeats none. Signatures are not verified.
 */
const sharedClient = createDocumentClient({
  region: 'us-east-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  maxAttempts: 1,
  signer: { sign: async (request: object) => request as never },
  requestHandler: {
    handle: async ({ headers, body }: SignedRequest, { call }: { readonly call: Call }) => {
      const [, operation = ''] = (headers['x-amz-target'] ?? '').split('.');
      const { statusCode, output } = await call(
        operation,
        JSON.parse(typeof body === 'string' ? body : new TextDecoder().decode(body)),
      ).then(
        (output) => ({ statusCode: 200, output }),
        (error: unknown) => ({ statusCode: 400, output: toErrorBody(error) }),
      );
      const bytes = new TextEncoder().encode(JSON.stringify(output));
      return { response: { statusCode, headers: { 'content-type': 'application/x-amz-json-1.0' }, body: bytes } };
    },
    destroy: () => {},
    metadata: { handlerProtocol: 'http/1.1' },
  },
});

/** Creates a client that passes its requests to `call`, without retries. */
export function createClient(call: Call): DynamoDBDocumentClient {
  const send = (command: Parameters<typeof sharedClient.send>[0]) => sharedClient.send(command, { call } as object);
  return Object.create(sharedClient, { send: { value: send } }) as DynamoDBDocumentClient;
}

function toErrorBody(error: unknown): object {
  const known = error as Partial<{ type: string; message: string; members: object }>;
  if (known.type === undefined) throw error;
  return { __type: known.type, message: known.message, ...known.members };
}
