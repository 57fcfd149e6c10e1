import type { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import {
  ChangeMessageVisibilityCommand,
  CreateQueueCommand,
  ReceiveMessageCommand,
  SendMessageCommand,
  SQSClient,
} from '@aws-sdk/client-sqs';
import { Fact, deadLetterId } from '@dispatcher/contracts';
import { countMessages, type DeadLetterQueues, deadLetterQueuesOf } from '@dispatcher/dead-letters';
import { startDynamo, type TestDynamo } from '@dispatcher/store/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { createAdminApp } from '../app.ts';
import type { Environment } from '../configuration.ts';
import type { Clients } from '../dependencies.ts';
import { createTestDependencies, createTestEnvironment } from '../testing/test-dependencies.ts';
import { DeadLetterActionResponse, InspectResponse } from './dead-letter-actions.ts';
import { ProblemDocument } from '../http/problem.ts';

let aws: TestDynamo;
let sqs: SQSClient;
let app: FastifyInstance;
let environment: Environment;
let queues: DeadLetterQueues;
let facts: Fact[];
let busFails: boolean;
let sets = 0;

beforeAll(async () => {
  aws = await startDynamo();
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  sqs = new SQSClient({ endpoint: aws.url, region: 'us-east-1', credentials, maxAttempts: 1 });
});
beforeEach(async () => {
  facts = [];
  busFails = false;
  sets += 1;
  const tables = { access: 'access', facts: 'facts', plans: 'plans', projections: 'projections', state: 'state' };
  environment = createTestEnvironment(tables, aws.url, `${sets}-`);
  queues = deadLetterQueuesOf(environment);
  const urls = Object.values(queues).flatMap(({ deadLetterUrl, destinations }) => [
    deadLetterUrl,
    ...Object.values(destinations),
  ]);
  for (const each of new Set(urls)) await sqs.send(new CreateQueueCommand({ QueueName: each.split('/').at(-1) }));
  app = createApp();
});
afterEach(() => app.close());
afterAll(async () => {
  sqs.destroy();
  await aws.close();
});

/** Records the published facts, or fails. */
const eventBridge = {
  send: async ({ input: { Entries: entries = [] } }: PutEventsCommand) => {
    if (busFails) throw new Error('EventBridge is down');
    facts.push(...entries.map(({ Detail: detail = '' }) => Fact.parse(JSON.parse(detail))));
    return { Entries: entries.map(() => ({ EventId: 'event' })) };
  },
} as unknown as Clients['eventBridge'];

interface AppOptions {
  readonly timeLimitMs?: number;
  readonly sleep?: Clients['sleep'];
}

function createApp({ timeLimitMs = 120_000, sleep }: AppOptions = {}): FastifyInstance {
  const clients = { dynamodb: aws.client, deadLetterSqs: sqs, eventBridge, ...(sleep === undefined ? {} : { sleep }) };
  const { deadLetters, ...others } = createTestDependencies(environment, clients);
  return createAdminApp({ ...others, deadLetters: { ...deadLetters, timeLimitMs } });
}

const text = (value: string) => ({ DataType: 'String', StringValue: value });

async function sendDeadLetter(messageId: string, redrives = 0): Promise<string> {
  await sqs.send(
    new SendMessageCommand({
      QueueUrl: queues.runs.deadLetterUrl,
      MessageBody: `{"runKey":"11-1-1","deliveryId":"guid-${messageId}"}`,
      MessageAttributes: {
        reason: text('died'),
        detail: text('out of memory'),
        queue: text('runs'),
        messageId: text(messageId),
        attempts: { DataType: 'Number', StringValue: '6' },
        redrives: { DataType: 'Number', StringValue: String(redrives) },
      },
    }),
  );
  return deadLetterId('runs', messageId, 'died');
}

async function post(action: 'inspect' | 'redrive' | 'discard', payload: object) {
  const response = await app.inject({ method: 'POST', url: `/api/dead-letters/${action}`, payload });
  return { status: response.statusCode, body: response.json<unknown>() };
}

async function applyAction(action: 'redrive' | 'discard', payload: object) {
  const { status, body } = await post(action, { queue: 'runs', reason: 'the target is back', ...payload });
  expect(status).toBe(200);
  return DeadLetterActionResponse.parse(body);
}

const runsUrl = () => queues.runs.destinations['runs'] ?? '';
const waiting = async (url: string) => (await countMessages(sqs, url)).waiting;

describe('dead-letter actions', () => {
  test('inspect returns the whole message and leaves it in the queue', async () => {
    const id = await sendDeadLetter('m-1');
    const { status, body } = await post('inspect', { queue: 'runs', deadLetterId: id });
    expect(status).toBe(200);
    expect(InspectResponse.parse(body)).toMatchObject({
      id,
      reason: 'died',
      detail: 'out of memory',
      attempts: 6,
      body: '{"runKey":"11-1-1","deliveryId":"guid-m-1"}',
    });
    expect(await countMessages(sqs, queues.runs.deadLetterUrl)).toEqual({ waiting: 1, inFlight: 0 });
  });

  test('inspecting an unknown dead letter is a 404 that names it', async () => {
    const id = await sendDeadLetter('m-1');
    const { status, body } = await post('inspect', { queue: 'decisions', deadLetterId: id });
    expect(status).toBe(404);
    expect(ProblemDocument.parse(body).detail).toContain(id);
  });

  test('an undelivered event is inspected as a whole, and redriven to its target queue', async () => {
    const { deadLetterUrl, destinations } = queues['undelivered-events'];
    const { decisions = '' } = destinations;
    const detail = { type: 'route.decided', runKey: '11-1-1', correlationId: 'guid-1' };
    const MessageAttributes = {
      ERROR_CODE: text('NO_PERMISSIONS'),
      ERROR_MESSAGE: text('not authorized'),
      TARGET_ARN: text(`arn:aws:sqs:us-east-1:000000000000:${decisions.split('/').at(-1)}`),
    };
    const MessageBody = JSON.stringify({ detail });
    const sent = await sqs.send(new SendMessageCommand({ QueueUrl: deadLetterUrl, MessageBody, MessageAttributes }));
    const id = deadLetterId('undelivered-events', sent.MessageId ?? '', 'no-permissions');

    const inspected = await post('inspect', { queue: 'undelivered-events', deadLetterId: id });
    expect(inspected.body).not.toHaveProperty('message');
    expect(InspectResponse.parse(inspected.body)).toMatchObject({
      id,
      queue: 'undelivered-events',
      to: 'decisions',
      body: MessageBody,
    });

    const done = await applyAction('redrive', {
      queue: 'undelivered-events',
      select: { reason: 'no-permissions' },
      dryRun: false,
    });
    expect(done).toMatchObject({ outcomes: { redriven: 1 }, deadLetters: [{ id, runKey: '11-1-1' }] });
    expect(await Promise.all([decisions, deadLetterUrl].map(waiting))).toEqual([1, 0]);
    expect(facts).toMatchObject([
      { data: { deadLetterId: id, queue: 'undelivered-events', deadLetterReason: 'no-permissions' } },
    ]);
  });

  test('nothing is changed unless dryRun is false', async () => {
    const id = await sendDeadLetter('m-1');
    const dryRun = await applyAction('redrive', { select: { all: true } });
    expect(dryRun).toMatchObject({
      dryRun: true,
      outcomes: { redriven: 1 },
      deadLetters: [{ id, outcome: 'redriven' }],
    });
    expect([facts, await waiting(runsUrl())]).toEqual([[], 0]);

    const done = await applyAction('redrive', { select: { ids: [id, 'gone'] }, dryRun: false });
    expect(done).toMatchObject({
      dryRun: false,
      outcomes: { redriven: 1 },
      notFound: ['gone'],
      ended: 'completed',
      more: false,
      queueDepth: { waiting: 0, inFlight: 0 },
    });
    expect(await waiting(runsUrl())).toBe(1);
    expect(facts).toMatchObject([
      {
        type: 'dead-letter.acted',
        correlationId: 'guid-m-1',
        data: { actionId: done.actionId, operator: 'local', reason: 'the target is back', result: 'redriven' },
      },
    ]);
  });

  test('a request with the actionId of an earlier response continues that action, with one id in all its facts', async () => {
    for (const messageId of ['m-1', 'm-2', 'm-3']) await sendDeadLetter(messageId);
    const request = { select: { all: true }, dryRun: false, limit: 2 };
    const first = await applyAction('discard', request);
    expect(first).toMatchObject({ outcomes: { discarded: 2 }, more: true });
    const { actionId, before } = first;
    const second = await applyAction('discard', { ...request, actionId, before });
    expect(second).toMatchObject({ actionId, outcomes: { discarded: 1 }, more: false });
    const ids = facts.map((fact) => (fact.type === 'dead-letter.acted' ? fact.data.actionId : null));
    expect(ids).toEqual([actionId, actionId, actionId]);
    expect((await post('discard', { queue: 'runs', ...request, reason: 'x', actionId: 'mine' })).status).toBe(400);
  });

  test('a token in the reason is not in the fact, and the response says so', async () => {
    await sendDeadLetter('m-1');
    const reason = `renewed ghs_${'A1b2'.repeat(9)}`;
    const done = await applyAction('redrive', { select: { all: true }, dryRun: false, reason });
    expect(done.notice).toMatch(/secret.*Revoke/);
    expect(facts).toMatchObject([{ type: 'dead-letter.acted', data: { reason: 'renewed [redacted]' } }]);
  });

  test('repeating a redrive while `more` is true redrives no message again that has failed in the meantime', async () => {
    for (let number = 0; number < 5; number += 1) await sendDeadLetter(`m-${number}`);
    const request = { select: { all: true }, dryRun: false, limit: 2 };
    const first = await applyAction('redrive', request);
    // Two messages fail again at once.
    for (const number of [0, 1]) await sendDeadLetter(`again-${number}`, 1);
    const { before } = first;
    const second = await applyAction('redrive', { ...request, before });
    const third = await applyAction('redrive', { ...request, before });
    const [one, two, three] = [first, second, third].map(({ outcomes, more }) => [outcomes['redriven'], more]);
    expect([one, two, three]).toEqual([
      [2, true],
      [2, true],
      [1, false],
    ]);
    expect(third).toMatchObject({ before, newer: 2 });
    expect(await waiting(queues.runs.deadLetterUrl)).toBe(2);
  });

  test('a redrive with the `before` of its dry run acts on what the dry run listed', async () => {
    const listed = await sendDeadLetter('m-1');
    const dryRun = await applyAction('redrive', { select: { reason: 'died' } });
    await sendDeadLetter('m-2');
    const { before } = dryRun;
    const run = await applyAction('redrive', { select: { reason: 'died' }, before, dryRun: false });
    for (const { deadLetters } of [dryRun, run]) expect(deadLetters.map(({ id }) => id)).toEqual([listed]);
    expect(run).toMatchObject({ newer: 1, more: false });
  });

  test('while another reader holds messages, inspect is a 503 to repeat, a redrive has more, and both work afterwards', async () => {
    const id = await sendDeadLetter('m-1');
    const QueueUrl = queues.runs.deadLetterUrl;
    const { Messages: [held] = [] } = await sqs.send(new ReceiveMessageCommand({ QueueUrl, VisibilityTimeout: 600 }));
    const refused = await app.inject({
      method: 'POST',
      url: '/api/dead-letters/inspect',
      payload: { queue: 'runs', deadLetterId: id },
    });
    expect([refused.statusCode, refused.headers['retry-after']]).toEqual([503, '2']);
    expect(ProblemDocument.parse(refused.json()).detail).toMatch(/another reader holds 1 of its messages. Try again/);
    expect(await applyAction('redrive', { select: { ids: [id] } })).toMatchObject({
      ended: 'held',
      more: true,
      notFound: [id],
    });
    const visible = { QueueUrl, ReceiptHandle: held?.ReceiptHandle, VisibilityTimeout: 0 };
    await sqs.send(new ChangeMessageVisibilityCommand(visible));
    expect(await post('inspect', { queue: 'runs', deadLetterId: id })).toMatchObject({ status: 200, body: { id } });
  });

  test('the depth of a queue counts its messages, and those that another reader holds', async () => {
    const depthOf = async (queue: string) =>
      (await app.inject({ url: `/api/dead-letters/${queue}/depth` })).json<unknown>();
    for (const messageId of ['m-1', 'm-2', 'm-3']) await sendDeadLetter(messageId);
    await sqs.send(new ReceiveMessageCommand({ QueueUrl: queues.runs.deadLetterUrl, VisibilityTimeout: 600 }));
    expect(await depthOf('runs')).toEqual({ queue: 'runs', waiting: 2, inFlight: 1 });
    expect(await depthOf('facts')).toEqual({ queue: 'facts', waiting: 0, inFlight: 0 });
    expect((await app.inject({ url: '/api/dead-letters/unknown/depth' })).statusCode).toBe(400);
  });

  test('perSecond limits the rate of a redrive', async () => {
    const waits: number[] = [];
    await app.close();
    app = createApp({ sleep: async (milliseconds) => void waits.push(milliseconds) });
    for (const messageId of ['m-1', 'm-2', 'm-3']) await sendDeadLetter(messageId);
    // Long enough that no machine takes longer for one dead letter.
    const request = { select: { all: true }, dryRun: false, perSecond: 1 };
    expect(await applyAction('redrive', request)).toMatchObject({ outcomes: { redriven: 3 } });
    expect(waits).toHaveLength(2);
    for (const milliseconds of waits) expect(milliseconds).toBeGreaterThan(0);
    expect(Math.max(...waits)).toBeGreaterThan(500);
  });

  test('a dry run names the queue that a redrive would send each dead letter to', async () => {
    const id = await sendDeadLetter('m-1');
    expect(await applyAction('redrive', { select: { all: true } })).toMatchObject({
      deadLetters: [{ id, to: 'runs' }],
    });
  });

  test('discard by reason, limited per request, until none remain', async () => {
    for (let number = 0; number < 5; number += 1) await sendDeadLetter(`m-${number}`);
    const request = { select: { reason: 'died' }, dryRun: false, limit: 3 };
    expect(await applyAction('discard', request)).toMatchObject({
      outcomes: { discarded: 3 },
      ended: 'limit',
      more: true,
    });
    expect(await applyAction('discard', request)).toMatchObject({ outcomes: { discarded: 2 }, more: false });
    expect(await waiting(queues.runs.deadLetterUrl)).toBe(0);
    expect(facts).toHaveLength(5);
  });

  test('a dead letter that was redriven three times stays until it is selected by id as quarantined', async () => {
    const id = await sendDeadLetter('m-1', 3);
    expect(await applyAction('redrive', { select: { all: true }, dryRun: false })).toMatchObject({
      outcomes: { redriven: 0, quarantined: 1 },
      deadLetters: [{ id, outcome: 'quarantined', redrives: 3 }],
    });
    const named = { select: { ids: [id] }, quarantined: true, dryRun: false };
    expect(await applyAction('redrive', named)).toMatchObject({ outcomes: { redriven: 1 } });
  });

  test('an action that reaches its time limit says that more remain, and leaves them visible', async () => {
    await app.close();
    app = createApp({ timeLimitMs: 0 });
    await sendDeadLetter('m-1');
    const stopped = await applyAction('redrive', { select: { all: true }, dryRun: false });
    expect(stopped).toMatchObject({ ended: 'stopped', more: true, outcomes: { redriven: 0 } });
    expect(await waiting(queues.runs.deadLetterUrl)).toBe(1);
  });

  test('a dead letter whose fact cannot be published stays, and the response says why', async () => {
    const id = await sendDeadLetter('m-1');
    busFails = true;
    expect(await applyAction('discard', { select: { all: true }, dryRun: false })).toMatchObject({
      outcomes: { discarded: 0, failed: 1 },
      deadLetters: [{ id, outcome: 'failed', problem: 'Error: EventBridge is down' }],
    });
    expect(await waiting(queues.runs.deadLetterUrl)).toBe(1);
  });

  test.each([
    ['an unknown queue', { queue: 'unknown' }],
    ['two selections', { select: { all: true, reason: 'died' } }],
    ['no selection', { select: {} }],
    ['all set to false', { select: { all: false } }],
    ['no reason', { reason: ' ' }],
    ['a limit that is too high', { limit: 1_001 }],
    ['a rate of zero', { perSecond: 0 }],
    ['a rate that is too high', { perSecond: 101 }],
    ['quarantined dead letters without ids', { quarantined: true }],
    ['an unknown field', { yes: true }],
  ])('a redrive with %s is refused, and nothing changes', async (_, change) => {
    await sendDeadLetter('m-1');
    const request = { queue: 'runs', select: { all: true }, reason: 'why not', dryRun: false, ...change };
    expect((await post('redrive', request)).status).toBe(400);
    expect(await waiting(queues.runs.deadLetterUrl)).toBe(1);
  });
});
