import { randomUUID } from 'node:crypto';
import type { Fact, RouteDecided } from '@dispatcher/contracts';
import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { createFactStore } from '@dispatcher/store';
import {
  accepted,
  planFacts,
  sampleRun,
  startDynamo,
  storedCounters,
  type TestDynamo,
} from '@dispatcher/store/testing';
import {
  CreateQueueCommand,
  DeleteMessageCommand,
  type Message,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { afterAll, beforeAll, beforeEach, expect, jest, test } from '@jest/globals';
import type { Context, SQSBatchResponse, SQSEvent, SQSRecord } from 'aws-lambda';
import type { ScheduledEvent } from './create-handler.ts';

const time = '2026-11-03T14:00:00.000Z';
const context = { getRemainingTimeInMillis: () => 25_000 } as Context;

let aws: TestDynamo;
let sqs: SQSClient;
let queue: string;
let deadLetters: string;
let undelivered: string;
let projections: string;
let handler: (event: SQSEvent | ScheduledEvent, context: Context) => Promise<SQSBatchResponse | void>;

beforeAll(async () => {
  aws = await startDynamo();
  Object.assign(process.env, {
    AWS_ENDPOINT_URL: aws.url,
    AWS_REGION: 'us-east-1',
    AWS_ACCESS_KEY_ID: 'test',
    AWS_SECRET_ACCESS_KEY: 'test',
  });
  sqs = new SQSClient();
});
afterAll(async () => {
  sqs.destroy();
  await aws.close();
});

// Every test loads the function anew, as Lambda does: from the environment variables.
beforeEach(async () => {
  const tables = await aws.createTables();
  queue = await createQueue();
  deadLetters = await createQueue();
  undelivered = await createQueue();
  Object.assign(process.env, {
    FACTS_QUEUE_URL: queue,
    FACTS_DEAD_LETTER_QUEUE_URL: deadLetters,
    RUNS_QUEUE_URL: await createQueue(),
    RUNS_DEAD_LETTER_QUEUE_URL: await createQueue(),
    HINTS_QUEUE_URL: await createQueue(),
    HINTS_DEAD_LETTER_QUEUE_URL: await createQueue(),
    DECISIONS_QUEUE_URL: await createQueue(),
    DECISIONS_DEAD_LETTER_QUEUE_URL: await createQueue(),
    UNDELIVERED_EVENTS_QUEUE_URL: undelivered,
    BUS_NAME: 'default',
    STATE_TABLE: tables.state,
    FACTS_TABLE: tables.facts,
    PROJECTIONS_TABLE: tables.projections,
    MAX_ATTEMPTS: '2',
  });
  ({ projections } = tables);
  jest.resetModules();
  ({ handler } = await import('./handler.ts'));
});

async function createQueue(): Promise<string> {
  const name = randomUUID();
  await sqs.send(new CreateQueueCommand({ QueueName: name }));
  return `${aws.url}/000000000000/${name}`;
}

async function send(...bodies: readonly (string | Fact)[]): Promise<void> {
  for (const body of bodies) {
    const text = typeof body === 'string' ? body : JSON.stringify(body);
    await sqs.send(new SendMessageCommand({ QueueUrl: queue, MessageBody: text }));
  }
}

async function receive(from: string, count: number): Promise<Message[]> {
  const received: Message[] = [];
  for (let poll = 0; poll < 10 && received.length < count; poll += 1) {
    const { Messages: messages = [] } = await sqs.send(
      new ReceiveMessageCommand({
        QueueUrl: from,
        MaxNumberOfMessages: 10,
        WaitTimeSeconds: 2,
        MessageAttributeNames: ['All'],
        MessageSystemAttributeNames: ['All'],
      }),
    );
    received.push(...messages);
  }
  expect(received).toHaveLength(count);
  return received;
}

/** Invokes the handler as Lambda does: with the messages of the queue, and deletes those that did not fail. */
async function invoke(count: number): Promise<{ failed: number }> {
  const messages = await receive(queue, count);
  const response = await handler({ Records: messages.map(toRecord) }, context);
  if (response === undefined) throw new Error('A batch must return a response.');
  const failed = new Set(response.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
  for (const { MessageId: id = '', ReceiptHandle: receipt } of messages) {
    if (!failed.has(id)) await sqs.send(new DeleteMessageCommand({ QueueUrl: queue, ReceiptHandle: receipt }));
  }
  return { failed: failed.size };
}

/** Rolls up, and returns the counters of all time. */
async function foldedCounters() {
  await handler({ scheduled: 'roll-up' }, context);
  return storedCounters(aws.client, projections, 'all');
}

function toRecord({
  MessageId: messageId = '',
  ReceiptHandle: receiptHandle = '',
  Body: body = '',
  Attributes,
}: Message) {
  return {
    messageId,
    receiptHandle,
    body,
    attributes: Attributes as unknown as SQSRecord['attributes'],
    messageAttributes: {},
    md5OfBody: '',
    eventSource: 'aws:sqs',
    eventSourceARN: 'arn:aws:sqs:us-east-1:000000000000:facts',
    awsRegion: 'us-east-1',
  } satisfies SQSRecord;
}

async function deadLetterReasons(count: number): Promise<Set<string | undefined>> {
  const received = await receive(deadLetters, count);
  return new Set(received.map((deadLetter) => deadLetter.MessageAttributes?.['reason']?.StringValue));
}

test('facts that the queue delivers twice are recorded and counted once', async () => {
  const [planned, decided] = planFacts(sampleRun(1, time), ['allow'], time) as [Fact, RouteDecided];
  const facts = [planned, decided, accepted(decided, time)];
  await send(...facts);
  expect(await invoke(3)).toEqual({ failed: 0 });
  await send(...facts);
  expect(await invoke(3)).toEqual({ failed: 0 });
  expect(await foldedCounters()).toEqual({
    deliveries: 1,
    'plans.planned': 1,
    'decisions.allowed': 1,
    'dispatches.accepted': 1,
  });
});

test.each([
  ['', 400],
  ['90', 90],
])('with FACT_RETENTION_DAYS=%s a fact and its entry of the log expire %d days after the fact', async (value, days) => {
  process.env['FACT_RETENTION_DAYS'] = value;
  jest.resetModules();
  ({ handler } = await import('./handler.ts'));
  delete process.env['FACT_RETENTION_DAYS'];
  const [planned, decided] = planFacts(sampleRun(1, time), ['deny'], time) as [Fact, RouteDecided];
  await send(planned, decided);
  expect(await invoke(2)).toEqual({ failed: 0 });
  const expiry = Math.floor(Date.parse(time) / 1000) + days * 24 * 60 * 60;
  const factsTable = process.env['FACTS_TABLE'] ?? '';
  const { Items: stored = [] } = await aws.client.send(new ScanCommand({ TableName: factsTable }));
  expect(stored.length).toBeGreaterThanOrEqual(3);
  expect(new Set(stored.map(({ expiresAt }) => expiresAt as number))).toEqual(new Set([expiry]));
});

test('messages that are not facts, or of an unknown version, become dead letters, and the others of the batch are recorded', async () => {
  const [planned] = planFacts(sampleRun(1, time), [], time);
  const [next] = planFacts(sampleRun(2, time), [], time);
  await send('{"hello":"world"}', planned, JSON.stringify({ ...next, version: 2 }));
  expect(await invoke(3)).toEqual({ failed: 0 });
  expect(await foldedCounters()).toEqual({ deliveries: 1, 'plans.no-match': 1 });
  expect(await deadLetterReasons(2)).toEqual(new Set(['message-invalid', 'message-version-unknown']));
});

test('a fact that cannot be stored is retried alone, and becomes a dead letter after its last attempt', async () => {
  const [planned] = planFacts(sampleRun(1, time), [], time);
  const [good] = planFacts(sampleRun(2, time), [], time);
  // Longer than a sort key.
  await send({ ...planned, id: 'x'.repeat(2_000) }, good);
  expect(await invoke(2)).toEqual({ failed: 1 });
  expect(await foldedCounters()).toEqual({ deliveries: 1, 'plans.no-match': 1 });
  expect(await invoke(1)).toEqual({ failed: 0 });
  expect(await deadLetterReasons(1)).toEqual(new Set(['attempts-exhausted']));
});

test('the scheduled event rolls up, with the depth of every queue', async () => {
  const [planned] = planFacts(sampleRun(1, time), [], time);
  await send(planned);
  await invoke(1);
  await sqs.send(new SendMessageCommand({ QueueUrl: deadLetters, MessageBody: 'not recorded' }));
  expect(await handler({ scheduled: 'roll-up' }, context)).toBeUndefined();
  const store = createFactStore({ client: aws.client, table: 'unused', projectionsTable: projections });
  expect(await store.summary('all')).toMatchObject({ deliveries: { received: 1 }, plans: { 'no-match': 1 } });
  expect((await store.deadLetterSummary())?.queues).toEqual([
    { queue: 'runs', recorded: 0, queueDepth: 0, difference: 0 },
    { queue: 'hints', recorded: 0, queueDepth: 0, difference: 0 },
    { queue: 'decisions', recorded: 0, queueDepth: 0, difference: 0 },
    { queue: 'facts', recorded: 0, queueDepth: 1, difference: 1 },
    { queue: 'undelivered-events', recorded: 0, queueDepth: 0, difference: 0 },
  ]);
});

test('the scheduled event records events that EventBridge could not deliver, and leaves them in their queue', async () => {
  const text = (StringValue: string) => ({ DataType: 'String', StringValue });
  const MessageAttributes = { ERROR_CODE: text('NO_RESOURCE'), TARGET_ARN: text('arn:aws:sqs:eu-west-1:1:decisions') };
  const MessageBody = JSON.stringify({ detail: { correlationId: 'delivery-1' } });
  await sqs.send(new SendMessageCommand({ QueueUrl: undelivered, MessageBody, MessageAttributes }));
  // The first one records it, and the second one folds it.
  await handler({ scheduled: 'roll-up' }, context);
  await handler({ scheduled: 'roll-up' }, context);
  const store = createFactStore({ client: aws.client, table: 'unused', projectionsTable: projections });
  const { items } = await store.deadLetters('undelivered-events', {});
  expect(items).toMatchObject([{ reason: 'no-resource', deliveryId: 'delivery-1', state: 'open', attempts: 0 }]);
  await receive(undelivered, 1);
});
