import { expect, test } from '@jest/globals';
import { growth, writeCosts } from './projections.ts';

test('every read is one request, and consumes the same capacity after five times as many facts', async () => {
  const [small, large] = await growth((facts) => facts < 5_500);
  expect(large.facts).toBeGreaterThan(4 * small.facts);
  for (const [index, { name, capacity }] of small.reads.entries()) {
    const later = large.reads[index]?.capacity;
    expect([name, later?.requests, later?.itemsRead]).toEqual([name, 1, capacity.itemsRead]);
    expect([name, capacity.requests]).toEqual([name, 1]);
    // A counter with one more digit is one byte longer, and a route has up to 24 results of 13 bytes.
    const growth = (later?.bytesRead ?? 0) - capacity.bytesRead;
    expect([name, growth < 0.05 * capacity.bytesRead + 312 * capacity.itemsRead]).toEqual([name, true]);
  }
});

test('larger batches consume less capacity per fact', async () => {
  const costs = await writeCosts();
  for (const facts of new Set(costs.map((cost) => cost.facts))) {
    const units = costs.filter((cost) => cost.facts === facts).map((cost) => cost.units);
    expect(units).toEqual(units.toSorted((a, b) => b - a));
    expect(units.at(-1)).toBeLessThan(40);
  }
});
