import { ChangeMessageVisibilityCommand } from '@aws-sdk/client-sqs';
import type { Fact, RunCompleted, RunsMessage } from '@dispatcher/contracts';
import { startDynamo, type TestDynamo } from '@dispatcher/store/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { createHandler } from '../create-handler.ts';
import { run } from '../testing/fixtures.ts';
import { createTestDependencies } from '../testing/test-dependencies.ts';

// The handler with its real dependencies, a clock of its own, and a GitHub that is down for hours.

const start = Date.parse('2026-03-01T10:00:00Z');
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

interface Waiting {
  readonly message: RunsMessage;
  readonly id: string;
  at: number;
  receives: number;
}

let dynamo: TestDynamo;
let now: number;
let recoversAt: number;
/** Installations that GitHub answers even during the outage. */
let reachable: Set<number>;
let requests: { at: number; url: string }[];
let facts: Fact[];
let counted: Map<string, number>;
let queue: Waiting[];
let deadLetters: number;
/** The response to every query, instead of a repository that does not exist. */
let refusal: { readonly status: number; readonly body: object } | null;
let handler: ReturnType<typeof createHandler>;

beforeAll(async () => {
  dynamo = await startDynamo();
});
afterAll(() => dynamo.close());
beforeEach(async () => {
  now = start;
  recoversAt = Infinity;
  reachable = new Set();
  requests = [];
  facts = [];
  counted = new Map();
  queue = [];
  deadLetters = 0;
  refusal = null;
  const tables = await dynamo.createTables();
  const sendToSqs = async (command: object) => {
    if (command instanceof ChangeMessageVisibilityCommand) {
      const { ReceiptHandle: id, VisibilityTimeout: seconds = 0 } = command.input;
      const waiting = queue.find((each) => each.id === id);
      if (waiting !== undefined) waiting.at = now + seconds * 1_000;
    } else if ('input' in command && 'MessageBody' in (command.input as object)) deadLetters += 1;
    return { MessageId: 'm' };
  };
  handler = createHandler(
    createTestDependencies({
      dynamo,
      tables,
      environment: { MAX_ATTEMPTS: '2' },
      now: () => now,
      publish: (published) => void facts.push(...published),
      sendToSqs,
      fetch: respond,
      meter: { count: (name) => void counted.set(name, (counted.get(name) ?? 0) + 1), milliseconds: () => {} },
    }),
  );
});

const respond: typeof fetch = async (input) => {
  const url = input instanceof Request ? input.url : String(input);
  requests.push({ at: now, url });
  const installation = /installations\/(\d+)/.exec(url)?.[1];
  const isDown = now < recoversAt && !(installation !== undefined && reachable.has(Number(installation)));
  if (isDown) return new Response('Bad Gateway', { status: 502 });
  const json = (status: number, body: object) =>
    new Response(JSON.stringify(body), { status, headers: { 'content-type': 'application/json' } });
  if (installation !== undefined) {
    return json(201, { token: 'ghs_1', expires_at: new Date(now + hourMs).toISOString() });
  }
  if (refusal !== null) return json(refusal.status, refusal.body);
  return json(200, { data: Object.fromEntries(Array.from({ length: 10 }, (_, index) => [`r${index}`, null])) });
};

/** Run `id` of a repository of an installation, delivered at that time. */
function deliver(id: number, at: number, { installationId = 5, repositoryId = 11 } = {}): RunCompleted {
  const time = new Date(at).toISOString();
  const message = run({
    deliveryId: `guid-${id}`,
    receivedAt: time,
    installationId,
    repository: { id: repositoryId, owner: 'octo-org', name: `r${repositoryId}`, defaultBranch: 'main' },
    of: { id, headRepositoryId: repositoryId, updatedAt: time, startedAt: time },
  });
  queue.push({ message, id: `m${id}`, at, receives: 0 });
  return message;
}

/** Hands the messages to the function as SQS does, in batches of up to ten, until none is left or the time is over. */
async function work(untilMs: number): Promise<void> {
  for (;;) {
    const next = Math.min(...queue.map(({ at }) => at));
    if (next > untilMs) break;
    now = Math.max(now, next);
    const batch = queue.filter(({ at }) => at <= now).slice(0, 10);
    for (const each of batch) {
      each.receives += 1;
      each.at = now + 180_000;
    }
    const records = batch.map(({ message, id, receives }) => ({
      messageId: id,
      receiptHandle: id,
      body: JSON.stringify(message),
      attributes: { ApproximateReceiveCount: String(receives) },
    }));
    const context = { functionName: 'planning', awsRequestId: 'r', getRemainingTimeInMillis: () => 30_000 } as Context;
    const response = (await handler({ Records: records } as unknown as SQSEvent, context)) as SQSBatchResponse;
    const failed = new Set(response.batchItemFailures.map(({ itemIdentifier }) => itemIdentifier));
    queue = queue.filter((each) => !batch.includes(each) || failed.has(each.id));
  }
  now = Math.max(now, untilMs);
}

function ofType<T extends Fact['type']>(type: T): Extract<Fact, { type: T }>[] {
  return facts.filter((fact): fact is Extract<Fact, { type: T }> => fact.type === type);
}

