import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type EmulatorControl, emulatorControl, type RunReport } from '@dispatcher/github-emulator';
import { startSystem, type System, type SystemOptions } from '@dispatcher/local/system';
import { impatientPosts } from '../checker/check-posts.ts';
import { seedOf, sourceWorkflow, type TestRoute } from '../workload/test-routes.ts';
import { type CompletedRun, violations } from '../checker/check-history.ts';
import { type AwsSide, openAws } from './aws-inspector.ts';

/** A whole system of real processes, with a GitHub of its own. */
export interface ChaosWorld {
  readonly system: System;
  readonly control: EmulatorControl;
  /** Lets a run of the source complete at GitHub, whatever becomes of its webhook. */
  complete(source: string): Promise<CompletedRun>;
  /** Until every one of these runs is planned and no message waits any more, or nothing moves. */
  untilRest(runs: readonly CompletedRun[], say: (line: string) => void): Promise<void>;
  /** Nothing that must never be, if all that had to happen is these runs: lost, double, wrong, miscounted, or dead without being permanent. */
  judge(runs: readonly CompletedRun[]): Promise<readonly string[]>;
  /** @param keeping the directory of logs and state, for whoever looks for the reason of something. */
  close(keeping?: boolean): Promise<void>;
}

/** Longer than lease and window together, so that somebody else has taken over; shorter than a function's time-out. */
export const stoppedMs = 16_000;

// Times that fit an experiment, in the proportions of those shipped: a lease is twice a request, and the window is longer
// than the list of runs lags. None is so short that a slow machine ends attempts that no fault has met.
const windowSeconds = 3;
const environment = {
  LOG_LEVEL: 'warn',
  GITHUB_TIMEOUT_SECONDS: '6',
  LEASE_SECONDS: '12',
  RECONCILE_WINDOW_SECONDS: String(windowSeconds),
  // Pacing is proven elsewhere; here it would only make the experiment long.
  GITHUB_WRITES_PER_MINUTE: '100000',
  GITHUB_CONTENT_PER_MINUTE: '100000',
  GITHUB_CONTENT_PER_HOUR: '1000000',
};
const visibilitySeconds = 15;
const checkEveryMs = 3_000;

/** @param functionTimeouts where a process is to be held up for longer than its function may take */
export async function openWorld(
  routes: readonly TestRoute[],
  functionTimeouts: SystemOptions['functionTimeouts'] = {},
): Promise<ChaosWorld> {
  const dataDir = await mkdtemp(join(tmpdir(), 'chaos-'));
  const system = await startSystem({
    dataDir,
    port: 0,
    env: { ...environment },
    scheduleEveryMs: checkEveryMs,
    functionTimeouts,
  });
  const aws = openAws(system.awsUrl);
  const control = emulatorControl(system.emulatorUrl ?? '');
  await populate(control, routes);
  await aws.setVisibility(visibilitySeconds);
  return {
    system,
    control,
    complete: async (source) => completedOf((await control.run({ repository: source, workflow: sourceWorkflow })).run),
    untilRest: (runs, say) => untilRest(aws, runs, say),
    judge: (runs) => judge(control, aws, routes, runs),
    close: async (keeping = false) => {
      aws.close();
      await system.close();
      if (!keeping) await rm(dataDir, { recursive: true, maxRetries: 10 });
    },
  };
}

export function completedOf({ repository, repositoryId, id, attempt }: RunReport): CompletedRun {
  return { repository, repositoryId, runId: id, attempt };
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

const pollMs = 1_000;
/** So long without anything counted is standstill, and its violations say what is missing. */
const standstillMs = 120_000;

async function untilRest(aws: AwsSide, runs: readonly CompletedRun[], say: (line: string) => void): Promise<void> {
  let counted = -1;
  let countedAt = performance.now();
  for (;;) {
    const waiting = await aws.waiting();
    if (waiting === 0 && (await arePlanned(aws, runs))) return;
    const now = Object.values(await aws.totals()).reduce((sum, count) => sum + count, 0);
    if (now !== counted) countedAt = performance.now();
    counted = now;
    if (performance.now() - countedAt > standstillMs) {
      say(`Nothing moves any more, and ${waiting} messages wait.`);
      return;
    }
    await delay(pollMs);
  }
}

async function arePlanned(aws: AwsSide, runs: readonly CompletedRun[]): Promise<boolean> {
  const planned = new Set((await aws.facts()).flatMap(({ type, runKey }) => (type === 'run.planned' ? [runKey] : [])));
  return runs.every(({ repositoryId, runId, attempt }) => planned.has(`${repositoryId}-${runId}-${attempt}`));
}

async function judge(
  control: EmulatorControl,
  aws: AwsSide,
  routes: readonly TestRoute[],
  completed: readonly CompletedRun[],
): Promise<readonly string[]> {
  const evidence = {
    runs: await control.runs(),
    issues: await control.issues(),
    facts: await aws.facts(),
    totals: await aws.totals(),
  };
  const { requests } = await control.requests();
  const deadLetters = await aws.deadLetters();
  return [
    ...violations(evidence, { routes, completed }),
    ...impatientPosts(requests, windowSeconds * 1_000),
    ...deadLetters
      .filter(({ reason }) => reason !== 'permanent-error')
      .map(({ queue, reason, detail }) => `a dead letter is in ${queue}, and not for good: ${reason}: ${detail}`),
  ];
}
