import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { type TestDynamo, startDynamo } from '../testing/local-dynamo.ts';
import { createStateStore, type FairnessQueue } from './index.ts';

let dynamo: TestDynamo;
let now = Date.parse('2026-11-03T14:00:00.000Z');
let fairnessQueue: FairnessQueue;

beforeAll(async () => {
  dynamo = await startDynamo();
  const { state: table } = await dynamo.createTables();
  ({ fairnessQueue } = createStateStore({ client: dynamo.client, table, now: () => now }));
});
afterAll(() => dynamo.close());

describe('a fairness queue', () => {
  test('gives concurrent callers times one step apart', async () => {
    const got = await Promise.all([1, 2, 3, 4, 5].map(() => fairnessQueue.reserve('a', now, 400)));
    expect(got.toSorted((left, right) => left - right)).toEqual([0, 1, 2, 3, 4].map((place) => now + place * 400));
  });

  test('starts again at the requested time after all reserved times have passed, independent of other queues', async () => {
    await fairnessQueue.reserve('b', now, 1_000);
    expect(await fairnessQueue.reserve('b', now + 60_000, 1_000)).toBe(now + 60_000);
    expect(await fairnessQueue.reserve('c', now, 1_000)).toBe(now);
  });

  test('with one message is not delayed by a queue with many', async () => {
    for (let count = 0; count < 50; count += 1) await fairnessQueue.reserve('many', now, 500);
    expect(await fairnessQueue.reserve('one', now, 500)).toBe(now);
    expect(await fairnessQueue.reserve('many', now, 500)).toBe(now + 25_000);
  });
});

describe('a rate limiter', () => {
  test('never passes more in any minute than span and burst allow', async () => {
    let runs = 0;
    await fc.assert(
      fc.asyncProperty(fc.array(fc.integer({ min: 0, max: 9_000 }), { minLength: 30, maxLength: 45 }), async (gaps) => {
        runs += 1;
        const [stepMs, burstMs] = [4_000, 16_000];
        const passed: number[] = [];
        for (const gap of gaps) {
          now += gap;
          if (await fairnessQueue.acquirePermit(`p${runs}`, stepMs, burstMs)) passed.push(now);
        }
        for (const from of passed) {
          const inSpan = passed.filter((at) => at >= from && at < from + 60_000).length;
          expect(inSpan).toBeLessThanOrEqual((60_000 + burstMs) / stepMs + 1);
        }
        expect(passed.length).toBeGreaterThan(0);
      }),
      { numRuns: 8 },
    );
  });

  test('after a pause passes a burst at once, then one call per step', async () => {
    now += 3_600_000;
    const burst = [];
    for (let count = 0; count < 8; count += 1) burst.push(await fairnessQueue.acquirePermit('burst', 1_000, 3_000));
    expect(burst).toEqual([true, true, true, true, false, false, false, false]);
    now += 1_000;
    expect([
      await fairnessQueue.acquirePermit('burst', 1_000, 3_000),
      await fairnessQueue.acquirePermit('burst', 1_000, 3_000),
    ]).toEqual([true, false]);
    expect(await fairnessQueue.acquirePermit('another', 1_000, 3_000)).toBe(true);
  });
});
