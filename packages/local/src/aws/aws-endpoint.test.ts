import {
  CreateTableCommand,
  DynamoDBClient,
  GetItemCommand,
  PutItemCommand,
  QueryCommand,
  type TransactionCanceledException,
  TransactWriteItemsCommand,
  UpdateItemCommand,
} from '@aws-sdk/client-dynamodb';
import { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { type AwsEndpoint, startAwsEndpoint } from './aws-endpoint.ts';
import type { EventRule } from '@dispatcher/topology';
import { awsAccess, queueUrl } from './provision.ts';

const eventRules: EventRule[] = [
  {
    name: 'allowed',
    bus: 'bus',
    pattern: { source: ['dispatcher'], detail: { effect: ['allow'], depth: [{ numeric: ['<', 5] }] } },
    queue: 'allowed',
    inputPath: '$.detail',
  },
  { name: 'all', bus: 'bus', pattern: { source: [{ prefix: 'dispatch' }] }, queue: 'all' },
  { name: 'broken', bus: 'broken-bus', pattern: { source: ['dispatcher'] }, queue: 'no-such-queue' },
];

const gone: EventRule[] = [
  { name: 'gone', bus: 'bus', pattern: { source: ['dispatcher'] }, queue: 'no-such-queue', inputPath: '$.detail' },
  { name: 'all', bus: 'bus', pattern: { source: ['dispatcher'] }, queue: 'all' },
];

function clientsOf(endpoint: string) {
  return {
    sqs: new SQSClient({ endpoint, ...awsAccess }),
    dynamoDb: new DynamoDBClient({ endpoint, ...awsAccess }),
    eventBridge: new EventBridgeClient({ endpoint, ...awsAccess }),
  };
}

async function createResources(endpoint: string): Promise<void> {
  const { sqs, dynamoDb } = clientsOf(endpoint);
  for (const QueueName of ['allowed', 'all']) await sqs.send(new CreateQueueCommand({ QueueName }));
  await dynamoDb.send(
    new CreateTableCommand({
      TableName: 'items',
      BillingMode: 'PAY_PER_REQUEST',
      KeySchema: [{ AttributeName: 'pk', KeyType: 'HASH' }],
      AttributeDefinitions: [
        { AttributeName: 'pk', AttributeType: 'S' },
        { AttributeName: 'owner', AttributeType: 'S' },
      ],
      GlobalSecondaryIndexes: [
        {
          IndexName: 'by-owner',
          KeySchema: [{ AttributeName: 'owner', KeyType: 'HASH' }],
          Projection: { ProjectionType: 'ALL' },
        },
      ],
    }),
  );
}

async function receive(sqs: SQSClient, url: string, WaitTimeSeconds = 0): Promise<Message[]> {
  const { Messages = [] } = await sqs.send(
    new ReceiveMessageCommand({
      QueueUrl: url,
      MaxNumberOfMessages: 10,
      WaitTimeSeconds,
      MessageSystemAttributeNames: ['All'],
      MessageAttributeNames: ['All'],
    }),
  );
  return Messages;
}

const put = (pk: string, owner: string, extra: object = {}) => ({
  Put: { TableName: 'items', Item: { pk: { S: pk }, owner: { S: owner } }, ...extra },
});
const onlyNew = { ConditionExpression: 'attribute_not_exists(pk)', ReturnValuesOnConditionCheckFailure: 'ALL_OLD' };

const entry = (detail: unknown, more: object = {}) => ({
  EventBusName: 'bus',
  Source: 'dispatcher',
  DetailType: 'decided',
  Detail: JSON.stringify(detail),
  ...more,
});

const putNew = (owner: string) =>
  new PutItemCommand({
    TableName: 'items',
    Item: { pk: { S: 'f' }, owner: { S: owner } },
    ConditionExpression: 'attribute_not_exists(pk)',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
const addUnderToken = (by: string) =>
  new TransactWriteItemsCommand({
    ClientRequestToken: 'token',
    TransactItems: [
      {
        Update: {
          TableName: 'items',
          Key: { pk: { S: 'd' } },
          UpdateExpression: 'ADD seen :by',
          ExpressionAttributeValues: { ':by': { N: by } },
        },
      },
    ],
  });
let endpoint: AwsEndpoint;
let clients: ReturnType<typeof clientsOf>;
beforeAll(async () => {
  endpoint = await startAwsEndpoint({ eventRules });
  clients = clientsOf(endpoint.url);
  await createResources(endpoint.url);
});
afterAll(async () => {
  await endpoint.close();
});

async function itemsOf(owner: string, client = clients.dynamoDb): Promise<string[]> {
  const { Items = [] } = await client.send(
    new QueryCommand({
      TableName: 'items',
      IndexName: 'by-owner',
      KeyConditionExpression: '#o = :o',
      ExpressionAttributeNames: { '#o': 'owner' },
      ExpressionAttributeValues: { ':o': { S: owner } },
    }),
  );
  return Items.map(({ pk }) => pk?.S ?? '').sort();
}

async function transactError(items: object[]): Promise<TransactionCanceledException> {
  return clients.dynamoDb.send(new TransactWriteItemsCommand({ TransactItems: items })).then(
    () => {
      throw new Error('The transaction was expected to be refused.');
    },
    (error: unknown) => error as TransactionCanceledException,
  );
}

describe('DynamoDB transactions', () => {
  test('applies puts, updates, deletes and checks, and an index query finds the items', async () => {
    const { dynamoDb } = clients;
    await dynamoDb.send(new PutItemCommand({ TableName: 'items', Item: { pk: { S: 'a-old' }, owner: { S: 'a' } } }));
    await dynamoDb.send(
      new TransactWriteItemsCommand({
        TransactItems: [
          put('a-new', 'a', onlyNew),
          { Delete: { TableName: 'items', Key: { pk: { S: 'a-old' } }, ConditionExpression: 'attribute_exists(pk)' } },
          {
            Update: {
              TableName: 'items',
              Key: { pk: { S: 'a-count' } },
              UpdateExpression: 'SET #o = :o ADD seen :one',
              ExpressionAttributeNames: { '#o': 'owner' },
              ExpressionAttributeValues: { ':o': { S: 'a' }, ':one': { N: '1' } },
            },
          },
          {
            ConditionCheck: {
              TableName: 'items',
              Key: { pk: { S: 'a-absent' } },
              ConditionExpression: 'attribute_not_exists(pk)',
            },
          },
        ],
      }),
    );
    expect(await itemsOf('a')).toEqual(['a-count', 'a-new']);
  });

  test('one failed condition cancels the transaction, and its reason contains the conflicting item', async () => {
    await clients.dynamoDb.send(new TransactWriteItemsCommand({ TransactItems: [put('b-1', 'b')] }));
    const error = await transactError([put('b-2', 'b', onlyNew), put('b-1', 'b', onlyNew)]);
    expect(error.name).toBe('TransactionCanceledException');
    expect(error.CancellationReasons).toEqual([
      { Code: 'None' },
      {
        Code: 'ConditionalCheckFailed',
        Message: 'The conditional request failed',
        Item: { pk: { S: 'b-1' }, owner: { S: 'b' } },
      },
    ]);
    expect(error.message).toContain('[None, ConditionalCheckFailed]');
    expect(await itemsOf('b')).toEqual(['b-1']);
  });

  test('rejects two actions on one item, more than 100 actions and an unknown table', async () => {
    const twice = await transactError([put('c', 'c'), put('c', 'c')]);
    expect(twice.message).toBe('Transaction request cannot include multiple operations on one item');
    const many = await transactError(Array.from({ length: 101 }, (_, index) => put(`c-${index}`, 'c')));
    expect(many.name).toBe('ValidationException');
    const unknownTable = await transactError([{ Put: { TableName: 'nowhere', Item: { pk: { S: 'c' } } } }]);
    expect(unknownTable.name).toBe('ResourceNotFoundException');
    expect(await itemsOf('c')).toEqual([]);
  });

  test('applies a repeated request with the same token once, and rejects a different request with that token', async () => {
    await clients.dynamoDb.send(addUnderToken('1'));
    await clients.dynamoDb.send(addUnderToken('1'));
    await expect(clients.dynamoDb.send(addUnderToken('2'))).rejects.toThrow(
      'The token was used with a different request.',
    );
    const { Item } = await clients.dynamoDb.send(new GetItemCommand({ TableName: 'items', Key: { pk: { S: 'd' } } }));
    expect(Item?.['seen']).toEqual({ N: '1' });
  });

  test('concurrent transactions and ordinary writes lose no update', async () => {
    const update = {
      TableName: 'items',
      Key: { pk: { S: 'e' } },
      UpdateExpression: 'ADD seen :one',
      ExpressionAttributeValues: { ':one': { N: '1' } },
    };
    await Promise.all(
      Array.from({ length: 60 }, (_, index) =>
        index % 2 === 0
          ? clients.dynamoDb.send(new UpdateItemCommand(update))
          : clients.dynamoDb.send(new TransactWriteItemsCommand({ TransactItems: [{ Update: update }] })),
      ),
    );
    const { Item } = await clients.dynamoDb.send(new GetItemCommand({ TableName: 'items', Key: { pk: { S: 'e' } } }));
    expect(Item?.['seen']).toEqual({ N: '60' });
  });

  test('an ordinary put with a failed condition returns the old item if requested', async () => {
    await clients.dynamoDb.send(putNew('first'));
    await expect(clients.dynamoDb.send(putNew('second'))).rejects.toMatchObject({
      name: 'ConditionalCheckFailedException',
      Item: { pk: { S: 'f' }, owner: { S: 'first' } },
    });
  });
});

describe('EventBridge', () => {
  test('sends an event to the queue of every matching rule, whole or only its detail', async () => {
    const { sqs, eventBridge } = clients;
    const result = await eventBridge.send(
      new PutEventsCommand({
        Entries: [
          entry({ effect: 'allow', depth: 1 }),
          entry({ effect: 'allow', depth: 5 }),
          entry({ effect: 'allow', depth: 1 }, { Source: 'theirs' }),
        ],
      }),
    );
    expect(result.FailedEntryCount).toBe(0);
    const allowed = await receive(sqs, queueUrl(endpoint.url, 'allowed'));
    expect(allowed.map(({ Body }) => JSON.parse(Body ?? ''))).toEqual([{ effect: 'allow', depth: 1 }]);
    const all = await receive(sqs, queueUrl(endpoint.url, 'all'));
    expect(all.map(({ Body }) => JSON.parse(Body ?? ''))).toMatchObject([
      { source: 'dispatcher', 'detail-type': 'decided', detail: { depth: 1 } },
      { detail: { depth: 5 } },
    ]);
  });

  test('invalid and undeliverable entries fail individually, with their errors in order', async () => {
    const result = await clients.eventBridge.send(
      new PutEventsCommand({
        Entries: [
          entry({}),
          entry({}, { Detail: 'no json' }),
          entry({}, { DetailType: undefined }),
          entry({}, { EventBusName: 'unknown' }),
          entry({}, { EventBusName: 'broken-bus' }),
        ],
      }),
    );
    expect(result.FailedEntryCount).toBe(4);
    expect(result.Entries?.map(({ ErrorCode }) => ErrorCode)).toEqual([
      undefined,
      'MalformedDetail',
      'InvalidArgument',
      'ResourceNotFoundException',
      'InternalFailure',
    ]);
  });

  test('an event whose queue was deleted goes whole to the queue of undelivered events, with AWS’s attributes; other targets receive it', async () => {
    const withUndelivered = await startAwsEndpoint({ eventRules: gone, undeliveredEventsQueue: 'undelivered-events' });
    const { sqs, eventBridge } = clientsOf(withUndelivered.url);
    for (const QueueName of ['all', 'undelivered-events']) await sqs.send(new CreateQueueCommand({ QueueName }));
    const { FailedEntryCount } = await eventBridge.send(
      new PutEventsCommand({ Entries: [entry({ branch: 'fä\uffff' })] }),
    );
    expect(FailedEntryCount).toBe(0);
    expect(await receive(sqs, queueUrl(withUndelivered.url, 'all'))).toHaveLength(1);
    const [deadLetter, ...others] = await receive(sqs, queueUrl(withUndelivered.url, 'undelivered-events'));
    expect(others).toEqual([]);
    expect(JSON.parse(deadLetter?.Body ?? '')).toMatchObject({
      'detail-type': 'decided',
      source: 'dispatcher',
      detail: { branch: 'fä\uffff' },
    });
    const attributes = Object.entries(deadLetter?.MessageAttributes ?? {}).map(([name, { StringValue }]) => [
      name,
      StringValue,
    ]);
    expect(Object.fromEntries(attributes)).toEqual({
      RULE_ARN: 'arn:aws:events:us-east-1:000000000000:rule/bus/gone',
      TARGET_ARN: 'arn:aws:sqs:us-east-1:000000000000:no-such-queue',
      ERROR_CODE: 'NO_RESOURCE',
      ERROR_MESSAGE: expect.stringContaining('does not exist'),
      RETRY_ATTEMPTS: '0',
    });
    await withUndelivered.close();
  });

  test('an event fails if the queue of undelivered events is missing too, so that the sender retries', async () => {
    const withoutQueues = await startAwsEndpoint({ eventRules: gone, undeliveredEventsQueue: 'undelivered-events' });
    const { sqs, eventBridge } = clientsOf(withoutQueues.url);
    await sqs.send(new CreateQueueCommand({ QueueName: 'all' }));
    const result = await eventBridge.send(new PutEventsCommand({ Entries: [entry({})] }));
    expect(result.Entries).toMatchObject([{ ErrorCode: 'InternalFailure' }]);
    await withoutQueues.close();
  });

  test('rejects more than ten entries', async () => {
    const Entries = Array.from({ length: 11 }, () => entry({}));
    await expect(clients.eventBridge.send(new PutEventsCommand({ Entries }))).rejects.toThrow('1 to 10');
  });
});

test('an error of SQS reaches the client with its name', async () => {
  const { sqs } = clients;
  await expect(
    sqs.send(new SendMessageCommand({ QueueUrl: queueUrl(endpoint.url, 'nowhere'), MessageBody: 'x' })),
  ).rejects.toMatchObject({ name: 'QueueDoesNotExist' });
});

describe('on disk', () => {
  let directory: string;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'aws-endpoint-'));
  });
  afterAll(async () => {
    await rm(directory, { recursive: true });
  });

  /** Starts the endpoint in a separate process that the test kills. */
  async function spawnEndpoint(): Promise<{ child: ChildProcess; url: string }> {
    const child = spawn(
      process.execPath,
      [fileURLToPath(new URL('../testing/endpoint.ts', import.meta.url)), directory],
      {
        stdio: ['ignore', 'pipe', 'inherit'],
      },
    );
    const { value: url } = await createInterface({ input: child.stdout })[Symbol.asyncIterator]().next();
    return { child, url: String(url) };
  }

  test('acknowledged writes survive kill -9, transactions are whole, and messages in flight are visible again', async () => {
    const first = await spawnEndpoint();
    const { sqs, dynamoDb } = clientsOf(first.url);
    await createResources(first.url);
    await sqs.send(new SendMessageCommand({ QueueUrl: queueUrl(first.url, 'all'), MessageBody: 'stored' }));
    expect(await receive(sqs, queueUrl(first.url, 'all'))).toHaveLength(1);
    let acknowledged = 0;
    const killed = once(first.child, 'exit');
    const writing = (async () => {
      for (let pair = 0; ; pair += 1) {
        await dynamoDb.send(
          new TransactWriteItemsCommand({ TransactItems: [put(`${pair}-left`, 'pair'), put(`${pair}-right`, 'pair')] }),
        );
        acknowledged += 1;
        if (acknowledged === 20) first.child.kill('SIGKILL');
      }
    })().catch((error: unknown) => error);
    await killed;
    dynamoDb.destroy();
    await writing;

    const second = await startAwsEndpoint({ dataDir: directory, eventRules });
    try {
      const again = clientsOf(second.url);
      const survivors = await itemsOf('pair', again.dynamoDb);
      expect(survivors.length).toBeGreaterThanOrEqual(40);
      expect(survivors.filter((pk) => pk.endsWith('left')).map((pk) => pk.replace('left', 'right'))).toEqual(
        survivors.filter((pk) => pk.endsWith('right')),
      );
      const [message] = await receive(again.sqs, queueUrl(second.url, 'all'));
      expect(message).toMatchObject({ Body: 'stored', Attributes: { ApproximateReceiveCount: '2' } });
      const change = {
        QueueUrl: queueUrl(second.url, 'all'),
        ReceiptHandle: message?.ReceiptHandle,
        VisibilityTimeout: 0,
      };
      await again.sqs.send(new ChangeMessageVisibilityCommand(change));
      expect(await receive(again.sqs, queueUrl(second.url, 'all'))).toMatchObject([
        { Body: 'stored', Attributes: { ApproximateReceiveCount: '3' } },
      ]);
      await expect(startAwsEndpoint({ dataDir: directory })).rejects.toThrow('Another process uses');
    } finally {
      await second.close();
    }
  });
});
