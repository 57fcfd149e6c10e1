import { expect, test } from '@jest/globals';
import { createWriteLimits, rateLimitOf } from './rate-limiter.ts';

test.each([
  [160, 60_000],
  [70, 60_000],
  [450, 3_600_000],
  [1, 60_000],
  [3, 60_000],
])('a rate limit of %i in %i ms allows at most that many in any such period', (max, periodMs) => {
  const { intervalMs, burstMs } = rateLimitOf(max, periodMs);
  // Write k is allowed at k × interval − burst at the earliest: as many as fit into the period, plus the first.
  expect(Math.floor((periodMs + burstMs) / intervalMs) + 1).toBeLessThanOrEqual(max + 1e-9);
});

test('the default limits are below GitHub’s secondary rate limits', () => {
  const { writes, contentPerMinute, contentPerHour } = createWriteLimits({
    writesPerMinute: 160,
    contentPerMinute: 70,
    contentPerHour: 450,
  });
  expect(5 * ((60_000 + writes.burstMs) / writes.intervalMs + 1)).toBeLessThan(900);
  expect((60_000 + contentPerMinute.burstMs) / contentPerMinute.intervalMs + 1).toBeLessThan(80);
  expect((3_600_000 + contentPerHour.burstMs) / contentPerHour.intervalMs + 1).toBeLessThan(500);
});
