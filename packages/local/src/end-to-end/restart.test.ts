import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { sourceFile } from '../lambda/child-process.ts';
import { completeRun } from '../app/emulator.ts';
import { progressOf, readFacts } from '../demo/timeline.ts';
import { readRunningFile, type RunningSystem } from '../app/running-file.ts';
import { control, dispatchedRuns } from '../testing/github.ts';
import { eventually, until } from '../testing/until.ts';

// `npm start` as its own process, so that it can be stopped and killed.

let dataDir: string;
const children: ChildProcess[] = [];
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'restart-'));
});
afterEach(async () => {
  for (const child of children.splice(0)) {
    if (child.exitCode !== null || child.signalCode !== null) continue;
    child.kill('SIGKILL');
    await once(child, 'exit');
  }
  // The children of a killed process end by themselves, and may still be writing.
  await rm(dataDir, { recursive: true, maxRetries: 10, retryDelay: 500 });
});

interface Started {
  readonly child: ChildProcess;
  readonly output: () => string;
}

function start(
  program: string,
  args: readonly string[] = [],
  env: Record<string, string> = {},
  commandOf = (file: string) => [process.execPath, '--disable-warning=ExperimentalWarning', file],
): Started {
  const [command = '', ...before] = commandOf(sourceFile(program));
  const child = spawn(command, [...before, ...args], {
    env: {
      ...Object.fromEntries(Object.entries(process.env).filter(([name]) => !name.startsWith('GITHUB_'))),
      DISPATCHER_DATA_DIR: dataDir,
      PORT: '0',
      ...env,
    },
    stdio: ['ignore', 'pipe', 'pipe'],
  });
  children.push(child);
  let text = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (chunk: Buffer) => (text += chunk.toString()));
  return { child, output: () => text };
}

/** The exit code and signal, once all that it printed was read. */
async function ended({ child }: Started): Promise<unknown[]> {
  return child.exitCode !== null || child.signalCode !== null
    ? [child.exitCode, child.signalCode]
    : once(child, 'close');
}

async function startAndShowTimeline(): Promise<Started & { readonly running: RunningSystem }> {
  const started = start('start.ts');
  const isOver = () => started.output().includes('Stop         Ctrl-C') || started.child.exitCode !== null;
  // What it printed says why better than a condition that did not hold.
  await until(isOver).catch(() => undefined);
  // The fifth, the report to the tracking issue, is not waited for long.
  if (!/[45] facts recorded/.test(started.output())) throw new Error(started.output());
  return { ...started, running: await readRunningFile(dataDir) };
}

async function isDown(url: string | null): Promise<boolean> {
  return fetch(`${url}/health`).then(
    () => false,
    () => true,
  );
}

test('stopped by Ctrl-C, everything ends; the next start knows what was stored and shows a new run', async () => {
  const first = await startAndShowTimeline();
  expect(first.output()).toMatch(/answered 202[\s\S]*plan +planned: 1 allowed, 1 denied[\s\S]*[45] facts recorded/);
  const [, deliveryId = ''] = /delivery ([0-9a-f-]{36})/.exec(first.output()) ?? [];
  first.child.kill('SIGINT');
  expect(await ended(first)).toEqual([0, null]);
  expect(await isDown(first.running.url)).toBe(true);
  expect(await isDown(first.running.emulatorUrl)).toBe(true);
  await expect(readRunningFile(dataDir)).rejects.toThrow('npm start');

  const second = await startAndShowTimeline();
  await eventually(async () => expect(await readFacts(second.running.url, deliveryId)).toHaveLength(5));
  expect(await dispatchedRuns(second.running.emulatorUrl ?? '', 'octo-org/deploy')).toHaveLength(2);

  const delivered = start('deliver.ts', ['--conclusion', 'failure', '--branch', 'main', '--wait']);
  expect(await ended(delivered)).toEqual([0, null]);
  expect(delivered.output()).toContain('no-match');
});

test('killed between a 202 and planning, the next start finishes the job, once', async () => {
  const first = await startAndShowTimeline();
  const github = first.running.emulatorUrl ?? '';
  // Planning gets no answer to its first read until it is killed.
  await control(github, 'POST', '/faults', {
    rules: [{ match: { operation: 'graphql', times: 0 }, fault: { delayMs: 60_000 } }],
  });
  const { delivery } = await completeRun(github, { repository: 'octo-org/app', workflow: 'ci.yml' });
  expect(delivery?.statusCode).toBe(202);
  first.child.kill('SIGKILL');
  await once(first.child, 'exit');
  await until(() => isDown(github));

  const second = await startAndShowTimeline();
  const deliveryId = delivery?.guid ?? '';
  await until(async () => progressOf(await readFacts(second.running.url, deliveryId)) !== 'open');
  const facts = await readFacts(second.running.url, deliveryId);
  expect(facts.filter(({ type }) => type === 'dispatch.accepted')).toHaveLength(1);
  expect(await dispatchedRuns(second.running.emulatorUrl ?? '', 'octo-org/deploy')).toHaveLength(3);
});

test('started under a shell that is killed, as npm’s is, everything ends', async () => {
  // A second command keeps the shell from becoming the program itself.
  const shell = start('launch.mjs', [], {}, (file) => ['sh', '-c', `"${process.execPath}" "${file}"; true`]);
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

test('a port in use is said in one sentence that names PORT, and nothing stays behind', async () => {
  const other = createServer().listen(0, '127.0.0.1');
  await once(other, 'listening');
  const { port } = other.address() as AddressInfo;
  const started = start('start.ts', [], { PORT: String(port) });
  expect(await ended(started)).toEqual([1, null]);
  expect(started.output()).toBe(`Port ${port} is in use. Set PORT to a free one, or stop what uses it.\n`);
  other.close();
});

test('a half-configured App is refused with the names that are missing', async () => {
  const started = start('start.ts', [], { GITHUB_APP_ID: '1' });
  expect(await ended(started)).toEqual([1, null]);
  expect(started.output()).toContain('GITHUB_APP_SLUG, GITHUB_APP_PRIVATE_KEY, GITHUB_WEBHOOK_SECRET are missing');
});

test('deliver explains itself, and says how to start where nothing runs', async () => {
  const help = start('deliver.ts', ['--help']);
  expect(await ended(help)).toEqual([0, null]);
  expect(help.output()).toContain('--conclusion');
  const alone = start('deliver.ts', ['--source', 'octo-org/app']);
  expect(await ended(alone)).toEqual([1, null]);
  expect(alone.output()).toContain('npm start');
});
