import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { decisionOf, leaseMs, startHarness, type Harness, type Worker } from '../testing/harness.ts';
import { retryAfterMs } from './pause.ts';

let harness: Harness;
let worker: Worker;
beforeEach(async () => {
  harness = await startHarness();
  worker = harness.worker();
});
afterEach(() => harness.close());

const change = (paused: boolean) =>
  harness.state.pause.putPause({
    paused,
    changedAt: new Date(harness.clock.now()).toISOString(),
    operator: 'ada',
    reason: 'a bad release',
  });
const posts = async () => (await harness.counts())['dispatch'] ?? 0;

test('while dispatches are paused, decisions wait without using up attempts, and after the resume each starts once', async () => {
  await change(true);
  for (const run of [1, 2]) harness.queue.send(decisionOf(run, { ref: run === 1 ? 'main' : 'release' }));
  // Ten minutes are more looks than MAX_ATTEMPTS.
  for (let look = 0; look < 20; look += 1) {
    await harness.queue.step(worker.handle);
    harness.clock.advanceTo(harness.clock.now() + 30_000);
  }
  expect(await posts()).toBe(0);
  expect(harness.queue.size).toBe(2);
  expect(harness.queue.deadLetters).toEqual([]);

  await change(false);
  const resumedAt = harness.clock.now();
  await harness.queue.drain(worker.handle);
  expect(harness.clock.now() - resumedAt).toBeLessThanOrEqual(30_000);
  expect(await harness.started()).toHaveLength(2);
  expect(harness.queue.deadLetters).toEqual([]);
});

test('a pause that is stored while more than 5 s pass between the read and the POST prevents the POST and releases the slot', async () => {
  const { ledger } = worker.deps;
  const decided = decisionOf(1);
  const deps = {
    ...worker.deps,
    ledger: {
      ...ledger,
      putIntent: async (...args: Parameters<typeof ledger.putIntent>) => {
        const slot = await ledger.putIntent(...args);
        harness.clock.advance(5_001);
        await change(true);
        return slot;
      },
    },
  };
  await expect(harness.worker({ deps }).actOn(decided)).rejects.toMatchObject({ name: 'DeferError', afterMs: 30_000 });
  expect(await posts()).toBe(0);
  expect(await ledger.getDispatch(decided.data.decision.dispatchId)).toBeNull();

  await change(false);
  await worker.actOn(decided);
  expect(await posts()).toBe(1);
});

test('the lease begins with the read of the switch, however long the worker takes until its intent', async () => {
  const { ledger } = worker.deps;
  const readAt = harness.clock.now();
  let leaseUntil = 0;
  const deps = {
    ...worker.deps,
    ledger: {
      ...ledger,
      putIntent: async (...args: Parameters<typeof ledger.putIntent>) => {
        harness.clock.advance(4_000);
        const slot = await ledger.putIntent(...args);
        leaseUntil = slot?.leaseUntil ?? 0;
        return slot;
      },
    },
  };
  await harness.worker({ deps }).actOn(decisionOf(1));
  expect(leaseUntil).toBe(readAt + leaseMs);
  expect(await posts()).toBe(1);
});

test('a worker that read the switch before the pause makes no POST after its lease', async () => {
  let release = () => {};
  const held = new Promise<void>((resolve) => (release = resolve));
  let reached = () => {};
  const isReached = new Promise<void>((resolve) => (reached = resolve));
  const slow = harness.worker({
    beforePost: async () => {
      reached();
      await held;
    },
  });
  const attempt = slow.actOn(decisionOf(1));
  await isReached;
  await change(true);
  harness.clock.advanceTo(harness.clock.now() + leaseMs);
  release();
  await expect(attempt).rejects.toThrow();
  expect(await posts()).toBe(0);
});

test('DISPATCH_PAUSED holds decisions too', async () => {
  const paused = harness.worker({ environment: { DISPATCH_PAUSED: 'true' } });
  await expect(paused.actOn(decisionOf(1))).rejects.toThrow('DISPATCH_PAUSED is true.');
  expect(await posts()).toBe(0);
});

test('a denied decision is reported while dispatches are paused', async () => {
  await change(true);
  await worker.actOn(decisionOf(1, { effect: 'deny', code: 'inbound-no-match', responsible: 'target' }));
  expect(harness.facts).toMatchObject([{ type: 'issue.reported', data: { action: 'opened' } }]);
});

test('a message is received fewer than 1000 times before the queue’s retention of four days ends', () => {
  let receives = 0;
  for (let ageMs = 0; ageMs < 4 * 24 * 60 * 60_000; ageMs += retryAfterMs(ageMs)) receives += 1;
  // The rest is for rate limits and slots.
  expect(receives).toBeLessThan(900);
});
