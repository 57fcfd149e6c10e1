import { IdempotencyConfig, makeIdempotent } from '@aws-lambda-powertools/idempotency';
import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { runKey } from '@dispatcher/contracts';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Context } from 'aws-lambda';
import { type TestDynamo, startDynamo } from '../testing/dynamo.ts';
import { Died, withFaults } from '../testing/faults.ts';
import { samplePlan, sampleRoute, sampleRun } from '../testing/samples.ts';
import {
  createStateStore,
  type Intent,
  LeaseLost,
  planHashFunction,
  planKeptSeconds,
  planKeyPrefix,
  planPayload,
  planPersistence,
  type StateStore,
} from './index.ts';

const start = Date.parse('2026-11-03T14:00:00.000Z');
const day = 24 * 60 * 60 * 1000;

let dynamo: TestDynamo;
let table: string;
let now = start;
let state: StateStore;

beforeAll(async () => {
  dynamo = await startDynamo();
  ({ state: table } = await dynamo.createTables());
  state = createStateStore({ client: dynamo.client, table, now: () => now });
});
afterAll(() => dynamo.close());

describe('attempts', () => {
  test('the first attempt that is recorded is the second one, and each counts', async () => {
    expect(await state.attempts.begin('runs', 'm1')).toBe(2);
    expect(await state.attempts.begin('runs', 'm1')).toBe(3);
    expect(await state.attempts.begin('decisions', 'm1')).toBe(2);
  });

  test('a deferral takes its attempt back, also when the deferred one was the first', async () => {
    await state.attempts.defer('runs', 'm2');
    expect(await state.attempts.begin('runs', 'm2')).toBe(1);
    expect(await state.attempts.begin('runs', 'm2')).toBe(2);
    await state.attempts.defer('runs', 'm2');
    expect(await state.attempts.begin('runs', 'm2')).toBe(2);
  });

  test('two workers that begin at once get different numbers', async () => {
    const numbers = await Promise.all([1, 2, 3, 4].map(() => state.attempts.begin('runs', 'm3')));
    expect(new Set(numbers)).toEqual(new Set([2, 3, 4, 5]));
  });
});

describe('rate limits', () => {
  test('an installation is deferred until its time, others are not', async () => {
    await state.rateLimits.setDeferUntil(1, now + 60_000);
    expect(await state.rateLimits.deferUntil(1)).toBe(now + 60_000);
    expect(await state.rateLimits.deferUntil(2)).toBeNull();
  });

  test('a shorter deferral does not shorten a longer one', async () => {
    await state.rateLimits.setDeferUntil(3, now + 60_000);
    await state.rateLimits.setDeferUntil(3, now + 10_000);
    expect(await state.rateLimits.deferUntil(3)).toBe(now + 60_000);
    await state.rateLimits.setDeferUntil(3, now + 90_000);
    expect(await state.rateLimits.deferUntil(3)).toBe(now + 90_000);
  });

  test('a deferral that is over defers nobody', async () => {
    await state.rateLimits.setDeferUntil(4, now - 1);
    expect(await state.rateLimits.deferUntil(4)).toBeNull();
  });
});

