import { createHash } from 'node:crypto';
import { deflateSync } from 'node:zlib';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Plan } from '@dispatcher/contracts';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { InvalidCursorError } from '../cursor.ts';
import { startDynamo, type TestDynamo } from '../testing/local-dynamo.ts';
import { putPlan } from '../testing/plans.ts';
import { samplePlan, sampleRun } from '@dispatcher/projections/testing';
import {
  createPlanReads,
  createPlanStore,
  decodePlan,
  encodePlan,
  planKey,
  type PlanReads,
  type PlanStore,
  type StoredPlan,
} from './index.ts';
import { planDictionary1, planDictionary2 } from './plan-dictionary.ts';

let dynamo: TestDynamo;
let table: string;
let plans: PlanStore;
let reads: PlanReads;
let now = Date.parse('2026-11-03T14:00:00.000Z');

beforeAll(async () => {
  dynamo = await startDynamo();
  const tables = await dynamo.createTables();
  table = tables.plans;
  plans = createPlanStore({ client: dynamo.client, table, now: () => now });
  reads = createPlanReads({ client: dynamo.client, table, now: () => now });
});
afterAll(() => dynamo.close());

const plannedAt = '2026-11-03T14:00:01.000Z';
function storedPlan(number: number, revision = 0, change: Partial<Plan> = {}): StoredPlan {
  return {
    plan: { ...samplePlan(sampleRun(number, '2026-11-03T14:00:00Z'), ['allow', 'deny']), revision, ...change },
    plannedAt,
  };
}
const put = (stored: StoredPlan) => putPlan(dynamo.client, table, stored);
/** Stores the record of a revision that a worker is planning. */
const putInProgress = (runKey: string, revision: number) =>
  dynamo.client.send(
    new PutCommand({
      TableName: table,
      Item: { ...planKey(runKey, revision), status: 'INPROGRESS', inProgressUntil: now + 30_000 },
    }),
  );

describe('a stored plan', () => {
  test('is found under its run key and revision only, unchanged', async () => {
    const stored = storedPlan(1);
    await put(stored);
    const { runKey } = stored.plan;
    expect(await plans.getPlan(runKey, 0)).toEqual(stored);
    expect(await plans.getPlan(runKey, 1)).toBeNull();
    expect(await plans.getPlan('1-2-3', 0)).toBeNull();
  });

  test('is not found before it is complete, nor after it has expired', async () => {
    const stored = storedPlan(2);
    await putInProgress(stored.plan.runKey, 0);
    expect(await plans.getPlan(stored.plan.runKey, 0)).toBeNull();
    const expiresAt = Math.floor(now / 1000) + 60;
    const record = { status: 'COMPLETED', data: encodePlan(JSON.stringify(stored)), expiresAt };
    await dynamo.client.send(
      new PutCommand({ TableName: table, Item: { ...planKey(stored.plan.runKey, 0), ...record } }),
    );
    expect(await plans.getPlan(stored.plan.runKey, 0)).toEqual(stored);
    now += 60_000;
    expect(await plans.getPlan(stored.plan.runKey, 0)).toBeNull();
  });

  test('is in force until a later revision is planned, whatever revisions are in progress or died', async () => {
    const { runKey } = storedPlan(3).plan;
    expect(await plans.getNewestPlan(runKey)).toBeNull();
    await put(storedPlan(3));
    for (const revision of [1, 2, 3, 4, 5]) await putInProgress(runKey, revision);
    expect((await plans.getNewestPlan(runKey))?.plan.revision).toBe(0);
    await put(storedPlan(3, 4));
    expect((await plans.getNewestPlan(runKey))?.plan.revision).toBe(4);
  });

  test('is in force before an earlier one after ten revisions, too', async () => {
    const { runKey } = storedPlan(4).plan;
    for (const revision of [0, 2, 9, 10, 11]) await put(storedPlan(4, revision));
    expect((await plans.getNewestPlan(runKey))?.plan.revision).toBe(11);
  });
});

describe('the plans of a run', () => {
  test('are read page by page, newest revision first, without those in progress', async () => {
    const { runKey } = storedPlan(5).plan;
    for (let revision = 0; revision < 12; revision += 1) await put(storedPlan(5, revision));
    await putInProgress(runKey, 12);
    const seen: number[] = [];
    let cursor: string | undefined;
    do {
      const page = await reads.plans(runKey, { cursor });
      seen.push(...page.items.map(({ plan }) => plan.revision));
      cursor = page.cursor ?? undefined;
    } while (cursor !== undefined);
    expect(seen).toEqual([11, 10, 9, 8, 7, 6, 5, 4, 3, 2, 1, 0]);
    const { items } = await reads.plans(runKey, { revision: 7 });
    expect(items).toEqual([storedPlan(5, 7)]);
    expect(await reads.plans(runKey, { revision: 12 })).toEqual({ items: [], cursor: null });
    await expect(reads.plans(runKey, { cursor: 'WyJhIiwiYiJd' })).rejects.toThrow(InvalidCursorError);
  });
});

describe('the encoding of a plan', () => {
  test('is one write unit for a small plan', () => {
    const text = JSON.stringify(storedPlan(6));
    expect(text.length).toBeGreaterThan(2_000);
    expect(encodePlan(text).length).toBeLessThan(700);
    expect(decodePlan(encodePlan(text))).toBe(text);
  });

  test('keeps every character', () => {
    const text = JSON.stringify({ plan: 'ä€😀\u0000"\\', planDictionary1 });
    expect(decodePlan(encodePlan(text))).toBe(text);
  });

  test('never changes a dictionary: stored plans need it', () => {
    const hashOf = (dictionary: string) => createHash('sha256').update(dictionary).digest('hex');
    expect([planDictionary1, planDictionary2].map(hashOf)).toEqual([
      'ecdde33663611e0f7cd0fed6de056103e50a7b1bbe79cea5b9d1ede96d24d4c8',
      '0802f96458e72ac9f083a7bea7b697fdb3d89b1913205fbaac09937315189bc3',
    ]);
  });

  test('reads a plan that an earlier version deflated with the first dictionary', () => {
    const text = JSON.stringify(storedPlan(6));
    const data = Buffer.concat([Buffer.of(1), deflateSync(text, { dictionary: Buffer.from(planDictionary1) })]);
    expect(decodePlan(data)).toBe(text);
    expect(encodePlan(text)[0]).toBe(2);
  });

  test('of a newer version is refused with the remedy, and a damaged one is refused', () => {
    const data = encodePlan('{}');
    expect(() => decodePlan(Uint8Array.of(9, ...data.subarray(1)))).toThrow(/dictionary 9.*Deploy the version/);
    expect(() => decodePlan(data.subarray(0, -2))).toThrow();
  });
});
