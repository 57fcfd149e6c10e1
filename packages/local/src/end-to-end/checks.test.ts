import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startedFeatures } from '../app/emulator.ts';
import { startSystem, type System } from '../app/system.ts';
import { control, dispatchedRuns } from '../testing/github.ts';
import { until } from '../testing/until.ts';

// A pull request that requires the check of a run in another repository, by GitHub's own rule.

let dataDir: string;
let system: System;
let github: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'checks-'));
  system = await startSystem({ dataDir, port: 0, env: { CREATE_ISSUES: 'false' }, appFeatures: startedFeatures });
  github = system.emulatorUrl ?? '';
});
afterAll(async () => {
  await system.close();
  await rm(dataDir, { recursive: true });
});

const workflow = 'on: { pull_request: {}, workflow_dispatch: {} }\njobs: {}\n';
const rule = (check: string) =>
  `outbound: [{ source: { workflow: ci.yml, branches: ['**'] }, targets: [{ repository: tests, workflow: e2e.yml, check: ${check} }] }]\n`;
const consent =
  "inbound: [{ source: { repository: shop, workflow: ci.yml, branches: ['**'] }, targets: [{ workflow: e2e.yml }] }]\n";

interface CheckRun {
  readonly id: number;
  readonly suiteId: number;
  readonly name: string;
  readonly headSha: string;
  readonly status: string;
  readonly conclusion: string | null;
}

const checksOn = async (sha: string) =>
  (await control<CheckRun[]>(github, 'GET', '/check-runs')).filter(({ headSha }) => headSha === sha);

async function isMergeable(sha: string, name: string): Promise<boolean> {
  const query = new URLSearchParams({ sha, check: `Dispatcher / ${name}` });
  const path = `/repositories/octo-org/shop/mergeable?${query.toString()}`;
  return (await control<{ mergeable: boolean }>(github, 'GET', path)).mergeable;
}

async function pushAndRun(branch: string): Promise<string> {
  const push = { branch, files: { 'change.txt': branch } };
  const { sha } = await control<{ sha: string }>(github, 'POST', '/repositories/octo-org/shop/push', push);
  await control(github, 'POST', '/runs', { repository: 'octo-org/shop', workflow: 'ci.yml', branch });
  return sha;
}

async function conclusionOf(sha: string, name: string): Promise<string | null | undefined> {
  return (await checksOn(sha)).find((check) => check.name === `Dispatcher / ${name}`)?.conclusion;
}

test('a required named check turns green exactly when the started run succeeds, and a refusing target turns none green', async () => {
  for (const [name, files] of [
    ['shop', { '.github/workflows/ci.yml': workflow, 'dispatching.yml': rule('e2e') }],
    ['tests', { '.github/workflows/e2e.yml': workflow }],
  ] as const) {
    await control(github, 'POST', '/repositories', { owner: 'octo-org', name, branches: { main: { files } } });
  }

  // The target does not consent yet.
  const refused = await pushAndRun('refused');
  await until(async () => (await conclusionOf(refused, 'e2e')) === 'failure');
  expect(await isMergeable(refused, 'e2e')).toBe(false);
  await until(async () => (await checksOn(refused)).some(({ name }) => name === 'Dispatcher'));

  // The target consents, and somebody clicks "Re-run".
  const files = { 'dispatching.yml': consent };
  await control(github, 'POST', '/repositories/octo-org/tests/push', { files });
  const [check] = (await checksOn(refused)).filter(({ name }) => name === 'Dispatcher / e2e');
  await control(github, 'POST', `/check-runs/${check?.id}/rerequest`, {});
  await until(async () => (await dispatchedRuns(github, 'octo-org/tests')).length === 1);
  await until(async () =>
    (await checksOn(refused)).some(({ name, status }) => name === 'Dispatcher / e2e' && status === 'in_progress'),
  );
  expect(await isMergeable(refused, 'e2e')).toBe(false);

  // The started run succeeds.
  const [started] = await dispatchedRuns(github, 'octo-org/tests');
  await control(github, 'POST', `/runs/${started?.id}/complete`, { conclusion: 'success' });
  await until(async () => isMergeable(refused, 'e2e'));
  // Of each name there is one check run.
  expect((await checksOn(refused)).map(({ name }) => name).toSorted()).toEqual(['Dispatcher', 'Dispatcher / e2e']);

  // A failed run does not turn the check of the next commit green.
  const failing = await pushAndRun('failing');
  await until(async () => (await dispatchedRuns(github, 'octo-org/tests')).length === 2);
  const second = (await dispatchedRuns(github, 'octo-org/tests')).find(({ id }) => id !== started?.id);
  await control(github, 'POST', `/runs/${second?.id}/complete`, { conclusion: 'failure' });
  await until(async () => (await conclusionOf(failing, 'e2e')) === 'failure');
  expect(await isMergeable(failing, 'e2e')).toBe(false);
});

test('"Re-run all checks" decides again on each refused route of the commit, and starts nothing that was started', async () => {
  const yes = 'tests';
  const no = 'load-tests';
  const targets = [yes, no].map((name) => `{ repository: ${name}, workflow: e2e.yml, check: ${name} }`).join(', ');
  const rules = `outbound: [{ source: { workflow: ci.yml, branches: ['**'] }, targets: [${targets}] }]\n`;
  await control(github, 'POST', '/repositories/octo-org/shop/push', { files: { 'dispatching.yml': rules } });
  await control(github, 'POST', '/repositories', {
    owner: 'octo-org',
    name: no,
    branches: { main: { files: { '.github/workflows/e2e.yml': workflow } } },
  });
  const startedBefore = (await dispatchedRuns(github, 'octo-org/tests')).length;

  const sha = await pushAndRun('all');
  await until(async () => (await conclusionOf(sha, no)) === 'failure');
  await until(async () => (await dispatchedRuns(github, 'octo-org/tests')).length === startedBefore + 1);
  await until(async () => (await checksOn(sha)).some(({ name }) => name === 'Dispatcher'));

  await control(github, 'POST', '/repositories/octo-org/load-tests/push', { files: { 'dispatching.yml': consent } });
  const [check] = await checksOn(sha);
  await control(github, 'POST', `/check-suites/${check?.suiteId}/rerequest`, {});
  await until(async () => (await dispatchedRuns(github, 'octo-org/load-tests')).length === 1);
  const [started] = await dispatchedRuns(github, 'octo-org/load-tests');
  await control(github, 'POST', `/runs/${started?.id}/complete`, { conclusion: 'success' });
  await until(async () => isMergeable(sha, no));

  expect(await dispatchedRuns(github, 'octo-org/tests')).toHaveLength(startedBefore + 1);
  expect((await checksOn(sha)).map(({ name }) => name).toSorted()).toEqual([
    'Dispatcher',
    `Dispatcher / ${no}`,
    `Dispatcher / ${yes}`,
  ]);
});
