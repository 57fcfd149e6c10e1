import { type ChildProcess, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { inheritedVariables } from '../testing/run-process.ts';

// Runs the command against `npm start`, both as separate processes, without any configuration.

const file = (path: string) => fileURLToPath(new URL(path, import.meta.url));
const dataDir = mkdtempSync(join(tmpdir(), 'dispatcher-doctor-'));
const env = { ...inheritedVariables, DISPATCHER_DATA_DIR: dataDir, PORT: '0' };

let system: ChildProcess;
let url: string;
let output = '';
beforeAll(async () => {
  system = spawn(process.execPath, [file('../../../local/src/start.ts')], { cwd: dataDir, env });
  for (const stream of [system.stdout, system.stderr])
    stream?.on('data', (data: Buffer) => (output += data.toString()));
  const runningFile = join(dataDir, 'running.json');
  // Waits for the end of the example run, so that the two runs do not mix.
  while (!(existsSync(runningFile) && output.includes('Stop '))) {
    if (system.exitCode !== null) throw new Error(`The system did not start: ${output}`);
    await delay(50);
  }
  ({ url } = JSON.parse(readFileSync(runningFile, 'utf8')) as { url: string });
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

test('after npm start, doctor needs only --url, as localhost or 127.0.0.1', async () => {
  const { code, out } = await doctor('--url', url);
  expect(out).toMatch(/✓ run .*Codertocat\/Hello-World was planned as no-config/);
  expect(out).toMatch(/No problems found/);
  expect(code).toBe(0);
  const asJson = await doctor('--url', url.replace('127.0.0.1', 'localhost'), '--json');
  expect(JSON.parse(asJson.out)).toMatchObject({ fine: true });
  expect(asJson.code).toBe(0);
});

test('the probe’s run is recorded as planned, and started nothing', async () => {
  const { deliveries } = (await (await fetch(`${url}/api/deliveries`)).json()) as {
    deliveries: { deliveryId: string }[];
  };
  const probes = deliveries.map(({ deliveryId }) => deliveryId).filter((id) => id.startsWith('doctor-'));
  expect(probes.length).toBeGreaterThan(0);
  for (const id of probes) {
    const { facts } = (await (await fetch(`${url}/api/deliveries/${id}`)).json()) as { facts: { type: string }[] };
    expect(facts.map(({ type }) => type)).toEqual(['run.planned']);
  }
});
