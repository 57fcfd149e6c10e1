import { expect, test } from '@jest/globals';
import { enumerateFaults } from './enumerate-faults.ts';
import { formatFailure, parseFaults } from './history-command.ts';
import type { RunScenario, ScenarioResult } from './run-scenario.ts';
import type { Scenario } from './scenarios.ts';
import type { PlannedFault } from './system/fault-plan.ts';

const scenario: Scenario = { name: 'made up', routes: [], runs: 0, minPoints: { ports: 0, wire: 0 } };
const crashes = { level: 'ports', kind: 'crash' } as const;
const point = (call: string, fingerprint: string) => ({ call, moment: 'before', fingerprint }) as const;
const points = [point('look', '0'), point('find', '0'), point('begin', '0'), point('post', '1')];
const passed: ScenarioResult = { points, injected: [], requests: [], violations: [] };

/** Returns a runner whose histories with faults have the result that `resultOf` gives. */
function runner(
  resultOf: (faults: readonly PlannedFault[]) => Partial<ScenarioResult>,
): RunScenario & { readonly histories: () => readonly number[][] } {
  const histories: number[][] = [];
  const run: RunScenario = async (_scenario, _level, faults) => {
    histories.push(faults.map(({ at }) => at));
    return faults.length === 0 ? passed : { ...passed, ...resultOf(faults) };
  };
  return Object.assign(run, { histories: () => histories });
}

const firstOf = ([fault]: readonly PlannedFault[]): number => fault?.at ?? -1;

test('pairs of crashes use one point for all points with equal fingerprints, first and second', async () => {
  const run = runner(() => ({ points: points.slice(1) }));
  const { distinct, histories, failures } = await enumerateFaults(run, scenario, { ...crashes, pairs: true });
  expect({ distinct, histories, failures }).toEqual({ distinct: 2, histories: 7, failures: [] });
  expect(run.histories()).toEqual(expect.arrayContaining([[], [0], [3], [0, 0], [0, 2], [3, 0], [3, 2]]));
});

test('two crashes with equal fingerprints whose histories continue differently are a failure', async () => {
  const run = runner((faults) => ({ requests: firstOf(faults) === 1 ? ['0 POST /dispatches 200'] : [] }));
  const { histories, failures } = await enumerateFaults(run, scenario, crashes);
  expect(histories).toBe(5);
  // The first differs from the second, and the second from the third; the fourth has another fingerprint.
  expect(failures.map(({ faults }) => faults[0]?.at)).toEqual([1, 2]);
  expect(failures.map(({ comparedWith }) => comparedWith?.[0]?.at)).toEqual([0, 1]);
});

test('a failure names the injected faults', async () => {
  const injected = [{ ...point('post', '1'), kind: 'crash' }] as const;
  const run = runner((faults) => (firstOf(faults) === 3 ? { injected, violations: ['two runs'] } : {}));
  expect((await enumerateFaults(run, scenario, crashes)).failures).toEqual([
    { faults: [{ at: 3, kind: 'crash' }], injected: ['crash before post'], violations: ['two runs'] },
  ]);
});

test('a pair of crashes of which the second alone fails is shrunk to it', async () => {
  // After a crash at point 0 the successor runs points 1 to 3 again, so its third point is point 3 of the whole.
  const run = runner((faults) => ({
    points: points.slice(1),
    violations: [[0, 2], [3]].some((failing) => String(failing) === String(faults.map(({ at }) => at)))
      ? ['two runs']
      : [],
  }));
  const { failures } = await enumerateFaults(run, scenario, { ...crashes, pairs: true });
  expect(failures.find(({ faults }) => faults.length === 2)).toMatchObject({
    faults: [
      { at: 0, kind: 'crash' },
      { at: 2, kind: 'crash' },
    ],
    shrunk: [{ at: 3, kind: 'crash' }],
  });
});

test('a pair of crashes that fails only together is not shrunk', async () => {
  const run = runner((faults) => ({ points: points.slice(1), violations: faults.length === 2 ? ['two runs'] : [] }));
  const { failures } = await enumerateFaults(run, scenario, { ...crashes, pairs: true });
  expect(failures.length).toBeGreaterThan(0);
  expect(failures.filter(({ shrunk }) => shrunk !== undefined)).toEqual([]);
});

test('a failure prints the commands that replay it', () => {
  const faults = [
    { at: 12, kind: 'crash' },
    { at: 3, kind: 'suspend' },
  ] as const;
  const failure = { faults, injected: ['crash before a', 'suspend after b'], violations: ['two runs'] };
  const text = formatFailure('a route', 'wire', { ...failure, shrunk: [faults[1]] });
  expect(text.split('\n')).toEqual([
    '- crash before a, then suspend after b',
    '    two runs',
    "  Replay: npm run crash -- --scenario 'a route' --level wire --faults 'crash@12,suspend@3'",
    "  A single fault fails too: npm run crash -- --scenario 'a route' --level wire --faults 'suspend@3'",
  ]);
  expect(parseFaults('crash@12,suspend@3')).toEqual(faults);
  expect(() => parseFaults('crash@x')).toThrow('it contains "crash@x"');
});
