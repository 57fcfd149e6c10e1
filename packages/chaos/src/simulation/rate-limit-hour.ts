import { type CompletedRun, violations } from '../checker/check-history.ts';
import type { TestRoute } from '../workload/test-routes.ts';
import { startExecution } from './system/simulation.ts';
import { script } from './system/fault-plan.ts';
import type { Laboratory } from './system/harness.ts';

const source = 'octo-org/app';
const route: TestRoute = {
  name: 'deploy',
  source,
  target: 'octo-org/deploy',
  workflow: 'cd.yml',
  ref: 'main',
  end: 'started',
};
const hourMs = 3_600_000;
const limited = {
  match: { operation: 'dispatch' },
  fault: { status: 429, headers: { 'retry-after': '3600' } },
} as const;

/**
 * GitHub limits the installation for an hour while so many dispatches wait: none may call before, none may end among the
 * dead letters, and all must be done after. Returns what must never be.
 */
export async function waitAnHour(laboratory: Laboratory, messages: number): Promise<string[]> {
  const execution = await startExecution(
    laboratory,
    script('ports', [], () => ''),
    { routes: [route], faults: [limited] },
  );
  try {
    const began = laboratory.clock.now();
    const completed: CompletedRun[] = [];
    for (let run = 0; run < messages; run += 1) completed.push(await execution.complete(source));
    await execution.drain();

    const [, ...later] = (await execution.requests()).filter(({ operation }) => operation === 'dispatch');
    const early = later.filter(({ at }) => Date.parse(at) < began + hourMs).length;
    return [
      ...violations(await execution.evidence(), { routes: [route], completed }),
      ...execution.leftovers(),
      ...(early === 0 ? [] : [`${early} POSTs were sent within the hour`]),
      ...(later.length === messages ? [] : [`${later.length} POSTs were sent after the hour, not ${messages}`]),
    ];
  } finally {
    await execution.close();
  }
}
