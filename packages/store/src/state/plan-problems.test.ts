import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startDynamo, type TestDynamo } from '../testing/index.ts';
import { createStateStore, type PlanProblemStore } from './index.ts';

let dynamo: TestDynamo;
let problems: PlanProblemStore;
beforeAll(async () => {
  dynamo = await startDynamo();
  const { state: table } = await dynamo.createTables();
  problems = createStateStore({ client: dynamo.client, table }).planProblems;
});
afterAll(() => dynamo.close());

test('a problem is open until a newer valid plan ends it, in any order of the writes', async () => {
  expect(await problems.isOpen(1)).toBe(false);
  await problems.begin(1, 1_000);
  expect(await problems.isOpen(1)).toBe(true);
  await problems.end(1, 900);
  expect(await problems.isOpen(1)).toBe(true);
  await problems.end(1, 1_100);
  await problems.end(1, 950);
  expect(await problems.isOpen(1)).toBe(false);
  expect(await problems.endedAt(1)).toBe(1_100);
  await problems.begin(1, 1_050);
  expect(await problems.isOpen(1)).toBe(false);
  await problems.begin(1, 1_200);
  expect(await problems.isOpen(1)).toBe(true);
});

test('repositories have separate problems', async () => {
  await problems.begin(2, 1_000);
  expect(await problems.isOpen(3)).toBe(false);
  expect(await problems.endedAt(2)).toBeNull();
});
