import { expect, test } from '@jest/globals';
import { paceOf, pacesOf } from './rate-limiter.ts';

test.each([
  [160, 60_000],
  [70, 60_000],
  [450, 3_600_000],
  [1, 60_000],
  [3, 60_000],
])('a pace of %i in %i ms lets no more through in any such span', (most, span) => {
  const { stepMs, burstMs } = paceOf(most, span);
  // The k-th of a run passes at the earliest at k × step − burst; as many as fit into the span, plus the first.
  expect(Math.floor((span + burstMs) / stepMs) + 1).toBeLessThanOrEqual(most + 1e-9);
});

test('the defaults stay below GitHub’s secondary limits', () => {
  const { writes, contentPerMinute, contentPerHour } = pacesOf({
    writesPerMinute: 160,
    contentPerMinute: 70,
    contentPerHour: 450,
  });
  expect(5 * ((60_000 + writes.burstMs) / writes.stepMs + 1)).toBeLessThan(900);
  expect((60_000 + contentPerMinute.burstMs) / contentPerMinute.stepMs + 1).toBeLessThan(80);
  expect((3_600_000 + contentPerHour.burstMs) / contentPerHour.stepMs + 1).toBeLessThan(500);
});
