import { createOpenChecks } from '@dispatcher/store';
import { createMemoryDynamo } from '@dispatcher/store/testing';
import { expect, test } from '@jest/globals';
import { openRuns } from './close-overdue-checks.ts';

const at = Date.parse('2026-03-01T10:00:00Z');

test('each run with an open check is looked at once, in an order that begins at a random one', async () => {
  const openChecks = createOpenChecks({ client: createMemoryDynamo().newClient(), table: 'plans' });
  const runKeys = Array.from({ length: 250 }, (_, run) => `11-${run + 1}-1`);
  for (const runKey of runKeys) await openChecks.add(runKey, at);
  const beginnings = new Set<string | undefined>();
  for (const random of [0, 0.25, 0.5, 0.999_999_999_9]) {
    const order: string[] = [];
    for await (const runKey of openRuns({ openChecks, random: () => random }, at)) order.push(runKey);
    expect(order.toSorted()).toEqual(runKeys.toSorted());
    beginnings.add(order[0]);
  }
  expect(beginnings.size).toBeGreaterThan(2);
});
