import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { decidedRequest } from '../testing/decisions.ts';
import { decisionOf, startHarness, type Harness, type Worker } from '../testing/harness.ts';

let harness: Harness;
let worker: Worker;
beforeEach(async () => {
  harness = await startHarness({ isMetered: true });
  worker = harness.worker();
});
afterEach(() => harness.close());

const ofOneDispatch = ['BatchGetItem', 'UpdateItem', 'TransactWriteItems', 'TransactWriteItems', 'PutEvents'];

/** Returns the requests of one batch with these messages. */
async function callsOf(...runs: readonly (readonly [run: number, ref: string])[]): Promise<string[]> {
  for (const [run, ref] of runs) harness.queue.send(decisionOf(run, { ref }));
  harness.calls();
  await harness.queue.step(worker.handle);
  expect(harness.queue.size).toBe(0);
  return harness.calls();
}

test('one dispatch is one read, the rate limiter, intent, acceptance and its fact', async () => {
  expect(await callsOf([1, 'main'])).toEqual(ofOneDispatch);
  expect(await harness.started()).toHaveLength(1);
});

test('one dispatch writes at most eleven units: rate limiter 1, intent and slot 4, result, slot and lineage 6', async () => {
  await callsOf([1, 'main']);
  harness.writeUnits();
  await callsOf([2, 'main']);
  expect(harness.writeUnits()).toEqual({ UpdateItem: 1, TransactWriteItems: 10 });
});

test('so is the next one within the same burst, and the first one after a pause', async () => {
  await callsOf([1, 'main']);
  expect(await callsOf([2, 'main'])).toEqual(ofOneDispatch);
  harness.clock.advance(60_000);
  expect(await callsOf([3, 'main'])).toEqual(ofOneDispatch);
  expect(await harness.started()).toHaveLength(3);
});

test('a dispatch beside another one is deleted at once: six requests, seven where the rate limiter moved', async () => {
  const calls = await callsOf([1, 'main'], [2, 'release']);
  const sorted = calls.toSorted();
  const both = [...ofOneDispatch, ...ofOneDispatch, 'DeleteMessageBatch'];
  // Both may read the rate limiter before one of them has moved it.
  expect([both.toSorted(), [...both, 'UpdateItem'].toSorted()]).toContainEqual(sorted);
  expect(await harness.started()).toHaveLength(2);
});

test('a dispatch whose rate limiter another worker moved since the read tries once more', async () => {
  const { reads } = worker.deps;
  const deps = {
    ...worker.deps,
    reads: {
      read: async (...given: Parameters<typeof reads.read>) => {
        const snapshot = await reads.read(...given);
        const { intervalMs, burstMs } = worker.deps.writeLimits.writes;
        await harness.state.fairnessQueue.acquirePermit('5#writes', intervalMs, burstMs);
        return snapshot;
      },
    },
  };
  worker = harness.worker({ deps });
  expect(await callsOf([1, 'main'])).toEqual(['BatchGetItem', 'UpdateItem', ...ofOneDispatch.slice(1)]);
  expect(await harness.started()).toHaveLength(1);
});

test('a redelivered dispatch that is finished is one read and its fact', async () => {
  await callsOf([1, 'main']);
  expect(await callsOf([1, 'main'])).toEqual(['BatchGetItem', 'PutEvents']);
});

test('the request of an API key costs no more, although its key is read', async () => {
  const message = decidedRequest(1, {
    kind: 'workflow',
    repository: 'octo-org/deploy',
    workflow: 'cd.yml',
    ref: 'main',
    inputs: {},
  });
  harness.queue.send(message);
  harness.calls();
  await harness.queue.step(worker.handle);
  expect(harness.calls()).toEqual(ofOneDispatch);
});
