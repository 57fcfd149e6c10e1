import type { LogFields, StepLog } from '@dispatcher/lambda';
import { createFactStore, type FactStore, LogRestoredError } from '@dispatcher/store';
import { createMemoryDynamo, deadLettered, planFacts, sampleRun } from '@dispatcher/store/testing';
import { GetQueueAttributesCommand } from '@aws-sdk/client-sqs';
import { beforeEach, expect, test } from '@jest/globals';
import { sampleQueues, type WatchedQueue } from './queue-samples.ts';
import { createRollUp, type RollUpDependencies } from './roll-up.ts';

const time = '2026-11-03T14:00:10.000Z';
const at = Date.parse(time);
const queues: readonly WatchedQueue[] = [
  { queue: 'runs', url: 'https://sqs.invalid/runs' },
  { queue: 'runs-dead-letters', url: 'https://sqs.invalid/runs-dead-letters', deadLettersOf: 'runs' },
  { queue: 'undelivered-events', url: 'https://sqs.invalid/undelivered-events', deadLettersOf: 'undelivered-events' },
];

let store: FactStore;
let measured: [string, number][];
let scans: number;
beforeEach(() => {
  const client = createMemoryDynamo().newClient();
  store = createFactStore({ client, table: 'facts', projectionsTable: 'projections' });
  measured = [];
  scans = 0;
});

const log = (fields: LogFields): StepLog => ({
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  with: (more) => log({ ...fields, ...more }),
});

/** Runs a roll-up of a new process. */
const rollUp = (deps: RollUpDependencies): Promise<void> => createRollUp(deps)();

function depsAt(now: number): RollUpDependencies {
  return {
    store: store.rollUp,
    foldSignal: () => new AbortController().signal,
    queues,
    sample: async (watched: readonly WatchedQueue[]) =>
      watched.map((each) => ({ queue: each.queue, waiting: queues.indexOf(each), inFlight: 0, delayed: 0 })),
    updateGraph: async () => undefined,
    recordUndeliveredEvents: async () => void (scans += 1),
    meter: { count: () => undefined, milliseconds: (name: string, value: number) => void measured.push([name, value]) },
    log: log({}),
    now: () => now,
  };
}

test('a roll-up folds the facts, sets the summaries, samples the queues and compares recorded dead letters with them', async () => {
  const deadLetter = deadLettered('m1', time, 'delivery-9');
  await store.recordFacts([...planFacts(sampleRun(1, time), [], time), deadLetter]);
  await rollUp(depsAt(at + 5_000));
  expect((await store.summary('hour'))?.deliveries.received).toBe(1);
  expect((await store.deadLetterSummary())?.queues).toEqual([
    { queue: 'runs', recorded: 1, queueDepth: 1, difference: 0 },
    { queue: 'undelivered-events', recorded: 0, queueDepth: 2, difference: 2 },
  ]);
  expect(await store.queues()).toMatchObject({
    sampledAt: new Date(at + 5_000).toISOString(),
    queues: [{ waiting: 0, lastEmptyAt: new Date(at + 5_000).toISOString() }, { waiting: 1 }, { waiting: 2 }],
  });
  expect(measured).toEqual([
    ['ProjectionLag', expect.any(Number)],
    ['SinceLastDelivery', 5_000],
  ]);
});

test('a process that rolls up every second writes the summaries again only for new facts or a new minute', async () => {
  let now = at;
  const run = createRollUp({ ...depsAt(0), now: () => now });
  const summarizedAt = async () => (await store.summary('all'))?.rolledUpAt;
  await run();
  now += 1_000;
  await run();
  expect(await summarizedAt()).toBe(time);
  await store.recordFacts(planFacts(sampleRun(1, time), [], time));
  now += 1_000;
  await run();
  expect(await summarizedAt()).toBe(new Date(at + 2_000).toISOString());
  now += 60_000;
  await run();
  expect(await summarizedAt()).toBe(new Date(at + 62_000).toISOString());
});

test('if the table was restored, the roll-up fails, and does everything that needs no fold', async () => {
  const fold = () => Promise.reject(new LogRestoredError(0, 7, 'no entry 7'));
  await expect(rollUp({ ...depsAt(at), store: { ...store.rollUp, fold } })).rejects.toThrow(
    'Run `dispatcher projections rebuild`',
  );
  expect((await store.queues())?.sampledAt).toBe(time);
  expect(scans).toBe(1);
});

test('if SQS fails, the summaries are set and the roll-up fails', async () => {
  const broken = { ...depsAt(at), sample: () => Promise.reject(new Error('SQS is down')) };
  await expect(rollUp(broken)).rejects.toThrow('SQS is down');
  expect((await store.summary('all'))?.rolledUpAt).toBe(time);
  expect(await store.queues()).toBeNull();
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
  expect(await store.queues()).toBeNull();
});

test('if undelivered events cannot be read, the samples are stored and the roll-up fails', async () => {
  const broken = { ...depsAt(at), recordUndeliveredEvents: () => Promise.reject(new Error('not allowed')) };
  await expect(rollUp(broken)).rejects.toThrow('not allowed');
  expect((await store.queues())?.sampledAt).toBe(time);
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
