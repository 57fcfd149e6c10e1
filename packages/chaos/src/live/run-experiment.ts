import type { EmulatorControl } from '@dispatcher/github-emulator';
import { findPostsDuringPause, type PauseWindow } from '../checker/check-interventions.ts';
import type { CompletedRun } from '../checker/evidence.ts';
import { createRandom, type Random } from '../workload/random.ts';
import { endRun } from '../workload/test-routes.ts';
import { defaultRoutes, type ExperimentOptions, type ExperimentPlan, planExperiment } from './experiment-plan.ts';
import { pauseAndResume } from './brake.ts';
import { type LiveSystem, startLiveSystem, toCompletedRun } from './live-system.ts';
import { createProcessFaultInjector } from './signals.ts';

export interface ExperimentReport {
  readonly seed: number;
  readonly completed: number;
  /** Started runs that ended. */
  readonly ended: number;
  readonly dispatched: number;
  readonly posts: number;
  readonly faults: number;
  readonly killed: number;
  readonly suspended: number;
  /** How often all dispatches were paused and resumed. */
  readonly pauses: number;
  readonly seconds: number;
  readonly violations: readonly string[];
}

/**
 * Runs the function bundles as real processes, injects the planned faults, waits until the system is idle, and checks the
 * final state. The order of events depends on the machine, so a failure is not shrunk; its command injects the same faults.
 */
export async function runExperiment(
  options: ExperimentOptions,
  print: (line: string) => void,
): Promise<ExperimentReport> {
  const plan = planExperiment(options);
  const startedAt = performance.now();
  const live = await startLiveSystem(plan.routes);
  let passed = false;
  try {
    const result = await injectAndCheck(plan, live, print);
    passed = result.violations.length === 0;
    return { seed: options.seed, ...result, seconds: Math.round((performance.now() - startedAt) / 1_000) };
  } finally {
    if (!passed) {
      const { deliveries, routes = defaultRoutes, seed } = options;
      print(`Logs: ${live.system.logDir}`);
      print(`Replay: npm run chaos -- --deliveries ${deliveries} --routes ${routes} --seed ${seed}`);
    }
    await live.close(!passed);
  }
}

async function injectAndCheck(
  plan: ExperimentPlan,
  live: LiveSystem,
  print: (line: string) => void,
): Promise<Omit<ExperimentReport, 'seed' | 'seconds'>> {
  const { control, system } = live;
  await control.setFaults(plan.gitHubFaults, plan.gitHubFaultSeed);
  const injector = createProcessFaultInjector(system);
  let pause: Promise<PauseWindow> | undefined;
  const { completed, ended } = await completeRuns(plan, live, (done) => {
    if (done === plan.pauseAfter) pause = pauseAndResume(system);
    for (const fault of plan.processFaults.filter(({ after }) => after === done)) injector.inject(fault);
    if (done % 100 === 0) print(`${done} runs completed`);
  });
  const pauses = pause === undefined ? [] : [await pause];
  await control.releaseWebhooks();
  await live.waitUntilIdle([...completed, ...ended], print);
  await injector.end();
  ended.push(...(await endStartedRuns(control, createRandom(plan.gitHubFaultSeed))));
  await control.releaseWebhooks();
  await live.waitUntilIdle([...completed, ...ended], print);

  const runs = await control.runs();
  const { counts, requests } = await control.requests();
  return {
    completed: completed.length,
    ended: ended.length,
    dispatched: runs.filter(({ startedByInstallation }) => startedByInstallation !== null).length,
    posts: counts['dispatch'] ?? 0,
    faults: (await control.faults()).reduce((sum, { met }) => sum + met, 0),
    ...injector.counts,
    pauses: pauses.length,
    violations: [
      ...(await live.check(completed)),
      ...pauses.flatMap((window) => findPostsDuringPause(requests, window)),
    ],
  };
}

const concurrency = 4;
/** After this many completed runs, half of the runs that were started meanwhile end. */
const runsPerEnding = 10;

/**
 * Completes the source runs, several concurrently. A failed webhook delivery stays in GitHub's delivery log, where the
 * scheduled check finds it.
 */
async function completeRuns(
  plan: ExperimentPlan,
  live: LiveSystem,
  onDone: (done: number) => void,
): Promise<{ completed: CompletedRun[]; ended: CompletedRun[] }> {
  const completed: CompletedRun[] = [];
  const ended: CompletedRun[] = [];
  const remaining = [...plan.runs];
  const random = createRandom(plan.gitHubFaultSeed);
  let ending = Promise.resolve();
  const completeNext = async (): Promise<void> => {
    for (let source = remaining.shift(); source !== undefined; source = remaining.shift()) {
      completed.push(await live.complete(source));
      onDone(completed.length);
      if (completed.length % runsPerEnding !== 0) continue;
      // One after the other: otherwise a run could be ended twice.
      ending = ending.then(async () => void ended.push(...(await endStartedRuns(live.control, random))));
      await ending;
    }
  };
  await Promise.all(Array.from({ length: concurrency }, completeNext));
  return { completed, ended };
}

async function endStartedRuns(control: EmulatorControl, random: Random): Promise<CompletedRun[]> {
  const started = (await control.runs()).filter(
    ({ startedByInstallation, status }) => startedByInstallation !== null && status !== 'completed',
  );
  const ended: CompletedRun[] = [];
  for (const { id } of started.filter(() => random.chance(0.5))) {
    const end = random.pick(['success', 'success', 'failure', 'stopped'] as const);
    ended.push(toCompletedRun(await endRun(control, id, end)));
  }
  return ended;
}
