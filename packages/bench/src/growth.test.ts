import { expect, test } from '@jest/globals';
import { measureGrowth } from './growth.ts';

test('the next fact and every read cost the same units after four times as many facts', async () => {
  const [small, large] = await measureGrowth({ sources: 5, runMs: 100 }, [500, 2_000]);
  if (small === undefined || large === undefined) throw new Error('There are no two measurements.');
  expect(large.facts).toBe(4 * small.facts);
  for (const kind of ['writeUnits', 'readUnits', 'bytes'] as const) {
    expect([kind, large.fact[kind] < 1.05 * small.fact[kind]]).toEqual([kind, true]);
    expect([kind, large.get[kind] <= 1.05 * small.get[kind]]).toEqual([kind, true]);
  }
});
