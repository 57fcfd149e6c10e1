import { checkHistory } from '../checker/check-history.ts';
import type { CompletedRun } from '../checker/evidence.ts';
import type { TestRoute } from '../workload/test-routes.ts';
import { createFaultPlan } from './system/fault-plan.ts';
import type { Harness } from './system/harness.ts';
import { startSimulation } from './system/simulation.ts';

const source = 'octo-org/app';
const route: TestRoute = {
  name: 'deploy',
  source,
  target: 'octo-org/deploy',
  workflow: 'cd.yml',
  ref: 'main',
  outcome: 'started',
};
const hourMs = 3_600_000;
const limited = {
  match: { operation: 'dispatch' },
  fault: { status: 429, headers: { 'retry-after': '3600' } },
} as const;

/**
 * Limits the installation for an hour while this many dispatches are queued. None may be sent within the hour, none may
 * become a dead letter, and all must be sent afterwards. Returns the violations.
 */
export async function simulateRateLimitHour(harness: Harness, messages: number): Promise<string[]> {
  const plan = createFaultPlan('ports', [], () => '');
  const simulation = await startSimulation(harness, plan, { routes: [route], gitHubFaults: [limited] });
  try {
    const startedAt = harness.clock.now();
    const completed: CompletedRun[] = [];
    for (let run = 0; run < messages; run += 1) completed.push(await simulation.complete(source));
    await simulation.drain();

    const [, ...later] = (await simulation.requests()).filter(({ operation }) => operation === 'dispatch');
    const early = later.filter(({ at }) => Date.parse(at) < startedAt + hourMs).length;
    return [
      ...checkHistory(await simulation.evidence(), { routes: [route], completed }),
      ...simulation.deadLetters(),
      ...(early === 0 ? [] : [`${early} POSTs were sent within the hour`]),
      ...(later.length === messages ? [] : [`${later.length} POSTs were sent after the hour, expected ${messages}`]),
    ];
  } finally {
    await simulation.close();
  }
}
