import type { Job, JobResult } from './process-pool.ts';
import { createScenarioRunner } from './run-scenario.ts';
import { startHarness } from './system/harness.ts';

// A process of the pool: runs the histories that its parent sends, until the parent disconnects.

const harness = await startHarness();
const runScenario = createScenarioRunner(harness);

process.on('message', ({ id, scenario, level, faults }: Job) => {
  runScenario(scenario, level, faults).then(
    (result) => process.send?.({ id, result } satisfies JobResult),
    (error: unknown) => process.send?.({ id, error: String(error) } satisfies JobResult),
  );
});
// Without this the emulator and the database would keep the process running after its parent was killed.
process.once('disconnect', () => process.exit());
