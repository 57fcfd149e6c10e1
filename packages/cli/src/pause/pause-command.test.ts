import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Fact } from '@dispatcher/contracts';
import { createStateStore, type PauseStore } from '@dispatcher/store';
import { startDynamo, type TestDynamo } from '@dispatcher/store/testing';
import { UsageError } from '../command.ts';
import { processContext } from '../context/command-context.ts';
import { pauseCommand, resumeCommand } from './pause-command.ts';

const start = Date.parse('2026-11-03T14:00:00.000Z');

let dynamo: TestDynamo;
let pause: PauseStore;
let published: Fact[];
let now: number;
let busFails: boolean;
beforeAll(async () => {
  dynamo = await startDynamo();
});
beforeEach(async () => {
  const { state } = await dynamo.createTables();
  ({ pause } = createStateStore({ client: dynamo.client, table: state }));
  published = [];
  now = start;
  busFails = false;
});
afterAll(() => dynamo.close());

async function run(name: 'pause' | 'resume', ...args: string[]) {
  let out = '';
  let err = '';
  const publish = async (facts: readonly Fact[]) => {
    if (busFails) throw new Error('the bus is gone');
    published.push(...facts);
  };
  const command = { pause: pauseCommand, resume: resumeCommand }[name]({
    operations: async () => ({ pause, bus: { publish }, leaseMs: 30_000 }),
    user: () => 'octocat',
    now: () => now,
    newId: () => 'action-1',
    sleep: async (ms) => void (now += ms),
    context: processContext,
  });
  const terminal = {
    out: (text: string) => void (out += text),
    err: (text: string) => void (err += text),
    readFile: () => new Uint8Array(),
  };
  return { code: await command.run([...args, '--direct'], terminal), out, err };
}

test('pause stores the switch, records who and why, and ends one lease later', async () => {
  expect(await run('pause', '--reason', 'a bad release')).toMatchObject({
    code: 0,
    out: 'Dispatches are paused. Nothing starts any more.\n',
  });
  expect(now).toBe(start + 30_000);
  const changedAt = new Date(start).toISOString();
  const who = { operator: 'octocat', reason: 'a bad release' };
  expect(await pause.getPause()).toEqual({ paused: true, changedAt, ...who });
  expect(published).toMatchObject([
    { type: 'pause.changed', time: changedAt, data: { actionId: 'action-1', action: 'paused', ...who } },
  ]);
});

test('a secret in the reason is not stored, and the command says so', async () => {
  const { err } = await run('pause', '--reason', `the key was ghs_${'A1b2'.repeat(9)}`);
  expect(err).toContain('Revoke the secret');
  expect(await pause.getPause()).toMatchObject({ reason: 'the key was [redacted]' });
  expect((await run('resume', '--reason', `not ghs_${'A1b2'.repeat(9)}`)).err).toContain('Revoke the secret');
  expect(published).toMatchObject([
    { data: { reason: 'the key was [redacted]' } },
    { data: { reason: 'not [redacted]' } },
  ]);
});

test('pause --no-wait ends at once and prints from when on nothing starts', async () => {
  const { out } = await run('pause', '--reason', 'a bad release', '--no-wait', '--as', 'ada');
  expect(out).toBe('Dispatches are paused. Nothing starts after 2026-11-03T14:00:30.000Z.\n');
  expect(now).toBe(start);
  expect(await pause.getPause()).toMatchObject({ operator: 'ada' });
});

test('pause --status prints the switch and changes nothing', async () => {
  expect((await run('pause', '--status')).out).toBe('Dispatches are not paused.\n');
  await run('pause', '--reason', 'a bad release', '--no-wait');
  expect((await run('pause', '--status')).out).toMatch(/^Dispatches are paused since .*, by octocat: a bad release\n$/);
  await run('resume', '--reason', 'rolled back');
  expect((await run('pause', '--status')).out).toMatch(/^Dispatches are not paused since .*: rolled back\n$/);
  expect(published.map((fact) => fact.type === 'pause.changed' && fact.data.action)).toEqual(['paused', 'resumed']);
});

test('a pause that could not be recorded is effective, and the error says what to do', async () => {
  busFails = true;
  expect(await run('pause', '--reason', 'a bad release')).toMatchObject({
    code: 1,
    err: expect.stringMatching(/^Dispatches are paused, but the change was not recorded: repeat it\./),
  });
  expect(await pause.getPause()).toMatchObject({ paused: true });
});

test.each([
  ['pause', []],
  ['pause', ['--reason', ' ']],
  ['pause', ['now', '--reason', 'x']],
  ['resume', []],
  ['resume', ['--status']],
] as const)('%s %j is a usage error and changes nothing', async (name, args) => {
  await expect((async () => run(name, ...args))()).rejects.toThrow(UsageError);
  expect(await pause.getPause()).toBeNull();
});
