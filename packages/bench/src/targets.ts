import { createFaultPlan, startHarness, startSimulation, type TestRoute } from '@dispatcher/chaos/simulation';
import type { Figure } from './figures.ts';

const wanted = 100;
const source = 'octo-org/app';

/** Completes one run with so many targets in the simulation, and returns how many of them were started. */
export async function measureTargets(count = wanted): Promise<number> {
  const routes = Array.from(
    { length: count },
    (_, index): TestRoute => ({
      name: `to-${index}`,
      source,
      target: `octo-org/target-${index}`,
      workflow: 'cd.yml',
      ref: 'main',
      outcome: 'started',
    }),
  );
  const harness = await startHarness();
  try {
    const simulation = await startSimulation(
      harness,
      createFaultPlan('ports', [], () => ''),
      { routes },
    );
    try {
      await simulation.complete(source);
      await simulation.drain();
      const { counts } = await harness.emulator.control.requests();
      return counts['dispatch'] ?? 0;
    } finally {
      await simulation.close();
    }
  } finally {
    await harness.close();
  }
}

export function targetsFigure(started: number): Figure {
  return {
    name: 'targets of one run that are all dispatched',
    before: [46],
    goal: [wanted],
    isMinimum: true,
    now: [started],
    command: 'npm run bench -- targets',
    reason: 'A target was not started. `npm run crash` shows which, and why.',
  };
}
