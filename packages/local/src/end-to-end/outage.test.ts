import { afterEach, describe, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { completeRun } from '../app/emulator.ts';
import { startSystem, type System } from '../app/system.ts';
import { control, dispatchedRuns } from '../testing/github.ts';
import { factsOfRun, ofType } from '../testing/operator.ts';
import { timelineOf } from '../testing/delivery-timeline.ts';
import { until } from '../testing/until.ts';

// GitHub's API is down while its webhooks still arrive.

let dataDir: string;
let system: System;
let github: string;
afterEach(async () => {
  await system.close();
  await rm(dataDir, { recursive: true });
});

async function start(env: NodeJS.ProcessEnv): Promise<void> {
  dataDir = await mkdtemp(join(tmpdir(), 'outage-'));
  system = await startSystem({ dataDir, port: 0, env });
  github = system.emulatorUrl ?? '';
}

const apiPaths = ['/app*', '/repos/*', '/graphql', '/users/*'];

async function beginOutage(fault: unknown): Promise<void> {
  const rules = apiPaths.map((path) => ({ match: { path, times: 0 }, fault }));
  await control(github, 'POST', '/faults', { rules });
}

const endOutage = (): Promise<void> => control(github, 'DELETE', '/faults');

async function tokenRequests(): Promise<number> {
  const { counts } = await control<{ counts: Record<string, number> }>(github, 'GET', '/requests');
  return counts['token'] ?? 0;
}

/** Returns delivery id and run key. */
async function deliver(): Promise<{ guid: string; runKey: string }> {
  const { delivery } = await completeRun(github, { repository: 'octo-org/app', workflow: 'ci.yml' });
  const { accepted: runKey } = JSON.parse(delivery?.responseBody ?? '{}') as { accepted: string };
  return { guid: delivery?.guid ?? '', runKey };
}

async function listed(query: string): Promise<readonly { kind: string }[]> {
  const response = await fetch(`${system.url}/api/deliveries?${query}`);
  return ((await response.json()) as { deliveries: { kind: string }[] }).deliveries;
}

const isDelayed = async (runKey: string) => ofType(await factsOfRun(system.url, runKey), 'run.delayed').length > 0;

describe('an outage of GitHub’s API', () => {
  test.each<[string, unknown]>([
    ['with 502', { status: 502, body: { message: 'Bad Gateway' } }],
    ['with connections that are reset', 'reset-before'],
  ])('%s loses no run of eight: each is delayed once and starts its workflow once afterwards', async (_, fault) => {
    // Attempts that count would be used up within seconds.
    await start({ MAX_ATTEMPTS: '2' });
    await beginOutage(fault);
    const before = await tokenRequests();
    const deliveries = await Promise.all(Array.from({ length: 8 }, deliver));
    await until(async () => (await Promise.all(deliveries.map(({ runKey }) => isDelayed(runKey)))).every(Boolean));
    // Several waits: the installation was tried again and again.
    await until(async () => (await tokenRequests()) >= before + 4);
    expect(await dispatchedRuns(github, 'octo-org/deploy')).toEqual([]);
    await until(async () => (await listed('kind=delayed&repository=octo-org/app')).length === 8);
    await endOutage();
    for (const { guid, runKey } of deliveries) {
      await timelineOf(system.url, guid);
      const facts = await factsOfRun(system.url, runKey);
      expect(ofType(facts, 'run.delayed')).toHaveLength(1);
      expect(ofType(facts, 'run.planned').map(({ data }) => data.outcome)).toEqual(['planned']);
      expect(ofType(facts, 'message.dead-lettered')).toEqual([]);
    }
    expect(await dispatchedRuns(github, 'octo-org/deploy')).toHaveLength(8);
    // One row per delivery: the plan has taken the place of the wait.
    const all = await listed('limit=100');
    expect(all.map(({ kind }) => kind)).toEqual(Array(8).fill('planned'));
    expect(await listed('kind=delayed')).toEqual([]);
  });

  test('that outlasts UNREADABLE_GIVE_UP_SECONDS: runs are recorded as unreadable, and the source gets one issue, which the next plan closes', async () => {
    // The issue is written by a message of its own, whose attempts must last until the end of the outage.
    await start({ UNREADABLE_GIVE_UP_SECONDS: '3', MAX_ATTEMPTS: '20' });
    await beginOutage({ status: 503, body: { message: 'Service Unavailable' } });
    const deliveries = await Promise.all(Array.from({ length: 3 }, deliver));
    for (const { runKey } of deliveries) {
      await until(async () => ofType(await factsOfRun(system.url, runKey), 'run.planned').length === 1);
      const facts = await factsOfRun(system.url, runKey);
      const plans = ofType(facts, 'run.planned');
      expect(plans.map(({ data }) => data)).toMatchObject([{ code: 'config-unreadable', responsible: 'operator' }]);
      expect(ofType(facts, 'run.delayed')).toHaveLength(1);
    }
    await endOutage();
    const issuesOfPlans = async () =>
      (await control<{ title: string; state: string }[]>(github, 'GET', '/issues')).filter(
        ({ title }) => title === 'Dispatcher could not plan workflow runs of this repository',
      );
    await until(async () => (await issuesOfPlans()).length > 0);
    expect(await issuesOfPlans()).toMatchObject([{ repository: 'octo-org/app', state: 'open' }]);
    const { runKey } = await deliver();
    await until(async () => (await issuesOfPlans()).every(({ state }) => state === 'closed'));
    expect(await issuesOfPlans()).toHaveLength(1);
    await until(async () => ofType(await factsOfRun(system.url, runKey), 'plan.reported').length === 1);
    expect(ofType(await factsOfRun(system.url, runKey), 'plan.reported')).toMatchObject([
      { data: { action: 'closed', code: 'planned', repository: 'octo-org/app' } },
    ]);
  });
});
