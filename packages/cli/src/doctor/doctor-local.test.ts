import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';

// The command against what `npm start` runs, both as processes of their own, with nothing configured.

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const dataDir = mkdtempSync(join(tmpdir(), 'dispatcher-doctor-'));
const env = { PATH: process.env['PATH'], DISPATCHER_DATA_DIR: dataDir, PORT: '0' };

let system: ChildProcess;
let url: string;
let said = '';
beforeAll(async () => {
  system = spawn(process.execPath, [file('../../../local/src/start.ts')], { cwd: dataDir, env });
  for (const stream of [system.stdout, system.stderr]) stream?.on('data', (data: Buffer) => (said += data.toString()));
  const note = join(dataDir, 'running.json');
  // The example's own journey ends before, so that the two do not mix.
  while (!(existsSync(note) && said.includes('Stop '))) {
    if (system.exitCode !== null) throw new Error(`The system did not start: ${said}`);
    await delay(50);
  }
  ({ url } = JSON.parse(readFileSync(note, 'utf8')) as { url: string });
});
afterAll(async () => {
  const ended = once(system, 'exit');
  if (system.exitCode === null && system.kill('SIGTERM')) await ended;
  rmSync(dataDir, { recursive: true });
});

async function doctor(...args: string[]): Promise<{ readonly code: number | null; readonly out: string }> {
  const child = spawn(process.execPath, [file('../main.ts'), 'doctor', ...args], { cwd: dataDir, env });
  let out = '';
  for (const stream of [child.stdout, child.stderr]) stream.on('data', (data: Buffer) => (out += data.toString()));
  const [code] = (await once(child, 'close')) as [number | null];
  return { code, out };
}

test('after npm start, --url is all that doctor needs, under either name of this machine', async () => {
  const { code, out } = await doctor('--url', url);
  expect(out).toMatch(/✓ run .*Codertocat\/Hello-World went the whole way and is seen as no-config/);
  expect(out).toMatch(/Everything is as it should be/);
  expect(code).toBe(0);
  const again = await doctor('--url', url.replace('127.0.0.1', 'localhost'), '--json');
  expect(JSON.parse(again.out)).toMatchObject({ fine: true });
  expect(again.code).toBe(0);
});

test('a run of doctor’s is on record as planned, and nothing more came of it', async () => {
  const { deliveries } = (await (await fetch(`${url}/api/deliveries`)).json()) as {
    deliveries: { deliveryId: string }[];
  };
  const ours = deliveries.map(({ deliveryId }) => deliveryId).filter((id) => id.startsWith('doctor-'));
  expect(ours.length).toBeGreaterThan(0);
  for (const id of ours) {
    const { facts } = (await (await fetch(`${url}/api/deliveries/${id}`)).json()) as { facts: { type: string }[] };
    expect(facts.map(({ type }) => type)).toEqual(['run.planned']);
  }
});
