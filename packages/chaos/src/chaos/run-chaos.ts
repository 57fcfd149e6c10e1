import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type EmulatorControl, emulatorControl } from '@dispatcher/github-emulator';
import { startSystem, type System } from '@dispatcher/local/system';
import { seedOf, sourceWorkflow, type TestRoute } from '../routes.ts';
import { type CompletedRun, violations } from '../verdict.ts';
import { type AwsSide, openAws } from './aws.ts';
import { type ChaosOptions, type ChaosPlan, planChaos } from './plan.ts';
import { createBlows } from './processes.ts';

export interface ChaosReport {
  readonly seed: number;
  readonly completed: number;
  readonly dispatched: number;
  readonly posts: number;
  readonly faults: number;
  readonly killed: number;
  readonly stopped: number;
  readonly seconds: number;
  /** Nothing that must never be: lost, double, wrong, miscounted, or dead without being permanent. */
  readonly violations: readonly string[];
}

// Times that fit an experiment, in the proportions of those shipped: a lease is twice a request, and the window is longer
// than the list of runs lags.
const environment = {
  LOG_LEVEL: 'warn',
  GITHUB_TIMEOUT_SECONDS: '2',
  LEASE_SECONDS: '4',
  RECONCILE_WINDOW_SECONDS: '3',
  // Pacing is proven elsewhere; here it would only make the experiment long.
  GITHUB_WRITES_PER_MINUTE: '100000',
  GITHUB_CONTENT_PER_MINUTE: '100000',
  GITHUB_CONTENT_PER_HOUR: '1000000',
};
const visibilitySeconds = 6;
const checkEveryMs = 3_000;
const atOnce = 4;

/** Runs the shipped bundles as real processes, breaks what the plan says, waits for rest, and judges what is left. */
export async function runChaos(options: ChaosOptions, say: (line: string) => void): Promise<ChaosReport> {
  const plan = planChaos(options);
  const dataDir = await mkdtemp(join(tmpdir(), 'chaos-'));
  const started = performance.now();
  const system = await startSystem({ dataDir, port: 0, env: { ...environment }, scheduleEveryMs: checkEveryMs });
  const aws = openAws(system.awsUrl);
  try {
    const outcome = await breakAndWait(plan, system, aws, say);
    return { seed: options.seed, ...outcome, seconds: Math.round((performance.now() - started) / 1_000) };
  } finally {
    aws.close();
    await system.close();
    await rm(dataDir, { recursive: true, maxRetries: 10 });
  }
}

async function breakAndWait(
  plan: ChaosPlan,
  system: System,
  aws: AwsSide,
  say: (line: string) => void,
): Promise<Omit<ChaosReport, 'seed' | 'seconds'>> {
  const control = emulatorControl(system.emulatorUrl ?? '');
  await populate(control, plan.routes);
  await aws.setVisibility(visibilitySeconds);
  await control.setFaults(plan.faults, plan.faultSeed);
  const blows = createBlows(system);
  const completed = await completeRuns(plan, control, (done) => {
    for (const blow of plan.blows.filter(({ after }) => after === done)) blows.fall(blow);
    if (done % 100 === 0) say(`${done} runs completed`);
  });
  await control.releaseWebhooks();
  await untilRest(aws, completed, say);
  await blows.end();
  await untilRest(aws, completed, say);

  const faults = (await control.faults()).reduce((sum, { met }) => sum + met, 0);
  const evidence = {
    runs: await control.runs(),
    issues: await control.issues(),
    facts: await aws.facts(),
    totals: await aws.totals(),
  };
  const { counts } = await control.requests();
  const letters = await aws.deadLetters();
  return {
    completed: completed.length,
    dispatched: evidence.runs.filter(({ startedByInstallation }) => startedByInstallation !== null).length,
    posts: counts['dispatch'] ?? 0,
    faults,
    ...blows.fallen,
    violations: [
      ...violations(evidence, { routes: plan.routes, completed }),
      ...letters
        .filter(({ reason }) => reason !== 'permanent-error')
        .map(({ queue, reason, detail }) => `a dead letter is in ${queue}, and not for good: ${reason}: ${detail}`),
    ],
  };
}

async function populate(control: EmulatorControl, routes: readonly TestRoute[]): Promise<void> {
  const { owners, repositories, installations } = seedOf(routes, { id: 0, slug: '' });
  for (const owner of owners) await control.addOwner(owner);
  for (const repository of repositories) await control.putRepository(repository);
  for (const installation of installations) await control.putInstallation(installation);
  for (const { target, workflow } of routes.filter(({ end }) => end === 'refused')) {
    await control.setWorkflowState(target, workflow, 'disabled_manually');
  }
}

/** A few at once, as GitHub sends its webhooks. A webhook that fails is in GitHub's log, and the schedule finds it there. */
async function completeRuns(
  plan: ChaosPlan,
  control: EmulatorControl,
  onDone: (done: number) => void,
): Promise<CompletedRun[]> {
  const completed: CompletedRun[] = [];
  const left = [...plan.runs];
  const one = async (): Promise<void> => {
    for (let source = left.shift(); source !== undefined; source = left.shift()) {
      const { run } = await control.run({ repository: source, workflow: sourceWorkflow });
      completed.push({ repository: source, repositoryId: run.repositoryId, runId: run.id, attempt: run.attempt });
      onDone(completed.length);
    }
  };
  await Promise.all(Array.from({ length: atOnce }, one));
  return completed;
}

const pollMs = 1_000;
/** So long without any change is standstill, and its violations say what is missing. */
const standstillMs = 120_000;

/** Until every run is planned and no message waits any more. */
async function untilRest(aws: AwsSide, completed: readonly CompletedRun[], say: (line: string) => void): Promise<void> {
  let last = '';
  let changedAt = performance.now();
  for (;;) {
    const waiting = await aws.waiting();
    const planned = (await aws.totals())['deliveries'] ?? 0;
    if (waiting === 0 && (await arePlanned(aws, completed))) return;
    const now = `${waiting} messages wait, ${planned} deliveries are counted`;
    if (now !== last) changedAt = performance.now();
    last = now;
    if (performance.now() - changedAt > standstillMs) {
      say(`Nothing moves any more: ${now}.`);
      return;
    }
    await delay(pollMs);
  }
}

async function arePlanned(aws: AwsSide, completed: readonly CompletedRun[]): Promise<boolean> {
  const planned = new Set((await aws.facts()).flatMap(({ type, runKey }) => (type === 'run.planned' ? [runKey] : [])));
  return completed.every(({ repositoryId, runId, attempt }) => planned.has(`${repositoryId}-${runId}-${attempt}`));
}
