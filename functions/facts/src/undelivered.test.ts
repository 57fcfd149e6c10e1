import { randomUUID } from 'node:crypto';
import { CreateQueueCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from '@aws-sdk/client-sqs';
import type { DeadLetterActed } from '@dispatcher/contracts';
import { type StepLog } from '@dispatcher/lambda';
import { countMessages, type DeadLetterQueue } from '@dispatcher/dead-letters';
import { createFactStore, type FactStore } from '@dispatcher/store';
import { startDynamo, type TestDynamo } from '@dispatcher/store/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { tellUndelivered, type UndeliveredDependencies } from './undelivered.ts';

let aws: TestDynamo;
let sqs: SQSClient;
let store: FactStore;
let queue: DeadLetterQueue;
let counted: string[];

beforeAll(async () => {
  aws = await startDynamo();
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  sqs = new SQSClient({ endpoint: aws.url, region: 'us-east-1', credentials, maxAttempts: 1 });
  // One machine has no second server to ask.
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
  ({ store, queue } = await newWorld());
});
afterAll(async () => {
  sqs.destroy();
  await aws.close();
});

async function newWorld() {
  const tables = await aws.createTables();
  const QueueName = randomUUID();
  await sqs.send(new CreateQueueCommand({ QueueName }));
  const url = (name: string) => `${aws.url}/000000000000/${name}`;
  return {
    store: createFactStore({ client: aws.client, table: tables.facts, projectionsTable: tables.projections }),
    queue: { name: 'undelivered-events', deadLetterUrl: url(QueueName), destinations: { decisions: url('decisions') } },
  };
}

const log: StepLog = { info: () => {}, warn: () => {}, error: () => {}, with: () => log };

const deps = (change: Partial<UndeliveredDependencies> = {}): UndeliveredDependencies => ({
  store,
  sqs,
  queue,
  meter: { count: (name, labels) => void counted.push(`${name} ${JSON.stringify(labels)}`), milliseconds: () => {} },
  log,
  ...change,
});
const tell = (change?: Partial<UndeliveredDependencies>) => tellUndelivered(deps(change), new AbortController().signal);

async function leave(number: number, to = queue): Promise<void> {
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

const toldOf = async (of = store) => (await of.deadLetters('undelivered-events', { limit: 100 })).items;

const toldRunsOf = async (of: FactStore) => (await toldOf(of)).map(({ runKey }) => runKey);

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

describe('of events that EventBridge could not hand over', () => {
  test('each is told of once, and stays where it is, visible', async () => {
    for (let number = 0; number < 12; number += 1) await leave(number);
    await tell();
    await tell();
    const deadLetters = await toldOf();
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

  test('a new one is told of beside those that are known', async () => {
    await leave(1);
    await tell();
    await leave(2);
    await tell();
    expect(new Set(await toldRunsOf(store))).toEqual(new Set(['11-1-1', '11-2-1']));
    expect(counted).toHaveLength(2);
  });

  test('what EventBridge did not write is left to the difference', async () => {
    await sqs.send(new SendMessageCommand({ QueueUrl: queue.deadLetterUrl, MessageBody: 'by hand' }));
    await tell();
    expect(await toldOf()).toEqual([]);
    expect(await countMessages(sqs, queue.deadLetterUrl)).toEqual({ waiting: 1, inFlight: 0 });
  });

  test('what was done to one before it was told of is known when it is', async () => {
    await leave(1);
    await tell();
    const [deadLetterId = ''] = (await toldOf()).map((deadLetter) => deadLetter.deadLetterId);
    const other = await newWorld();
    await other.store.recordFacts([redriven(deadLetterId)]);
    expect(await other.store.rollUp.isLetterTold(deadLetterId)).toBe(false);
    await tell({ store: other.store });
    expect(await toldOf(other.store)).toMatchObject([{ deadLetterId, state: 'redriven' }]);
  });

  test('a look that is stopped leaves none hidden', async () => {
    await leave(1);
    await tellUndelivered(deps(), AbortSignal.abort());
    expect(await toldOf()).toEqual([]);
    expect(await countMessages(sqs, queue.deadLetterUrl)).toEqual({ waiting: 1, inFlight: 0 });
  });
});

describe('a process that dies at any call', () => {
  /** Every call to SQS and the store, counted; from the `at`th on the process is dead, before it or after it. */
  function mortal(world: { store: FactStore; queue: DeadLetterQueue }, at: number, when: 'before' | 'after') {
    let calls = 0;
    let isDead = false;
    const guard = async <T>(call: () => Promise<T>): Promise<T> => {
      const mine = calls;
      calls += 1;
      isDead ||= mine === at && when === 'before';
      if (isDead) throw new Error('dead');
      const answer = await call();
      isDead ||= mine === at;
      if (isDead) throw new Error('dead');
      return answer;
    };
    const send = (command: { input: { VisibilityTimeout?: number } }) => {
      // Of what a dead process held, one second is enough to wait for.
      if (command instanceof ReceiveMessageCommand) command.input.VisibilityTimeout = 1;
      return guard(() => sqs.send(command as never));
    };
    const { store } = world;
    const guarded: UndeliveredDependencies['store'] = {
      recordFacts: (facts) => guard(() => store.recordFacts(facts)),
      rollUp: { ...store.rollUp, isLetterTold: (id) => guard(() => store.rollUp.isLetterTold(id)) },
    };
    return { deps: deps({ ...world, store: guarded, sqs: { send: send as never } }), calls: () => calls };
  }

  async function survives(at: number, when: 'before' | 'after'): Promise<number> {
    const world = await newWorld();
    for (const number of [1, 2]) await leave(number, world.queue);
    const { deps: dying, calls } = mortal(world, at, when);
    await tellUndelivered(dying, new AbortController().signal).catch(() => undefined);
    const made = calls();
    for (let told = 0; told < 2; told = (await toldOf(world.store)).length) await tell(world);
    expect(new Set(await toldRunsOf(world.store))).toEqual(new Set(['11-1-1', '11-2-1']));
    expect(await toldRunsOf(world.store)).toHaveLength(2);
    const { waiting, inFlight } = await countMessages(sqs, world.queue.deadLetterUrl);
    expect(waiting + inFlight).toBe(2);
    return made;
  }

  test('has lost no letter, and the next look tells of each once', async () => {
    const calls = await survives(Infinity, 'before');
    // Receive, twice ask and record, receive nothing, make visible.
    expect(calls).toBe(7);
    for (let at = 0; at < calls; at += 1) for (const when of ['before', 'after'] as const) await survives(at, when);
  }, 120_000);
});
