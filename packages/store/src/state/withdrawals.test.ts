import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { startDynamo, type TestDynamo } from '../testing/index.ts';
import { sampleIntent } from '../testing/intents.ts';
import { createSnapshotReader } from '../testing/snapshots.ts';
import { createStateStore, type StateStore } from './index.ts';

const start = Date.parse('2026-03-01T10:00:00Z');
const forMs = 300_000;

let dynamo: TestDynamo;
let state: StateStore;
let isWithdrawn: (...names: readonly string[]) => Promise<boolean>;
let now: number;
let writes: number;
beforeAll(async () => {
  dynamo = await startDynamo();
});
beforeEach(async () => {
  now = start;
  writes = 0;
  const tables = await dynamo.createTables();
  const snapshot = createSnapshotReader(dynamo.client, tables);
  isWithdrawn = async (...withdrawals) => (await snapshot({ withdrawals }, now)).isWithdrawn;
  const client = dynamo.newClient();
  client.middlewareStack.add(
    (next, context) => (given) => {
      if (context['commandName'] === UpdateCommand.name || context['commandName'] === 'UpdateItemCommand') writes += 1;
      return next(given);
    },
    { step: 'initialize' },
  );
  state = createStateStore({ client, table: tables.state, now: () => now });
});
afterAll(() => dynamo.close());

describe('a recorded withdrawal', () => {
  test('is found by each of its names, and by no other name', async () => {
    await state.withdrawals.put(['route#a', 'target#octo-org/deploy'], forMs);
    expect(await isWithdrawn('route#b', 'target#octo-org/deploy')).toBe(true);
    expect(await isWithdrawn('route#a')).toBe(true);
    expect(await isWithdrawn('route#b', 'target#octo-org/other')).toBe(false);
    expect(await isWithdrawn()).toBe(false);
  });

  test('that repeats each second is written once a period, and is found for the whole period after each of them', async () => {
    for (let second = 0; second < 900; second += 1) {
      await state.withdrawals.put(['route#a'], forMs);
      now += 1_000;
    }
    expect(writes).toBe(3);
    now += forMs - 1_000;
    expect(await isWithdrawn('route#a')).toBe(true);
    now += forMs + 1_000;
    expect(await isWithdrawn('route#a')).toBe(false);
  });
});

describe('the refusal of a dispatch before its POST', () => {
  const intent = sampleIntent('d'.repeat(32));
  const refusal = { code: 'inbound-no-match', message: 'No rule.', status: null } as const;

  test('finishes the dispatch for its revision: nothing can begin, and a repeat returns the first refusal', async () => {
    const first = await state.ledger.refuse(intent, refusal);
    expect(first).toMatchObject({ state: 'failed', code: 'inbound-no-match', status: null });
    expect(await state.ledger.putIntent(intent, 30_000)).toBeNull();
    now += 60_000;
    expect(await state.ledger.refuse(intent, { ...refusal, code: 'target-no-config' })).toEqual(first);
    expect(await state.ledger.putIntent({ ...intent, revision: intent.revision + 1 }, 30_000)).not.toBeNull();
  });

  test('is not recorded for a dispatch that has begun or was accepted', async () => {
    const slot = await state.ledger.putIntent(intent, 30_000);
    if (slot === null) throw new Error('The slot is free.');
    expect(await state.ledger.refuse(intent, refusal)).toBeNull();
    await state.ledger.completeUnverified({ ...slot, startedAt: now });
    expect(await state.ledger.refuse({ ...intent, revision: 9 }, refusal)).toBeNull();
    expect(await state.ledger.getDispatch(intent.dispatchId)).toMatchObject({ state: 'accepted-unverified' });
  });
});
