import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { type TestDynamo, startDynamo } from '../testing/local-dynamo.ts';
import { createStateStore, type IssueRecord, LeaseLostError, type StateStore } from './index.ts';

const start = Date.parse('2026-11-03T14:00:00.000Z');

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
  test('of a message are stored per queue, with whether the last one ended', async () => {
    expect(await state.attempts.getAttempts('runs', 'm1')).toBeNull();
    await state.attempts.beginAttempt('runs', 'm1', 1);
    expect(await state.attempts.getAttempts('runs', 'm1')).toEqual({ counted: 1, isOpen: true });
    await state.attempts.endAttempt('runs', 'm1', 2);
    expect(await state.attempts.getAttempts('runs', 'm1')).toEqual({ counted: 2, isOpen: false });
    expect(await state.attempts.getAttempts('decisions', 'm1')).toBeNull();
  });

  test('the reason for giving up a message is recorded once: the first of several concurrent records wins', async () => {
    const why = (attempts: number) =>
      ({ reason: 'died', detail: 'It never completed.', attempts, at: '2026-01-02T03:04:05.000Z' }) as const;
    const records = await Promise.all([1, 2, 3].map((attempts) => state.attempts.giveUp('runs', 'm4', why(attempts))));
    expect(new Set(records.map(({ attempts }) => attempts)).size).toBe(1);
    expect(await state.attempts.giveUp('runs', 'm4', { ...why(7), reason: 'permanent-error' })).toEqual(records[0]);
    expect(await state.attempts.giveUp('decisions', 'm4', why(7))).toEqual(why(7));
    expect(await state.attempts.getAttempts('runs', 'm4')).toBeNull();
  });
});

