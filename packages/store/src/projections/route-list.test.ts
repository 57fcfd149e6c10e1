import type { RouteDecided } from '@dispatcher/contracts';
import { planFacts, sampleRun } from '@dispatcher/projections/testing';
import { beforeAll, expect, test } from '@jest/globals';
import { InvalidCursorError } from '../cursor.ts';
import { createFoldingStore } from '../testing/folding-store.ts';
import type { FactStore } from '../fact-store.ts';
import { maxExamined } from '../lists/read-lists.ts';
import { createMemoryDynamo } from '../testing/memory-dynamo.ts';

const time = '2026-11-03T14:00:00.000Z';
const routeCount = 2 * maxExamined + 100;
/** In the last part of the list, which is sorted by target. */
const deniedTarget = 'octo-org/Target-999';

let store: FactStore;
let queries = 0;

beforeAll(async () => {
  const client = createMemoryDynamo().newClient(async (command, perform) => {
    if (command === 'QueryCommand') queries += 1;
    return perform();
  });
  store = createFoldingStore({ client, table: 'facts', projectionsTable: 'projections' });
  const effects = Array.from({ length: routeCount }, (_, target) => (target === 999 ? 'deny' : 'allow'));
  const facts = planFacts(sampleRun(1, time), effects, time);
  await store.recordFacts(facts.filter((fact): fact is RouteDecided => fact.type === 'route.decided'));
});

test('a filtered list of routes examines at most 2,000 of them per page, and its cursor leads to the match behind them', async () => {
  queries = 0;
  const pages = [await store.routes({ state: 'denied' })];
  while (pages.at(-1)?.cursor != null) {
    pages.push(await store.routes({ state: 'denied', cursor: pages.at(-1)?.cursor ?? undefined }));
  }
  expect(pages.map(({ items }) => items.map(({ route }) => route.target.repository))).toEqual([[], [], [deniedTarget]]);
  expect(queries).toBe(pages.length);
});

test('a repository restricts what is examined, so that one page is enough', async () => {
  const { items, cursor } = await store.routes({ code: 'target-no-config', repository: deniedTarget.toUpperCase() });
  expect([items.length, cursor]).toEqual([1, null]);
});

test('a cursor of a filtered list is refused with another filter', async () => {
  const { cursor } = await store.routes({ state: 'denied' });
  if (cursor === null) throw new Error('There are more pages.');
  await expect(store.routes({ state: 'failed', cursor })).rejects.toThrow(InvalidCursorError);
  await expect(store.routes({ cursor })).rejects.toThrow(InvalidCursorError);
});
