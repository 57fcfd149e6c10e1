import { afterEach, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { completeRun } from '../app/emulator.ts';
import { startSystem, type System } from '../app/system.ts';
import { timelineOf } from '../testing/delivery-timeline.ts';
import { control, dispatchedRuns } from '../testing/github.ts';
import { factsOfRun, ofType, operatorEnvironment, runCommandLine } from '../testing/operator.ts';
import { until } from '../testing/until.ts';

// Targets withdraw their consent while allowed decisions wait in the queue of the running system.

let dataDir: string;
let system: System;
let github: string;
let environment: NodeJS.ProcessEnv;
afterEach(async () => {
  await system.close();
  await rm(dataDir, { recursive: true });
});

async function start(env: NodeJS.ProcessEnv): Promise<void> {
  dataDir = await mkdtemp(join(tmpdir(), 'withdrawn-consent-'));
  const settings = { GITHUB_TIMEOUT_SECONDS: '5', LEASE_SECONDS: '10', RECONCILE_WINDOW_SECONDS: '2', ...env };
  system = await startSystem({ dataDir, port: 0, env: settings, scheduleEveryMs: 500 });
  github = system.emulatorUrl ?? '';
  environment = { ...(await operatorEnvironment(dataDir)), ...settings };
}

interface Pair {
  readonly source: string;
  readonly target: string;
}

/** Creates a source and a target that consents to it. */
async function createPair(name: string): Promise<Pair> {
  const source = `octo-org/${name}-source`;
  const target = `octo-org/${name}-target`;
  await create(target, {
    'dispatching.yml': `inbound: [{ source: { repository: ${source}, workflow: ci.yml }, targets: [{ workflow: cd.yml }] }]`,
    '.github/workflows/cd.yml': 'on: { workflow_dispatch: {} }\njobs: {}\n',
  });
  await create(source, {
    'dispatching.yml': `outbound: [{ source: { workflow: ci.yml }, targets: [{ repository: ${target}, workflow: cd.yml }] }]`,
    '.github/workflows/ci.yml': 'on: push\njobs: {}\n',
  });
  return { source, target };
}

async function create(repository: string, files: Record<string, string>): Promise<void> {
  const [owner, name] = repository.split('/');
  await control(github, 'POST', '/repositories', { owner, name, branches: { main: { files } } });
}

async function withdraw({ target }: Pair): Promise<void> {
  await control(github, 'POST', `/repositories/${target}/push`, { files: { 'dispatching.yml': 'inbound: []\n' } });
}

const started = async ({ target }: Pair) => (await dispatchedRuns(github, target)).length;
const factsOf = (runKey: string) => factsOfRun(system.url, runKey);

interface Decided {
  readonly guid: string;
  readonly runKey: string;
}

/** Completes a run of the source. Returns its delivery and its run key once it is decided with this effect. */
async function decided({ source }: Pair, effect: 'allow' | 'deny'): Promise<Decided> {
  const { delivery } = await completeRun(github, { repository: source, workflow: 'ci.yml' });
  const { accepted: runKey } = JSON.parse(delivery?.responseBody ?? '{}') as { accepted: string };
  await until(async () =>
    ofType(await factsOf(runKey), 'route.decided').some(({ data }) => data.decision.effect === effect),
  );
  return { guid: delivery?.guid ?? '', runKey };
}

/** Expects that the dispatch was refused with this code: in the run, in the timeline of the delivery, and in an issue. */
async function expectRefused({ guid, runKey }: Decided, code: string): Promise<void> {
  await until(async () => ofType(await factsOf(runKey), 'dispatch.failed').length > 0);
  const timeline = await timelineOf(system.url, guid);
  expect(timeline.filter(({ type }) => type.startsWith('dispatch.'))).toMatchObject([
    { type: 'dispatch.failed', data: { code, status: null } },
  ]);
  await until(async () => ofType(await factsOf(runKey), 'issue.reported').length > 0);
  expect(ofType(await factsOf(runKey), 'issue.reported')).toMatchObject([
    // Another run of the route may have opened the issue.
    { data: { action: expect.stringMatching(/^(opened|updated|noted)$/), code } },
  ]);
}

const run = (...args: string[]): Promise<string> => runCommandLine(environment, ...args, '--reason', 'a test');

test('consent that was withdrawn before DECISION_MAX_AGE ended starts nothing after a pause or a rate limit', async () => {
  await start({ DECISION_MAX_AGE: '1' });
  const limited = await createPair('limited');
  const fault = {
    status: 429,
    headers: { 'retry-after': '5' },
    body: { message: 'You have exceeded a secondary rate limit.' },
  };
  await control(github, 'POST', '/faults', { rules: [{ match: { operation: 'dispatch', times: 0 }, fault }], seed: 1 });
  const waitsForLimit = await decided(limited, 'allow');
  await until(async () => {
    const { counts } = await control<{ counts: Record<string, number> }>(github, 'GET', '/requests');
    return (counts['dispatch'] ?? 0) >= 1;
  });
  await withdraw(limited);
  await expectRefused(waitsForLimit, 'inbound-no-match');
  await control(github, 'DELETE', '/faults');
  expect(await started(limited)).toBe(0);

  const [paused, other] = [await createPair('paused'), await createPair('other')];
  await run('pause');
  const waits = await decided(paused, 'allow');
  const unaffected = await decided(other, 'allow');
  await withdraw(paused);
  await run('resume');
  await expectRefused(waits, 'inbound-no-match');
  await until(async () => ofType(await factsOf(unaffected.runKey), 'dispatch.accepted').length === 1);
  expect([await started(paused), await started(other)]).toEqual([0, 1]);
});

test('a younger decision is refused once the plan of another run has shown that the target withdrew its consent', async () => {
  await start({ DECISION_MAX_AGE: '3600' });
  const [withdrawn, other] = [await createPair('withdrawn'), await createPair('other')];
  await run('pause');
  const waits = await decided(withdrawn, 'allow');
  const unaffected = await decided(other, 'allow');
  await withdraw(withdrawn);
  await decided(withdrawn, 'deny');
  await run('resume');
  await expectRefused(waits, 'inbound-no-match');
  await until(async () => ofType(await factsOf(unaffected.runKey), 'dispatch.accepted').length === 1);
  expect([await started(withdrawn), await started(other)]).toEqual([0, 1]);
});
