import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { startDynamo, type TestDynamo } from '../testing/index.ts';
import { createStateStore, type StateStore } from './index.ts';

const start = Date.parse('2026-03-01T10:00:00Z');
const minuteMs = 60_000;
const hourMs = 60 * minuteMs;

let dynamo: TestDynamo;
let state: StateStore;
let now: number;
beforeAll(async () => {
  dynamo = await startDynamo();
});
beforeEach(async () => {
  now = start;
  const { state: table } = await dynamo.createTables();
  state = createStateStore({ client: dynamo.client, table, now: () => now });
});
afterAll(() => dynamo.close());

describe('an installation for which GitHub cannot be reached', () => {
  test('waits two seconds, then twice as long in total at each try, and never more than 15 minutes at once', async () => {
    const waits: number[] = [];
    while (now < start + 6 * hourMs) {
      const until = await state.rateLimits.recordOutage(7);
      waits.push(until - now);
      now = until;
    }
    expect(waits.slice(0, 6)).toEqual([2_000, 2_000, 4_000, 8_000, 16_000, 32_000]);
    expect(Math.max(...waits)).toBe(15 * minuteMs);
    expect(waits.at(-1)).toBe(15 * minuteMs);
    // SQS moves a message that was received 1,000 times to the dead-letter queue.
    expect(waits.length).toBeLessThan(50);
  });

  test('waits once for the calls that fail at the same time, and the wait counts for every worker', async () => {
    const until = await Promise.all([1, 2, 3, 4].map(() => state.rateLimits.recordOutage(7)));
    expect(new Set(until)).toEqual(new Set([start + 2_000]));
    now += 500;
    expect(await state.rateLimits.recordOutage(7)).toBe(start + 2_000);
    expect(await state.rateLimits.deferUntil(7)).toBe(start + 2_000);
    expect(await state.rateLimits.deferUntil(8)).toBeNull();
  });

  test('may call again once the wait is over, and a response ends the outage', async () => {
    now = await state.rateLimits.recordOutage(7);
    expect(await state.rateLimits.deferUntil(7)).toBeNull();
    const { outage } = await state.rateLimits.holdOf(7);
    expect(outage).toEqual({ since: start, until: start + 2_000 });
    await state.rateLimits.endOutage(7, { until: start + 2_000 });
    expect(await state.rateLimits.holdOf(7)).toEqual({ rateLimitedUntil: null, outage: null });
    expect((await state.rateLimits.recordOutage(7)) - now).toBe(2_000);
  });

  test('stays held if a late response ends a wait that was extended since', async () => {
    now = await state.rateLimits.recordOutage(7);
    const extended = await state.rateLimits.recordOutage(7);
    await state.rateLimits.endOutage(7, { until: now });
    expect(await state.rateLimits.deferUntil(7)).toBe(extended);
  });

  test('begins with a short wait if the last outage was seen hours ago', async () => {
    await state.rateLimits.recordOutage(7);
    now += 3 * hourMs;
    expect((await state.rateLimits.recordOutage(7)) - now).toBe(2_000);
  });

  test('keeps its rate limit', async () => {
    await state.rateLimits.setDeferUntil(7, start + minuteMs);
    const until = await state.rateLimits.recordOutage(7);
    await state.rateLimits.endOutage(7, { until });
    expect(await state.rateLimits.deferUntil(7)).toBe(start + minuteMs);
  });
});

describe('the delay of a plan', () => {
  const first = { since: start, nextTryAt: start + 2_000, giveUpAt: start + 6 * hourMs };

  test('is the first one that was recorded, by whichever worker', async () => {
    const later = { since: start + 5_000, nextTryAt: start + 9_000, giveUpAt: start + 7 * hourMs };
    expect(await state.delays.begin('11-77-1#0', first)).toEqual({ ...first, reported: false });
    expect(await state.delays.begin('11-77-1#0', later)).toEqual({ ...first, reported: false });
    await state.delays.markReported('11-77-1#0');
    expect(await state.delays.begin('11-77-1#0', later)).toEqual({ ...first, reported: true });
    expect(await state.delays.begin('11-77-1#1', later)).toEqual({ ...later, reported: false });
  });

  test('begins anew for a message that is redriven days after it was given up', async () => {
    await state.delays.begin('11-77-1#0', first);
    now += 5 * 24 * hourMs;
    const again = { since: now, nextTryAt: now + 2_000, giveUpAt: now + 6 * hourMs };
    expect(await state.delays.begin('11-77-1#0', again)).toEqual({ ...again, reported: false });
  });
});