describe('rate limits', () => {
  test('an installation is deferred until its time, and others are not deferred', async () => {
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

  test('a read that began before a deferral does not hide it from the process that recorded it', async () => {
    expect(state.rateLimits.keyToRead(5)).not.toBeNull();
    await state.rateLimits.setDeferUntil(5, now + 60_000);
    state.rateLimits.remember(5, null);
    expect(await state.rateLimits.deferUntil(5)).toBe(now + 60_000);
  });

  test('an expired deferral defers nothing', async () => {
    await state.rateLimits.setDeferUntil(4, now - 1);
    expect(await state.rateLimits.deferUntil(4)).toBeNull();
  });
});

describe('revisions', () => {
  const key = '11-9000000001-1';
  const replay = (actionId: string, raiseGenerationOf: string | null = null) =>
    state.revisions.raiseRevision(key, { actionId, routeId: raiseGenerationOf, raiseGenerationOf });

  test('concurrent replays raise the revision once each, and a repeated one raises nothing', async () => {
    const raised = await Promise.all([replay('a'), replay('b'), replay('c'), replay('a')]);
    expect(new Set(raised.map(({ revision }) => revision))).toEqual(new Set([1, 2, 3]));
    expect(await replay('b')).toEqual(raised[1]);
    expect(await Promise.all(['b', 'never'].map((actionId) => state.revisions.isRaised(actionId)))).toEqual([
      true,
      false,
    ]);
  });

  test('a generation is raised for its route only, and a later replay keeps it', async () => {
    expect(await replay('d', 'route-1')).toMatchObject({ generations: { 'route-1': 1 }, routeId: 'route-1' });
    expect(await replay('e', 'route-2')).toMatchObject({ generations: { 'route-1': 1, 'route-2': 1 } });
    expect(await replay('f', 'route-1')).toMatchObject({ generations: { 'route-1': 2, 'route-2': 1 } });
    expect(await replay('g')).toMatchObject({ generations: { 'route-1': 2, 'route-2': 1 }, routeId: null });
  });
});

describe('the delivery check', () => {
  test('is stored unchanged, and is null before the first one', async () => {
    expect(await state.deliveryCheck.getDeliveryCheck()).toBeNull();
    const scan = { startedAt: '2026-11-03T14:00:00.000Z', cursor: 'v1_12', attempted: ['a', 'b'] };
    const running = { checkedUntil: '2026-11-03T13:00:00.000Z', notBefore: '2026-11-03T14:01:00.000Z', scan };
    for (const check of [running, { checkedUntil: scan.startedAt, notBefore: null, scan: null }]) {
      await state.deliveryCheck.putDeliveryCheck(check);
      expect(await state.deliveryCheck.getDeliveryCheck()).toEqual(check);
    }
  });
});

describe('tracking issues', () => {
  const issue = {
    number: 3,
    htmlUrl: 'https://github.com/Octo-Org/app/issues/3',
    state: 'open',
    results: [
      {
        decidedId: 'f'.repeat(32),
        endedAt: '2026-11-03T13:59:00.000Z',
        runUrl: 'https://github.com/Octo-Org/app/actions/runs/1',
        code: 'target-no-config',
        action: 'opened',
      },
    ],
  } satisfies IssueRecord;

  test('of many workers that report one route at once, one claims its issue', async () => {
    const claims = await Promise.all([1, 2, 3, 4, 5].map(() => state.issues.claimIssue('route-1')));
    expect(claims.map((claim) => claim.state).toSorted()).toEqual([...Array(4).fill('busy'), 'claimed']);
    expect(claims.find((claim) => claim.state === 'claimed')).toMatchObject({ issue: null, abandoned: false });
  });

  test('a recorded issue is returned to the next worker', async () => {
    const claim = await state.issues.claimIssue('route-2');
    if (claim.state !== 'claimed') throw new Error('not claimed');
    await state.issues.recordIssue('route-2', claim.lease, issue);
    expect(await state.issues.claimIssue('route-2')).toMatchObject({ state: 'claimed', issue, abandoned: false });
  });

  test('the claim of a crashed worker expires, and the next claim is marked as abandoned', async () => {
    const crashed = await state.issues.claimIssue('route-3');
    if (crashed.state !== 'claimed') throw new Error('not claimed');
    now = crashed.until - 1;
    expect(await state.issues.claimIssue('route-3')).toEqual({ state: 'busy' });
    now = crashed.until;
    const next = await Promise.all([state.issues.claimIssue('route-3'), state.issues.claimIssue('route-3')]);
    expect(next.map((claim) => claim.state).toSorted()).toEqual(['busy', 'claimed']);
    expect(next.find((claim) => claim.state === 'claimed')).toMatchObject({ issue: null, abandoned: true });
    await expect(state.issues.recordIssue('route-3', crashed.lease, issue)).rejects.toThrow(LeaseLostError);
    now += 60_000;
    expect(await state.issues.claimIssue('route-3')).toMatchObject({ state: 'claimed', issue: null });
  });

  test('the newest run whose start waits is kept when the issue is recorded, and is not stored without an issue', async () => {
    await state.issues.putWaitingStart('route-5', 1);
    const claim = await state.issues.claimIssue('route-5');
    if (claim.state !== 'claimed') throw new Error('not claimed');
    expect(claim).toMatchObject({ issue: null, waitingRunEndedAt: null, abandoned: false });
    await state.issues.recordIssue('route-5', claim.lease, issue);
    for (const runEndedAt of [2, 4, 3]) await state.issues.putWaitingStart('route-5', runEndedAt);
    const next = await state.issues.claimIssue('route-5');
    if (next.state !== 'claimed') throw new Error('not claimed');
    expect(next.waitingRunEndedAt).toBe(4);
    await state.issues.recordIssue('route-5', next.lease, issue);
    expect(await state.issues.claimIssue('route-5')).toMatchObject({ issue, waitingRunEndedAt: 4 });
  });

  test('a released claim can be claimed at once and is not marked as abandoned', async () => {
    const claim = await state.issues.claimIssue('route-4');
    if (claim.state !== 'claimed') throw new Error('not claimed');
    await state.issues.releaseClaim('route-4', claim.lease);
    expect(await state.issues.claimIssue('route-4')).toMatchObject({ state: 'claimed', issue: null, abandoned: false });
  });
});
