import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { HistoryFact } from '@dispatcher/store';
import { completeRun } from '../app/emulator.ts';
import { startSystem, type System } from '../app/system.ts';
import { control, dispatchedRuns } from '../testing/github.ts';
import { until } from '../testing/until.ts';
import { factsOfRun, ofType } from '../testing/operator.ts';

// Chains of dispatches: the lineage passes from a dispatch through GitHub to the next plan.

let dataDir: string;
let system: System;
let github: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'lineage-'));
  system = await startSystem({ dataDir, port: 0, env: { MAX_DISPATCH_DEPTH: '2', CREATE_ISSUES: 'false' } });
  github = system.emulatorUrl ?? '';
});
afterAll(async () => {
  await system.close();
  await rm(dataDir, { recursive: true });
});

const ids = new Map<string, number>();

/** Creates a repository whose ci.yml starts the next one's, and which consents to every repository of the organisation. */
async function createLink(name: string, next: string): Promise<void> {
  const files = {
    '.github/workflows/ci.yml': 'on: { push: {}, workflow_dispatch: {} }\njobs: {}\n',
    'dispatching.yml': [
      `outbound: [{ source: { workflow: ci.yml }, targets: [{ repository: ${next}, workflow: ci.yml }] }]`,
      "inbound: [{ source: { repository: 'octo-org/*', workflow: ci.yml }, targets: [{ workflow: ci.yml }] }]",
    ].join('\n'),
  };
  const created = { owner: 'octo-org', name, branches: { main: { files } } };
  const { id } = await control<{ id: number }>(github, 'POST', '/repositories', created);
  ids.set(`octo-org/${name}`, id);
}

type Decided = Extract<HistoryFact, { type: 'route.decided' }>;

async function decisionOfRun(repository: string, runId: number): Promise<Decided['data']> {
  let decided: Decided | undefined;
  await until(async () => {
    [decided] = ofType(await factsOfRun(system.url, `${ids.get(repository)}-${runId}-1`), 'route.decided');
    return decided !== undefined;
  });
  if (decided === undefined) throw new Error(`Run ${runId} of ${repository} has no decision.`);
  return decided.data;
}

/** Completes the run that was started in the repository, and returns the decision on it. */
async function completeStarted(repository: string): Promise<Decided['data']> {
  await until(async () => (await dispatchedRuns(github, repository)).length > 0);
  const [run] = await dispatchedRuns(github, repository);
  if (run === undefined) throw new Error(`Nothing was started in ${repository}.`);
  await control(github, 'POST', `/runs/${run.id}/complete`, { conclusion: 'success' });
  return decisionOfRun(repository, run.id);
}

test('a chain that returns to its first repository is denied there, and the decision names the path', async () => {
  await createLink('loop-a', 'loop-b');
  await createLink('loop-b', 'loop-a');
  await completeRun(github, { repository: 'octo-org/loop-a', workflow: 'ci.yml' });
  const { decision } = await completeStarted('octo-org/loop-b');
  expect(decision).toMatchObject({ effect: 'deny', code: 'route-loop' });
  expect(decision.message).toContain('octo-org/loop-a:ci.yml');
  expect(await dispatchedRuns(github, 'octo-org/loop-a')).toEqual([]);
});

test('a chain is denied at the operator’s depth limit, and each decision records its depth', async () => {
  await createLink('chain-a', 'chain-b');
  await createLink('chain-b', 'chain-c');
  await createLink('chain-c', 'chain-d');
  await createLink('chain-d', 'chain-a');
  await completeRun(github, { repository: 'octo-org/chain-a', workflow: 'ci.yml' });
  const second = await completeStarted('octo-org/chain-b');
  expect(second).toMatchObject({ decision: { effect: 'allow' }, lineage: { depth: 1 } });
  const third = await completeStarted('octo-org/chain-c');
  expect(third).toMatchObject({ decision: { effect: 'deny', code: 'depth-exceeded' }, lineage: { depth: 2 } });
  expect(await dispatchedRuns(github, 'octo-org/chain-d')).toEqual([]);
});

test('a run that a check of Dispatcher triggered starts nothing, and one of a check of a person’s workflow does', async () => {
  const rule = 'workflow: ci.yml, events: [check_run]';
  const workflow = 'on: { check_run: {}, workflow_dispatch: {} }\njobs: {}\n';
  const filesOf = (rules: string) => ({ '.github/workflows/ci.yml': workflow, 'dispatching.yml': rules });
  for (const [name, rules] of [
    ['checked', `outbound: [{ source: { ${rule} }, targets: [{ repository: follower, workflow: ci.yml }] }]\n`],
    ['follower', `inbound: [{ source: { repository: checked, ${rule} }, targets: [{ workflow: ci.yml }] }]\n`],
  ] as const) {
    const branches = { main: { files: filesOf(rules) } };
    const { id } = await control<{ id: number }>(github, 'POST', '/repositories', {
      owner: 'octo-org',
      name,
      branches,
    });
    ids.set(`octo-org/${name}`, id);
  }
  const decisionFor = async (actor: string) => {
    const { run } = await completeRun(github, {
      repository: 'octo-org/checked',
      workflow: 'ci.yml',
      event: 'check_run',
      actor,
    });
    return (await decisionOfRun('octo-org/checked', run.id)).decision;
  };
  expect(await decisionFor('dispatcher-local[bot]')).toMatchObject({ effect: 'deny', code: 'route-loop' });
  expect(await decisionFor('octocat')).toMatchObject({ effect: 'allow' });
  await until(async () => (await dispatchedRuns(github, 'octo-org/follower')).length === 1);
});
