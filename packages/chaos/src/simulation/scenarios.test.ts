import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { enumerateFaults } from './enumerate-faults.ts';
import { startProcessPool } from './process-pool.ts';
import { createScenarioRunner, type RunScenario } from './run-scenario.ts';
import { interventionScenarios, scenarioNamed, scenarios } from './scenarios.ts';
import type { FaultPoint } from './system/fault-plan.ts';
import { type Harness, startHarness } from './system/harness.ts';
import { interventions } from './system/worker-process.ts';

// A sample of the histories that `npm run crash` runs every week: faults at the beginning, in the middle and near the end.

let harness: Harness;
let runScenario: RunScenario;
beforeAll(async () => {
  harness = await startHarness();
  runScenario = createScenarioRunner(harness);
});
afterAll(() => harness.close());

const callsOf = (points: readonly FaultPoint[]): string[] => points.map(({ call, moment }) => `${moment} ${call}`);

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
    const every = Math.ceil(scenario.minPoints.ports / 2);
    const { failures, histories } = await enumerateFaults(runScenario, scenario, {
      level: 'ports',
      kind: 'crash',
      every,
    });
    expect(failures).toEqual([]);
    expect(histories).toBeGreaterThan(2);
  });
});

describe.each(scenarios.filter(({ name }) => interventionScenarios.includes(name)))('$name', (scenario) => {
  test.each(interventions)('passes when the intervention %s happens at a fault point', async (kind) => {
    const every = Math.ceil(scenario.minPoints.ports / 3);
    const { failures, histories } = await enumerateFaults(runScenario, scenario, { level: 'ports', kind, every });
    expect(failures).toEqual([]);
    expect(histories).toBeGreaterThan(3);
  });
});

describe('an allowed route, with the roll-up as a worker', () => {
  test.each(['crash', 'suspend'] as const)(
    'passes when the roll-up meets a %s between any two of its writes',
    async (kind) => {
      const [scenario] = scenarios;
      if (scenario === undefined) throw new Error('There are no scenarios.');
      const options = { level: 'wire', kind, calls: 'roll-up ' } as const;
      const { failures, histories } = await enumerateFaults(runScenario, scenario, options);
      expect(failures).toEqual([]);
      // The items of the projections, the cursor, the summaries and the status.
      expect(histories).toBeGreaterThan(15);
    },
  );
});

describe('a required check whose run fails', () => {
  const scenario = scenarioNamed('a required check whose run fails');

  test('has the same calls and requests when it is replayed, although messages are handled concurrently', async () => {
    const first = await runScenario(scenario, 'ports', []);
    const { points, requests } = await runScenario(scenario, 'ports', []);
    expect({ calls: callsOf(points), requests }).toEqual({ calls: callsOf(first.points), requests: first.requests });
  });

  test('counts the facts of a worker that was suspended before it recorded them', async () => {
    const options = { level: 'ports', kind: 'suspend', calls: 'facts.' } as const;
    const { failures, histories } = await enumerateFaults(runScenario, scenario, options);
    expect(failures).toEqual([]);
    // Before and after each batch of facts, and without a fault.
    expect(histories).toBeGreaterThanOrEqual(5);
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
});

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

  test('an intervention between decision and POST has its effect, and starts nothing that it must prevent', async () => {
    const { points } = await runScenario(scenario, 'ports', []);
    const at = points.findIndex(({ call, moment }) => call === 'reads.read' && moment === 'before');
    const requestsAfter = async (kind: (typeof interventions)[number]) => {
      const { requests, violations, injected } = await runScenario(scenario, 'ports', [{ at, kind }]);
      expect([violations, injected.length]).toEqual([[], 1]);
      return requests
        .filter((request) => request.includes('/dispatches'))
        .map((request) => Number.parseInt(request, 10));
    };
    expect(await requestsAfter('lose-plan')).toEqual([]);
    expect(await requestsAfter('change-plan')).toEqual([]);
    // Paused for ten minutes, which is longer than DECISION_MAX_AGE: the decision is confirmed and starts.
    const [startedAt, ...others] = await requestsAfter('pause');
    expect(startedAt).toBeGreaterThanOrEqual(600_000);
    expect(others).toEqual([]);
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
