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

// The policy of an owner in the running system: active, evaluated, invalid, removed, and confirmed as removed.

let dataDir: string;
let system: System;
let github: string;
let environment: NodeJS.ProcessEnv;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'policy-'));
  system = await startSystem({ dataDir, port: 0, env: { CREATE_ISSUES: 'false' } });
  github = system.emulatorUrl ?? '';
  environment = await operatorEnvironment(dataDir);
});
afterAll(async () => {
  await system.close();
  await rm(dataDir, { recursive: true });
});

const [source, target] = ['octo-org/policy-source', 'octo-org/policy-target'];
const outbound = `outbound: [{ source: { workflow: ci.yml }, targets: [{ repository: ${target}, workflow: cd.yml }] }]\n`;
const inbound = `inbound: [{ source: { repository: ${source}, workflow: ci.yml }, targets: [{ workflow: cd.yml }] }]\n`;

async function create(repository: string, files: Readonly<Record<string, string>>): Promise<number> {
  const [owner, name] = repository.split('/');
  const body = { owner, name, branches: { main: { files } } };
  return (await control<{ id: number }>(github, 'POST', '/repositories', body)).id;
}

const workflows = {
  '.github/workflows/ci.yml': 'on: [push]\njobs: {}\n',
  '.github/workflows/cd.yml': 'on: workflow_dispatch\njobs: {}\n',
};

async function setPolicy(text: string | null): Promise<void> {
  await control(github, 'POST', '/repositories/octo-org/.github/push', { files: { 'dispatching-policy.yml': text } });
}

/** Completes a run of the source. Returns its run key and its only decision. */
async function decide(): Promise<{ readonly runKey: string; readonly decision: Decision }> {
  const { delivery } = await completeRun(github, { repository: source, workflow: 'ci.yml' });
  const runKey = (JSON.parse(delivery?.responseBody ?? '{}') as { accepted: string }).accepted;
  const find = async () => ofType(await factsOfRun(system.url, runKey), 'route.decided')[0]?.data.decision;
  await until(async () => (await find()) !== undefined);
  return { runKey, decision: (await find()) as Decision };
}

test('a policy refuses, is evaluated, fails closed while it is invalid or gone, and ends with an operator’s confirmation', async () => {
  await create(source, { ...workflows, 'dispatching.yml': outbound });
  await create(target, { ...workflows, 'dispatching.yml': inbound });
  expect((await decide()).decision.code).toBe('allowed');

  const id = await create('octo-org/.github', { 'dispatching-policy.yml': "targets: ['deploy-*']\n" });
  const refused = await decide();
  expect(refused.decision).toMatchObject({ code: 'target-policy-refused', responsible: 'target' });
  expect(refused.decision.message).toContain('it accepts deploy-*, not policy-target');

  await setPolicy("enforcement: evaluate\ntargets: ['deploy-*']\n");
  expect((await decide()).decision).toMatchObject({
    effect: 'allow',
    wouldRefuse: [{ name: 'target-policy-target', side: 'target', satisfied: false }],
  });

  await setPolicy('target: []\n');
  expect((await decide()).decision).toMatchObject({ code: 'policy-invalid', responsible: 'source' });

  await setPolicy(null);
  const gone = await decide();
  expect(gone.decision).toMatchObject({ code: 'policy-unreadable', responsible: 'operator' });
  expect(gone.decision.message).toContain(`a policy was seen in repository ${id}`);
  // Without the repository, the App sees the same.
  await control(github, 'DELETE', '/repositories/octo-org/.github');
  expect((await decide()).decision.code).toBe('policy-unreadable');

  const args = ['--policy-removed', '--repository-id', String(id), '--reason', 'We use rulesets now.', '--as', 'ada'];
  expect(await runCommandLine(environment, 'confirm', 'octo-org/.github', ...args)).toBe(
    'octo-org has no policy, until its next one is seen.\n',
  );
  expect((await decide()).decision.code).toBe('allowed');
  const started = async () => (await dispatchedRuns(github, target)).length;
  await eventually(async () => expect(await started()).toBe(3));
  await eventually(async () => {
    const response = await fetch(`${system.url}/api/audit`);
    const { entries } = (await response.json()) as { entries: object[] };
    expect(entries).toContainEqual(
      expect.objectContaining({ action: 'repository-confirmed', operator: 'ada', subject: 'octo-org/.github' }),
    );
  });
});

test('with REQUIRE_POLICY an owner without a policy takes no part', async () => {
  await system.close();
  system = await startSystem({ dataDir, port: 0, env: { CREATE_ISSUES: 'false', REQUIRE_POLICY: 'octo-org' } });
  github = system.emulatorUrl ?? '';
  environment = await operatorEnvironment(dataDir);
  await create(source, { ...workflows, 'dispatching.yml': outbound });
  await create(target, { ...workflows, 'dispatching.yml': inbound });
  expect((await decide()).decision.code).toBe('policy-unreadable');
  await create('octo-org/.github', { 'dispatching-policy.yml': '' });
  expect((await decide()).decision.code).toBe('allowed');
});
