import { expect, test } from '@jest/globals';
import { planChaos } from './experiment-plan.ts';
import { runChaos } from './run-experiment.ts';

test('one seed is one plan, and another seed another', () => {
  expect(planChaos({ deliveries: 100, seed: 7 })).toEqual(planChaos({ deliveries: 100, seed: 7 }));
  expect(planChaos({ deliveries: 100, seed: 7 })).not.toEqual(planChaos({ deliveries: 100, seed: 8 }));
});

test('with real processes killed and stopped, and GitHub at fault, every run is dispatched exactly once', async () => {
  const said: string[] = [];
  const report = await runChaos({ deliveries: 12, routes: 10, seed: 3 }, (line) => said.push(line));
  expect([...report.violations, ...said]).toEqual([]);
  expect(report.completed).toBe(12);
  expect(report.dispatched).toBeGreaterThan(0);
  expect(report.faults).toBeGreaterThan(0);
  expect(report.killed + report.stopped).toBeGreaterThan(0);
}, 900_000);
