import { DispatchRequested, type Fact, runKey } from '@dispatcher/contracts';
import { startDynamo, type TestDynamo } from '@dispatcher/store/testing';
import { createAccessStore, type Schedules } from '@dispatcher/store';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { createAdminApp } from '../app.ts';
import { createBasicAuthentication } from '../auth/basic.ts';
import { maxSchedules } from '../schedules/schedule-changes.ts';
import { createTestDependencies, createTestEnvironment } from '../testing/test-dependencies.ts';

const start = Date.parse('2026-11-28T12:00:00.000Z');

let dynamo: TestDynamo;
let app: FastifyInstance;
let secured: FastifyInstance;
let schedules: Schedules;
let published: Fact[];
let sent: DispatchRequested[];
let busFails: boolean;
beforeAll(async () => {
  dynamo = await startDynamo();
});
beforeEach(async () => {
  const tables = await dynamo.createTables();
  const dependencies = createTestDependencies(createTestEnvironment(tables, dynamo.url), { dynamodb: dynamo.client });
  ({ schedules } = createAccessStore({ client: dynamo.client, table: tables.access }));
  const own = {
    schedules,
    now: () => start,
    runs: { send: async (message: object) => void sent.push(DispatchRequested.parse(message)) },
    bus: {
      publish: async (facts: readonly Fact[]) => {
        if (busFails) throw new Error('the bus is gone');
        published.push(...facts);
      },
    },
  };
  app = createAdminApp({ ...dependencies, schedules: own });
  const authentication = createBasicAuthentication('ada', async () => 'correct horse');
  secured = createAdminApp({ ...dependencies, schedules: own, authentication });
  published = [];
  sent = [];
  busFails = false;
});
afterAll(() => dynamo.close());

async function post(url: string, payload: object, headers: Record<string, string> = {}) {
  const response = await app.inject({ method: 'POST', url, payload, headers });
  return { status: response.statusCode, body: response.json<Record<string, unknown>>() };
}

const nightly = {
  name: 'nightly',
  cron: '0 3 * * 1-5',
  timezone: 'Europe/Berlin',
  target: 'octo-org/deploy:.github/workflows/cd.yml',
  inputs: { environment: 'staging' },
  reason: 'nightly deployment',
};
const because = { reason: 'the target is being moved' };

async function list() {
  return (await app.inject({ url: '/api/schedules' })).json<{ schedules: Record<string, unknown>[] }>().schedules;
}

