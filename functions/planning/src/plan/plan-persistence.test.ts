import { setTimeout } from 'node:timers/promises';
import { createPlanStore, planPayload, type PlanStore, type StoredPlan } from '@dispatcher/store';
import { samplePlan, sampleRun, startDynamo, type TestDynamo } from '@dispatcher/store/testing';
import { DeferError } from '@dispatcher/lambda';
import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import type { Context } from 'aws-lambda';
import { createOnce } from './plan-once.ts';
import { PlanPersistence } from './plan-persistence.ts';

let dynamo: TestDynamo;
let table: string;
let plans: PlanStore;
beforeAll(async () => {
  dynamo = await startDynamo();
  const tables = await dynamo.createTables();
  table = tables.plans;
  plans = createPlanStore({ client: dynamo.client, table });
});
afterAll(() => dynamo.close());

/** A worker whose invocation ends after so many milliseconds. */
function worker(remainingMs = 30_000, client = dynamo.client) {
  const context = { getRemainingTimeInMillis: () => remainingMs } as Context;
  return createOnce(() => new PlanPersistence({ client, table }), context);
}

/** Returns a plan of its own run, as text. Two plans of a run differ by their message. */
function planOf(number: number, message = 'Planned.') {
  const plan = { ...samplePlan(sampleRun(number, '2026-11-03T14:00:00Z'), ['allow']), message };
  const stored: StoredPlan = { plan, plannedAt: '2026-11-03T14:00:01.000Z' };
  return { key: planPayload(plan.runKey, 0), runKey: plan.runKey, stored, text: JSON.stringify(stored) };
}

/** Waits until the lease of a worker with one millisecond is over: its end must be in the past. */
const leaseOver = () => setTimeout(2);

describe('a plan', () => {
  test('is made once, and a repeat returns the same text', async () => {
    const { key, runKey, stored, text } = planOf(1);
    let made = 0;
    const make = async () => {
      made += 1;
      return text;
    };
    expect(await worker()(key, make)).toBe(text);
    expect(await worker()(key, make)).toBe(text);
    expect(made).toBe(1);
    expect(await plans.getPlan(runKey, 0)).toEqual(stored);
  });

  test('in progress is not found, and defers other workers', async () => {
    const { key, runKey, text } = planOf(2);
    await worker()(key, async () => {
      expect(await plans.getPlan(runKey, 0)).toBeNull();
      await expect(worker()(key, async () => text)).rejects.toThrow(DeferError);
      return text;
    });
    expect(await plans.getPlan(runKey, 0)).not.toBeNull();
  });

  test('that failed is not stored, and is made by the next attempt', async () => {
    const { key, runKey, stored, text } = planOf(3);
    const fail = () => Promise.reject(new Error('GitHub does not respond'));
    await expect(worker()(key, fail)).rejects.toThrow('GitHub does not respond');
    await worker()(key, async () => text);
    expect(await plans.getPlan(runKey, 0)).toEqual(stored);
  });

  test('whose worker died is made by the next worker once the lease has ended', async () => {
    const { key, runKey, text } = planOf(4);
    await new Promise<void>((resolve) => {
      void worker(1)(key, () => {
        resolve();
        return new Promise<string>(() => {});
      });
    });
    await leaseOver();
    await worker()(key, async () => text);
    expect(await plans.getPlan(runKey, 0)).not.toBeNull();
  });

  test('is stored although the lease has ended, if no other worker took over', async () => {
    const { key, runKey, text } = planOf(5);
    const made = await worker(1)(key, async () => {
      await leaseOver();
      return text;
    });
    expect(made).toBe(text);
    expect(await plans.getPlan(runKey, 0)).not.toBeNull();
  });

  test('is stored although the response to the first write was lost', async () => {
    const { key, runKey, text } = planOf(6);
    const client = dynamo.newClient();
    let lost = 0;
    client.middlewareStack.add(
      (next, { commandName }) =>
        async (given) => {
          const result = await next(given);
          if (commandName !== 'UpdateItemCommand' || lost > 0) return result;
          lost += 1;
          throw Object.assign(new Error('socket hang up'), { name: 'TimeoutError', $retryable: {} });
        },
      { step: 'finalizeRequest', priority: 'low', name: 'loseResponse' },
    );
    expect(await worker(30_000, client)(key, async () => text)).toBe(text);
    expect(lost).toBe(1);
    expect(await plans.getPlan(runKey, 0)).not.toBeNull();
  });
});

describe('a worker that outlived its lease', () => {
  test('does not replace the plan of the worker that took over: its message returns and finds that plan', async () => {
    const { key, runKey, text } = planOf(7, 'The first worker.');
    const second = planOf(7, 'The second worker.');
    const first = worker(1)(key, async () => {
      await leaseOver();
      await worker()(key, async () => second.text);
      return text;
    });
    await expect(first).rejects.toThrow(DeferError);
    expect(await plans.getPlan(runKey, 0)).toEqual(second.stored);
    expect(await worker()(key, async () => text)).toBe(second.text);
  });

  test('does not delete the plan of the worker that took over when its own work fails', async () => {
    const { key, runKey } = planOf(8);
    const second = planOf(8, 'The second worker.');
    const first = worker(1)(key, async () => {
      await leaseOver();
      await worker()(key, async () => second.text);
      throw new Error('GitHub does not respond');
    });
    await expect(first).rejects.toThrow('GitHub does not respond');
    expect(await plans.getPlan(runKey, 0)).toEqual(second.stored);
  });

  test('neither completes nor deletes the record while the worker that took over still plans', async () => {
    for (const end of ['completes', 'fails']) {
      const { key, runKey, text } = planOf(end === 'completes' ? 9 : 10, 'The first worker.');
      const second = planOf(end === 'completes' ? 9 : 10, 'The second worker.');
      const took = Promise.withResolvers<void>();
      const firstEnded = Promise.withResolvers<void>();
      let taken: Promise<string> | undefined;
      const first = worker(1)(key, async () => {
        await leaseOver();
        taken = worker()(key, async () => {
          took.resolve();
          await firstEnded.promise;
          return second.text;
        });
        await took.promise;
        if (end === 'fails') throw new Error('GitHub does not respond');
        return text;
      });
      await expect(first).rejects.toThrow();
      expect(await plans.getPlan(runKey, 0)).toBeNull();
      firstEnded.resolve();
      expect(await taken).toBe(second.text);
      expect(await plans.getPlan(runKey, 0)).toEqual(second.stored);
    }
  });
});
