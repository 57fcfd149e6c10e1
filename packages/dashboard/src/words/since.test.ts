import { expect, test } from '@jest/globals';
import { timeOfSince } from './since.ts';

const now = Date.parse('2026-11-28T09:00:42.123Z');

test.each([
  ['24h', '2026-11-27T09:00:00.000Z'],
  ['7d', '2026-11-21T09:00:00.000Z'],
  ['2026-11-03T15:00:00+01:00', '2026-11-03T14:00:00.000Z'],
  ['tomorrow', undefined],
  [undefined, undefined],
])('since %s is %s', (since, time) => {
  expect(timeOfSince(since, now)).toBe(time);
});
