import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { ProblemError } from '@dispatcher/lambda';
import { planFacts, sampleRun } from '@dispatcher/store/testing';
import type { FastifyInstance } from 'fastify';
import type { AdminDependencies } from '../app.ts';
import { createBasicAuthentication } from '../auth/basic.ts';
import { actionIdOf } from './action-id.ts';
import { ProblemDocument } from './problem.ts';
import { startTime, startAdminHarness, type AdminHarness } from '../testing/admin-harness.ts';

let harness: AdminHarness;
let app: FastifyInstance;
/** The handler of the mutation in these tests. */
let work: () => Promise<object>;
let executions: number;
/** The id of each action that was executed. */
let actions: string[];
beforeAll(async () => {
  harness = await startAdminHarness();
  app = appWith();
});
beforeEach(() => {
  harness.now = startTime;
  harness.log.lines.length = 0;
  executions = 0;
  actions = [];
  work = async () => ({ executions });
});
afterAll(() => harness.close());

function appWith(change: Partial<AdminDependencies> = {}): FastifyInstance {
  const app = harness.app({ authentication: createBasicAuthentication('ada', async () => 'horse'), ...change });
  app.post('/api/things/:id', async (_request, reply) => {
    executions += 1;
    reply.code(201);
    return work();
  });
  app.post('/api/actions', (request) => {
    actions.push(actionIdOf(request, 'act'));
    return work();
  });
  app.get('/api/things', async () => {
    executions += 1;
    return { executions };
  });
  return app;
}

interface PostOptions {
  readonly on?: FastifyInstance;
  readonly url?: string;
  readonly body?: object;
  readonly headers?: Record<string, string>;
}

const ada = { authorization: `Basic ${Buffer.from('ada:horse').toString('base64')}` };

async function post(
  key: string,
  { on = app, url = '/api/things/1', body = { size: 1 }, headers = ada }: PostOptions = {},
) {
  const all = { ...headers, 'idempotency-key': key };
  const response = await on.inject({ method: 'POST', url, headers: all, payload: body });
  const { 'idempotency-replayed': replayed, 'content-type': type, 'retry-after': wait } = response.headers;
  return { status: response.statusCode, body: response.json<unknown>(), replayed, type, wait };
}