describe('plans', () => {
  const run = sampleRun(1, '2026-11-03T14:00:00Z');
  const key = runKey(run);
  const stored = { plan: samplePlan(run, ['allow']), plannedAt: '2026-11-03T14:00:01.000Z' };

  function planOnce(work: () => Promise<string>) {
    const config = new IdempotencyConfig({ hashFunction: planHashFunction, expiresAfterSeconds: planKeptSeconds });
    config.registerLambdaContext({ getRemainingTimeInMillis: () => 30_000 } as Context);
    return makeIdempotent(async (_payload: string) => work(), {
      persistenceStore: new DynamoDBPersistenceLayer({
        tableName: table,
        awsSdkV3Client: dynamo.client,
        ...planPersistence,
      }),
      config,
      keyPrefix: planKeyPrefix,
      dataIndexArgument: 0,
    });
  }

  test('a plan stored by the idempotency library is found under its run key and revision, and only there', async () => {
    let planned = 0;
    const once = planOnce(async () => {
      planned += 1;
      return JSON.stringify(stored);
    });
    const first = await once(planPayload(key, 0));
    const second = await once(planPayload(key, 0));
    expect(second).toBe(first);
    expect(planned).toBe(1);
    expect(await state.plans.find(key, 0)).toEqual(stored);
    expect(await state.plans.find(key, 1)).toBeNull();
    expect(await state.plans.find('1-2-3', 0)).toBeNull();
  });

  test('a plan that is being made is not found yet, and a failure is not kept', async () => {
    const once = planOnce(async () => {
      expect(await state.plans.find('1-2-4', 0)).toBeNull();
      throw new Error('GitHub does not answer');
    });
    await expect(once(planPayload('1-2-4', 0))).rejects.toThrow('GitHub does not answer');
    const again = planOnce(async () => JSON.stringify(stored));
    await again(planPayload('1-2-4', 0));
    expect(await state.plans.find('1-2-4', 0)).toEqual(stored);
  });

  test('of two operators who decide again at once, one raises the revision', async () => {
    expect(await state.plans.revision(key)).toBe(0);
    const raised = await Promise.all([state.plans.raiseRevision(key, 0), state.plans.raiseRevision(key, 0)]);
    expect(raised.filter(Boolean)).toHaveLength(1);
    expect(await state.plans.revision(key)).toBe(1);
    expect(await state.plans.raiseRevision(key, 0)).toBe(false);
    expect(await state.plans.raiseRevision(key, 1)).toBe(true);
    expect(await state.plans.revision(key)).toBe(2);
  });
});

function intentOf(dispatchId: string): Intent {
  const route = sampleRoute(1);
  return {
    dispatchId,
    runKey: '11-9000000001-1',
    correlationId: 'delivery-1',
    routeId: 'a'.repeat(16),
    route,
    target: { repositoryId: 101, installationId: 7 },
    ref: 'main',
    inputs: { sha: 'b'.repeat(40) },
    sourceRunUrl: 'https://github.com/Octo-Org/app/actions/runs/9000000001',
    sourceEndedAt: '2026-11-03T13:59:00Z',
    lineage: { depth: 1, path: [route.source, route.target] },
  };
}

