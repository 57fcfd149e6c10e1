import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { completeRun, type RunningEmulator, startEmulator } from './emulator.ts';
import { loadLocalApp } from './local-app.ts';

// The port of the emulator, over several starts with one data directory.

let dataDir: string;
let log: number;
const running: RunningEmulator[] = [];
beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'emulator-port-'));
  log = openSync(join(dataDir, 'log'), 'a');
});
afterEach(async () => {
  await Promise.all(running.splice(0).map((emulator) => emulator.stop()));
  closeSync(log);
  await rm(dataDir, { recursive: true, maxRetries: 5 });
});

async function start(options: { firstPort?: number } = {}): Promise<RunningEmulator & { readonly lines: string[] }> {
  const lines: string[] = [];
  const emulator = await startEmulator({
    app: await loadLocalApp(dataDir),
    webhookUrl: 'http://127.0.0.1:9/webhooks/github',
    dataDir: join(dataDir, 'github'),
    log,
    onExit: () => undefined,
    print: (line) => lines.push(line),
    ...options,
  });
  running.push(emulator);
  return { ...emulator, lines };
}

async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

test('after a restart the emulator has the same address, and the address of an earlier run opens', async () => {
  const first = await start();
  const { run } = await completeRun(first.url, { repository: 'octo-org/app', workflow: 'ci.yml' });
  await first.stop();
  const second = await start();
  expect(second.url).toBe(first.url);
  expect((await fetch(run.htmlUrl)).status).toBe(200);
  expect(second.lines).toEqual([]);
});

test('the first start uses the given port, and later starts keep it even if another one is given', async () => {
  const port = await freePort();
  const first = await start({ firstPort: port });
  expect(new URL(first.url).port).toBe(String(port));
  await first.stop();
  expect((await start({ firstPort: 1 })).url).toBe(first.url);
});

test('while another process uses the port, the emulator takes a free one and says so, and later returns', async () => {
  const first = await start();
  await first.stop();
  const { port } = new URL(first.url);
  const other = createServer().listen(Number(port), '127.0.0.1');
  await once(other, 'listening');
  const second = await start();
  expect(second.url).not.toBe(first.url);
  expect(second.lines).toEqual([
    expect.stringContaining(`Port ${port}, which the GitHub emulator used before, is in use`),
  ]);
  expect(second.lines[0]).toContain(second.url);
  await second.stop();
  other.close();
  await once(other, 'close');
  expect((await start()).url).toBe(first.url);
});