describe('creating a schedule', () => {
  test('returns it with its next five times, records who and why, and lists it', async () => {
    const { status, body } = await post('/api/schedules', nightly);
    expect({ status, body }).toMatchObject({
      status: 201,
      body: {
        schedule: {
          name: 'nightly',
          cron: '0 3 * * 1-5',
          timezone: 'Europe/Berlin',
          target: 'octo-org/deploy:cd.yml',
          ref: null,
          inputs: { environment: 'staging' },
          createdBy: 'local',
          pausedAt: null,
          last: null,
          missed: null,
          // 28 November 2026 is a Saturday.
          next: [
            '2026-11-30T02:00:00.000Z',
            '2026-12-01T02:00:00.000Z',
            '2026-12-02T02:00:00.000Z',
            '2026-12-03T02:00:00.000Z',
            '2026-12-04T02:00:00.000Z',
          ],
        },
      },
    });
    expect(published).toMatchObject([
      {
        type: 'schedule.changed',
        data: {
          actionId: body['actionId'],
          action: 'created',
          name: 'nightly',
          cron: '0 3 * * 1-5',
          timezone: 'Europe/Berlin',
          target: 'octo-org/deploy:cd.yml',
          operator: 'local',
          reason: 'nightly deployment',
        },
      },
    ]);
    expect(await list()).toEqual([body['schedule']]);
  });

  test.each([
    ['cron with seconds', { cron: '0 0 3 * * *' }, /`cron`.*6 fields/],
    ['@daily', { cron: '@daily' }, /`cron`.*not supported/],
    ['a pattern that never occurs', { cron: '0 3 30 2 *' }, /`cron`.*never occurs/],
    ['every four minutes', { cron: '*/4 * * * *' }, /`cron`.*at least 5 minutes/],
    ['an unknown time zone', { timezone: 'Europe/Atlantis' }, /`timezone`.*not a time zone/],
    ['a target without an owner', { target: 'deploy:cd.yml' }, /`target`.*owner\/name:workflow.yml/],
    ['a target without a workflow', { target: 'octo-org/deploy' }, /`target`.*owner\/name:workflow.yml/],
    ['an event type', { target: 'octo-org/deploy#release' }, /`target`/],
    ['a repository pattern', { target: 'octo-org/*:cd.yml' }, /`target`/],
    ['a path that leaves the folder', { target: 'octo-org/deploy:../cd.yml' }, /`target`/],
    ['a commit as ref', { ref: 'a'.repeat(40) }, /`ref`.*commit/],
    ['a ref of a pull request', { ref: 'refs/pull/1/merge' }, /`ref`/],
    ['a ref with a space', { ref: 'release 1' }, /`ref`/],
    ['an input with a bad name', { inputs: { 'a b': 'x' } }, /`inputs.a b`/],
    ['an input with a control character', { inputs: { a: 'x\u0000' } }, /`inputs.a`/],
    ['an input that is too long', { inputs: { a: 'x'.repeat(1_025) } }, /`inputs.a`/],
    ['26 inputs', { inputs: Object.fromEntries(Array.from({ length: 26 }, (_, at) => [`i${at}`, 'x'])) }, /25 inputs/],
    ['a name with capitals', { name: 'Nightly' }, /`name`/],
    ['no reason', { reason: ' ' }, /`reason`/],
    ['an unknown field', { enabled: true }, /`enabled`/],
  ])('%s is refused, and nothing is recorded', async (_, change, message) => {
    const { status, body } = await post('/api/schedules', { ...nightly, ...change });
    expect({ status, detail: body['detail'] }).toEqual({ status: 400, detail: expect.stringMatching(message) });
    expect(published).toEqual([]);
    expect(await list()).toEqual([]);
  });

  test('the name of another schedule is refused, until that one is deleted', async () => {
    const first = await post('/api/schedules', nightly);
    expect(await post('/api/schedules', nightly)).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('nightly already') },
    });
    expect(published).toHaveLength(1);
    await post('/api/schedules/nightly/delete', because);
    const second = await post('/api/schedules', nightly);
    expect(second.status).toBe(201);
    expect(second.body['schedule']).not.toMatchObject({
      scheduleId: (first.body['schedule'] as { scheduleId: string }).scheduleId,
    });
  });

  test('a repeat with the same Idempotency-Key creates nothing and gets the same response', async () => {
    const headers = { 'idempotency-key': 'create-1' };
    const first = await post('/api/schedules', nightly, headers);
    expect(await post('/api/schedules', nightly, headers)).toEqual(first);
    expect(published).toHaveLength(1);
  });

  test(`the ${maxSchedules + 1}st schedule is refused`, async () => {
    const { body } = await post('/api/schedules', nightly);
    const stored = await schedules.getSchedule('nightly');
    if (stored === null) throw new Error(JSON.stringify(body));
    for (let index = 1; index < maxSchedules; index += 1) {
      await schedules.create({ ...stored, schedule: { ...stored.schedule, name: `s-${index}` } });
    }
    expect(await post('/api/schedules', { ...nightly, name: 'one-more' })).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('200 schedules already') },
    });
  });

  test('if the fact cannot be published, no schedule is created', async () => {
    busFails = true;
    expect((await post('/api/schedules', nightly)).status).toBe(500);
    expect(await list()).toEqual([]);
  });
});