describe('ledger', () => {
  const acceptance = {
    workflowRunId: 55,
    htmlUrl: 'https://github.com/runs/55',
    acceptedAt: '2026-11-03T14:00:02.000Z',
  };

  test('of many workers that begin one dispatch at once, one may POST', async () => {
    const intent = intentOf('many');
    const begun = await Promise.all([1, 2, 3, 4, 5].map(() => state.ledger.begin(intent)));
    expect(begun.map((each) => each.state).toSorted()).toEqual(['begun', ...Array(4).fill('unfinished')]);
  });

  test('a redelivery after the run was started gets the record that its fact is made of', async () => {
    const intent = intentOf('accepted');
    const intendedAt = new Date(now).toISOString();
    expect(await state.ledger.begin(intent)).toMatchObject({ state: 'begun', record: { ...intent, intendedAt } });
    const accepted = await state.ledger.accept(intent, acceptance);
    expect(accepted).toMatchObject({ ...intent, intendedAt, state: 'accepted', ...acceptance });
    expect(await state.ledger.begin(intent)).toEqual({ state: 'finished', record: accepted });
  });

  test('the started run’s lineage is written with the result', async () => {
    const intent = intentOf('lineage');
    await state.ledger.begin(intent);
    expect(await state.lineage.find(101, 77)).toBeNull();
    await state.ledger.accept(intent, { ...acceptance, workflowRunId: 77 });
    const { dispatchId, runKey: key, correlationId, sourceRunUrl, routeId, route, lineage } = intent;
    expect(await state.lineage.find(101, 77)).toEqual({
      dispatchId,
      runKey: key,
      correlationId,
      sourceRunUrl,
      routeId,
      route,
      ...lineage,
      acceptedAt: acceptance.acceptedAt,
    });
    expect(await state.lineage.find(102, 77)).toBeNull();
  });

  test('a dispatch that GitHub accepted without a run id is finished, and has no lineage', async () => {
    const intent = intentOf('no-id');
    await state.ledger.begin(intent);
    const accepted = await state.ledger.accept(intent, { ...acceptance, workflowRunId: null, htmlUrl: null });
    expect(accepted).toMatchObject({ state: 'accepted', workflowRunId: null });
  });

  test('the first result stays: a later one changes neither it nor the lineage', async () => {
    const intent = intentOf('first-stays');
    await state.ledger.begin(intent);
    const first = await state.ledger.accept(intent, { ...acceptance, workflowRunId: 88 });
    now += 1_000;
    expect(await state.ledger.accept(intent, { ...acceptance, workflowRunId: 89 })).toEqual(first);
    expect(await state.lineage.find(101, 89)).toBeNull();
    const refusal = { code: 'dispatch-not-found', message: 'Not Found', status: 404 } as const;
    expect(await state.ledger.fail(intent.dispatchId, refusal)).toEqual(first);
  });

  test('a refused dispatch keeps what GitHub said and when', async () => {
    const intent = intentOf('failed');
    await state.ledger.begin(intent);
    const refusal = { code: 'dispatch-rejected', message: 'No ref found for: main', status: 422 } as const;
    const failed = await state.ledger.fail(intent.dispatchId, refusal);
    expect(failed).toMatchObject({ state: 'failed', ...refusal, failedAt: new Date(now).toISOString() });
    expect(await state.ledger.begin(intent)).toEqual({ state: 'finished', record: failed });
  });

  test('after an answer that proves nothing was started, one retry may POST', async () => {
    const intent = intentOf('released');
    await state.ledger.begin(intent);
    await state.ledger.release(intent.dispatchId);
    const begun = await Promise.all([state.ledger.begin(intent), state.ledger.begin(intent)]);
    expect(begun.map((each) => each.state).toSorted()).toEqual(['begun', 'unfinished']);
  });

  test('a finished dispatch cannot be released', async () => {
    const intent = intentOf('kept');
    await state.ledger.begin(intent);
    const accepted = await state.ledger.accept(intent, { ...acceptance, workflowRunId: 90 });
    await state.ledger.release(intent.dispatchId);
    expect(await state.ledger.find(intent.dispatchId)).toEqual(accepted);
  });

  test('a result without an intent is refused with what to do', async () => {
    const early = state.ledger.accept(intentOf('never-begun'), { ...acceptance, workflowRunId: 99 });
    await expect(early).rejects.toThrow('begin it first');
    expect(await state.lineage.find(101, 99)).toBeNull();
  });

  test('an intent whose first write was answered too late is still its worker’s own', async () => {
    const client = dynamo.newClient();
    let repeats = 1;
    client.middlewareStack.add(
      (next) => async (args) => {
        const result = await next(args);
        if (repeats === 0) return result;
        // The write is done, and its answer is lost; the SDK sends it again.
        repeats -= 1;
        return next(args);
      },
      { step: 'finalizeRequest', name: 'loseTheAnswer', priority: 'low' },
    );
    const ledger = createStateStore({ client, table, now: () => now }).ledger;
    expect((await ledger.begin(intentOf('answer-lost'))).state).toBe('begun');
    expect(repeats).toBe(0);
    expect((await state.ledger.begin(intentOf('answer-lost'))).state).toBe('unfinished');
  });

  test('a result that meets another writer is written all the same', async () => {
    const intent = intentOf('contended');
    await state.ledger.begin(intent);
    const pauses: number[] = [];
    const client = withFaults(dynamo.newClient(), (call) => (call < 3 ? 'conflict' : null));
    const pause = async (milliseconds: number) => pauses.push(milliseconds);
    const contended = createStateStore({ client, table, now: () => now, pause }).ledger;
    const accepted = await contended.accept(intent, { ...acceptance, workflowRunId: 92 });
    expect(pauses).toHaveLength(3);
    expect(await state.ledger.find('contended')).toEqual(accepted);
    expect(await state.lineage.find(101, 92)).toMatchObject({ dispatchId: 'contended' });
  });

  test('a worker that dies in the middle of writing the result leaves result and lineage together, or neither', async () => {
    for (const [fault, left] of [
      ['dies-before', 'unfinished'],
      ['dies-after', 'finished'],
    ] as const) {
      const intent = intentOf(fault);
      const workflowRunId = fault === 'dies-before' ? 93 : 94;
      await state.ledger.begin(intent);
      const client = withFaults(dynamo.newClient(), () => fault);
      const dying = createStateStore({ client, table, now: () => now }).ledger;
      await expect(dying.accept(intent, { ...acceptance, workflowRunId })).rejects.toThrow(Died);
      expect((await state.ledger.begin(intent)).state).toBe(left);
      expect((await state.lineage.find(101, workflowRunId)) !== null).toBe(left === 'finished');
    }
  });

  test('lineage and ledger are there after 90 days, and gone when their time is over', async () => {
    const intent = intentOf('old');
    await state.ledger.begin(intent);
    await state.ledger.accept(intent, { ...acceptance, workflowRunId: 91 });
    const later = (days: number) => createStateStore({ client: dynamo.client, table, now: () => now + days * day });
    expect(await later(90).lineage.find(101, 91)).not.toBeNull();
    expect(await later(90).ledger.find('old')).not.toBeNull();
    expect(await later(101).lineage.find(101, 91)).toBeNull();
    expect(await later(101).ledger.find('old')).toBeNull();
    expect((await later(101).ledger.begin(intent)).state).toBe('begun');
  });
});

