import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Fact } from '@dispatcher/contracts';
import type { FastifyInstance } from 'fastify';
import { startTime, startAdminHarness, type AdminHarness } from '../testing/admin-harness.ts';
import type { PauseDependencies } from './pause.ts';

let harness: AdminHarness;
let published: Fact[];
let busFails: boolean;
let app: FastifyInstance;
beforeAll(async () => {
  harness = await startAdminHarness();
  const bus: PauseDependencies['bus'] = {
    publish: async (facts) => {
      if (busFails) throw new Error('the bus is gone');
      published.push(...facts);
    },
  };
  app = harness.app((dependencies) => ({ pause: { ...dependencies.pause, bus } }));
});
beforeEach(() => {
  published = [];
  busFails = false;
  harness.now = startTime;
});
afterAll(() => harness.close());

async function post(path: string, reason: string, headers: Record<string, string> = {}) {
  const response = await app.inject({ method: 'POST', url: `/api/${path}`, payload: { reason }, headers });
  return { status: response.statusCode, body: response.json<Record<string, unknown>>() };
}

const get = async () => (await app.inject({ url: '/api/pause' })).json<unknown>();

test('before any pause, dispatches are not paused', async () => {
  expect(await get()).toEqual({ paused: false, changedAt: null, operator: null, reason: null });
});

test('a pause is stored and recorded with operator and reason, and is effective one lease later', async () => {
  const changedAt = new Date(startTime).toISOString();
  const { status, body } = await post('pause', ' a bad release ');
  expect({ status, body }).toEqual({
    status: 200,
    body: {
      actionId: expect.any(String),
      paused: true,
      changedAt,
      effectiveAt: new Date(startTime + 30_000).toISOString(),
    },
  });
  expect(await get()).toEqual({ paused: true, changedAt, operator: 'local', reason: 'a bad release' });
  expect(published).toMatchObject([
    {
      type: 'pause.changed',
      time: changedAt,
      data: { actionId: body['actionId'], action: 'paused', operator: 'local', reason: 'a bad release' },
    },
  ]);
});

test('a resume allows dispatches at once', async () => {
  await post('pause', 'a bad release');
  expect(await post('resume', 'rolled back')).toMatchObject({
    status: 200,
    body: { paused: false, effectiveAt: null },
  });
  expect(await get()).toMatchObject({ paused: false, reason: 'rolled back' });
  expect(published).toMatchObject([{ data: { action: 'paused' } }, { data: { action: 'resumed' } }]);
});

test('a pause that could not be recorded is effective, and the response says what to do', async () => {
  busFails = true;
  const { status, body } = await post('pause', 'a leaked key');
  expect({ status, body }).toMatchObject({
    status: 503,
    body: { detail: expect.stringMatching(/^Dispatches are paused, but the change was not recorded: repeat it\./) },
  });
  expect(await get()).toMatchObject({ paused: true, reason: 'a leaked key' });
});

test('a viewer may read the switch and not change it', async () => {
  const headers = { 'x-api-key': await harness.createKey({ name: 'wall', role: 'viewer' }) };
  const before = await get();
  for (const path of ['pause', 'resume']) expect((await post(path, 'why not', headers)).status).toBe(403);
  expect((await app.inject({ url: '/api/pause', headers })).statusCode).toBe(200);
  expect(await get()).toEqual(before);
});

test.each(['pause', 'resume'])(
  'a secret in the reason of a %s is not stored, and the response says so',
  async (path) => {
    const { body } = await post(path, `the key was ghs_${'A1b2'.repeat(9)}`);
    expect(body['notice']).toContain('Revoke the secret');
    expect(await get()).toMatchObject({ reason: 'the key was [redacted]' });
    expect(published).toMatchObject([{ data: { reason: 'the key was [redacted]' } }]);
  },
);

test('without a reason nothing changes', async () => {
  const before = await get();
  expect((await post('pause', ' ')).status).toBe(400);
  expect(await get()).toEqual(before);
});
