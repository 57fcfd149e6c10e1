import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { type CheckReads, createCheckReads } from './check-reads.ts';
import { createStateStore, type StateStore } from './state/index.ts';
import { startDynamo, type TestDynamo } from './testing/index.ts';
import { sampleIntent } from './testing/intents.ts';

const runKey = '11-1-1';
const minuteMs = 60_000;
let dynamo: TestDynamo;
let state: StateStore;
let reads: CheckReads;
let now: number;
let requests: number;
beforeAll(async () => {
  dynamo = await startDynamo();
});
beforeEach(async () => {
  now = Date.parse('2026-03-01T10:00:00Z');
  requests = 0;
  const { state: table, plans } = await dynamo.createTables();
  const client = dynamo.newClient();
  client.middlewareStack.add((next) => (given) => (requests++, next(given)), { step: 'initialize' });
  state = createStateStore({ client, table, now: () => now });
  reads = createCheckReads({ client, tables: { state: table, plans }, now: () => now, pause: setTimeout });
});
afterAll(() => dynamo.close());

async function claimed() {
  const claim = await state.checks.claim(runKey);
  if (claim.state !== 'claimed') throw new Error('Another worker has the claim.');
  return claim;
}

describe('the claim on the check runs of a run', () => {
  test('is one request, and one of ten workers gets it', async () => {
    const claims = await Promise.all(Array.from({ length: 10 }, () => state.checks.claim(runKey)));
    expect(claims.filter(({ state: each }) => each === 'claimed')).toHaveLength(1);
    now += minuteMs;
    requests = 0;
    await claimed();
    expect(requests).toBe(1);
  });

  test('returns the group as the last worker stored it, also after that worker lost its lease', async () => {
    const first = await claimed();
    await state.checks.release(runKey, first.lease, { ...first.group, revisions: [0] });
    const second = await claimed();
    expect(second.group.revisions).toEqual([0]);
    await state.checks.save(runKey, second.lease, { ...second.group, revisions: [0, 1] });
    expect(await state.checks.claim(runKey)).toEqual({ state: 'busy' });
    now = second.until;
    const third = await claimed();
    expect(third.group.revisions).toEqual([0, 1]);
    await expect(state.checks.release(runKey, second.lease, second.group)).rejects.toThrow('expired');
    await state.checks.releaseClaim(runKey, second.lease);
    expect(await state.checks.claim(runKey)).toEqual({ state: 'busy' });
  });

  test('that is released without a group can be claimed at once, and the group is as it was saved', async () => {
    const first = await claimed();
    await state.checks.save(runKey, first.lease, { ...first.group, revisions: [0] });
    await state.checks.releaseClaim(runKey, first.lease);
    expect((await claimed()).group.revisions).toEqual([0]);
  });
});

describe('what the check runs of a run depend on', () => {
  test('is read with one request: what is absent is null, and the group is empty', async () => {
    const intent = sampleIntent('d'.repeat(32));
    await state.ledger.putIntent(intent, minuteMs);
    requests = 0;
    const read = await reads.read({ runKey, revisions: [0], dispatchIds: [intent.dispatchId, 'e'.repeat(32)] });
    expect(requests).toBe(1);
    expect(read.plans.get(0)).toBeNull();
    expect(read.dispatches.get(intent.dispatchId)?.state).toBe('intent');
    expect(read.dispatches.get('e'.repeat(32))).toBeNull();
    expect(read.group).toMatchObject({ checks: {}, revisions: [] });
  });

  test('of a run with more targets than one request reads is read with two', async () => {
    const last = sampleIntent('f'.repeat(32));
    await state.ledger.putIntent(last, minuteMs);
    requests = 0;
    const others = Array.from({ length: 120 }, (_, index) => String(index).padStart(32, '0'));
    const read = await reads.read({ runKey, revisions: [0, 1], dispatchIds: [...others, last.dispatchId] });
    expect(requests).toBe(2);
    expect([...read.dispatches.keys()]).toEqual([...others, last.dispatchId]);
    expect(read.dispatches.get(last.dispatchId)?.state).toBe('intent');
  });
});
