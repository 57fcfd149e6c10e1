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
  { queue: 'runs-dead-letters', url: 'https://sqs.invalid/runs-dead-letters', deadLettersOf: 'runs' },
  { queue: 'undelivered-events', url: 'https://sqs.invalid/undelivered-events', deadLettersOf: 'undelivered-events' },
];

let store: FactStore;
let published: Fact[];
let measured: [string, number][];
let looks: number;
beforeEach(() => {
  const client = createMemoryDynamo().newClient();
  store = createFactStore({ client, table: 'facts', projectionsTable: 'projections' });
  published = [];
  measured = [];
  looks = 0;
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
      watched.map((each) => ({ queue: each.queue, waiting: queues.indexOf(each), inFlight: 0, delayed: 0 })),
    tellUndelivered: async () => void (looks += 1),
    bus: { publish: async (facts: readonly Fact[]) => void published.push(...facts) },
    meter: { count: () => undefined, milliseconds: (name: string, value: number) => void measured.push([name, value]) },
    log: log({}),
    now: () => now,
  };
}

test('a roll-up sets the summaries, compares the letters with the queues, and tells how full the queues are', async () => {
  const deadLetter = deadLettered('m1', time, 'delivery-9');
  await store.recordFacts([...planFacts(sampleRun(1, time), [], time), deadLetter]);
  await rollUp(depsAt(at + 5_000));
  expect((await store.summary('hour'))?.deliveries.received).toBe(1);
  expect((await store.deadLetterSummary())?.queues).toEqual([
    { queue: 'runs', recorded: 1, queueDepth: 1, difference: 0 },
    { queue: 'undelivered-events', recorded: 0, queueDepth: 2, difference: 2 },
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
  const emptyFor = (waiting: number) => async (watched: readonly WatchedQueue[]) =>
    watched.filter(({ queue }) => queue === 'runs').map(({ queue }) => ({ queue, waiting, inFlight: 0, delayed: 0 }));
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

test('where a queue is gone, the dead letters are compared and told of all the same, and the failure is told', async () => {
  const { sample } = depsAt(at);
  const withoutRuns = async (watched: readonly WatchedQueue[]) => {
    if (watched.some(({ queue }) => queue === 'runs')) throw new Error('the queue runs does not exist');
    return sample(watched);
  };
  await expect(rollUp({ ...depsAt(at), sample: withoutRuns })).rejects.toThrow('the queue runs does not exist');
  expect((await store.deadLetterSummary())?.queues).toContainEqual({
    queue: 'undelivered-events',
    recorded: 0,
    queueDepth: 2,
    difference: 2,
  });
  expect(looks).toBe(1);
  expect(published).toEqual([]);
});

test('where the undelivered events cannot be read, the queues are told of all the same, and the failure is told', async () => {
  const broken = { ...depsAt(at), tellUndelivered: () => Promise.reject(new Error('not allowed')) };
  await expect(rollUp(broken)).rejects.toThrow('not allowed');
  expect(published).toHaveLength(1);
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

test.each([
  ['that the facts do not tell of are looked at', 2, 0, 14 * 60 + 1, 1],
  ['that the facts tell of are left alone', 1, 1, 14 * 60 + 1, 0],
  ['that were taken away are looked at', 1, 2, 14 * 60 + 1, 1],
  ['that the facts tell of are looked at every tenth minute: two errors may cancel', 1, 1, 14 * 60 + 10, 1],
  ['are none, and nothing is looked at', 0, 1, 14 * 60 + 10, 0],
])('events not handed over %s', async (_, waiting, told, minute, expected) => {
  const facts = ['m1', 'm2'].slice(0, told).map((id) => deadLettered(id, time, `delivery-${id}`));
  await store.recordFacts(facts.map((fact) => ({ ...fact, data: { ...fact.data, queue: 'undelivered-events' } })));
  const now = Date.parse('2026-11-03T00:00:00.000Z') + minute * 60_000;
  await rollUp({
    ...depsAt(now),
    sample: async () => [{ queue: 'undelivered-events', waiting, inFlight: 0, delayed: 0 }],
  });
  expect(looks).toBe(expected);
});
