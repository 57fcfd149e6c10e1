import { expect, test } from '@jest/globals';
import { axisEnd, heightOf, sentenceOfTrend, stackOf } from './trend.ts';

const hour = (values: object = {}) => ({
  hour: '2026-11-28T09:00:00.000Z',
  deliveries: 0,
  denied: 0,
  accepted: 0,
  failed: 0,
  completed: 0,
  succeeded: 0,
  ...values,
});

test('a column counts each route once', () => {
  const stack = stackOf(hour({ accepted: 5, completed: 3, succeeded: 2, failed: 1, denied: 4 }));
  expect(stack).toEqual({ succeeded: 2, failed: 2, started: 2, refused: 4 });
  expect(heightOf(stack)).toBe(10);
});

test('runs that complete in the hour after their start make no negative part', () => {
  expect(stackOf(hour({ accepted: 0, completed: 3, succeeded: 3 })).started).toBe(0);
});

test.each([
  [0, 1],
  [1, 1],
  [3, 5],
  [10, 10],
  [11, 20],
  [51, 100],
  [4_321, 5_000],
])('the axis for %i ends at %i', (max, end) => {
  expect(axisEnd(max)).toBe(end);
});

test('the sentence says what happened, or that nothing did', () => {
  expect(sentenceOfTrend([hour(), hour()])).toBe('Nothing happened in the last 2 hours.');
  expect(sentenceOfTrend([hour({ deliveries: 10, completed: 4, succeeded: 3, denied: 1 })])).toBe(
    'In the last 1 hour: 10 deliveries, 3 started runs succeeded (75 % of those completed), 1 failed, 1 route refused.',
  );
});
