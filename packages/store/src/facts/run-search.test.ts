import { deliveryIgnored, deliveryRepeated, type RouteDecided } from '@dispatcher/contracts';
import { ignoredRun } from '@dispatcher/contracts/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { encodeCursor, InvalidCursorError } from '../cursor.ts';
import { startDynamo, type TestDynamo } from '../testing/local-dynamo.ts';
import { deadLettered, planFacts, sampleRun } from '@dispatcher/projections/testing';
import type { FactStore } from '../fact-store.ts';
import { createFoldingStore } from '../testing/folding-store.ts';

const time = '2026-11-03T14:00:10.000Z';
const planned = planFacts(sampleRun(1, '2026-11-03T14:00:00.000Z'), ['allow', 'deny'], time);

let dynamo: TestDynamo;
let store: FactStore;
beforeAll(async () => {
  dynamo = await startDynamo();
  const { facts: table, projections: projectionsTable } = await dynamo.createTables();
  store = createFoldingStore({ client: dynamo.client, table, projectionsTable });
  const repeat = deliveryRepeated(sampleRun(1, time, 'delivery-repeated'), 'delivery-1');
  const deadLetters = [1, 2].map((number) => deadLettered(`m${number}`, '2026-11-03T14:00:05.000Z', 'delivery-1'));
  await store.recordFacts([...planned, repeat, deliveryIgnored(ignoredRun()), ...deadLetters]);
});
afterAll(() => dynamo.close());

const byDelivery = (value: string, cursor?: string) => store.findRuns({ by: 'delivery', value }, { cursor, limit: 1 });

test('a delivery finds its run, also after its message was dead-lettered', async () => {
  const found = {
    runKey: planned[0].runKey,
    repository: 'Octo-Org/app',
    workflow: 'ci.yml',
    key: null,
    schedule: null,
    webhook: null,
    commit: 'a'.repeat(40),
  };
  const { items, cursor } = await byDelivery('delivery-1');
  expect(items).toEqual([{ ...found, deliveryId: 'delivery-1', time, outcome: 'planned', dispatchId: null }]);
  expect(cursor).toBeNull();
});

test('a repeated delivery finds the run, which was planned under another delivery', async () => {
  const { items } = await byDelivery('delivery-repeated');
  expect(items).toMatchObject([{ runKey: planned[0].runKey, deliveryId: 'delivery-repeated', outcome: null }]);
});

test('an allowed decision is found by its dispatch id; a denied one, which starts no dispatch, by its run alone', async () => {
  const [, allowed, denied] = planned as [unknown, RouteDecided, RouteDecided];
  const byDispatch = async ({ data: { decision } }: RouteDecided) =>
    (await store.findRuns({ by: 'dispatch', value: decision.dispatchId }, { limit: 5 })).items;
  expect(await byDispatch(allowed)).toMatchObject([{ runKey: planned[0].runKey }]);
  expect(await byDispatch(denied)).toEqual([]);
  expect((await store.run(planned[0].runKey, {})).items).toContainEqual(expect.objectContaining({ id: denied.id }));
});

test('an ignored run is found by its delivery and by its id, has a row in the list and a timeline', async () => {
  const found = {
    runKey: '22-99-1',
    deliveryId: 'guid-9',
    repository: 'octo-org/deploy',
    workflow: null,
    outcome: null,
  };
  expect((await byDelivery('guid-9')).items).toMatchObject([found]);
  expect((await store.findRuns({ by: 'run-id', value: '99' }, { limit: 5 })).items).toMatchObject([found]);
  expect((await store.delivery('guid-9', { limit: 5 })).items).toMatchObject([
    { type: 'delivery.ignored', factId: deliveryIgnored(ignoredRun()).id, runKey: '22-99-1' },
  ]);
  expect((await store.run('22-99-1', {})).items).toEqual([deliveryIgnored(ignoredRun())]);
  expect((await store.deliveries({ limit: 50 })).items).toContainEqual({
    kind: 'ignored',
    deliveryId: 'guid-9',
    time: '2026-01-02T03:04:05.000Z',
    updatedAt: '2026-01-02T03:04:05.000Z',
    runKey: '22-99-1',
    repository: 'octo-org/deploy',
    runUrl: 'https://github.com/octo-org/deploy/actions/runs/99',
    path: 'BuildFailed',
    reason: 'not-a-workflow-file',
  });
});

test('an unknown delivery finds nothing, and a cursor is refused', async () => {
  expect((await byDelivery('unknown')).items).toEqual([]);
  await expect(byDelivery('delivery-1', 'WyJhIiwiYiIsImMiXQ')).rejects.toThrow(InvalidCursorError);
});

test('a cursor outside the run is refused', async () => {
  const key = planned[0].runKey;
  // A forger can compute the tag of the list, but not read what is outside it.
  const cursor = encodeCursor(JSON.stringify(['run', key]), ['99#made-up']);
  await expect(store.run(key, { cursor })).rejects.toThrow(InvalidCursorError);
});
