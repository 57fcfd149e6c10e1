import { describe, expect, test } from '@jest/globals';
import { duration, exactTime, relativeTime } from './times.ts';

const now = Date.parse('2026-11-28T09:00:00Z');
const ago = (milliseconds: number) => new Date(now - milliseconds).toISOString();

describe('a relative time', () => {
  test.each([
    [0, 'now'],
    [12_000, '12 seconds ago'],
    [59_999, '59 seconds ago'],
    [60_000, '1 minute ago'],
    [3_599_000, '59 minutes ago'],
    [3_600_000, '1 hour ago'],
    [26 * 3_600_000, 'yesterday'],
    [29 * 86_400_000, '29 days ago'],
    [31 * 86_400_000, 'Oct 28, 2026'],
    [-180_000, 'in 3 minutes'],
  ])('%i ms ago is said as "%s"', (milliseconds, text) => {
    expect(relativeTime(ago(milliseconds), now, 'utc')).toBe(text);
  });

  test('a text that is not a time is shown as it is', () => {
    expect(relativeTime('soon', now)).toBe('soon');
    expect(exactTime('soon', 'utc')).toBe('soon');
  });
});

test('an exact time names its zone', () => {
  expect(exactTime('2026-11-28T09:05:07.123Z', 'utc')).toMatch(/^Nov 28, 2026, 9:05:07\sAM UTC$/);
});

test.each([
  [850, '850 ms'],
  [4_200, '4.2 s'],
  [9_999, '10 s'],
  [42_000, '42 s'],
  [59_900, '1 min'],
  [185_000, '3 min 5 s'],
  [7_800_000, '2 h 10 min'],
  [7_201_000, '2 h'],
  [273_600_000, '3 d 4 h'],
  [-5, '0 ms'],
])('a duration of %i ms is %s', (milliseconds, text) => {
  expect(duration(milliseconds)).toBe(text);
});
