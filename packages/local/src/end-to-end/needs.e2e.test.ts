import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { completeRun } from '../app/emulator.ts';
import { startSystem, type System } from '../app/system.ts';
import { control, dispatchedRuns } from '../testing/github.ts';
import { factsOfRun, ofType } from '../testing/operator.ts';
import { eventually, until } from '../testing/until.ts';

// A deployment that needs the tests and the security scan of a commit, in the running system.

let dataDir: string;
let system: System;
let github: string;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'needs-'));
  system = await startSystem({ dataDir, port: 0, scheduleEveryMs: 500 });
  github = system.emulatorUrl ?? '';
});
afterAll(async () => {
  await system.close();
  await rm(dataDir, { recursive: true });
});

const source = 'octo-org/product';
const target = 'octo-org/product-deploy';
const outbound = `outbound:
  - source: { needs: [ci.yml, security.yml] }
    targets:
      - { repository: product-deploy, workflow: cd.yml, id: all-checks }
`;
const inbound =
  'inbound: [{ source: { repository: product, needs: [ci.yml, security.yml] }, targets: [{ workflow: cd.yml }] }]\n';

async function create(repository: string, dispatching: string): Promise<void> {
  const [owner, name] = repository.split('/');
  const files = {
    '.github/workflows/ci.yml': 'on: [push]\njobs: {}\n',
    '.github/workflows/security.yml': 'on: [push]\njobs: {}\n',
    '.github/workflows/cd.yml': 'on: workflow_dispatch\njobs: {}\n',
    'dispatching.yml': dispatching,
  };
  await control(github, 'POST', '/repositories', { owner, name, branches: { main: { files } } });
}

const started = async () => (await dispatchedRuns(github, target)).length;

/** Completes a run of a workflow and returns the code of its decision, or of its plan if no rule matches. */
async function complete(workflow: string, conclusion: string): Promise<string> {
  const { delivery } = await completeRun(github, { repository: source, workflow, conclusion });
  const runKey = (JSON.parse(delivery?.responseBody ?? '{}') as { accepted: string }).accepted;
  const codeOf = async () => {
    const facts = await factsOfRun(system.url, runKey);
    const [plan] = ofType(facts, 'run.planned');
    const [decided] = ofType(facts, 'route.decided');
    if (plan === undefined) return null;
    return plan.data.outcome === 'planned' ? (decided?.data.decision.code ?? null) : plan.data.code;
  };
  await until(async () => (await codeOf()) !== null);
  return (await codeOf()) ?? '';
}

test('a deployment waits for both workflows, starts once, and not again when one of them runs again', async () => {
  await create(target, inbound);
  await create(source, outbound);
  expect(await complete('security.yml', 'failure')).toBe('no-match');
  expect(await complete('ci.yml', 'success')).toBe('waiting-for-needs');
  expect(await started()).toBe(0);
  expect(await complete('security.yml', 'success')).toBe('allowed');
  await eventually(async () => expect(await started()).toBe(1));
  expect(await complete('ci.yml', 'success')).toBe('already-dispatched');
  expect(await complete('security.yml', 'success')).toBe('already-dispatched');
  expect(await started()).toBe(1);
});
