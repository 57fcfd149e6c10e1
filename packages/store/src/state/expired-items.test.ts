import type { CommitReference, CommitRun } from '@dispatcher/contracts';
import { sampleRun } from '@dispatcher/projections/testing';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { startDynamo, type TestDynamo } from '../testing/index.ts';
import { createStateStore, type StateStore } from './index.ts';
import { currentKey, currentRevisionOf } from './revisions.ts';
import { readAlone, readItem } from './state-table.ts';

// DynamoDB can take days to delete an expired item, and the local one never does.

const dayMs = 24 * 60 * 60 * 1000;
const runKey = '11-1-1';

let dynamo: TestDynamo;
let state: StateStore;
let table: string;
let now: number;
beforeAll(async () => {
  dynamo = await startDynamo();
});
beforeEach(async () => {
  now = Date.parse('2026-03-01T10:00:00Z');
  ({ state: table } = await dynamo.createTables());
  state = createStateStore({ client: dynamo.client, table, now: () => now });
});
afterAll(() => dynamo.close());

const raise = (actionId: string) =>
  state.revisions.raiseRevision(runKey, { actionId, routeId: null, raiseGenerationOf: 'route-1' });

test('a replay long after the last one begins with the first revision again', async () => {
  await raise('first');
  await raise('second');
  now += 103 * dayMs;
  const first = { revision: 1, generations: { 'route-1': 1 }, routeId: null };
  expect(await raise('third')).toEqual(first);
  expect(await raise('third')).toEqual(first);
  expect(await raise('fourth')).toMatchObject({ revision: 2, generations: { 'route-1': 2 } });
});

test('a replay with the id of an action that has expired raises the revision', async () => {
  await raise('first');
  now += 103 * dayMs;
  expect(await state.revisions.isRaised('first')).toBe(false);
  expect(await raise('first')).toMatchObject({ revision: 1 });
});

test('a revision outlives the plans of earlier ones, so that no number is used twice', async () => {
  await raise('first');
  now += 101 * dayMs;
  expect(await raise('second')).toMatchObject({ revision: 2 });
});

test('the first revision after an expiry counts, and none that counted before comes back', async () => {
  const revisionOf = async (routeId: string) => {
    const read = readAlone(dynamo.client, table);
    return currentRevisionOf(await readItem({ read, now: () => now }, currentKey(runKey)), routeId);
  };
  await state.revisions.setCurrent(runKey, { revision: 5, routeId: null });
  await state.revisions.setCurrent(runKey, { revision: 7, routeId: 'route-1' });
  now += 101 * dayMs;
  await state.revisions.setCurrent(runKey, { revision: 1, routeId: 'route-1' });
  expect(await Promise.all(['route-1', 'route-2'].map(revisionOf))).toEqual([1, 0]);
  await state.revisions.setCurrent(runKey, { revision: 0, routeId: 'route-1' });
  expect(await revisionOf('route-1')).toBe(1);
});

test('the check runs of a run are claimed by one worker, with an empty group', async () => {
  const first = await state.checks.claim(runKey);
  if (first.state !== 'claimed') throw new Error('Another worker has the claim.');
  await state.checks.release(runKey, first.lease, { ...first.group, revisions: [0, 4], fullRevision: 4 });
  now += 101 * dayMs;
  const claims = await Promise.all([1, 2, 3, 4, 5].map(() => state.checks.claim(runKey)));
  const [claim, ...more] = claims.filter(({ state: each }) => each === 'claimed');
  expect(claim).toMatchObject({ group: { checks: {}, revisions: [], fullRevision: 0 } });
  expect(more).toEqual([]);
});

test('an outage begins a day after one whose end nobody saw', async () => {
  await state.rateLimits.recordOutage(7);
  now += 2 * dayMs;
  const until = await state.rateLimits.recordOutage(7);
  now += 2_000;
  const restarted = createStateStore({ client: dynamo.client, table, now: () => now });
  expect(await restarted.rateLimits.holdOf(7)).toMatchObject({ outage: { since: until - 2_000, until } });
});

test('a commit has no runs and no claims of earlier', async () => {
  const commit: CommitReference = { repositoryId: 11, headSha: 'a'.repeat(40), headBranch: 'main' };
  const runOf = (workflow: string, createdAt: string): CommitRun => {
    const { run } = sampleRun(1, createdAt);
    return { workflow, isCompleted: true, run: { ...run, createdAt } };
  };
  const claims = ['11-1-1', '11-2-1'].map((key) => ({ runKey: key, runUrl: `https://github.com/${key}` }));
  await state.commitRuns.putRun(commit, runOf('ci.yml', '2026-03-01T10:00:00.000Z'));
  await state.commitRuns.claim(commit, 'd-1', claims[0]!);
  now += 40 * dayMs;
  const earlier = runOf('ci.yml', '2026-02-01T10:00:00.000Z');
  await state.commitRuns.putRun(commit, earlier);
  expect(await state.commitRuns.claim(commit, 'd-1', claims[1]!)).toBe(true);
  expect(await state.commitRuns.getCommit(commit)).toEqual({ runs: [earlier], claims: { 'd-1': claims[1] } });
});
