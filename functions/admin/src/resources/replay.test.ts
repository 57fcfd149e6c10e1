import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type RouteDecided, routeId } from '@dispatcher/contracts';
import { deadLettered, planFacts, sampleRoute, sampleRun } from '@dispatcher/store/testing';
import type { FastifyInstance } from 'fastify';
import { createBasicAuthentication } from '../auth/basic.ts';
import { ProblemDocument } from '../http/problem.ts';
import { ReplayResponse } from './replay.ts';
import { startTime, startAdminHarness, type AdminHarness } from '../testing/admin-harness.ts';

let harness: AdminHarness;
let app: FastifyInstance;
const [planned, ...decided] = planFacts(
  sampleRun(1, '2026-11-03T13:59:00Z'),
  ['allow', 'deny'],
  '2026-11-03T13:59:01Z',
);
const { runKey } = planned;
const route = (decided[0] as RouteDecided).data.decision.routeId;
beforeAll(async () => {
  harness = await startAdminHarness();
  app = harness.app();
  const withoutRun = deadLettered('m1', '2026-11-03T13:59:01Z', 'delivery-2');
  const withoutPlan = deadLettered('m2', '2026-11-03T13:59:01Z', 'delivery-3', '11-9000000003-1');
  await harness.facts.recordFacts([planned, ...decided, withoutRun, withoutPlan]);
});
beforeEach(async () => {
  expect(await harness.receiveReplays()).toEqual([]);
});
afterAll(() => harness.close());

async function post(url: string, payload: object, headers: Record<string, string> = {}) {
  const response = await app.inject({ method: 'POST', url, payload, headers });
  return { status: response.statusCode, body: response.json<unknown>() };
}

const runUrl = `/api/runs/${runKey}/replay`;
const reason = 'the token was renewed';

