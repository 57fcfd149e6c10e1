import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { Emulator, EmulatorOptions } from '../emulator.ts';
import { client, eventually, mint, type Receiver, startExample, startReceiver } from '../testing/example-emulator.ts';

let receiver: Receiver;
let emulator: Emulator;
let dataDir: string;
beforeEach(async () => {
  receiver = await startReceiver();
  dataDir = await mkdtemp(join(tmpdir(), 'run-timers-'));
});
afterEach(async () => {
  await emulator.close();
  await receiver.close();
  await rm(dataDir, { recursive: true });
});

async function start(settings: EmulatorOptions['settings'] = {}): Promise<void> {
  emulator = await startExample({ settings, webhookUrl: receiver.url, dataDir });
}

async function dispatch(): Promise<void> {
  const octokit = client(emulator, await mint(emulator, 'octo-org'));
  await octokit.request('POST /repos/{owner}/{repo}/actions/workflows/{workflow_id}/dispatches', {
    owner: 'octo-org',
    repo: 'deploy',
    workflow_id: 'cd.yml',
    ref: 'main',
  });
}

const conclusions = async () => (await emulator.control.runs()).map(({ conclusion }) => conclusion);
const completed = () => eventually(conclusions, (list) => list.every((one) => one !== null));

test('a dispatched run completes by itself, and its webhook is sent', async () => {
  await start({ runDurationMs: 20 });
  await dispatch();
  expect(await completed()).toEqual(['success']);
  const bodies = await eventually(
    async () => receiver.received,
    (list) => list.length > 0,
  );
  expect(JSON.parse(bodies[0]?.body ?? '')).toMatchObject({
    workflow_run: { event: 'workflow_dispatch', conclusion: 'success' },
  });
});

test('by default it waits for a control call, and a change of the duration completes waiting runs', async () => {
  await start();
  await dispatch();
  await emulator.control.changeSettings({ runConclusion: 'failure' });
  expect(await conclusions()).toEqual([null]);
  await emulator.control.changeSettings({ runDurationMs: 0 });
  expect(await completed()).toEqual(['failure']);
});

test('a run that a control call completes first keeps its conclusion and sends one webhook', async () => {
  await start({ runDurationMs: 300 });
  await dispatch();
  const [run] = await emulator.control.runs();
  await emulator.control.complete(run?.id ?? 0, 'cancelled');
  await dispatch();
  expect(await completed()).toEqual(['cancelled', 'success']);
  const bodies = await eventually(
    async () => receiver.received,
    (list) => list.length > 1,
  );
  expect(bodies).toHaveLength(2);
});

test('a run that was waiting when the emulator stopped completes after the next start', async () => {
  await start();
  await dispatch();
  await emulator.close();
  await start({ runDurationMs: 0 });
  expect(await completed()).toEqual(['success']);
});

test('a run whose workflow file has a duplicate key fails at start-up, as on GitHub', async () => {
  await start({ runDurationMs: 0 });
  const files = { '.github/workflows/cd.yml': 'on: workflow_dispatch\njobs: {}\njobs: {}\n' };
  await emulator.control.push('octo-org/deploy', { files });
  await dispatch();
  expect(await completed()).toEqual(['startup_failure']);
});