describe('tracking issues', () => {
  const issue = {
    number: 3,
    htmlUrl: 'https://github.com/Octo-Org/app/issues/3',
    state: 'open',
    lastCode: 'target-no-config',
    lastRunKey: '11-9000000001-1',
  } as const;

  test('of many workers that report one route at once, one opens its issue', async () => {
    const claims = await Promise.all([1, 2, 3, 4, 5].map(() => state.issues.claim('route-1')));
    expect(claims.map((claim) => claim.state).toSorted()).toEqual([...Array(4).fill('busy'), 'claimed']);
    expect(claims.find((claim) => claim.state === 'claimed')).toMatchObject({ issue: null, abandoned: false });
  });

  test('a recorded issue is what the next worker finds', async () => {
    const claim = await state.issues.claim('route-2');
    if (claim.state !== 'claimed') throw new Error('not claimed');
    expect(await state.issues.find('route-2')).toBeNull();
    await state.issues.record('route-2', claim.lease, issue);
    expect(await state.issues.find('route-2')).toEqual(issue);
    expect(await state.issues.claim('route-2')).toMatchObject({ state: 'claimed', issue, abandoned: false });
  });

  test('the claim of a worker that died ends by itself, and the next one is told to look for its issue', async () => {
    const dead = await state.issues.claim('route-3');
    if (dead.state !== 'claimed') throw new Error('not claimed');
    const busy = await state.issues.claim('route-3');
    if (busy.state !== 'busy') throw new Error('not busy');
    now = busy.until;
    const heirs = await Promise.all([state.issues.claim('route-3'), state.issues.claim('route-3')]);
    expect(heirs.map((claim) => claim.state).toSorted()).toEqual(['busy', 'claimed']);
    expect(heirs.find((claim) => claim.state === 'claimed')).toMatchObject({ issue: null, abandoned: true });
    await expect(state.issues.record('route-3', dead.lease, issue)).rejects.toThrow(LeaseLost);
    expect(await state.issues.find('route-3')).toBeNull();
  });

  test('a claim that was given back is free at once, and nothing needs to be looked for', async () => {
    const claim = await state.issues.claim('route-4');
    if (claim.state !== 'claimed') throw new Error('not claimed');
    await state.issues.release('route-4', claim.lease);
    expect(await state.issues.claim('route-4')).toMatchObject({ state: 'claimed', issue: null, abandoned: false });
  });
});
