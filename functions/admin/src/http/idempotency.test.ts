import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { planFacts, sampleRun } from '@dispatcher/store/testing';
import type { FastifyInstance } from 'fastify';
import type { AdminDependencies } from '../app.ts';
import { basicAuthentication } from '../auth/authentication.ts';
import { Problem, ProblemDocument } from './problem.ts';
import { startTime, startWorld, type World } from '../testing/admin-harness.ts';

let world: World;
let app: FastifyInstance;
/** What the mutation of these tests does when it is done. */
let work: () => Promise<object>;
let done: number;
beforeAll(async () => {
  world = await startWorld();
  app = appWith();
});
beforeEach(() => {
  world.now = startTime;
  world.logged.length = 0;
  done = 0;
  work = async () => ({ done });
});
afterAll(() => world.close());

function appWith(change: Partial<AdminDependencies> = {}): FastifyInstance {
  const app = world.app({ authentication: basicAuthentication('ada', async () => 'horse'), ...change });
  app.post('/api/things/:id', async (_request, reply) => {
    done += 1;
    reply.code(201);
    return work();
  });
  app.get('/api/things', async () => {
    done += 1;
    return { done };
  });
  return app;
}

interface RequestedDispatch {
  readonly on?: FastifyInstance;
  readonly url?: string;
  readonly body?: object;
  readonly headers?: Record<string, string>;
}

const ada = { authorization: `Basic ${Buffer.from('ada:horse').toString('base64')}` };

async function post(
  key: string,
  { on = app, url = '/api/things/1', body = { size: 1 }, headers = ada }: RequestedDispatch = {},
) {
  const all = { ...headers, 'idempotency-key': key };
  const answer = await on.inject({ method: 'POST', url, headers: all, payload: body });
  const { 'idempotency-replayed': replayed, 'content-type': type, 'retry-after': wait } = answer.headers;
  return { status: answer.statusCode, body: answer.json<unknown>(), replayed, type, wait };
}

describe('a mutation with an idempotency key', () => {
  test('is done once, and a repeat gets its answer', async () => {
    const first = await post('k1');
    expect(first).toMatchObject({ status: 201, body: { done: 1 }, replayed: undefined });
    expect(await post('k1')).toEqual({ ...first, replayed: 'true' });
    expect(done).toBe(1);
  });

  test('without one is done each time', async () => {
    for (const _ of [1, 2]) {
      await app.inject({ method: 'POST', url: '/api/things/1', headers: ada, payload: { size: 1 } });
    }
    expect(done).toBe(2);
  });

  test('is refused where the key was used for another request', async () => {
    await post('k2');
    for (const other of [{ body: { size: 2 } }, { url: '/api/things/2' }, { url: '/api/things/1?x=1' }]) {
      expect(await post('k2', other)).toMatchObject({ status: 422 });
    }
    expect(done).toBe(1);
  });

  test('is another one under the same key of another principal', async () => {
    await post('k3');
    const headers = { 'x-api-key': await world.newKey() };
    expect(await post('k3', { headers, body: { size: 2 } })).toMatchObject({ status: 201, replayed: undefined });
    expect(done).toBe(2);
  });

  test('is refused while the first is being answered', async () => {
    let end: () => void = () => undefined;
    const ended = new Promise<void>((resolve) => (end = resolve));
    const begun = new Promise<void>((resolve) => {
      work = async () => {
        resolve();
        await ended;
        return { done };
      };
    });
    const first = post('k4');
    await begun;
    expect(await post('k4')).toMatchObject({ status: 409, wait: '1' });
    end();
    expect(await first).toMatchObject({ status: 201 });
    expect(await post('k4')).toMatchObject({ status: 201, replayed: 'true' });
    expect(done).toBe(1);
  });

  test('keeps a refusal too, with its type', async () => {
    work = async () => {
      throw new Problem(404, `Nothing is there ${done}.`);
    };
    const first = await post('k5');
    expect(first.type).toMatch(/^application\/problem\+json/);
    expect(ProblemDocument.parse(first.body).status).toBe(404);
    expect(await post('k5')).toEqual({ ...first, replayed: 'true' });
  });

  test('keeps no failure: the repeat tries again', async () => {
    work = async () => {
      throw new Error('SQS is down');
    };
    expect(await post('k6')).toMatchObject({ status: 500 });
    work = async () => ({ done });
    expect(await post('k6')).toMatchObject({ status: 201, body: { done: 2 }, replayed: undefined });
  });

  test('is forgotten after a day', async () => {
    await post('k8');
    world.now += 24 * 60 * 60 * 1000 - 1_000;
    expect(await post('k8')).toMatchObject({ replayed: 'true' });
    world.now += 1_000;
    expect(await post('k8', { body: { size: 2 } })).toMatchObject({ status: 201, replayed: undefined });
  });

  test.each([
    ['empty', ''],
    ['too long', 'k'.repeat(101)],
    ['with a space', 'a b'],
    ['beyond ASCII', 'clé'],
  ])('is refused where the key is %s', async (_, key) => {
    expect(await post(key)).toMatchObject({ status: 400 });
    expect(done).toBe(0);
  });

  test('that cannot be understood uses no key up', async () => {
    const url = '/api/runs/1-2-3/replay';
    expect(await post('k9', { url, body: { mode: 'unknown' } })).toMatchObject({ status: 400 });
    expect(await post('k9', { url, body: { mode: 'as-recorded', reason: 'a test' } })).toMatchObject({
      status: 404,
      replayed: undefined,
    });
  });

  test('is answered also where its answer cannot be kept: a repeat waits, and after a minute is done anew', async () => {
    const idempotency = {
      ...world.access.idempotency,
      finish: () => Promise.reject(new Error('the table is gone')),
    };
    const on = appWith({ access: { ...world.access, idempotency } });
    expect(await post('k10', { on })).toMatchObject({ status: 201 });
    expect(world.logged).toContainEqual({
      step: 'idempotency key not kept',
      details: expect.objectContaining({ error: new Error('the table is gone') }),
    });
    world.now += 59_999;
    expect(await post('k10')).toMatchObject({ status: 409 });
    world.now += 1;
    expect(await post('k10', { body: { size: 2 } })).toMatchObject({ status: 422 });
    expect(await post('k10')).toMatchObject({ status: 201, replayed: undefined });
    expect(done).toBe(2);
  });

  test('a GET has none: it changes nothing', async () => {
    const ask = () => app.inject({ url: '/api/things', headers: { ...ada, 'idempotency-key': 'k11' } });
    await ask();
    expect((await ask()).headers['idempotency-replayed']).toBeUndefined();
    expect(done).toBe(2);
  });
});

test('two repeats at the same time: one is done', async () => {
  const answers = await Promise.all([1, 2, 3].map(() => post('k12')));
  expect(done).toBe(1);
  expect(answers.filter(({ status }) => status === 201).length).toBeGreaterThanOrEqual(1);
  expect(answers.every(({ status }) => status === 201 || status === 409)).toBe(true);
});

test('of a replay, a repeat is told the same action, and asks planning nothing', async () => {
  await world.facts.recordFacts(planFacts(sampleRun(1, '2026-11-03T13:59:00Z'), [], '2026-11-03T13:59:01Z'));
  const url = '/api/runs/11-9000000001-1/replay';
  const { status, body } = await post('k13', { url, body: { mode: 'as-recorded', reason: 'a test' } });
  expect(status).toBe(202);
  const again = await post('k13', { url, body: { reason: 'a test', mode: 'as-recorded' } });
  expect(again).toMatchObject({ status: 202, body, replayed: 'true' });
  expect(await world.asked()).toHaveLength(1);
});
