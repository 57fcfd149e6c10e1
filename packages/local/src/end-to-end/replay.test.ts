import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Fact } from '@dispatcher/contracts';
import type { RunRevision } from '@dispatcher/store';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { completeRun } from '../app/emulator.ts';
import { startSystem, type System } from '../app/system.ts';
import { control, dispatchedRuns } from '../testing/github.ts';
import { factsOfRun, ofType, operatorEnvironment, runCommandLine } from '../testing/operator.ts';
import { eventually, until } from '../testing/until.ts';

// Runs `dispatcher replay` as a separate process against the running system.

let dataDir: string;
let system: System;
let github: string;
let environment: NodeJS.ProcessEnv;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'replay-'));
  system = await startSystem({ dataDir, port: 0, env: {} });
  github = system.emulatorUrl ?? '';
  environment = await operatorEnvironment(dataDir);
});
afterAll(async () => {
  await system.close();
  await rm(dataDir, { recursive: true });
});

const replay = (...args: string[]): Promise<string> =>
  runCommandLine(environment, 'replay', ...args, '--reason', 'a test', '--timeout', '300');

const factsOf = (runKey: string) => factsOfRun(system.url, runKey);

let count = 0;

/** Creates a new source and a new target that consents to it. */
async function createPair(): Promise<{ source: string; target: string }> {
  count += 1;
  const source = `octo-org/source-${count}`;
  const target = `octo-org/target-${count}`;
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

async function push(repository: string, files: Record<string, string>): Promise<void> {
  await control(github, 'POST', `/repositories/${repository}/push`, { files });
}

/** Completes a run and waits for the result of its dispatch. */
async function dispatched(source: string, end: 'dispatch.accepted' | 'dispatch.failed') {
  const { delivery } = await completeRun(github, { repository: source, workflow: 'ci.yml' });
  const { accepted: runKey } = JSON.parse(delivery?.responseBody ?? '{}') as { accepted: string };
  // Waits for every fact: they are stored in any order, and a late one would look like a result of the replay.
  const expected = ['run.planned', 'route.decided', end] as const;
  await until(async () => {
    const facts = await factsOf(runKey);
    return expected.every((type) => ofType(facts, type).length === 1);
  });
  return { runKey, deliveryId: delivery?.guid ?? '' };
}

describe('a replay', () => {
  test('as recorded starts nothing and records the operator and the reason', async () => {
    const { source, target } = await createPair();
    const { runKey, deliveryId } = await dispatched(source, 'dispatch.accepted');
    const before = await factsOf(runKey);
    expect(await replay(deliveryId, '--direct', '--as', 'octocat')).toContain(`as-recorded of run ${runKey}`);
    await until(async () => ofType(await factsOf(runKey), 'operator.acted').length === 1);
    const after = await factsOf(runKey);
    expect(after.filter(({ type }) => type !== 'operator.acted')).toEqual(before);
    expect(ofType(after, 'operator.acted')).toMatchObject([
      { correlationId: deliveryId, data: { operator: 'octocat', reason: 'a test', action: 'as-recorded' } },
    ]);
    expect(await dispatchedRuns(github, target)).toHaveLength(1);
  });

  test('with --re-evaluate retries a failed dispatch, but not an accepted one', async () => {
    const { source, target } = await createPair();
    const refused = { match: { operation: 'dispatch' }, fault: { status: 422, body: { message: 'No ref found' } } };
    await control(github, 'POST', '/faults', { rules: [refused], seed: 1 });
    const { runKey } = await dispatched(source, 'dispatch.failed');
    expect(await dispatchedRuns(github, target)).toHaveLength(0);

    await replay(runKey, '--re-evaluate');
    await until(async () => ofType(await factsOf(runKey), 'dispatch.accepted').length === 1);
    expect(await dispatchedRuns(github, target)).toHaveLength(1);

    await replay(runKey, '--re-evaluate');
    await eventually(async () => {
      const facts = await factsOf(runKey);
      expect(ofType(facts, 'operator.acted')).toHaveLength(2);
      expect(ofType(facts, 'run.planned').map(({ data }) => data.revision)).toEqual(expect.arrayContaining([0, 1, 2]));
      const decided = ofType(facts, 'route.decided').map(({ data }) => data.decision.dispatchId);
      expect(decided).toHaveLength(3);
      expect(new Set(decided).size).toBe(1);
    });
    // A later replay ends after the second one.
    await replay(runKey, '--dispatch-again');
    await until(async () => ofType(await factsOf(runKey), 'dispatch.accepted').length === 2);
    expect(await dispatchedRuns(github, target)).toHaveLength(2);
  });

  test('that succeeds comes first in the history, and marks the failure before it as resolved', async () => {
    const { source } = await createPair();
    const refused = { match: { operation: 'dispatch' }, fault: { status: 422, body: { message: 'No ref found' } } };
    await control(github, 'POST', '/faults', { rules: [refused], seed: 1 });
    const { runKey } = await dispatched(source, 'dispatch.failed');
    await replay(runKey, '--re-evaluate');
    await until(async () => ofType(await factsOf(runKey), 'dispatch.accepted').length === 1);
    await until(async () => ofType(await factsOf(runKey), 'operator.acted').length === 1);

    const url = `${system.url}/api/runs/${runKey}`;
    const text = await (await fetch(url)).text();
    const { revisions } = JSON.parse(text) as { revisions: RunRevision[] };
    expect(revisions).toMatchObject([
      { revision: 1, outcome: 'planned' },
      { revision: 0, outcome: 'planned' },
    ]);
    const [newest, oldest] = revisions.map(({ facts }) => facts);
    for (const facts of [newest, oldest]) {
      const times = (facts ?? []).map(({ time }) => time);
      expect(times).toEqual(times.toSorted());
    }
    expect(newest?.map(({ type }) => type)).toEqual(
      expect.arrayContaining(['run.planned', 'route.decided', 'dispatch.accepted', 'operator.acted']),
    );
    expect(ofType(oldest ?? [], 'dispatch.failed')).toMatchObject([{ resolved: true }]);
    expect(text).not.toContain('"satisfied":true');
    const plansUrl = `${system.url}/api/plans/${runKey}`;
    const all = await (await fetch(plansUrl)).text();
    expect(all).toContain('"satisfied":true');
    expect(text.length).toBeLessThan(all.length / 2);
    const { facts: plans } = JSON.parse(all) as { facts: Fact[] };
    const revisionsOf = (facts: readonly Fact[]) =>
      facts.flatMap((fact) => (fact.type === 'run.planned' ? [fact.data.revision] : []));
    expect(revisionsOf(plans)).toEqual([1, 0]);
    const first = (await (await fetch(`${plansUrl}?revision=0`)).json()) as { facts: Fact[] };
    expect(revisionsOf(first.facts)).toEqual([0]);
    expect((await fetch(`${plansUrl}?revision=2`)).status).toBe(404);
  });

  test('with --dispatch-again starts the workflow once more, unless the consent was withdrawn since', async () => {
    const { source, target } = await createPair();
    const { runKey } = await dispatched(source, 'dispatch.accepted');
    await replay(runKey, '--dispatch-again');
    await until(async () => ofType(await factsOf(runKey), 'dispatch.accepted').length === 2);
    expect(await dispatchedRuns(github, target)).toHaveLength(2);

    await push(target, { 'dispatching.yml': 'inbound: []\n' });
    await replay(runKey, '--dispatch-again');
    await eventually(async () => {
      const codes = ofType(await factsOf(runKey), 'route.decided').map(({ data }) => data.decision.code);
      expect(codes).toContain('inbound-no-match');
    });
    expect(await dispatchedRuns(github, target)).toHaveLength(2);
  });

  test.each([
    ['over the API', [], 1, /No plan is recorded for run 1-2-3/],
    ['directly', ['--direct'], 2, /No plan is recorded for 1-2-3/],
  ])('of an unknown run exits with an error: %s', async (_, args, code, message) => {
    await expect(replay('1-2-3', ...args)).rejects.toMatchObject({ code, stderr: expect.stringMatching(message) });
  });
});
