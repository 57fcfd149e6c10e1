import { type Fact, QueuesSampled } from '@dispatcher/contracts';
import type { LogFields, StepLog } from '@dispatcher/lambda';
import { createFactStore, type FactStore } from '@dispatcher/store';
import { createMemoryDynamo, deadLettered, planFacts, sampleRun } from '@dispatcher/store/testing';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { beforeEach, expect, test } from '@jest/globals';
import { sampleQueues, type WatchedQueue } from './queues.ts';
import { rollUp } from './roll-up.ts';

const time = '2026-11-03T14:00:10.000Z';
const at = Date.parse(time);
const queues: readonly WatchedQueue[] = [
  { queue: 'runs', url: 'https://sqs.invalid/runs' },
  { queue: 'runs-dead-letters', url: 'https://sqs.invalid/runs-dead-letters', lettersOf: 'runs' },
  { queue: 'undelivered', url: 'https://sqs.invalid/undelivered', lettersOf: 'bus' },
];

let store: FactStore;
let published: Fact[];
let measured: [string, number][];
beforeEach(() => {
  const client = createMemoryDynamo().newClient();
  store = createFactStore({ client, table: 'facts', projectionsTable: 'projections' });
  published = [];
  measured = [];
});

const log = (fields: LogFields): StepLog => ({
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  with: (more) => log({ ...fields, ...more }),
});

function depsAt(now: number) {
  return {
    store: store.rollUp,
    queues,
    sample: async (watched: readonly WatchedQueue[]) =>
      watched.map(({ queue }, index) => ({ queue, waiting: index, inFlight: 0, delayed: 0 })),
    bus: { publish: async (facts: readonly Fact[]) => void published.push(...facts) },
    meter: { count: () => undefined, milliseconds: (name: string, value: number) => void measured.push([name, value]) },
    log: log({}),
    now: () => now,
  };
}

test('a roll-up sets the summaries, compares the letters with the queues, and tells how full the queues are', async () => {
  const letter = deadLettered('m1', time, 'delivery-9');
  await store.recordFacts([...planFacts(sampleRun(1, time), [], time), letter]);
  await rollUp(depsAt(at + 5_000));
  expect((await store.summary('hour'))?.deliveries.received).toBe(1);
  expect((await store.deadLetterSummary())?.queues).toEqual([
    { queue: 'runs', recorded: 1, held: 1, difference: 0 },
    { queue: 'bus', recorded: 0, held: 2, difference: 2 },
  ]);
  expect(published.map((fact) => QueuesSampled.parse(fact).data.queues.map(({ waiting }) => waiting))).toEqual([
    [0, 1, 2],
  ]);
  expect(measured).toEqual([['SinceLastDelivery', 5_000]]);
});

test('two roll-ups of one minute tell once, and the next minute tells again', async () => {
  await Promise.all([rollUp(depsAt(at)), rollUp(depsAt(at + 1_000))]);
  expect(published).toHaveLength(1);
  await rollUp(depsAt(at + 60_000));
  expect(new Set(published.map(({ id }) => id)).size).toBe(2);
});

test('a queue that was empty once, by what the roll-ups told, has nothing older than that', async () => {
  const emptyFor = (waiting: number) => async () => [{ queue: 'runs', waiting, inFlight: 0, delayed: 0 }];
  await rollUp({ ...depsAt(at), sample: emptyFor(0) });
  await rollUp({ ...depsAt(at + 60_000), sample: emptyFor(7) });
  await store.recordFacts(published.toReversed());
  expect((await store.queues())?.queues).toEqual([
    { queue: 'runs', waiting: 7, inFlight: 0, delayed: 0, lastEmptyAt: time },
  ]);
});

test('where SQS does not answer, the summaries are set all the same and the failure is told', async () => {
  const broken = { ...depsAt(at), sample: () => Promise.reject(new Error('SQS is down')) };
  await expect(rollUp(broken)).rejects.toThrow('SQS is down');
  expect((await store.summary('all'))?.rolledUpAt).toBe(time);
  expect(published).toEqual([]);
});

test('a count that SQS leaves out is an error, and no zero', async () => {
  const asked: unknown[] = [];
  const send = async (command: unknown) => {
    asked.push(command instanceof GetQueueAttributesCommand ? command.input.QueueUrl : command);
    return { Attributes: { ApproximateNumberOfMessages: '3' } };
  };
  await expect(sampleQueues({ send }, queues)).rejects.toThrow(
    'SQS told no ApproximateNumberOfMessagesNotVisible of the queue runs.',
  );
  expect(asked).toEqual(queues.map(({ url }) => url));
});
