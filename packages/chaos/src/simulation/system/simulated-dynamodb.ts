import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type DynamoDb, openDynamoDb } from '@dispatcher/local/dynamodb';
import { createDocumentClient } from '@dispatcher/store';
import { createTableInput, type TableName, tables } from '@dispatcher/topology';
import type { Changes } from './mutation-counter.ts';
import type { Clock } from './clock.ts';

export type Call = (operation: string, input: Readonly<Record<string, unknown>>) => Promise<object>;

/** DynamoDB for one execution: the real client and its protocol, without a socket in between (about 1 ms a call). */
export interface Database {
  readonly call: Call;
  close(): Promise<void>;
}

export const tableName = (name: TableName): string => `crash-${name}`;

const reads: readonly string[] = ['GetItem', 'BatchGetItem', 'Query', 'Scan'];

export async function openDatabase(clock: Clock, changes: Changes): Promise<Database> {
  const database: DynamoDb = await openDynamoDb({ now: clock.now });
  for (const table of tables) {
    await database.call('CreateTable', { ...createTableInput(table, tableName(table.name)) });
  }
  for (const { name } of tables) await untilActive(database, tableName(name));
  return {
    call: (operation, input) => {
      if (!reads.includes(operation)) changes.note();
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
 * The real client, whose requests go to a `call` given with each of them. All processes share it, because making one and
 * its first request take longer than most invocations; it keeps nothing between two requests, since none is repeated.
 * Nobody looks at a signature here.
 */
const shared = createDocumentClient({
  region: 'us-east-1',
  credentials: { accessKeyId: 'local', secretAccessKey: 'local' },
  maxAttempts: 1,
  signer: { sign: async (request: object) => request as never },
  requestHandler: {
    handle: async ({ headers, body }: SignedRequest, { call }: { readonly call: Call }) => {
      const [, operation = ''] = (headers['x-amz-target'] ?? '').split('.');
      const { statusCode, answer } = await call(
        operation,
        JSON.parse(typeof body === 'string' ? body : new TextDecoder().decode(body)),
      ).then(
        (answer) => ({ statusCode: 200, answer }),
        (error: unknown) => ({ statusCode: 400, answer: refusal(error) }),
      );
      const bytes = new TextEncoder().encode(JSON.stringify(answer));
      return { response: { statusCode, headers: { 'content-type': 'application/x-amz-json-1.0' }, body: bytes } };
    },
    destroy: () => {},
    metadata: { handlerProtocol: 'http/1.1' },
  },
});

/** A client whose requests go to `call`, one attempt each. */
export function createClient(call: Call): DynamoDBDocumentClient {
  const send = (command: Parameters<typeof shared.send>[0]) => shared.send(command, { call } as object);
  return Object.create(shared, { send: { value: send } }) as DynamoDBDocumentClient;
}

function refusal(error: unknown): object {
  const known = error as Partial<{ type: string; message: string; members: object }>;
  if (known.type === undefined) throw error;
  return { __type: known.type, message: known.message, ...known.members };
}
