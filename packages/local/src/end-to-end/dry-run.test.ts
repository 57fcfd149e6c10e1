import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Decision } from '@dispatcher/contracts';
import { completeRun } from '../app/emulator.ts';
import { startSystem, type System } from '../app/system.ts';
import { control, dispatchedRuns } from '../testing/github.ts';
import { factsOfRun, ofType, operatorEnvironment, runCommandLine } from '../testing/operator.ts';
import { eventually, until } from '../testing/until.ts';

// Dry runs in the running system: of a rule, and of everything.

let dataDir: string;
let system: System;
let github: string;
let environment: NodeJS.ProcessEnv;

async function start(env: Readonly<Record<string, string>>): Promise<void> {
  system = await startSystem({ dataDir, port: 0, env: { CREATE_ISSUES: 'false', ...env } });
  github = system.emulatorUrl ?? '';
  environment = await operatorEnvironment(dataDir);
}

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'dry-run-'));
  await start({});
});
afterAll(async () => {
  await system.close();
  await rm(dataDir, { recursive: true });
});

const outbound = (target: string, more = '') =>
  `outbound: [{ source: { workflow: ci.yml }, targets: [{ repository: ${target}, workflow: cd.yml${more} }] }]\n`;
const inbound = (source: string, more = '') =>
  `inbound: [{ source: { repository: ${source}, workflow: ci.yml }, targets: [{ workflow: cd.yml }]${more} }]\n`;

async function create(repository: string, dispatching: string): Promise<void> {
  const [owner, name] = repository.split('/');
  const files = {
    '.github/workflows/ci.yml': 'on: [push]\njobs: {}\n',
    '.github/workflows/cd.yml': 'on: workflow_dispatch\njobs: {}\n',
    'dispatching.yml': dispatching,
  };
  await control(github, 'POST', '/repositories', { owner, name, branches: { main: { files } } });
}

async function push(repository: string, dispatching: string): Promise<void> {
  await control(github, 'POST', `/repositories/${repository}/push`, { files: { 'dispatching.yml': dispatching } });
}

/** Completes a run of the source. Returns its run key and its only decision. */
async function decide(source: string): Promise<{ readonly runKey: string; readonly decision: Decision }> {
  const { delivery } = await completeRun(github, { repository: source, workflow: 'ci.yml' });
  const runKey = (JSON.parse(delivery?.responseBody ?? '{}') as { accepted: string }).accepted;
  const find = async () => ofType(await factsOfRun(system.url, runKey), 'route.decided')[0]?.data.decision;
  await until(async () => (await find()) !== undefined);
  return { runKey, decision: (await find()) as Decision };
}

const started = async (repository: string) => (await dispatchedRuns(github, repository)).length;

test('a rule in a dry run starts nothing until it is enabled, and then the run of the past is started by a replay', async () => {
  const [source, target] = ['octo-org/dry-source', 'octo-org/dry-target'];
  await create(source, outbound(target, ', enabled: dry-run'));
  await create(target, inbound('dry-source', ', enabled: dry-run'));
  const { runKey, decision } = await decide(source);
  expect(decision).toMatchObject({ effect: 'deny', code: 'dry-run', responsible: 'nobody', ref: 'main' });
  const why = await runCommandLine(environment, 'why', runKey).catch((error: { stdout: string }) => error.stdout);
  expect(why).toContain(`${target}:cd.yml would have been started: both sides allow it.`);
  await eventually(async () => {
    const routes = await runCommandLine(environment, 'routes', '--state', 'dry-run');
    expect(routes).toContain(`${target}:cd.yml`);
  });
  await eventually(async () => {
    const response = await fetch(`${system.url}/api/deliveries?code=planned&repository=${source}`);
    expect(await response.json()).toMatchObject({ deliveries: [{ allowed: 0, denied: 1, dryRun: 1 }] });
  });

  await push(source, outbound(target));
  await push(target, inbound('dry-source'));
  const second = await decide(source);
  expect(second.decision).toMatchObject({ effect: 'allow' });
  await eventually(async () => expect(await started(target)).toBe(1));
  const replayed = ['--re-evaluate', '--reason', 'The rule is enabled.', '--timeout', '300'];
  await runCommandLine(environment, 'replay', runKey, ...replayed);
  await eventually(async () => expect(await started(target)).toBe(2));
});

test('with DRY_RUN=true nothing starts, whatever the files say', async () => {
  const [source, target] = ['octo-org/live-source', 'octo-org/live-target'];
  await system.close();
  await start({ DRY_RUN: 'true' });
  await create(source, outbound(target));
  await create(target, inbound('live-source'));
  const { decision } = await decide(source);
  expect(decision).toMatchObject({ effect: 'deny', code: 'dry-run' });
  expect(decision.checks).toMatchObject([{ name: 'not-dry-run', side: 'operator', actual: 'DRY_RUN=true' }]);
  expect(await started(target)).toBe(0);
});
