import type { SendMessageCommand } from '@aws-sdk/client-sqs';
import {
  type DispatchRequested,
  type Fact,
  requestOfSchedule,
  requestOfWebhook,
  type Schedule,
  type Webhook,
} from '@dispatcher/contracts';
import { createAccessStore, type Schedules, type Webhooks } from '@dispatcher/store';
import { startDynamo, type TestDynamo } from '@dispatcher/store/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { SQSEvent } from 'aws-lambda';
import { createHandler } from '../create-handler.ts';
import { createTestDependencies, testContext } from '../testing/test-dependencies.ts';

// Messages on the queue `runs`, with the real handler and tables, while GitHub is down.

const start = Date.parse('2026-11-28T12:00:00.000Z');
const iso = (time: number) => new Date(time).toISOString();

let dynamo: TestDynamo;
let schedules: Schedules;
let webhooks: Webhooks;
let handle: (message: object) => Promise<{ retried: boolean; deadLetters: string[] }>;
let facts: Fact[];
beforeAll(async () => {
  dynamo = await startDynamo();
});
afterAll(() => dynamo.close());
beforeEach(async () => {
  const tables = await dynamo.createTables();
  ({ schedules, webhooks } = createAccessStore({ client: dynamo.client, table: tables.access }));
  facts = [];
  const deadLetters: string[] = [];
  const dependencies = createTestDependencies({
    dynamo,
    tables,
    now: () => start,
    publish: (published) => void facts.push(...published),
    fetch: async () => new Response('Bad Gateway', { status: 502 }),
    sendToSqs: async (command) => {
      const { input } = command as SendMessageCommand;
      if (input.QueueUrl === 'http://queue/runs-dead-letters') deadLetters.push(JSON.stringify(input));
      return { MessageId: 'm' };
    },
  });
  const handler = createHandler(dependencies);
  handle = async (message) => {
    const record = { messageId: 'm1', body: JSON.stringify(message), attributes: { ApproximateReceiveCount: '1' } };
    const result = await handler({ Records: [record] } as unknown as SQSEvent, testContext);
    const failures = result !== undefined && 'batchItemFailures' in result ? result.batchItemFailures : [];
    return { retried: failures.length > 0, deadLetters };
  };
});

const schedule: Schedule = {
  scheduleId: '0123456789abcdef',
  name: 'nightly',
  cron: '0 3 * * *',
  timezone: 'UTC',
  repository: 'octo-org/deploy',
  workflow: 'cd.yml',
  ref: null,
  inputs: { environment: 'staging' },
  createdAt: iso(start),
  createdBy: 'ada',
};

async function store(change: Partial<Schedule> = {}): Promise<void> {
  const stored = { ...schedule, ...change };
  const { scheduleId } = stored;
  const progress = { scheduleId, nextAt: iso(start), pending: null, last: null, missed: null };
  await schedules.create({ schedule: stored, pausedAt: null, progress });
}

const request = (change: Partial<Schedule> = {}): DispatchRequested =>
  requestOfSchedule({ ...schedule, ...change }, { dueAt: iso(start) }, iso(start));

const codes = () => facts.flatMap((fact) => (fact.type === 'route.decided' ? [fact.data.decision.code] : []));

describe('a request of a schedule on the queue', () => {
  test('waits while GitHub is down, and says so', async () => {
    await store();
    expect(await handle(request())).toEqual({ retried: true, deadLetters: [] });
    expect(facts).toMatchObject([{ type: 'run.delayed', data: { repository: null } }]);
  });

  test('is denied without a request to GitHub once its schedule was deleted, paused or created again', async () => {
    await handle(request());
    await store();
    await schedules.pause(schedule, iso(start));
    await handle({ ...request(), requestId: 'a'.repeat(32) });
    await schedules.delete(schedule);
    await store({ scheduleId: 'f'.repeat(16) });
    await handle({ ...request(), requestId: 'b'.repeat(32) });
    expect(codes()).toEqual(['schedule-ended', 'schedule-ended', 'schedule-ended']);
  });

  test.each([
    ['another workflow', { workflow: 'other.yml' }],
    ['another repository', { repository: 'octo-org/other' }],
    ['another ref', { ref: 'production' }],
    ['another input', { inputs: { environment: 'production' } }],
  ])('for %s than its schedule has is a dead letter', async (_, change) => {
    await store();
    const { retried, deadLetters } = await handle(request(change));
    expect({ retried, count: deadLetters.length }).toEqual({ retried: false, count: 1 });
    expect(facts).toMatchObject([{ type: 'message.dead-lettered', data: { reason: 'message-invalid' } }]);
  });

  test('of a key is a dead letter', async () => {
    const { schedule: requester, ...rest } = request();
    await handle({ ...rest, key: requester });
    expect(facts).toMatchObject([{ type: 'message.dead-lettered', data: { reason: 'message-invalid' } }]);
  });
});

describe('a request of a webhook on the queue', () => {
  const webhook: Webhook = {
    webhookId: 'fedcba9876543210',
    name: 'grafana',
    verify: 'github',
    repository: 'octo-org/deploy',
    workflow: 'cd.yml',
    ref: null,
    inputs: { alert: '/alert', environment: 'staging' },
    when: {},
    createdAt: iso(start),
    createdBy: 'ada',
  };
  const storeWebhook = ({ webhookId, name } = webhook) =>
    webhooks.create({
      webhook: { ...webhook, webhookId, name },
      pausedAt: null,
      secret: { version: 'v1', previous: null },
      receipts: { webhookId, last: null, refusedInARow: 0, refused: null },
    });
  const requestWith = (inputs: Readonly<Record<string, string>>, change: Partial<Webhook> = {}) =>
    requestOfWebhook(
      { ...webhook, ...change },
      { inputs, identity: ['id', 'm1'], correlationId: 'c1', receivedAt: iso(start) },
    );
  const inputs = { alert: 'High CPU', environment: 'staging' };

  test('waits while GitHub is down, with the values of its message', async () => {
    await storeWebhook();
    expect(await handle(requestWith(inputs))).toEqual({ retried: true, deadLetters: [] });
    expect(facts).toMatchObject([{ type: 'run.delayed' }]);
  });

  test('is denied without a request to GitHub once its webhook was paused, deleted or created again', async () => {
    await storeWebhook();
    await webhooks.setPaused(webhook, iso(start));
    await handle(requestWith(inputs));
    await webhooks.delete(webhook);
    await handle({ ...requestWith(inputs), requestId: 'a'.repeat(32) });
    await storeWebhook({ ...webhook, webhookId: 'f'.repeat(16) });
    await handle({ ...requestWith(inputs), requestId: 'b'.repeat(32) });
    expect(codes()).toEqual(['webhook-ended', 'webhook-ended', 'webhook-ended']);
  });

  test.each([
    ['another workflow', inputs, { workflow: 'other.yml' }],
    ['another repository', inputs, { repository: 'octo-org/other' }],
    ['another ref', inputs, { ref: 'production' }],
    ['another fixed value', { ...inputs, environment: 'production' }, {}],
    ['an input more', { ...inputs, other: 'x' }, {}],
    ['an input less', { alert: 'High CPU' }, {}],
  ])('for %s than its webhook has is a dead letter', async (_, values, change) => {
    await storeWebhook();
    const { retried, deadLetters } = await handle(requestWith(values, change));
    expect({ retried, count: deadLetters.length }).toEqual({ retried: false, count: 1 });
    expect(facts).toMatchObject([{ type: 'message.dead-lettered', data: { reason: 'message-invalid' } }]);
  });
});
