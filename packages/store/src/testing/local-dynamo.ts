import { CreateTableCommand, waitUntilTableExists } from '@aws-sdk/client-dynamodb';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createDocumentClient } from '../document-client.ts';
import { type CallDynamoDb, inProcess, respondInProcess } from './in-process-requests.ts';
import { createTableInput, type TableName, tables } from '@dispatcher/topology';

/** The local DynamoDB, in memory. */
export interface TestDynamo {
  /** Value for `AWS_ENDPOINT_URL`; it also serves SQS and EventBridge. */
  readonly url: string;
  /** The real client, whose requests need no socket. */
  readonly client: DynamoDBDocumentClient;
  /** Creates a separate client, for tests that change its middleware. */
  newClient(): DynamoDBDocumentClient;
  /** Creates a new set of empty tables and returns their physical names. */
  createTables(): Promise<Readonly<Record<TableName, string>>>;
  close(): Promise<void>;
}

type StartEndpoint = () => Promise<{
  readonly url: string;
  readonly callDynamoDb: CallDynamoDb;
  close(): Promise<void>;
}>;

export async function startDynamo(): Promise<TestDynamo> {
  // A variable, so that TypeScript does not resolve it: @dispatcher/local references this package, and project references
  // cannot be circular.
  const local: string = '@dispatcher/local';
  const { startAwsEndpoint } = (await import(local)) as { startAwsEndpoint: StartEndpoint };
  const endpoint = await startAwsEndpoint();
  const clients: DynamoDBDocumentClient[] = [];
  const newClient = (): DynamoDBDocumentClient => {
    const handle = (request: Parameters<typeof respondInProcess>[1]) =>
      respondInProcess(endpoint.callDynamoDb, request) as never;
    const client = createDocumentClient({
      ...inProcess,
      requestHandler: { handle, destroy: () => {}, metadata: { handlerProtocol: 'http/1.1' } },
    });
    clients.push(client);
    return client;
  };
  const client = newClient();
  let sets = 0;
  return {
    url: endpoint.url,
    client,
    newClient,
    createTables: async () => {
      sets += 1;
      const names = tables.map(({ name }) => [name, `test-${sets}-${name}`] as const);
      await Promise.all(
        tables.map(async (table) => {
          const name = `test-${sets}-${table.name}`;
          await client.send(new CreateTableCommand(createTableInput(table, name)));
          await waitUntilTableExists({ client, maxWaitTime: 10, minDelay: 0.02, maxDelay: 0.1 }, { TableName: name });
        }),
      );
      return Object.fromEntries(names) as Record<TableName, string>;
    },
    close: async () => {
      for (const each of clients) each.destroy();
      await endpoint.close();
    },
  };
}
