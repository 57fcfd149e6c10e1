import { expect, test } from '@jest/globals';
import { createMemoryDynamo, type MemoryDynamo } from '../testing/memory-dynamo.ts';
import { createOpenChecks, type OpenChecks } from './open-checks.ts';

const at = Date.parse('2026-03-01T10:00:00Z');
const nextDay = at + 24 * 60 * 60 * 1000;
const keyOf = (run: number) => `123456789-${20_000_000_000 + run}-1`;

function newStore(dynamo: MemoryDynamo = createMemoryDynamo()): OpenChecks {
  return createOpenChecks({ client: dynamo.newClient(), table: 'plans' });
}

async function listAll(store: OpenChecks, day: number): Promise<string[]> {
  const keys: string[] = [];
  for (let groups = await store.list(day, ''); groups.length > 0; ) {
    keys.push(...groups.map(({ key }) => key));
    groups = await store.list(day, groups.at(-1)?.position ?? '');
  }
  return keys;
}

test('20,000 groups that are open on one day cost one write unit each, and a page of them one read', async () => {
  const dynamo = createMemoryDynamo({ metered: true });
  const store = newStore(dynamo);
  for (let run = 0; run < 20_000; run += 1) await store.add(keyOf(run), at);
  expect(dynamo.collectCapacity()).toMatchObject({ requests: 20_000, singleUnits: 20_000, transactionUnits: 0 });
  const first = await store.list(at, '');
  const second = await store.list(at, first.at(-1)?.position ?? '');
  expect(new Set([...first, ...second].map(({ key }) => key)).size).toBe(200);
  expect(dynamo.collectCapacity()).toMatchObject({ requests: 2, itemsRead: 200 });
});

test('all groups of a day are listed once, page by page', async () => {
  const store = newStore();
  const keys = Array.from({ length: 950 }, (_, run) => keyOf(run));
  for (const key of keys) await store.add(key, at);
  expect((await listAll(store, at)).toSorted()).toEqual(keys.toSorted());
});

test('a group that was removed is not listed, nor is one of another day', async () => {
  const store = newStore();
  await Promise.all([1, 2, 3].map((run) => store.add(keyOf(run), at)));
  await store.add(keyOf(4), nextDay);
  await store.remove(keyOf(2), at);
  await store.remove(keyOf(3), nextDay);
  expect((await listAll(store, at)).toSorted()).toEqual([keyOf(1), keyOf(3)]);
  expect(await listAll(store, nextDay)).toEqual([keyOf(4)]);
});

test('a group that is added again is listed once', async () => {
  const store = newStore();
  for (let times = 0; times < 3; times += 1) await store.add(keyOf(1), at);
  expect(await listAll(store, at)).toEqual([keyOf(1)]);
});
