import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdir } from 'node:fs/promises';
import { join } from 'node:path';
import { AwsError } from './aws-error.ts';
import type { Input } from './dynalite.ts';
import { type DynamoDb, openDynamoDb } from './dynamodb.ts';
import type { EventRule } from '@dispatcher/topology';
import { createEventBridge } from './event-bridge.ts';
import { checkAccess } from './request-access.ts';
import { openSecretsManager, type SecretsManager } from './secrets-manager.ts';
import { openSqs, type Sqs } from './sqs.ts';

export interface AwsEndpoint {
  /** For `AWS_ENDPOINT_URL`. Accepts any region. */
  readonly url: string;
  readonly secrets: SecretsManager;
  /** Calls the same DynamoDB without a request. */
  readonly callDynamoDb: DynamoDb['call'];
  close(): Promise<void>;
}

export interface AwsEndpointOptions {
  /** The access key id that every request must be signed with. Default: any. */
  readonly accessKeyId?: string;
  /** Default 0: any free port. */
  readonly port?: number;
  /** Directory of messages and items; one process at a time. Default: in memory. */
  readonly dataDir?: string;
  readonly eventRules?: readonly EventRule[];
  /** Name of the queue for events that no target accepts. Without it such an entry fails. */
  readonly undeliveredEventsQueue?: string;
  /** The names of the secrets. Default: none. */
  readonly secretNames?: readonly string[];
  /** Receives every new value of a secret. */
  readonly onSecret?: (name: string, text: string) => Promise<void>;
  /** Milliseconds since the epoch, for DynamoDB and EventBridge; SQS uses the machine's clock. */
  readonly now?: () => number;
}

/** Thrown if another process has opened the stores of the data directory. */
export class DirectoryInUseError extends Error {
  override readonly name = 'DirectoryInUseError';
}

type Call = (operation: string, input: Input, host: string) => Promise<object>;

/**
 * Serves SQS, EventBridge (PutEvents), DynamoDB and Secrets Manager at one URL; `X-Amz-Target` selects the service. Listens on the loopback
 * address only, under its host names, and compares the access key id; it verifies no signatures. With a `dataDir`, messages and items survive a killed process.
 */
export async function startAwsEndpoint(options: AwsEndpointOptions = {}): Promise<AwsEndpoint> {
  const { dataDir, eventRules = [], undeliveredEventsQueue: undelivered, now = Date.now, port = 0 } = options;
  const { accessKeyId = null } = options;
  if (dataDir !== undefined) await mkdir(join(dataDir, 'dynamodb'), { recursive: true });
  const dynamoDb = await openExclusively(dataDir, () =>
    openDynamoDb({ now, ...(dataDir === undefined ? {} : { path: join(dataDir, 'dynamodb') }) }),
  );
  const sqs = await openSqs(dataDir === undefined ? undefined : join(dataDir, 'sqs')).catch(async (error: unknown) => {
    await dynamoDb.close();
    throw error;
  });
  const secrets = await openSecretsManager({
    names: options.secretNames ?? [],
    ...(dataDir === undefined ? {} : { file: join(dataDir, 'secrets.json') }),
    ...(options.onSecret === undefined ? {} : { onPut: options.onSecret }),
  });
  const putEvents = createEventBridge({
    rules: eventRules,
    now,
    send: (queue, body, attributes) => sendTo(sqs, queue, body, attributes),
    ...(undelivered === undefined ? {} : { undelivered }),
  });
  const services: Readonly<Record<string, Call>> = {
    DynamoDB_20120810: (operation, input) => dynamoDb.call(operation, input),
    AmazonSQS: (operation, input, host) => sqs.call(operation, input, host),
    secretsmanager: (operation, input) => secrets.call(operation, input),
    AWSEvents: async (operation, input) => {
      if (operation === 'PutEvents') return putEvents(input);
      throw new AwsError('UnknownOperationException', `The local EventBridge does not implement ${operation}.`);
    },
  };
  // With a keep-alive timeout, a slow client could send its next request while the server closes the connection.
  const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
    void serve(services, accessKeyId, request, response);
  });
  try {
    await listen(server, port);
  } catch (error) {
    await closeStores(sqs, dynamoDb);
    throw error;
  }
  return {
    secrets,
    callDynamoDb: (operation, input) => dynamoDb.call(operation, input),
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async close() {
      const closed = new Promise((resolve) => server.close(resolve));
      server.closeAllConnections();
      await closed;
      await closeStores(sqs, dynamoDb);
    },
  };
}

async function closeStores(sqs: Sqs, dynamoDb: DynamoDb): Promise<void> {
  await sqs.close();
  await dynamoDb.close();
}

async function openExclusively<T>(dataDir: string | undefined, open: () => Promise<T>): Promise<T> {
  try {
    return await open();
  } catch (error) {
    if ((error as { cause?: { code?: string } }).cause?.code !== 'LEVEL_LOCKED') throw error;
    throw new DirectoryInUseError(`Another process uses ${dataDir}. Stop it, or use another directory.`, {
      cause: error,
    });
  }
}

async function sendTo(sqs: Sqs, queue: string, body: string, attributes: Readonly<Record<string, string>> = {}) {
  const MessageAttributes = Object.fromEntries(
    Object.entries(attributes).map(([name, StringValue]) => [name, { DataType: 'String', StringValue }]),
  );
  const input = { QueueUrl: `http://sqs/000000000000/${queue}`, MessageBody: body, MessageAttributes };
  await sqs.call('SendMessage', input, 'sqs');
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', () => resolve());
  });
}

async function serve(
  services: Readonly<Record<string, Call>>,
  accessKeyId: string | null,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const [service = '', operation = ''] = String(request.headers['x-amz-target']).split('.');
  try {
    // Before the body is read.
    checkAccess(request.headers, accessKeyId);
    const input = await readJson(request);
    const call = services[service];
    if (call === undefined)
      throw new AwsError(
        'UnknownOperationException',
        `The local AWS endpoint does not implement ${service || 'a request without X-Amz-Target'}.`,
      );
    respond(response, 200, await call(operation, input, request.headers.host ?? '127.0.0.1'));
  } catch (error) {
    respondWithError(response, error);
  }
}

async function readJson(request: IncomingMessage): Promise<Input> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  try {
    return JSON.parse(Buffer.concat(chunks).toString() || '{}') as Input;
  } catch {
    throw new AwsError('SerializationException', 'The request body is not valid JSON.');
  }
}

function respondWithError(response: ServerResponse, error: unknown): void {
  if (!(error instanceof AwsError)) console.error('The local AWS endpoint failed:', error);
  const known = error instanceof AwsError ? error : new AwsError('InternalFailure', String(error));
  const { queryError, ...members } = known.members;
  // The SQS client reads its error code from this header.
  if (typeof queryError === 'string') response.setHeader('x-amzn-query-error', queryError);
  respond(response, error instanceof AwsError ? 400 : 500, { __type: known.type, message: known.message, ...members });
}

function respond(response: ServerResponse, status: number, body: object): void {
  response.statusCode = status;
  response.setHeader('content-type', 'application/x-amz-json-1.0');
  response.end(JSON.stringify(body));
}