describe('a replay', () => {
  test.each([
    ['as recorded', { mode: 'as-recorded' }, null],
    ['re-evaluated', { mode: 're-evaluate' }, null],
    ['re-evaluated for one route', { mode: 're-evaluate', routeId: route }, route],
    ['dispatched again', { mode: 'dispatch-again', routeId: route }, route],
  ])('%s: the message names operator and reason', async (_, body, expected) => {
    const response = await post(runUrl, { ...body, reason: ` ${reason} ` });
    expect(response.status).toBe(202);
    const { actionId } = ReplayResponse.parse(response.body);
    expect(response.body).toEqual({ actionId, runKey });
    expect(await harness.receiveReplays()).toEqual([
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

  test('as a dry run: the message says that nothing is to be stored or started', async () => {
    expect(await post(runUrl, { mode: 're-evaluate', dryRun: true, reason })).toMatchObject({ status: 202 });
    expect(await harness.receiveReplays()).toMatchObject([{ mode: 're-evaluate', dryRun: true, routeId: null }]);
    expect(await post(runUrl, { mode: 'as-recorded', dryRun: true, reason })).toMatchObject({ status: 400 });
    expect(await harness.receiveReplays()).toEqual([]);
  });

  test('whose reason contains a token is sent with [redacted], and the response says so', async () => {
    const token = `github_pat_${'a1B2'.repeat(10)}`;
    const { status, body } = await post(runUrl, { mode: 'as-recorded', reason: `token ${token} was renewed` });
    expect({ status, body }).toMatchObject({ status: 202, body: { notice: expect.stringMatching(/secret.*Revoke/) } });
    expect(await harness.receiveReplays()).toMatchObject([{ reason: 'token [redacted] was renewed' }]);
    expect(JSON.stringify(harness.log.lines)).not.toContain(token);
  });

  test('of a delivery replays its run', async () => {
    const { status, body } = await post('/api/deliveries/delivery-1/replay', { mode: 'as-recorded', reason });
    expect({ status, body }).toMatchObject({ status: 202, body: { runKey } });
    expect(await harness.receiveReplays()).toMatchObject([{ runKey, mode: 'as-recorded' }]);
  });

  test('retried with its idempotency key is the same action, even if the response was not stored', async () => {
    const idempotency = { ...harness.access.idempotency, putResponse: () => Promise.reject(new Error('gone')) };
    const failing = harness.app({ access: { ...harness.access, idempotency } });
    const request = { mode: 're-evaluate', reason };
    const headers = { 'idempotency-key': 'once' };
    const first = await failing.inject({ method: 'POST', url: runUrl, payload: request, headers });
    harness.now += 60_000;
    const retry = await post(runUrl, request, headers);
    harness.now = startTime;
    expect(retry).toEqual({ status: 202, body: first.json() });
    const messages = await harness.receiveReplays();
    expect(new Set(messages.map(({ actionId }) => actionId)).size).toBe(1);
    expect(messages).toHaveLength(2);
  });

  test('without an idempotency key is a new action each time', async () => {
    await post(runUrl, { mode: 'as-recorded', reason });
    await post(runUrl, { mode: 'as-recorded', reason });
    expect(new Set((await harness.receiveReplays()).map(({ actionId }) => actionId)).size).toBe(2);
  });

  test('with an API key records the key as operator', async () => {
    const protectedApp = harness.app({ authentication: createBasicAuthentication('ada', async () => 'horse') });
    const headers = { 'x-api-key': await harness.createKey() };
    await protectedApp.inject({ method: 'POST', url: runUrl, payload: { mode: 'as-recorded', reason }, headers });
    expect(await harness.receiveReplays()).toMatchObject([{ operator: 'key:nightly' }]);
  });

  test('that SQS refuses is a 500', async () => {
    const failing = harness.app({ runs: { send: () => Promise.reject(new Error('SQS is down')) } });
    const payload = { mode: 'as-recorded', reason };
    expect((await failing.inject({ method: 'POST', url: runUrl, payload })).statusCode).toBe(500);
  });
});

describe('no message is sent', () => {
  const foreign = routeId(sampleRoute(7));

  test.each([
    ['without a reason', runUrl, { mode: 'as-recorded' }, 400, 'reason'],
    ['with an empty reason', runUrl, { mode: 'as-recorded', reason: ' ' }, 400, 'reason'],
    ['with a reason that is too long', runUrl, { mode: 'as-recorded', reason: 'r'.repeat(1_001) }, 400, 'reason'],
    ['with an unknown mode', runUrl, { mode: 'again', reason }, 400, 'mode'],
    ['with an unknown field', runUrl, { mode: 'as-recorded', reason, route }, 400, 'route'],
    ['as recorded with a route', runUrl, { mode: 'as-recorded', routeId: route, reason }, 400, 'leave routeId out'],
    ['dispatched again without a route', runUrl, { mode: 'dispatch-again', reason }, 400, 'name the one route'],
    ['for a route of another run', runUrl, { mode: 'dispatch-again', routeId: foreign, reason }, 400, route],
    ['for an invalid run key', '/api/runs/1/replay', { mode: 'as-recorded', reason }, 400, 'runKey'],
    ['for a run that is not recorded', '/api/runs/1-2-3/replay', { mode: 'as-recorded', reason }, 404, '1-2-3'],
    [
      'for a delivery that is not recorded',
      '/api/deliveries/x/replay',
      { mode: 'as-recorded', reason },
      404,
      'delivery x',
    ],
    [
      'for a delivery without a run',
      '/api/deliveries/delivery-2/replay',
      { mode: 'as-recorded', reason },
      404,
      'delivery-2',
    ],
    [
      'for a run without a plan',
      '/api/deliveries/delivery-3/replay',
      { mode: 'as-recorded', reason },
      404,
      '9000000003',
    ],
  ])('%s', async (_, url, body, status, detail) => {
    const response = await post(url, body);
    expect(response.status).toBe(status);
    expect(ProblemDocument.parse(response.body).detail).toContain(detail);
  });
});
