import { randomUUID } from 'node:crypto';
import { CreateQueueCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { DeadLetterActed, Fact } from '@dispatcher/contracts';
import { type StepLog } from '@dispatcher/lambda';
import { countMessages, type DeadLetterQueue } from '@dispatcher/dead-letters';
import type { FactStore } from '@dispatcher/store';
import { createFoldingStore, startDynamo, type TestDynamo } from '@dispatcher/store/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { recordUndeliveredEvents, type UndeliveredEventDependencies } from './record-undelivered-events.ts';

let aws: TestDynamo;
let sqs: SQSClient;
let store: FactStore;
let queue: DeadLetterQueue;
let counted: string[];

beforeAll(async () => {
  aws = await startDynamo();
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  sqs = new SQSClient({ endpoint: aws.url, region: 'us-east-1', credentials, maxAttempts: 1 });
  // A long poll exists to query all servers; here there is only one.
  sqs.middlewareStack.add(
    (next) => (args) => {
      if ('WaitTimeSeconds' in args.input) args.input.WaitTimeSeconds = 0;
      return next(args);
    },
    { step: 'initialize', name: 'withoutWaiting' },
  );
});
beforeEach(async () => {
  counted = [];
  ({ store, queue } = await createFixture());
});
afterAll(async () => {
  sqs.destroy();
  await aws.close();
});

async function createFixture() {
  const tables = await aws.createTables();
  const QueueName = randomUUID();
  await sqs.send(new CreateQueueCommand({ QueueName }));
  const url = (name: string) => `${aws.url}/000000000000/${name}`;
  return {
    store: createFoldingStore({ client: aws.client, table: tables.facts, projectionsTable: tables.projections }),
    queue: { name: 'undelivered-events', deadLetterUrl: url(QueueName), destinations: { decisions: url('decisions') } },
  };
}

const log: StepLog = { info: () => {}, warn: () => {}, error: () => {}, with: () => log };

const never = new AbortController().signal;

const deps = (change: Partial<UndeliveredEventDependencies> = {}): UndeliveredEventDependencies => ({
  store,
  sqs,
  queue,
  meter: { count: (name, labels) => void counted.push(`${name} ${JSON.stringify(labels)}`), milliseconds: () => {} },
  log,
  ...change,
});
const record = (change?: Partial<UndeliveredEventDependencies>) =>
  recordUndeliveredEvents(deps(change), Infinity, { scan: never, record: never });

async function sendUndelivered(number: number, to = queue): Promise<void> {
  const text = (StringValue: string) => ({ DataType: 'String', StringValue });
  await sqs.send(
    new SendMessageCommand({
      QueueUrl: to.deadLetterUrl,
      MessageBody: JSON.stringify({ detail: { correlationId: `delivery-${number}`, runKey: `11-${number}-1` } }),
      MessageAttributes: {
        ERROR_CODE: text('NO_PERMISSIONS'),
        TARGET_ARN: text('arn:aws:sqs:us-east-1:000000000000:decisions'),
      },
    }),
  );
}

const recordedIn = async (of = store) => (await of.deadLetters('undelivered-events', { limit: 100 })).items;

const recordedRunKeys = async (of: FactStore) => (await recordedIn(of)).map(({ runKey }) => runKey);

const redriven = (deadLetterId: string): DeadLetterActed => ({
  version: 1,
  id: `acted-${deadLetterId}`,
  type: 'dead-letter.acted',
  time: new Date().toISOString(),
  correlationId: 'delivery-1',
  data: {
    actionId: 'action-1',
    deadLetterId,
    queue: 'undelivered-events',
    messageId: 'm-1',
    deadLetterReason: 'no-permissions',
    action: 'redrive',
    operator: 'ada',
    reason: 'the queue takes events again',
    result: 'redriven',
  },
});

describe('events that EventBridge could not deliver', () => {
  test('are recorded once and stay visible in their queue', async () => {
    for (let number = 0; number < 12; number += 1) await sendUndelivered(number);
    await record();
    await record();
    const deadLetters = await recordedIn();
    expect(new Set(deadLetters.map(({ runKey }) => runKey)).size).toBe(12);
    expect(deadLetters).toHaveLength(12);
    expect(counted).toEqual(
      Array.from(deadLetters, () => 'DeadLetters {"queue":"undelivered-events","reason":"no-permissions"}'),
    );
    expect(await countMessages(sqs, queue.deadLetterUrl)).toEqual({ waiting: 12, inFlight: 0 });
    const { groups } = await store.rollUp.setDeadLetterSummary(Date.now(), new Map([['undelivered-events', 12]]));
    expect(groups).toMatchObject([
      { queue: 'undelivered-events', reason: 'no-permissions', open: 12, sample: { queue: 'undelivered-events' } },
    ]);
  });

  test('are recorded beside those that are already recorded', async () => {
    await sendUndelivered(1);
    await record();
    await sendUndelivered(2);
    await record();
    expect(new Set(await recordedRunKeys(store))).toEqual(new Set(['11-1-1', '11-2-1']));
    expect(counted).toHaveLength(2);
  });

  test('do not include messages that EventBridge did not send', async () => {
    await sqs.send(new SendMessageCommand({ QueueUrl: queue.deadLetterUrl, MessageBody: 'sent manually' }));
    await record();
    expect(await recordedIn()).toEqual([]);
    expect(await countMessages(sqs, queue.deadLetterUrl)).toEqual({ waiting: 1, inFlight: 0 });
  });

  test('that were redriven before they were recorded are recorded as redriven', async () => {
    await sendUndelivered(1);
    await record();
    const [deadLetterId = ''] = (await recordedIn()).map((deadLetter) => deadLetter.deadLetterId);
    const other = await createFixture();
    await other.store.recordFacts([redriven(deadLetterId)]);
    await record({ store: other.store });
    expect(await recordedIn(other.store)).toMatchObject([{ deadLetterId, state: 'redriven' }]);
  });

  test('stay visible if the scan is aborted', async () => {
    await sendUndelivered(1);
    await recordUndeliveredEvents(deps(), 1, { scan: AbortSignal.abort(), record: never });
    expect(await recordedIn()).toEqual([]);
    expect(await countMessages(sqs, queue.deadLetterUrl)).toEqual({ waiting: 1, inFlight: 0 });
  });
});

describe('an operator who inspects an undelivered event', () => {
  test('is not hindered by the work of the scan: all messages are visible before the first is looked up', async () => {
    for (let number = 0; number < 12; number += 1) await sendUndelivered(number);
    const counts: object[] = [];
    const isRecorded = async (fact: Fact) => {
      counts.push(await countMessages(sqs, queue.deadLetterUrl));
      return store.isRecorded(fact);
    };
    await record({ store: { ...store, isRecorded } });
    expect(counts).toEqual(Array.from({ length: 12 }, () => ({ waiting: 12, inFlight: 0 })));
  });

  test('waits for no last poll of the scan if the depth of the queue is known', async () => {
    for (const number of [1, 2, 3]) await sendUndelivered(number);
    let receives = 0;
    const send = (command: object) => {
      receives += command instanceof ReceiveMessageCommand ? 1 : 0;
      return sqs.send(command as never);
    };
    await recordUndeliveredEvents(deps({ sqs: { send: send as never } }), 3, { scan: never, record: never });
    expect(receives).toBe(1);
    expect(await recordedIn()).toHaveLength(3);
  });
});

describe('a process that crashes at any call', () => {
  /** Counts every call to SQS and the store. From the `at`th call on, before or after it, every call fails. */
  function crashingDependencies(
    fixture: { store: FactStore; queue: DeadLetterQueue },
    at: number,
    when: 'before' | 'after',
  ) {
    let calls = 0;
    let hasCrashed = false;
    const guard = async <T>(call: () => Promise<T>): Promise<T> => {
      const index = calls;
      calls += 1;
      hasCrashed ||= index === at && when === 'before';
      if (hasCrashed) throw new Error('crashed');
      const result = await call();
      hasCrashed ||= index === at;
      if (hasCrashed) throw new Error('crashed');
      return result;
    };
    const send = (command: { input: { VisibilityTimeout?: number } }) => {
      // A short visibility timeout, so that the messages of a crashed process return soon.
      if (command instanceof ReceiveMessageCommand) command.input.VisibilityTimeout = 1;
      return guard(() => sqs.send(command as never));
    };
    const { store } = fixture;
    const guarded: UndeliveredEventDependencies['store'] = {
      recordFacts: (facts) => guard(() => store.recordFacts(facts)),
      isRecorded: (fact) => guard(() => store.isRecorded(fact)),
    };
    return { deps: deps({ ...fixture, store: guarded, sqs: { send: send as never } }), calls: () => calls };
  }

  async function crashAndRecover(at: number, when: 'before' | 'after'): Promise<number> {
    const fixture = await createFixture();
    for (const number of [1, 2]) await sendUndelivered(number, fixture.queue);
    const { deps: crashing, calls } = crashingDependencies(fixture, at, when);
    await recordUndeliveredEvents(crashing, Infinity, { scan: never, record: never }).catch(() => undefined);
    const callCount = calls();
    for (let recorded = 0; recorded < 2; recorded = (await recordedIn(fixture.store)).length) await record(fixture);
    expect(new Set(await recordedRunKeys(fixture.store))).toEqual(new Set(['11-1-1', '11-2-1']));
    expect(await recordedRunKeys(fixture.store)).toHaveLength(2);
    const { waiting, inFlight } = await countMessages(sqs, fixture.queue.deadLetterUrl);
    expect(waiting + inFlight).toBe(2);
    return callCount;
  }

  test('loses no dead letter, and the next scan records each once', async () => {
    const calls = await crashAndRecover(Infinity, 'before');
    // Receive, receive nothing, make visible, look up twice, record.
    expect(calls).toBe(6);
    for (let at = 0; at < calls; at += 1)
      for (const when of ['before', 'after'] as const) await crashAndRecover(at, when);
  });
});