describe('GitHub is unreachable', () => {
  test('for five hours: every run is delayed once, none uses up an attempt, and all are planned afterwards, once', async () => {
    recoversAt = start + 5 * hourMs;
    for (let id = 1; id <= 40; id += 1) deliver(id, start + id * 7 * minuteMs, { repositoryId: 11 + (id % 3) });
    await work(recoversAt - 1);
    expect(ofType('run.planned')).toEqual([]);
    expect(ofType('run.delayed')).toHaveLength(40);
    expect(new Set(ofType('run.delayed').map(({ id }) => id)).size).toBe(40);
    // No message comes near the 1,000 receives after which SQS moves it to the dead-letter queue.
    expect(Math.max(...queue.map(({ receives }) => receives))).toBeLessThan(60);
    await work(recoversAt + 40 * minuteMs);
    expect(queue).toEqual([]);
    expect(deadLetters).toBe(0);
    const planned = ofType('run.planned');
    expect(new Set(planned.map(({ runKey }) => runKey)).size).toBe(40);
    expect(planned).toHaveLength(40);
    expect(planned.filter(({ data }) => data.outcome === 'config-unreadable')).toEqual([]);
    expect(ofType('run.delayed')).toHaveLength(40);
    expect(counted.get('OutageGiveUps')).toBeUndefined();
  });

  test('the messages of the installation wait without a call, with one call at the end of each wait', async () => {
    for (let id = 1; id <= 40; id += 1) deliver(id, start);
    await work(start + hourMs);
    // 2, 2, 4, 8, … seconds, then 15 minutes: about 13 waits in an hour. Messages that fail together share a request.
    expect(new Set(requests.map(({ at }) => at)).size).toBeLessThan(20);
    expect(requests.length).toBeLessThan(40);
    expect(ofType('run.delayed')).toHaveLength(40);
  });

  test('for one installation only: the runs of another are planned at once', async () => {
    deliver(1, start);
    await work(start + minuteMs);
    reachable.add(6);
    recoversAt = now;
    deliver(2, now, { installationId: 6, repositoryId: 66 });
    await work(now);
    expect(ofType('run.planned').map(({ data }) => data.trigger)).toMatchObject([{ installationId: 6 }]);
  });

  test('the fact states the next try, the end of the waiting, and what could not be read', async () => {
    deliver(1, start);
    await work(start + 10 * minuteMs);
    expect(ofType('run.delayed')).toMatchObject([
      {
        time: '2026-03-01T10:00:00.000Z',
        correlationId: 'guid-1',
        runKey: '11-1-1',
        data: {
          revision: 0,
          repository: 'octo-org/r11',
          workflow: 'ci.yml',
          nextTryAt: '2026-03-01T10:00:02.000Z',
          giveUpAt: '2026-03-01T16:00:00.000Z',
          message: expect.stringContaining('octo-org/r11: GitHub responded with 502'),
        },
      },
    ]);
  });

  test('for longer than UNREADABLE_GIVE_UP_SECONDS: the run is recorded as unreadable, and the alarm’s metric counts it', async () => {
    deliver(1, start);
    await work(start + 6 * hourMs - 1);
    expect(ofType('run.planned')).toEqual([]);
    await work(start + 6 * hourMs + minuteMs);
    expect(queue).toEqual([]);
    expect(ofType('run.planned')).toMatchObject([
      { data: { outcome: 'config-unreadable', code: 'config-unreadable', responsible: 'operator' } },
    ]);
    expect(counted.get('OutageGiveUps')).toBe(1);
    expect(deadLetters).toBe(0);
  });

  test('a run that is replayed after it was given up waits again', async () => {
    const message = deliver(1, start);
    await work(start + 7 * hourMs);
    recoversAt = now + hourMs;
    const replay: RunsMessage = {
      type: 'run.replay',
      version: 1,
      actionId: 'a1',
      runKey: `${message.repository.id}-1-1`,
      mode: 're-evaluate',
      routeId: null,
      operator: 'ada',
      reason: 'GitHub was down.',
      requestedAt: new Date(now).toISOString(),
    };
    queue.push({ message: replay, id: 'replay', at: now, receives: 0 });
    await work(now + 2 * hourMs);
    expect(ofType('run.delayed').map(({ data }) => data.revision)).toEqual([0, 1]);
    expect(ofType('run.planned').map(({ data }) => [data.revision, data.outcome])).toEqual([
      [0, 'config-unreadable'],
      [1, 'source-refused'],
    ]);
  });

  test('a refusal by GitHub is recorded after the last attempt, without a delay', async () => {
    recoversAt = start;
    deliver(1, start);
    refusal = { status: 403, body: { message: 'Although you appear to have access, an IP allow list forbids it.' } };
    await work(start + minuteMs);
    expect(ofType('run.delayed')).toEqual([]);
    expect(ofType('run.planned')).toMatchObject([{ data: { outcome: 'config-unreadable' } }]);
    expect(counted.get('OutageGiveUps')).toBeUndefined();
  });
});
