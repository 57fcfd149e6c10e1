import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type RouteDecided, routeId } from '@dispatcher/contracts';
import { deadLettered, planFacts, sampleRoute, sampleRun } from '@dispatcher/store/testing';
import type { FastifyInstance } from 'fastify';
import { basicAuthentication } from '../auth/authentication.ts';
import { ProblemDocument } from '../http/problem.ts';
import { ReplayAccepted } from './replay.ts';
import { startTime, startWorld, type World } from '../testing/admin-harness.ts';

let world: World;
let app: FastifyInstance;
const [planned, ...decided] = planFacts(
  sampleRun(1, '2026-11-03T13:59:00Z'),
  ['allow', 'deny'],
  '2026-11-03T13:59:01Z',
);
const { runKey } = planned;
const route = (decided[0] as RouteDecided).data.decision.routeId;
beforeAll(async () => {
  world = await startWorld();
  app = world.app();
  const lost = deadLettered('m1', '2026-11-03T13:59:01Z', 'delivery-2');
  const halfTold = deadLettered('m2', '2026-11-03T13:59:01Z', 'delivery-3', '11-9000000003-1');
  await world.facts.recordFacts([planned, ...decided, lost, halfTold]);
});
beforeEach(async () => {
  expect(await world.asked()).toEqual([]);
});
afterAll(() => world.close());

async function post(url: string, payload: object, headers: Record<string, string> = {}) {
  const answer = await app.inject({ method: 'POST', url, payload, headers });
  return { status: answer.statusCode, body: answer.json<unknown>() };
}

const ofRun = `/api/runs/${runKey}/replay`;
const reason = 'the token was renewed';

describe('a replay', () => {
  test.each([
    ['as recorded', { mode: 'as-recorded' }, null],
    ['decided again', { mode: 're-evaluate' }, null],
    ['decided again, of one route', { mode: 're-evaluate', routeId: route }, route],
    ['dispatched again', { mode: 'dispatch-again', routeId: route }, route],
  ])('%s is asked of planning, with who and why', async (_, body, expected) => {
    const answer = await post(ofRun, { ...body, reason: ` ${reason} ` });
    expect(answer.status).toBe(202);
    const { actionId } = ReplayAccepted.parse(answer.body);
    expect(answer.body).toEqual({ actionId, runKey });
    expect(await world.asked()).toEqual([
      {
        type: 'run.replay',
        version: 1,
        actionId,
        runKey,
        mode: body.mode,
        routeId: expected,
        operator: 'local',
        reason,
        requestedAt: new Date(startTime).toISOString(),
      },
    ]);
  });

  test('of a delivery is one of the run that it told of', async () => {
    const { status, body } = await post('/api/deliveries/delivery-1/replay', { mode: 'as-recorded', reason });
    expect({ status, body }).toMatchObject({ status: 202, body: { runKey } });
    expect(await world.asked()).toMatchObject([{ runKey, mode: 'as-recorded' }]);
  });

  test('with an idempotency key is the same action, also where the answer was lost', async () => {
    const idempotency = { ...world.access.idempotency, finish: () => Promise.reject(new Error('gone')) };
    const failing = world.app({ access: { ...world.access, idempotency } });
    const request = { mode: 're-evaluate', reason };
    const headers = { 'idempotency-key': 'once' };
    const first = await failing.inject({ method: 'POST', url: ofRun, payload: request, headers });
    world.now += 60_000;
    const again = await post(ofRun, request, headers);
    world.now = startTime;
    expect(again).toEqual({ status: 202, body: first.json() });
    const asked = await world.asked();
    expect(new Set(asked.map(({ actionId }) => actionId)).size).toBe(1);
    expect(asked).toHaveLength(2);
  });

  test('without one is an action of its own each time', async () => {
    await post(ofRun, { mode: 'as-recorded', reason });
    await post(ofRun, { mode: 'as-recorded', reason });
    expect(new Set((await world.asked()).map(({ actionId }) => actionId)).size).toBe(2);
  });

  test('by an API key says which', async () => {
    const locked = world.app({ authentication: basicAuthentication('ada', async () => 'horse') });
    const headers = { 'x-api-key': await world.newKey() };
    await locked.inject({ method: 'POST', url: ofRun, payload: { mode: 'as-recorded', reason }, headers });
    expect(await world.asked()).toMatchObject([{ operator: 'key:nightly' }]);
  });

  test('that SQS does not take is a failure', async () => {
    const failing = world.app({ runs: { send: () => Promise.reject(new Error('SQS is down')) } });
    const payload = { mode: 'as-recorded', reason };
    expect((await failing.inject({ method: 'POST', url: ofRun, payload })).statusCode).toBe(500);
  });
});

describe('nothing is asked', () => {
  const foreign = routeId(sampleRoute(7));

  test.each([
    ['without a reason', ofRun, { mode: 'as-recorded' }, 400, 'reason'],
    ['for an empty reason', ofRun, { mode: 'as-recorded', reason: ' ' }, 400, 'reason'],
    ['for a reason too long', ofRun, { mode: 'as-recorded', reason: 'r'.repeat(1_001) }, 400, 'reason'],
    ['in another mode', ofRun, { mode: 'again', reason }, 400, 'mode'],
    ['with a field that is none', ofRun, { mode: 'as-recorded', reason, route }, 400, 'route'],
    ['of one route as recorded', ofRun, { mode: 'as-recorded', routeId: route, reason }, 400, 'leave routeId out'],
    ['of no route dispatched again', ofRun, { mode: 'dispatch-again', reason }, 400, 'names the one route'],
    ['of a route of another run', ofRun, { mode: 'dispatch-again', routeId: foreign, reason }, 400, route],
    ['of a run that is none', '/api/runs/1/replay', { mode: 'as-recorded', reason }, 400, 'runKey'],
    ['of a run not recorded', '/api/runs/1-2-3/replay', { mode: 'as-recorded', reason }, 404, '1-2-3'],
    ['of a delivery not recorded', '/api/deliveries/x/replay', { mode: 'as-recorded', reason }, 404, 'delivery x'],
    [
      'of a delivery of no run',
      '/api/deliveries/delivery-2/replay',
      { mode: 'as-recorded', reason },
      404,
      'delivery-2',
    ],
    [
      'of a run without a plan',
      '/api/deliveries/delivery-3/replay',
      { mode: 'as-recorded', reason },
      404,
      '9000000003',
    ],
  ])('%s', async (_, url, body, status, detail) => {
    const answer = await post(url, body);
    expect(answer.status).toBe(status);
    expect(ProblemDocument.parse(answer.body).detail).toContain(detail);
  });
});
