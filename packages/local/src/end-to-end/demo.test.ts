import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { exitOf, killStarted, type Started, startProgram } from '../testing/process.ts';
import { runCommandLine } from '../testing/operator.ts';
import { eventually, until } from '../testing/until.ts';

// `npm run demo` with half a day of history, as a user starts it.

let parent: string;
let dataDir: string;
let demo: Started;
let url: string;
beforeAll(async () => {
  parent = await mkdtemp(join(tmpdir(), 'demo-'));
  dataDir = join(parent, 'data');
  demo = startProgram('demo.ts', {
    args: ['--days', '0.5', '--per-hour', '0.5'],
    env: { DISPATCHER_DATA_DIR: dataDir },
  });
  await until(() => /The whole week is recorded/.test(demo.output()) || demo.child.exitCode !== null);
  url = /Dispatcher is running at (\S+)/.exec(demo.output())?.[1] ?? '';
});
afterAll(async () => {
  await killStarted();
  await rm(parent, { recursive: true, maxRetries: 5 });
});

async function get<T>(path: string): Promise<T> {
  const response = await fetch(url + path);
  if (!response.ok) throw new Error(`${path}: ${response.status} ${await response.text()}`);
  return (await response.json()) as T;
}

test('it prints the address and five things to try', () => {
  expect(demo.output()).toMatch(/ready in \d+ s; \d+ facts/);
  for (const number of [1, 2, 3, 4, 5]) expect(demo.output()).toMatch(new RegExp(`^${number}\\. `, 'm'));
});

test.each(['', 'repositories/octo-org/reviews', 'dead-letters'])(
  'it names the page /%s, which is served',
  async (path) => {
    expect(demo.output()).toContain(`: ${url}/${path}\n`);
    expect((await fetch(`${url}/${path}`)).status).toBe(200);
  },
);

test('the API has the history: plans, refusals, failures, keys and dead letters', async () => {
  interface Summary {
    readonly plans: Record<string, number>;
    readonly decisions: Record<string, number>;
  }
  await eventually(async () => {
    const { plans, decisions } = await get<Summary>('/api/summary?window=all');
    expect(plans).toMatchObject({ planned: expect.any(Number), 'config-invalid': expect.any(Number) });
    expect(Object.keys(decisions).length).toBeGreaterThan(20);
  });
  const { keys } = await get<{ keys: { name: string }[] }>('/api/keys');
  expect(keys.map(({ name }) => name).sort()).toEqual(['chatops', 'grafana', 'on-call']);
  interface DeadLetters {
    readonly groups: { readonly queue: string; readonly reason: string }[];
  }
  await until(async () => (await get<DeadLetters>('/api/dead-letters')).groups.length >= 3);
});

test('the run that it names can be explained', async () => {
  const run = /dispatcher why (\S+)/.exec(demo.output())?.[1] ?? '';
  const explained = await runCommandLine({ ...process.env, DISPATCHER_DATA_DIR: dataDir }, 'why', run);

  expect(explained).toMatch(/was not started: .+/);
});

test('live runs go on, through the whole system', async () => {
  interface Deliveries {
    readonly deliveries: { readonly time: string }[];
  }
  const startedAt = Date.now();
  await until(async () => {
    const { deliveries } = await get<Deliveries>('/api/deliveries');
    return deliveries.some(({ time }) => Date.parse(time) > startedAt);
  });
});

test('it deletes only a directory of a demonstration', async () => {
  const other = await mkdtemp(join(parent, 'other-'));
  await writeFile(join(other, 'mine.txt'), 'keep me');
  const refused = startProgram('demo.ts', { env: { DISPATCHER_DATA_DIR: other } });
  expect(await exitOf(refused)).toEqual([1, null]);
  expect(refused.output()).toContain('has data that is not of a demonstration');
});

test('it stops at Ctrl-C', async () => {
  demo.child.kill('SIGINT');
  expect(await exitOf(demo)).toEqual([0, null]);
});
