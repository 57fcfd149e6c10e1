import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { appendFileSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createEmulatorControl } from '../control/control-client.ts';
import type { Emulator } from '../emulator.ts';
import { exampleSeed } from './example-seed.ts';
import { client, mint, PRIVATE_KEY, SECRET, startExample } from '../testing/example-emulator.ts';

const CD = { owner: 'octo-org', repo: 'deploy', workflow_id: 'cd.yml', ref: 'main' };
let dataDir: string;

beforeEach(() => {
  dataDir = mkdtempSync(join(tmpdir(), 'emulator-data-'));
});
afterEach(() => rmSync(dataDir, { recursive: true, force: true }));

describe('a restart', () => {
  test('keeps runs, issues, pushes, tokens and the clock, and takes the App from the seed', async () => {
    const first = await startExample({ dataDir });
    const token = await mint(first, 'octo-org');
    await client(first, token).actions.createWorkflowDispatch(CD);
    await client(first, token).issues.create({ owner: 'octo-org', repo: 'app', title: 'Stored' });
    await first.control.push('octo-org/app', { files: { 'dispatching.yml': 'outbound: []\n' } });
    const before = Date.now();
    await first.control.advanceClock(60_000);
    const runs = await first.control.runs();
    await first.close();

    const second = await startExample({ dataDir, webhookUrl: 'http://127.0.0.1:9/other' });
    try {
      expect(withoutLinks(await second.control.runs())).toEqual(withoutLinks(runs));
      expect(await second.control.issues()).toMatchObject([{ title: 'Stored', repository: 'octo-org/app' }]);
      const { data } = await client(second, token).request('POST /graphql', {
        data: JSON.stringify({
          query:
            '{ repository(owner: "octo-org", name: "app") { object(expression: "HEAD:dispatching.yml") { ... on Blob { text } } } }',
        }),
      });
      expect(data).toEqual({ data: { repository: { object: { text: 'outbound: []\n' } } } });
      await client(second, token).actions.createWorkflowDispatch(CD);
      expect((await second.control.runs()).map(({ number }) => number)).toEqual([1, 2]);
      expect((await second.control.run({ repository: 'octo-org/app', workflow: 'ci.yml' })).delivery).toMatchObject({
        statusCode: 0,
      });
      expect(Date.parse((await second.control.advanceClock(0)).now)).toBeGreaterThanOrEqual(before + 60_000);
    } finally {
      await second.close();
    }
  });

  test('keeps the delivery log, without lines that a crash cut off', async () => {
    const webhookUrl = 'http://127.0.0.1:9/no-server';
    const first = await startExample({ dataDir, webhookUrl });
    const createRun = (emulator: Emulator) => emulator.control.run({ repository: 'octo-org/app', workflow: 'ci.yml' });
    await createRun(first);
    await createRun(first);
    const deliveries = await first.control.deliveries();
    await first.close();
    const log = join(dataDir, 'deliveries.jsonl');
    const [line = ''] = readFileSync(log, 'utf8').split('\n');
    const unknown = JSON.stringify({ ...JSON.parse(line), id: 999_000_000_000 });
    appendFileSync(log, `${unknown}\n{"id":`);

    const second = await startExample({ dataDir, webhookUrl });
    try {
      expect(await second.control.deliveries()).toEqual(deliveries);
      await createRun(second);
      await createRun(second);
    } finally {
      await second.close();
    }
    const third = await startExample({ dataDir });
    try {
      expect((await third.control.deliveries()).slice(0, 2)).toEqual(deliveries);
      expect(new Set((await third.control.deliveries()).map(({ id }) => id)).size).toBe(4);
      await third.control.replaceSeed(exampleSeed({ key: PRIVATE_KEY }));
    } finally {
      await third.close();
    }
    expect(readFileSync(log, 'utf8')).toBe('');
  });

  test('with an invalid state file is refused with instructions', async () => {
    writeFileSync(join(dataDir, 'state.json'), '{ half');
    await expect(startExample({ dataDir })).rejects.toThrow('Move the directory away');
  });
});

describe('the emulator as a process', () => {
  const running: ChildProcess[] = [];
  afterEach(() => running.splice(0).forEach((child) => child.kill('SIGKILL')));

  const start = async (...options: string[]): Promise<{ child: ChildProcess; url: string }> => {
    const main = fileURLToPath(new URL('../main.ts', import.meta.url));
    const child = spawn(process.execPath, [main, ...options], { stdio: ['ignore', 'pipe', 'inherit'] });
    running.push(child);
    const [line] = await once(createInterface({ input: child.stdout }), 'line');
    return { child, url: JSON.parse(line).listening };
  };

  test('killed and restarted, keeps everything that it has responded to', async () => {
    const example = join(dataDir, 'example.json');
    writeFileSync(example, JSON.stringify({ key: PRIVATE_KEY, webhookSecret: SECRET }));
    const options = ['--example', example, '--data', join(dataDir, 'github')];
    const first = await start(...options);
    const at = { url: first.url } as Emulator;
    await client(at, await mint(at, 'octo-org')).actions.createWorkflowDispatch(CD);
    first.child.kill('SIGKILL');
    await once(first.child, 'exit');

    const second = await start(...options);
    expect(await createEmulatorControl(second.url).runs()).toMatchObject([
      { repository: 'octo-org/deploy', status: 'queued' },
    ]);
    second.child.kill('SIGTERM');
    expect(await once(second.child, 'exit')).toEqual([0, null]);
  });

  test('started without a seed, prints its usage', async () => {
    const main = fileURLToPath(new URL('../main.ts', import.meta.url));
    const child = spawn(process.execPath, [main], { stdio: ['ignore', 'ignore', 'pipe'] });
    running.push(child);
    let stderr = '';
    child.stderr.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
    });
    expect(await once(child, 'close')).toEqual([2, null]);
    expect(stderr).toContain('--seed FILE');
  });
});

/** Removes the links, whose port differs after a restart. */
function withoutLinks(runs: readonly { readonly htmlUrl: string }[]): object[] {
  return runs.map(({ htmlUrl: _port, ...run }) => run);
}
