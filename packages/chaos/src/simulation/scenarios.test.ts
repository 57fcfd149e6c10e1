import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { enumerateFaults } from './enumerate-faults.ts';
import { startProcessPool } from './process-pool.ts';
import { createScenarioRunner, type RunScenario } from './run-scenario.ts';
import { scenarios } from './scenarios.ts';
import { type Harness, startHarness } from './system/harness.ts';

// A sample of the histories that `npm run crash` runs.

let harness: Harness;
let runScenario: RunScenario;
beforeAll(async () => {
  harness = await startHarness();
  runScenario = createScenarioRunner(harness);
});
afterAll(() => harness.close());

describe.each(scenarios)('$name', (scenario) => {
  test.each(['ports', 'wire'] as const)(
    'passes without faults, and has at least the expected fault points at level %s',
    async (level) => {
      const { points, violations } = await runScenario(scenario, level, []);
      expect(violations).toEqual([]);
      expect(points.length).toBeGreaterThanOrEqual(scenario.minPoints[level]);
    },
  );

  test('passes when a process crashes at a fault point', async () => {
    const every = Math.ceil(scenario.minPoints.ports / 4);
    const { failures, histories } = await enumerateFaults(runScenario, scenario, {
      level: 'ports',
      kind: 'crash',
      every,
    });
    expect(failures).toEqual([]);
    expect(histories).toBeGreaterThan(3);
  });
});

test('several processes run histories in parallel', async () => {
  const pool = startProcessPool(2);
  try {
    const [scenario] = scenarios;
    if (scenario === undefined) throw new Error('There are no scenarios.');
    const options = { level: 'ports', kind: 'crash', every: 15 } as const;
    const { failures, points } = await enumerateFaults(pool.runScenario, scenario, options);
    expect(failures).toEqual([]);
    expect(points).toBeGreaterThanOrEqual(scenario.minPoints.ports);
  } finally {
    await pool.close();
  }
}, 120_000);

describe('an allowed route', () => {
  const [scenario] = scenarios;
  if (scenario === undefined) throw new Error('There are no scenarios.');

  test('passes when a process is suspended past every lease and resumed', async () => {
    const { failures } = await enumerateFaults(runScenario, scenario, { level: 'ports', kind: 'suspend', every: 5 });
    expect(failures).toEqual([]);
  });

  test('passes when a process crashes and its successor crashes too', async () => {
    const options = { level: 'wire', kind: 'crash', pairs: true, every: 11 } as const;
    const { failures } = await enumerateFaults(runScenario, scenario, options);
    expect(failures).toEqual([]);
  });

  test('fails if the list of runs never shows the started run, because a second run is started', async () => {
    const neverListed = {
      ...scenario,
      settings: { runListLagMs: 24 * 60 * 60_000 },
      gitHubFaults: [{ match: { operation: 'dispatch' }, fault: 'reset-after' }] as const,
    };
    const { violations } = await runScenario(neverListed, 'ports', []);
    expect(violations.join('\n')).toContain('[runs, dispatch results, issue reports] are [2,1,0], expected [1,1,0]');
  });
});