describe('a mutation with an idempotency key', () => {
  test('is executed once, and a retry receives its response', async () => {
    const first = await post('k1');
    expect(first).toMatchObject({ status: 201, body: { executions: 1 }, replayed: undefined });
    expect(await post('k1')).toEqual({ ...first, replayed: 'true' });
    expect(executions).toBe(1);
  });

  test('without a key is executed each time', async () => {
    for (const _ of [1, 2]) {
      await app.inject({ method: 'POST', url: '/api/things/1', headers: ada, payload: { size: 1 } });
    }
    expect(executions).toBe(2);
  });

  test('is refused if the key was used for a different request', async () => {
    await post('k2');
    for (const other of [{ body: { size: 2 } }, { url: '/api/things/2' }]) {
      expect(await post('k2', other)).toMatchObject({ status: 422 });
    }
    expect(executions).toBe(1);
  });

  test('with the same key of another principal is a different request', async () => {
    await post('k3');
    const headers = { 'x-api-key': await harness.createKey() };
    expect(await post('k3', { headers, body: { size: 2 } })).toMatchObject({ status: 201, replayed: undefined });
    expect(executions).toBe(2);
  });

  test('is refused while the first request is in progress', async () => {
    let finish: () => void = () => undefined;
    const finished = new Promise<void>((resolve) => (finish = resolve));
    const begun = new Promise<void>((resolve) => {
      work = async () => {
        resolve();
        await finished;
        return { executions };
      };
    });
    const first = post('k4');
    await begun;
    expect(await post('k4')).toMatchObject({ status: 409, wait: '1' });
    finish();
    expect(await first).toMatchObject({ status: 201 });
    expect(await post('k4')).toMatchObject({ status: 201, replayed: 'true' });
    expect(executions).toBe(1);
  });

  test('stores an error response that a retry cannot change, with its content type', async () => {
    work = async () => {
      throw new ProblemError(400, `Invalid, execution ${executions}.`);
    };
    const first = await post('k5');
    expect(first.type).toMatch(/^application\/problem\+json/);
    expect(ProblemDocument.parse(first.body).status).toBe(400);
    expect(await post('k5')).toEqual({ ...first, replayed: 'true' });
  });

  test.each([404, 409, 429, 500, 503])(
    'stores no %i: a retry with the same key executes the request',
    async (status) => {
      work = async () => {
        throw status === 500 ? new Error('SQS is down') : new ProblemError(status, 'Try again in a few seconds.');
      };
      expect(await post(`later-${status}`)).toMatchObject({ status });
      work = async () => ({ executions });
      expect(await post(`later-${status}`)).toMatchObject({
        status: 201,
        body: { executions: 2 },
        replayed: undefined,
      });
      expect(await post(`later-${status}`)).toMatchObject({ status: 201, body: { executions: 2 }, replayed: 'true' });
    },
  );

  test('a replay of a run that is not recorded yet succeeds later with the same key', async () => {
    const url = '/api/runs/11-9000000002-1/replay';
    const request = { url, body: { mode: 'as-recorded', reason: 'a test' } };
    expect(await post('early', request)).toMatchObject({ status: 404 });
    await harness.facts.recordFacts(planFacts(sampleRun(2, '2026-11-03T13:59:00Z'), [], '2026-11-03T13:59:01Z'));
    expect(await post('early', request)).toMatchObject({ status: 202, replayed: undefined });
    expect(await post('early', request)).toMatchObject({ status: 202, replayed: 'true' });
    expect(await harness.receiveReplays()).toHaveLength(1);
  });

  test('can be executed again with the same key after a day', async () => {
    await post('k8');
    harness.now += 24 * 60 * 60 * 1000 - 1_000;
    expect(await post('k8')).toMatchObject({ replayed: 'true' });
    harness.now += 1_000;
    expect(await post('k8', { body: { size: 2 } })).toMatchObject({ status: 201, replayed: undefined });
  });

  test('is the same action at each retry, and another one with another body, or a day later', async () => {
    const act = (size: number) => post('k14', { url: '/api/actions', body: { size } });
    work = async () => {
      throw new ProblemError(503, 'Try again in a few seconds.');
    };
    for (const size of [1, 1, 2]) expect(await act(size)).toMatchObject({ status: 503 });
    work = async () => ({ executions });
    expect(await act(1)).toMatchObject({ status: 200 });
    const [first, second, ofOtherBody, third] = actions;
    expect([second, third]).toEqual([first, first]);
    expect(ofOtherBody).not.toBe(first);
    harness.now += 24 * 60 * 60 * 1000;
    expect(await act(1)).toMatchObject({ status: 200, replayed: undefined });
    expect([first, ofOtherBody]).not.toContain(actions[4]);
  });

  test.each([
    ['empty', ''],
    ['too long', 'k'.repeat(101)],
    ['with a space', 'a b'],
    ['beyond ASCII', 'clé'],
  ])('is refused if the key is %s', async (_, key) => {
    expect(await post(key)).toMatchObject({ status: 400 });
    expect(executions).toBe(0);
  });

  test('that is invalid does not use up its key', async () => {
    const url = '/api/runs/1-2-3/replay';
    expect(await post('k9', { url, body: { mode: 'unknown' } })).toMatchObject({ status: 400 });
    expect(await post('k9', { url, body: { mode: 'as-recorded', reason: 'a test' } })).toMatchObject({
      status: 404,
      replayed: undefined,
    });
  });

  test('whose response cannot be stored is answered; a retry is refused for a minute and then executed again', async () => {
    const idempotency = {
      ...harness.access.idempotency,
      putResponse: () => Promise.reject(new Error('the table is gone')),
    };
    const on = appWith({ access: { ...harness.access, idempotency } });
    expect(await post('k10', { on })).toMatchObject({ status: 201 });
    expect(harness.log.lines).toContainEqual({
      step: 'idempotent response not stored',
      details: expect.objectContaining({ error: new Error('the table is gone') }),
    });
    harness.now += 59_999;
    expect(await post('k10')).toMatchObject({ status: 409 });
    harness.now += 1;
    expect(await post('k10', { body: { size: 2 } })).toMatchObject({ status: 422 });
    expect(await post('k10')).toMatchObject({ status: 201, replayed: undefined });
    expect(executions).toBe(2);
  });

  test('a GET ignores the key: it changes nothing', async () => {
    const ask = () => app.inject({ url: '/api/things', headers: { ...ada, 'idempotency-key': 'k11' } });
    await ask();
    expect((await ask()).headers['idempotency-replayed']).toBeUndefined();
    expect(executions).toBe(2);
  });
});

test('of concurrent requests with the same key, one is executed', async () => {
  const responses = await Promise.all([1, 2, 3].map(() => post('k12')));
  expect(executions).toBe(1);
  expect(responses.filter(({ status }) => status === 201).length).toBeGreaterThanOrEqual(1);
  expect(responses.every(({ status }) => status === 201 || status === 409)).toBe(true);
});

test('a retried replay returns the same action and sends no second message', async () => {
  await harness.facts.recordFacts(planFacts(sampleRun(1, '2026-11-03T13:59:00Z'), [], '2026-11-03T13:59:01Z'));
  const url = '/api/runs/11-9000000001-1/replay';
  const { status, body } = await post('k13', { url, body: { mode: 'as-recorded', reason: 'a test' } });
  expect(status).toBe(202);
  const retry = await post('k13', { url, body: { reason: 'a test', mode: 'as-recorded' } });
  expect(retry).toMatchObject({ status: 202, body, replayed: 'true' });
  expect(await harness.receiveReplays()).toHaveLength(1);
});
