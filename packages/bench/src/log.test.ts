import { expect, test } from '@jest/globals';
import { simulate } from './log.ts';

test('facts that arrive at a constant rate are folded a minute later, once each', async () => {
  const { facts, rollUps, partitions } = await simulate({ minutes: 3, rate: 15, shards: 1, sources: 20 });
  expect(facts).toBe(3 * 60 * 15);
  expect(rollUps.reduce((sum, rollUp) => sum + rollUp.facts, 0)).toBe(facts);
  expect(Math.max(...rollUps.map(({ facts: folded }) => folded))).toBeLessThan(facts / 2);
  expect(Math.max(...rollUps.map(({ lagMs }) => lagMs))).toBeLessThan(65_000);
  expect(partitions.get('facts log#0')?.total).toBeGreaterThanOrEqual(facts / 45);
});

test('a partition takes its writes of a second, and what exceeds them waits for the next one', async () => {
  const { partitions } = await simulate({ minutes: 0.1, rate: 1_500, shards: 1, sources: 1_500 });
  expect(partitions.get('projections repositories')).toMatchObject({ busiest: 1_000 });
  expect(partitions.get('projections repositories')?.delayed).toBeGreaterThan(0);
});
