import { type Fact, QueuesSampled } from '@dispatcher/contracts';
import type { LogFields, StepLog } from '@dispatcher/lambda';
import { createFactStore, type FactStore } from '@dispatcher/store';
import { createMemoryDynamo, deadLettered, planFacts, sampleRun } from '@dispatcher/store/testing';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { beforeEach, expect, test } from '@jest/globals';
import { sampleQueues, type WatchedQueue } from './queue-samples.ts';
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
let scans: number;
beforeEach(() => {
  const client = createMemoryDynamo().newClient();
  store = createFactStore({ client, table: 'facts', projectionsTable: 'projections' });
  published = [];
  measured = [];
  scans = 0;
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
    recordUndeliveredEvents: async () => void (scans += 1),
    bus: { publish: async (facts: readonly Fact[]) => void published.push(...facts) },
    meter: { count: () => undefined, milliseconds: (name: string, value: number) => void measured.push([name, value]) },
    log: log({}),
    now: () => now,
  };
}

test('a roll-up sets the summaries, compares recorded dead letters with the queues, and publishes samples of the queues', async () => {
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

test('two roll-ups in one minute publish one sample, and the next minute publishes another', async () => {
  await Promise.all([rollUp(depsAt(at)), rollUp(depsAt(at + 1_000))]);
  expect(published).toHaveLength(1);
  await rollUp(depsAt(at + 60_000));
  expect(new Set(published.map(({ id }) => id)).size).toBe(2);
});

test('the samples record when a queue was last empty', async () => {
  const emptyFor = (waiting: number) => async (watched: readonly WatchedQueue[]) =>
    watched.filter(({ queue }) => queue === 'runs').map(({ queue }) => ({ queue, waiting, inFlight: 0, delayed: 0 }));
  await rollUp({ ...depsAt(at), sample: emptyFor(0) });
  await rollUp({ ...depsAt(at + 60_000), sample: emptyFor(7) });
  await store.recordFacts(published.toReversed());
  expect((await store.queues())?.queues).toEqual([
    { queue: 'runs', waiting: 7, inFlight: 0, delayed: 0, lastEmptyAt: time },
  ]);
});

test('if SQS fails, the summaries are set and the roll-up fails', async () => {
  const broken = { ...depsAt(at), sample: () => Promise.reject(new Error('SQS is down')) };
  await expect(rollUp(broken)).rejects.toThrow('SQS is down');
  expect((await store.summary('all'))?.rolledUpAt).toBe(time);
  expect(published).toEqual([]);
});

test('if a queue was deleted, dead letters are compared and undelivered events recorded, and the roll-up fails', async () => {
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
  expect(scans).toBe(1);
  expect(published).toEqual([]);
});

test('if undelivered events cannot be read, the samples are published and the roll-up fails', async () => {
  const broken = { ...depsAt(at), recordUndeliveredEvents: () => Promise.reject(new Error('not allowed')) };
  await expect(rollUp(broken)).rejects.toThrow('not allowed');
  expect(published).toHaveLength(1);
});

test('a count that SQS omits is an error, not zero', async () => {
  const requested: unknown[] = [];
  const send = async (command: unknown) => {
    requested.push(command instanceof GetQueueAttributesCommand ? command.input.QueueUrl : command);
    return { Attributes: { ApproximateNumberOfMessages: '3' } };
  };
  await expect(sampleQueues({ send }, queues)).rejects.toThrow(
    'SQS returned no ApproximateNumberOfMessagesNotVisible for the queue runs.',
  );
  expect(requested).toEqual(queues.map(({ url }) => url));
});

async function rollUpUndelivered(minute: number, waiting: number): Promise<void> {
  const now = Date.parse('2026-11-03T14:00:00.000Z') + minute * 60_000;
  const sample = async () => [{ queue: 'undelivered-events', waiting, inFlight: 0, delayed: 0 }];
  await rollUp({ ...depsAt(now), sample });
}

async function recordUndelivered(...ids: string[]): Promise<void> {
  const facts = ids.map((id) => deadLettered(id, time, `delivery-${id}`));
  await store.recordFacts(facts.map((fact) => ({ ...fact, data: { ...fact.data, queue: 'undelivered-events' } })));
}

test('undelivered events that are recorded are scanned once in ten minutes, because two errors may cancel each other', async () => {
  await recordUndelivered('m1');
  const scansAfter: number[] = [];
  // The first two are in one second of a tenth minute: an operator must not meet a scan at every roll-up of that minute.
  for (const minute of [10, 10.01, 11, 19.9, 20, 20.01, 29]) {
    await rollUpUndelivered(minute, 1);
    scansAfter.push(scans);
  }
  expect(scansAfter).toEqual([1, 1, 1, 1, 2, 2, 2]);
});

test('undelivered events that are not recorded are scanned at every roll-up, at any minute', async () => {
  await recordUndelivered('m1');
  for (const minute of [10, 11, 12]) await rollUpUndelivered(minute, 2);
  expect(scans).toBe(3);
});

test('undelivered events of which one was deleted are scanned', async () => {
  await recordUndelivered('m1', 'm2');
  await rollUpUndelivered(11, 1);
  expect(scans).toBe(1);
});

test('an empty queue of undelivered events is not scanned', async () => {
  await recordUndelivered('m1');
  await rollUpUndelivered(10, 0);
  expect(scans).toBe(0);
});