describe('a schedule', () => {
  test('that is paused has no next times, and has them again once it is resumed', async () => {
    await post('/api/schedules', nightly);
    const paused = await post('/api/schedules/nightly/pause', because);
    expect(paused).toMatchObject({
      status: 200,
      body: { schedule: { pausedAt: '2026-11-28T12:00:00.000Z', next: [] } },
    });
    expect(await post('/api/schedules/nightly/pause', because)).toMatchObject({ status: 200 });
    expect(await post('/api/schedules/nightly/run', because)).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('is paused: resume it') },
    });
    const resumed = await post('/api/schedules/nightly/resume', because);
    expect(resumed.body['schedule']).toMatchObject({
      pausedAt: null,
      next: expect.arrayContaining([expect.any(String)]),
    });
    expect((await schedules.getSchedule('nightly'))?.progress.nextAt).toBe('2026-11-30T02:00:00.000Z');
    expect(published.map(({ data }) => (data as { action: string }).action)).toEqual([
      'created',
      'paused',
      'paused',
      'resumed',
    ]);
  });

  test('that is run now requests its dispatch once for each action, and keeps its next time', async () => {
    await post('/api/schedules', { ...nightly, ref: 'main' });
    const headers = { 'idempotency-key': 'run-1' };
    const first = await post('/api/schedules/nightly/run', because, headers);
    const again = await post('/api/schedules/nightly/run', because, headers);
    const other = await post('/api/schedules/nightly/run', because);
    expect(first).toMatchObject({ status: 202, body: { name: 'nightly', runKey: expect.stringMatching(/^request-/) } });
    expect(again).toEqual(first);
    expect(other.body['runKey']).not.toBe(first.body['runKey']);
    const [request] = sent;
    if (request === undefined) throw new Error('Nothing was sent.');
    expect(request).toMatchObject({
      schedule: { name: 'nightly', targets: ['octo-org/deploy:cd.yml'] },
      request: { repository: 'octo-org/deploy', workflow: 'cd.yml', ref: 'main', inputs: { environment: 'staging' } },
    });
    expect(runKey(request)).toBe(first.body['runKey']);
    expect((await schedules.getSchedule('nightly'))?.progress.nextAt).toBe('2026-11-30T02:00:00.000Z');
  });

  test.each(['pause', 'delete'] as const)(
    '%s is effective although the fact cannot be published, and says so',
    async (change) => {
      await post('/api/schedules', nightly);
      busFails = true;
      expect(await post(`/api/schedules/nightly/${change}`, because)).toMatchObject({
        status: 503,
        body: { detail: expect.stringContaining('was not recorded') },
      });
      const stored = await schedules.getSchedule('nightly');
      expect(change === 'pause' ? stored?.pausedAt : stored).toEqual(change === 'pause' ? expect.any(String) : null);
    },
  );

  test.each(['pause', 'resume', 'run', 'delete'])('that does not exist cannot %s', async (change) => {
    expect(await post(`/api/schedules/nightly/${change}`, because)).toMatchObject({
      status: 404,
      body: { detail: expect.stringContaining('no schedule nightly') },
    });
    expect(published).toEqual([]);
  });

  test('a secret in the reason is redacted, and the response says so', async () => {
    const reason = `the key dsp_${'0'.repeat(16)}_${'a'.repeat(43)} leaked`;
    const { body } = await post('/api/schedules', { ...nightly, reason });
    expect(body['notice']).toContain('contained a secret');
    expect(published).toMatchObject([{ data: { reason: 'the key [redacted] leaked' } }]);
  });
});

test('without authentication nothing is listed or changed', async () => {
  expect((await secured.inject({ url: '/api/schedules' })).statusCode).toBe(401);
  const response = await secured.inject({ method: 'POST', url: '/api/schedules', payload: nightly });
  expect(response.statusCode).toBe(401);
  expect(published).toEqual([]);
});
