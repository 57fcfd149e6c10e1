import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { enumerate } from './enumerate-faults.ts';
import { type Laboratory, openLaboratory } from './system/harness.ts';
import { startPool } from './process-pool.ts';
import { scenarios } from './scenarios.ts';
import { type Tell, tellIn } from './run-scenario.ts';

// A sample of what `npm run crash` tells whole.

let laboratory: Laboratory;
let tell: Tell;
beforeAll(async () => {
  laboratory = await openLaboratory();
  tell = tellIn(laboratory);
});
afterAll(() => laboratory.close());

describe.each(scenarios)('$name', (scenario) => {
  test.each(['ports', 'wire'] as const)(
    'is told right without a blow, with no fewer crash points of its %s',
    async (level) => {
      const { reached, violations } = await tell(scenario, level, []);
      expect(violations).toEqual([]);
      expect(reached.length).toBeGreaterThanOrEqual(scenario.floor[level]);
    },
  );

  test('a process that dies at a crash point changes nothing of what comes out', async () => {
    const every = Math.ceil(scenario.floor.ports / 4);
    const { failures, told } = await enumerate(tell, scenario, { level: 'ports', how: 'dies', every });
    expect(failures).toEqual([]);
    expect(told).toBeGreaterThan(3);
  });
});

test('histories may be told by several processes', async () => {
  const pool = startPool(2);
  try {
    const [scenario] = scenarios;
    if (scenario === undefined) throw new Error('There are no scenarios.');
    const { failures, points } = await enumerate(pool.tell, scenario, { level: 'ports', how: 'dies', every: 15 });
    expect(failures).toEqual([]);
    expect(points).toBeGreaterThanOrEqual(scenario.floor.ports);
  } finally {
    await pool.close();
  }
}, 120_000);

describe('an allowed route', () => {
  const [scenario] = scenarios;
  if (scenario === undefined) throw new Error('There are no scenarios.');

  test('a process that is stopped past every lease and woken changes nothing of what comes out', async () => {
    const { failures } = await enumerate(tell, scenario, { level: 'ports', how: 'stops', every: 5 });
    expect(failures).toEqual([]);
  });

  test('a process that dies, and its successor after it, change nothing of what comes out', async () => {
    const { failures } = await enumerate(tell, scenario, { level: 'ports', how: 'dies', pairs: true, every: 11 });
    expect(failures).toEqual([]);
  });

  test('where the list of runs never catches up, the second run is seen by the harness', async () => {
    const blind = {
      ...scenario,
      settings: { runListLagMs: 24 * 60 * 60_000 },
      faults: [{ match: { operation: 'dispatch' }, fault: 'reset-after' }] as const,
    };
    const { violations } = await tell(blind, 'ports', []);
    expect(violations.join('\n')).toContain('[runs, ends, reports] are [2,1,0], not [1,1,0]');
  });
});
