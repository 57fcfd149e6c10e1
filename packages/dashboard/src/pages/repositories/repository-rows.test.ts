import { describe, expect, test } from '@jest/globals';
import { activityWithin, inOrder, matchesName } from './repository-rows.ts';

test('a name is found by any part, in any case', () => {
  expect(matchesName('acme/Deploy', 'DEPLOY')).toBe(true);
  expect(matchesName('acme/deploy', 'me/de')).toBe(true);
  expect(matchesName('acme/deploy', 'app')).toBe(false);
  expect(matchesName('acme/deploy', undefined)).toBe(true);
});

const now = Date.parse('2026-03-02T10:30:00Z');
const row = (repository: string, until: string, ...newest: number[]) => ({
  repository,
  hours: { until, counts: [...Array.from({ length: 24 - newest.length }, () => 0), ...newest] },
});

describe('the activity of a repository', () => {
  test('counts the current hour of the clock alone, and with the 23 before it', () => {
    const busy = row('a', '2026-03-02T10:00:00.000Z', 5, 2, 3);
    expect(activityWithin(busy, 1, now)).toBe(3);
    expect(activityWithin(busy, 24, now)).toBe(10);
  });

  test('grows old: what happened before the last 24 hours no longer counts', () => {
    const early = { hours: { until: '2026-03-02T08:00:00.000Z', counts: Array.from({ length: 24 }, () => 1) } };
    expect(activityWithin(early, 1, now)).toBe(0);
    expect(activityWithin(early, 24, now)).toBe(22);
    expect(activityWithin(row('a', '2026-03-01T10:00:00.000Z', 7), 24, now)).toBe(0);
  });

  test('is nothing for a repository without any, and is complete where this clock is behind', () => {
    expect(activityWithin({ hours: null }, 24, now)).toBe(0);
    expect(activityWithin(row('a', '2026-03-02T11:00:00.000Z', 4), 1, now)).toBe(4);
  });
});

test('repositories are listed by name, or the busiest first', () => {
  const rows = [
    row('a', '2026-03-02T09:00:00.000Z', 9),
    row('b', '2026-03-02T10:00:00.000Z', 1),
    row('c', '2026-03-02T10:00:00.000Z', 1),
  ];
  const names = (order: string | undefined) => inOrder(rows, order, now).map(({ repository }) => repository);
  expect(names(undefined)).toEqual(['a', 'b', 'c']);
  expect(names('hour')).toEqual(['b', 'c', 'a']);
  expect(names('day')).toEqual(['a', 'b', 'c']);
  expect(names('unknown')).toEqual(['a', 'b', 'c']);
});
