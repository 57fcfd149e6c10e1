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

// Repositories that are deleted and registered again under the same name, in the running system.

let dataDir: string;
let system: System;
let github: string;
let environment: NodeJS.ProcessEnv;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'repository-ids-'));
  system = await startSystem({ dataDir, port: 0, env: { CREATE_ISSUES: 'false' } });
  github = system.emulatorUrl ?? '';
  environment = await operatorEnvironment(dataDir);
});
afterAll(async () => {
  await system.close();
  await rm(dataDir, { recursive: true });
});

const outbound = (target: string) =>
  `outbound: [{ source: { workflow: ci.yml }, targets: [{ repository: ${target}, workflow: cd.yml }] }]\n`;
const inbound = (source: string, more = '') =>
  `inbound: [{ source: { repository: ${source}${more}, workflow: ci.yml }, targets: [{ workflow: cd.yml }] }]\n`;

async function create(repository: string, dispatching: string): Promise<number> {
  const [owner, name] = repository.split('/');
  const files = {
    '.github/workflows/ci.yml': 'on: [push]\njobs: {}\n',
    '.github/workflows/cd.yml': 'on: workflow_dispatch\njobs: {}\n',
    'dispatching.yml': dispatching,
  };
  const body = { owner, name, visibility: 'public', branches: { main: { files } } };
  return (await control<{ id: number }>(github, 'POST', '/repositories', body)).id;
}

/** Deletes a repository, and registers its name again with the same files, as anyone may who gets the owner's name. */
async function recreate(repository: string, dispatching: string): Promise<number> {
  await control(github, 'DELETE', `/repositories/${repository}`);
  return create(repository, dispatching);
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

const codeOf = async (source: string) => (await decide(source)).decision.code;
const started = async (repository: string) => (await dispatchedRuns(github, repository)).length;

test('a source that was registered again starts nothing until the target’s file is changed', async () => {
  const [source, target] = ['octo-partner/source-1', 'octo-org/target-1'];
  const first = await create(source, outbound(target));
  await create(target, inbound(source));
  expect(await codeOf(source)).toBe('allowed');
  await eventually(async () => expect(await started(target)).toBe(1));

  const second = await recreate(source, outbound(target));
  expect(second).not.toBe(first);
  const { decision } = await decide(source);
  expect(decision).toMatchObject({ effect: 'deny', code: 'source-replaced', responsible: 'target' });
  expect(decision.message).toContain(`repository ${first}`);
  expect(decision.message).toContain(`repository ${second}`);
  expect(await started(target)).toBe(1);

  await push(target, `${inbound(source)}# They moved.\n`);
  expect(await codeOf(source)).toBe('allowed');
  await eventually(async () => expect(await started(target)).toBe(2));
});

test('an operator confirms a source with `dispatcher confirm`, and replays the refused run', async () => {
  const [source, target] = ['octo-partner/source-2', 'octo-org/target-2'];
  await create(source, outbound(target));
  await create(target, inbound(source));
  expect(await codeOf(source)).toBe('allowed');
  await eventually(async () => expect(await started(target)).toBe(1));
  const second = await recreate(source, outbound(target));
  const { runKey, decision } = await decide(source);
  expect(decision.code).toBe('source-replaced');

  const args = ['--target', target, '--repository-id', String(second), '--reason', 'They moved.', '--as', 'ada'];
  expect(await runCommandLine(environment, 'confirm', source, ...args)).toBe(
    `${source} is repository ${second} from now on.\n`,
  );
  const replayed = ['--re-evaluate', '--reason', 'The source is confirmed.', '--timeout', '300'];
  await runCommandLine(environment, 'replay', runKey, ...replayed);
  await eventually(async () => expect(await started(target)).toBe(2));
  await eventually(async () => {
    const response = await fetch(`${system.url}/api/audit`);
    const { entries } = (await response.json()) as { entries: object[] };
    expect(entries).toContainEqual(
      expect.objectContaining({ action: 'repository-confirmed', operator: 'ada', subject: source }),
    );
  });
});

test('a target that was registered again is not started until an operator confirms it through the API', async () => {
  const [source, target] = ['octo-org/source-3', 'octo-partner/target-3'];
  await create(source, outbound(target));
  await create(target, inbound(source));
  expect(await codeOf(source)).toBe('allowed');
  await eventually(async () => expect(await started(target)).toBe(1));
  const second = await recreate(target, inbound(source));
  expect((await decide(source)).decision).toMatchObject({ code: 'target-replaced', responsible: 'source' });

  const body = { role: 'target', otherRepository: source, repositoryId: second, reason: 'They moved.' };
  const response = await fetch(`${system.url}/api/repositories/${target}/confirm`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify(body),
  });
  expect(response.status).toBe(200);
  expect(await codeOf(source)).toBe('allowed');
});

test('`repository-id` accepts the repository that the rule names, and no other', async () => {
  const [source, target] = ['octo-partner/source-4', 'octo-org/target-4'];
  const first = await create(source, outbound(target));
  await create(target, inbound(source, `, repository-id: ${first}`));
  expect(await codeOf(source)).toBe('allowed');
  const second = await recreate(source, outbound(target));
  expect(await codeOf(source)).toBe('source-replaced');
  await push(target, `${inbound(source, `, repository-id: ${first}`)}# Touched.\n`);
  expect(await codeOf(source)).toBe('source-replaced');
  await push(target, inbound(source, `, repository-id: ${second}`));
  expect(await codeOf(source)).toBe('allowed');
});
