import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { type EmulatorControl, createEmulatorControl, type RunReport } from '@dispatcher/github-emulator';
import { startSystem, type System, type SystemOptions } from '@dispatcher/local/system';
import { checkCounters } from '../checker/check-counters.ts';
import { checkHistory } from '../checker/check-history.ts';
import { findPrematurePosts } from '../checker/check-posts.ts';
import type { CompletedRun } from '../checker/evidence.ts';
import { seedOf, sourceWorkflow, type TestRoute } from '../workload/test-routes.ts';
import { type AwsInspector, openAwsInspector } from './aws-inspector.ts';

/** The whole system as real processes, with its own GitHub emulator. */
export interface LiveSystem {
  readonly system: System;
  readonly control: EmulatorControl;
  /** Completes a run of the source at GitHub. Its webhook may fail. */
  complete(source: string): Promise<CompletedRun>;
  /** Waits until all of these runs are planned, the queues empty and the facts counted, or until nothing has changed for two minutes. */
  waitUntilIdle(runs: readonly CompletedRun[], print: (line: string) => void): Promise<void>;
  /**
   * Checks the final state, given that exactly these source runs completed. Returns a sentence for each lost, repeated or
   * wrong dispatch, for each wrong counter, and for each dead letter that is not a permanent error.
   */
  check(runs: readonly CompletedRun[]): Promise<readonly string[]>;
  /** @param keepData keeps the directory of logs and state for diagnosis */
  close(keepData?: boolean): Promise<void>;
}

/** Longer than lease and window together, so that another worker takes over; shorter than a function's timeout. */
export const suspensionMs = 16_000;

// Shorter than the defaults, in the same proportions: a lease is twice the request timeout, and the window is longer than
// the lag of the list of runs. None is so short that an attempt without a fault fails on a slow machine.
const windowSeconds = 3;
const environment = {
  LOG_LEVEL: 'warn',
  GITHUB_TIMEOUT_SECONDS: '6',
  LEASE_SECONDS: '12',
  RECONCILE_WINDOW_SECONDS: String(windowSeconds),
  // So decisions that wait for a lease, a window or a pause are confirmed.
  DECISION_MAX_AGE: '5',
  // Rate limits are tested elsewhere; here they would only prolong the experiment.
  GITHUB_WRITES_PER_MINUTE: '100000',
  GITHUB_CONTENT_PER_MINUTE: '100000',
  GITHUB_CONTENT_PER_HOUR: '1000000',
};
/** GitHub's limit of requests, 5,000 per hour and installation, would end the experiment before its last runs are planned. */
const unlimited = 1_000_000;
const visibilityTimeoutSeconds = 15;
const checkEveryMs = 3_000;

/** @param functionTimeouts overrides, in seconds, for tests that suspend a process for longer than its function's timeout */
export async function startLiveSystem(
  routes: readonly TestRoute[],
  functionTimeouts: SystemOptions['functionTimeouts'] = {},
  settings: SystemOptions['env'] = {},
): Promise<LiveSystem> {
  const dataDir = await mkdtemp(join(tmpdir(), 'chaos-'));
  const system = await startSystem({
    dataDir,
    port: 0,
    env: { ...environment, ...settings },
    scheduleEveryMs: checkEveryMs,
    functionTimeouts,
    // The experiments need GitHub's ten seconds: what is not delivered by then must be found and delivered again.
    isPatient: false,
  });
  const aws = openAwsInspector(system.awsUrl);
  const control = createEmulatorControl(system.emulatorUrl ?? '', system.emulatorToken);
  await seedRepositories(control, routes);
  await control.changeSettings({ rateLimit: unlimited });
  await aws.setVisibilityTimeout(visibilityTimeoutSeconds);
  return {
    system,
    control,
    complete: async (source) =>
      toCompletedRun((await control.run({ repository: source, workflow: sourceWorkflow })).run),
    waitUntilIdle: (runs, print) => waitUntilIdle(aws, runs, print),
    check: (runs) => check(control, aws, routes, runs),
    close: async (keepData = false) => {
      aws.close();
      await system.close();
      if (!keepData) await rm(dataDir, { recursive: true, maxRetries: 10 });
    },
  };
}

export function toCompletedRun({ repository, repositoryId, id, attempt }: RunReport): CompletedRun {
  return { repository, repositoryId, runId: id, attempt };
}

async function seedRepositories(control: EmulatorControl, routes: readonly TestRoute[]): Promise<void> {
  const { owners, repositories, installations } = seedOf(routes, { id: 0, slug: '' });
  for (const owner of owners) await control.addOwner(owner);
  for (const repository of repositories) await control.putRepository(repository);
  for (const installation of installations) await control.putInstallation(installation);
  for (const { target, workflow } of routes.filter(({ outcome }) => outcome === 'refused')) {
    await control.setWorkflowState(target, workflow, 'disabled_manually');
  }
}

const pollMs = 1_000;
/** After this time without a change of the counters, the check runs anyway and reports what is missing. */
const standstillMs = 300_000;

async function waitUntilIdle(
  aws: AwsInspector,
  runs: readonly CompletedRun[],
  print: (line: string) => void,
): Promise<void> {
  let total = -1;
  let changedAt = performance.now();
  for (;;) {
    const pending = await aws.pendingMessages();
    if (pending === 0 && (await arePlanned(aws, runs)) && (await areCounted(aws))) return;
    const now = Object.values(await aws.totals()).reduce((sum, count) => sum + count, 0);
    if (now !== total) changedAt = performance.now();
    total = now;
    if (performance.now() - changedAt > standstillMs) {
      print(`Nothing has changed for ${standstillMs / 1_000} seconds; ${pending} messages are pending.`);
      return;
    }
    await delay(pollMs);
  }
}

async function arePlanned(aws: AwsInspector, runs: readonly CompletedRun[]): Promise<boolean> {
  const planned = new Set((await aws.facts()).flatMap(({ type, runKey }) => (type === 'run.planned' ? [runKey] : [])));
  return runs.every(({ repositoryId, runId, attempt }) => planned.has(`${repositoryId}-${runId}-${attempt}`));
}

/** Tells whether the roll-up has counted every fact: it runs after the queues are empty, on its own schedule. */
async function areCounted(aws: AwsInspector): Promise<boolean> {
  return checkCounters({ facts: await aws.facts(), totals: await aws.totals(), differences: [] }).length === 0;
}

async function check(
  control: EmulatorControl,
  aws: AwsInspector,
  routes: readonly TestRoute[],
  completed: readonly CompletedRun[],
): Promise<readonly string[]> {
  const evidence = {
    runs: await control.runs(),
    issues: await control.issues(),
    checks: [],
    earlyPasses: [],
    facts: await aws.facts(),
    totals: await aws.totals(),
    differences: await aws.differences(),
  };
  const { requests } = await control.requests();
  const deadLetters = await aws.deadLetters();
  return [
    ...checkHistory(evidence, { routes, completed }),
    ...findPrematurePosts(requests, windowSeconds * 1_000),
    ...deadLetters
      .filter(({ reason }) => reason !== 'permanent-error')
      .map(
        ({ queue, reason, detail }) =>
          `a dead letter is in ${queue}, not because of a permanent error: ${reason}: ${detail}`,
      ),
  ];
}
