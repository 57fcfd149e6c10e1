import { expect, test } from '@jest/globals';
import { planExperiment } from './experiment-plan.ts';
import { runExperiment } from './run-experiment.ts';

test('equal seeds give equal plans, and different seeds different plans', () => {
  expect(planExperiment({ deliveries: 100, seed: 7 })).toEqual(planExperiment({ deliveries: 100, seed: 7 }));
  expect(planExperiment({ deliveries: 100, seed: 7 })).not.toEqual(planExperiment({ deliveries: 100, seed: 8 }));
});

test('every run is dispatched exactly once while processes are killed and suspended and GitHub has faults', async () => {
  const output: string[] = [];
  const report = await runExperiment({ deliveries: 12, routes: 10, seed: 3 }, (line) => output.push(line));
  expect([...report.violations, ...output]).toEqual([]);
  expect(report.completed).toBe(12);
  expect(report.dispatched).toBeGreaterThan(0);
  expect(report.faults).toBeGreaterThan(0);
  expect(report.pauses).toBe(1);
  expect(report.killed + report.suspended).toBeGreaterThan(0);
}, 900_000);
