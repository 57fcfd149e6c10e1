import { CreateQueueCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import { Fact, deadLetterId } from '@dispatcher/contracts';
import { type StepLog } from '@dispatcher/lambda';
import { countMessages, type DeadLetterQueues, deadLetterQueuesOf } from '@dispatcher/dead-letters';
import { startDynamo, type TestDynamo } from '@dispatcher/store/testing';
import { createAccessStore, createFactStore } from '@dispatcher/store';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { createAdminApp } from '../app.ts';
import { withoutAuthentication } from '../auth/authentication.ts';
import { InspectedDeadLetter, DeadLetterAction } from './dead-letter-actions.ts';
import { ProblemDocument } from '../http/problem.ts';

const log: StepLog = { info: () => {}, warn: () => {}, error: () => {}, with: () => log };

let aws: TestDynamo;
let sqs: SQSClient;
let app: FastifyInstance;
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
  const url = (name: string) => `${aws.url}/000000000000/${sets}-${name}`;
  queues = deadLetterQueuesOf({
    RUNS_QUEUE_URL: url('runs'),
    RUNS_DEAD_LETTER_QUEUE_URL: url('runs-dead-letters'),
    DECISIONS_QUEUE_URL: url('decisions'),
    DECISIONS_DEAD_LETTER_QUEUE_URL: url('decisions-dead-letters'),
    FACTS_QUEUE_URL: url('facts'),
    FACTS_DEAD_LETTER_QUEUE_URL: url('facts-dead-letters'),
    UNDELIVERED_EVENTS_QUEUE_URL: url('undelivered'),
  });
  const urls = Object.values(queues).flatMap(({ deadLetterUrl, destinations }) => [
    deadLetterUrl,
    ...Object.values(destinations),
  ]);
  for (const each of new Set(urls)) await sqs.send(new CreateQueueCommand({ QueueName: each.split('/').at(-1) }));
  app = appWith();
});
afterEach(() => app.close());
afterAll(async () => {
  sqs.destroy();
  await aws.close();
});

function appWith({ timeLimitMs = 120_000 } = {}): FastifyInstance {
  const publish = async (published: readonly Fact[]) => {
    if (busFails) throw new Error('EventBridge is down');
    facts.push(...published.map((fact) => Fact.parse(fact)));
  };
  return createAdminApp({
    reads: createFactStore({ client: aws.client, table: 'facts', projectionsTable: 'projections' }),
    access: createAccessStore({ client: aws.client, table: 'access' }),
    runs: { send: async () => {} },
    authentication: withoutAuthentication(),
    deadLetters: {
      queues,
      deadLetters: { sqs, bus: { publish }, warn: () => {}, now: Date.now, sleep: async () => {} },
      timeLimitMs,
    },
    version: '1.2.3',
    log,
  });
}

const text = (value: string) => ({ DataType: 'String', StringValue: value });

async function giveUp(messageId: string, redrives = 0): Promise<string> {
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
  return DeadLetterAction.parse(body);
}

const runsUrl = () => queues.runs.destinations['runs'] ?? '';
const waiting = async (url: string) => (await countMessages(sqs, url)).waiting;

describe('the dead letters of the API', () => {
  test('one is inspected with its whole message, and stays', async () => {
    const id = await giveUp('m-1');
    const { status, body } = await post('inspect', { queue: 'runs', deadLetterId: id });
    expect(status).toBe(200);
    expect(InspectedDeadLetter.parse(body)).toMatchObject({
      id,
      reason: 'died',
      detail: 'out of memory',
      attempts: 6,
      body: '{"runKey":"11-1-1","deliveryId":"guid-m-1"}',
    });
    expect(await countMessages(sqs, queues.runs.deadLetterUrl)).toEqual({ waiting: 1, inFlight: 0 });
  });

  test('one that is not there is a problem that says so', async () => {
    const id = await giveUp('m-1');
    const { status, body } = await post('inspect', { queue: 'decisions', deadLetterId: id });
    expect(status).toBe(404);
    expect(ProblemDocument.parse(body).detail).toContain(id);
  });

  test('of the bus are inspected with their event, and redriven to the queue that it was for', async () => {
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
    expect(InspectedDeadLetter.parse(inspected.body)).toMatchObject({
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

  test('nothing is done unless dryRun is false', async () => {
    const id = await giveUp('m-1');
    const dry = await applyAction('redrive', { select: { all: true } });
    expect(dry).toMatchObject({ dryRun: true, outcomes: { redriven: 1 }, deadLetters: [{ id, outcome: 'redriven' }] });
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

  test('they are discarded by reason, in portions, until no more remain', async () => {
    for (let number = 0; number < 5; number += 1) await giveUp(`m-${number}`);
    const portion = { select: { reason: 'died' }, dryRun: false, limit: 3 };
    expect(await applyAction('discard', portion)).toMatchObject({
      outcomes: { discarded: 3 },
      ended: 'limit',
      more: true,
    });
    expect(await applyAction('discard', portion)).toMatchObject({ outcomes: { discarded: 2 }, more: false });
    expect(await waiting(queues.runs.deadLetterUrl)).toBe(0);
    expect(facts).toHaveLength(5);
  });

  test('one that was redriven three times stays, until it is named and sent all the same', async () => {
    const id = await giveUp('m-1', 3);
    expect(await applyAction('redrive', { select: { all: true }, dryRun: false })).toMatchObject({
      outcomes: { redriven: 0, quarantined: 1 },
      deadLetters: [{ id, outcome: 'quarantined', redrives: 3 }],
    });
    const named = { select: { ids: [id] }, quarantined: true, dryRun: false };
    expect(await applyAction('redrive', named)).toMatchObject({ outcomes: { redriven: 1 } });
  });

  test('an action whose time is up says that more remain, and hides none of them', async () => {
    await app.close();
    app = appWith({ timeLimitMs: 0 });
    await giveUp('m-1');
    const stopped = await applyAction('redrive', { select: { all: true }, dryRun: false });
    expect(stopped).toMatchObject({ ended: 'stopped', more: true, outcomes: { redriven: 0 } });
    expect(await waiting(queues.runs.deadLetterUrl)).toBe(1);
  });

  test('one whose fact cannot be published stays, and the answer says why', async () => {
    const id = await giveUp('m-1');
    busFails = true;
    expect(await applyAction('discard', { select: { all: true }, dryRun: false })).toMatchObject({
      outcomes: { discarded: 0, failed: 1 },
      deadLetters: [{ id, outcome: 'failed', problem: 'Error: EventBridge is down' }],
    });
    expect(await waiting(queues.runs.deadLetterUrl)).toBe(1);
  });

  test.each([
    ['an unknown queue', { queue: 'letters' }],
    ['two selections', { select: { all: true, reason: 'died' } }],
    ['no selection', { select: {} }],
    ['all, but not', { select: { all: false } }],
    ['no reason', { reason: ' ' }],
    ['more than a portion', { limit: 101 }],
    ['quarantined letters without their ids', { quarantined: true }],
    ['a field that is not known', { yes: true }],
  ])('a redrive of %s is refused, and nothing is done', async (_, change) => {
    await giveUp('m-1');
    const asked = { queue: 'runs', select: { all: true }, reason: 'why not', dryRun: false, ...change };
    expect((await post('redrive', asked)).status).toBe(400);
    expect(await waiting(queues.runs.deadLetterUrl)).toBe(1);
  });
});
