import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { completeRun } from '../app/emulator.ts';
import { progressOf, readFacts } from '../demo/timeline.ts';
import { readRunningFile, type RunningSystem } from '../app/running-file.ts';
import { control, dispatchedRuns } from '../testing/github.ts';
import { exitOf, killStarted, type Started, type StartOptions, startProgram } from '../testing/process.ts';
import { eventually, until } from '../testing/until.ts';

// Runs `npm start` as a separate process that the tests stop and kill.

let dataDir: string;
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'restart-'));
});
afterEach(async () => {
  await killStarted();
  // The child processes of a killed process exit by themselves, and may still be writing.
  await rm(dataDir, { recursive: true, maxRetries: 10, retryDelay: 500 });
});

function start(program: string, args: readonly string[] = [], wrap?: StartOptions['wrap']): Started {
  const options = { args, env: { DISPATCHER_DATA_DIR: dataDir, EMULATOR_RUN_SECONDS: 'never' } };
  return startProgram(program, wrap === undefined ? options : { ...options, wrap });
}

async function startAndShowTimeline(): Promise<Started & { readonly running: RunningSystem }> {
  const started = start('start.ts');
  const isReady = () => started.output().includes('Stop         Ctrl-C') || started.child.exitCode !== null;
  // On a time-out the output below explains more than the condition.
  await until(isReady).catch(() => undefined);
  // The report to the tracking issue may be missing, and a slow read of the files can have been recorded as a delay.
  if (!/[456] facts recorded/.test(started.output())) throw new Error(started.output());
  return { ...started, running: await readRunningFile(dataDir) };
}

async function isDown(url: string | null): Promise<boolean> {
  return fetch(`${url}/health`).then(
    () => false,
    () => true,
  );
}

test('Ctrl-C stops every process, and the next start has the stored data and shows a new run', async () => {
  const first = await startAndShowTimeline();
  expect(first.output()).toMatch(/status 202[\s\S]*plan +planned: 1 allowed, 1 denied[\s\S]*[456] facts recorded/);
  const [, deliveryId = ''] = /delivery ([0-9a-f-]{36})/.exec(first.output()) ?? [];
  first.child.kill('SIGINT');
  expect(await exitOf(first)).toEqual([0, null]);
  expect(await isDown(first.running.url)).toBe(true);
  expect(await isDown(first.running.emulatorUrl)).toBe(true);
  await expect(readRunningFile(dataDir)).rejects.toThrow('npm start');

  const second = await startAndShowTimeline();
  const [, runUrl = ''] = /completed: (http\S+)/.exec(first.output()) ?? [];
  expect((await fetch(runUrl)).status).toBe(200);
  await eventually(async () => {
    const facts = await readFacts(second.running.url, deliveryId);
    expect(facts.filter(({ type }) => type !== 'run.delayed')).toHaveLength(5);
  });
  expect(
    await dispatchedRuns(second.running.emulatorUrl ?? '', 'octo-org/deploy', second.running.emulatorToken),
  ).toHaveLength(2);

  const delivered = start('demo/deliver.ts', ['--conclusion', 'failure', '--branch', 'main', '--wait']);
  expect(await exitOf(delivered)).toEqual([0, null]);
  expect(delivered.output()).toContain('no-match');
});

test('a run that was accepted before the system was killed is dispatched once after the next start', async () => {
  const first = await startAndShowTimeline();
  const github = first.running.emulatorUrl ?? '';
  // Planning receives no response to its first read until it is killed.
  const rules = [{ match: { operation: 'graphql', times: 0 }, fault: { delayMs: 60_000 } }];
  await control(github, 'POST', '/faults', { rules }, first.running.emulatorToken);
  const run = { repository: 'octo-org/app', workflow: 'ci.yml' };
  const { delivery } = await completeRun(github, run, first.running.emulatorToken);
  expect(delivery?.statusCode).toBe(202);
  first.child.kill('SIGKILL');
  await once(first.child, 'exit');
  await until(() => isDown(github));

  const second = await startAndShowTimeline();
  const deliveryId = delivery?.guid ?? '';
  await until(async () => progressOf(await readFacts(second.running.url, deliveryId)) !== 'open');
  const facts = await readFacts(second.running.url, deliveryId);
  expect(facts.filter(({ type }) => type === 'dispatch.accepted')).toHaveLength(1);
  expect(
    await dispatchedRuns(second.running.emulatorUrl ?? '', 'octo-org/deploy', second.running.emulatorToken),
  ).toHaveLength(3);
});

test('killing the shell that npm started stops every process', async () => {
  // The second command prevents the shell from replacing itself with the program.
  const wrap = (command: readonly string[]) => ['sh', '-c', `${command.map((part) => `"${part}"`).join(' ')}; true`];
  const shell = start('launch.mjs', [], wrap);
  await until(() => shell.output().includes('Stop         Ctrl-C'));
  const running = await readRunningFile(dataDir);
  shell.child.kill('SIGTERM');
  await until(async () => (await isDown(running.url)) && (await isDown(running.emulatorUrl)));
  await until(() =>
    readRunningFile(dataDir).then(
      () => false,
      () => true,
    ),
  );
});

test('deliver prints its options, and says how to start the system if it does not run', async () => {
  const help = start('demo/deliver.ts', ['--help']);
  expect(await exitOf(help)).toEqual([0, null]);
  expect(help.output()).toContain('--conclusion');
  const alone = start('demo/deliver.ts', ['--source', 'octo-org/app']);
  expect(await exitOf(alone)).toEqual([1, null]);
  expect(alone.output()).toContain('npm start');
});
