import type { EmulatorControl } from '@dispatcher/github-emulator';
import { createRandom, type Random } from '../workload/random.ts';
import { endRun } from '../workload/test-routes.ts';
import type { CompletedRun } from '../checker/check-history.ts';
import { type ChaosOptions, type ChaosPlan, planChaos } from './experiment-plan.ts';
import { createBlows } from './signals.ts';
import { type ChaosWorld, completedOf, openWorld } from './live-system.ts';

export interface ChaosReport {
  readonly seed: number;
  readonly completed: number;
  /** Started runs that ended too. */
  readonly ended: number;
  readonly dispatched: number;
  readonly posts: number;
  readonly faults: number;
  readonly killed: number;
  readonly stopped: number;
  readonly seconds: number;
  /** Nothing that must never be: lost, double, wrong, miscounted, or dead without being permanent. */
  readonly violations: readonly string[];
}

/** Runs the shipped bundles as real processes, breaks what the plan says, waits for rest, and judges what is left. */
export async function runChaos(options: ChaosOptions, say: (line: string) => void): Promise<ChaosReport> {
  const plan = planChaos(options);
  const began = performance.now();
  const world = await openWorld(plan.routes);
  let isSound = false;
  try {
    const outcome = await breakAndWait(plan, world, say);
    isSound = outcome.violations.length === 0;
    return { seed: options.seed, ...outcome, seconds: Math.round((performance.now() - began) / 1_000) };
  } finally {
    if (!isSound) say(`The logs are kept in ${world.system.logDir}.`);
    await world.close(!isSound);
  }
}

async function breakAndWait(
  plan: ChaosPlan,
  world: ChaosWorld,
  say: (line: string) => void,
): Promise<Omit<ChaosReport, 'seed' | 'seconds'>> {
  const { control, system } = world;
  await control.setFaults(plan.faults, plan.faultSeed);
  const blows = createBlows(system);
  const { completed, ended } = await completeRuns(plan, world, (done) => {
    for (const blow of plan.blows.filter(({ after }) => after === done)) blows.fall(blow);
    if (done % 100 === 0) say(`${done} runs completed`);
  });
  await control.releaseWebhooks();
  await world.untilRest([...completed, ...ended], say);
  await blows.end();
  ended.push(...(await endStarted(control, createRandom(plan.faultSeed))));
  await control.releaseWebhooks();
  await world.untilRest([...completed, ...ended], say);

  const runs = await control.runs();
  const { counts } = await control.requests();
  return {
    completed: completed.length,
    ended: ended.length,
    dispatched: runs.filter(({ startedByInstallation }) => startedByInstallation !== null).length,
    posts: counts['dispatch'] ?? 0,
    faults: (await control.faults()).reduce((sum, { met }) => sum + met, 0),
    ...blows.fallen,
    violations: await world.judge(completed),
  };
}

const atOnce = 4;

/**
 * A few at once, as GitHub sends its webhooks. One that fails is in GitHub's log, and the schedule finds it there. Now and
 * then half of the runs that were started meanwhile end too.
 */
async function completeRuns(
  plan: ChaosPlan,
  world: ChaosWorld,
  onDone: (done: number) => void,
): Promise<{ completed: CompletedRun[]; ended: CompletedRun[] }> {
  const completed: CompletedRun[] = [];
  const ended: CompletedRun[] = [];
  const left = [...plan.runs];
  const random = createRandom(plan.faultSeed);
  let ending = Promise.resolve();
  const one = async (): Promise<void> => {
    for (let source = left.shift(); source !== undefined; source = left.shift()) {
      completed.push(await world.complete(source));
      onDone(completed.length);
      if (completed.length % endedEvery !== 0) continue;
      // One after the other, or a run would be ended twice.
      ending = ending.then(async () => void ended.push(...(await endStarted(world.control, random))));
      await ending;
    }
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  return { completed, ended };
}

const endedEvery = 10;

async function endStarted(control: EmulatorControl, random: Random): Promise<CompletedRun[]> {
  const started = (await control.runs()).filter(
    ({ startedByInstallation, status }) => startedByInstallation !== null && status !== 'completed',
  );
  const ended: CompletedRun[] = [];
  for (const { id } of started.filter(() => random.chance(0.5))) {
    const how = random.pick(['success', 'success', 'failure', 'stopped'] as const);
    ended.push(completedOf(await endRun(control, id, how)));
  }
  return ended;
}
