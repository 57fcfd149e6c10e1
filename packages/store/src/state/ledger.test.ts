import { randomBytes, randomUUID } from 'node:crypto';
import { GetCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { itemSize } from '../facts/item-size.ts';
import { type TestDynamo, startDynamo } from '../testing/local-dynamo.ts';
import { ProcessCrashError, withFaults } from '../testing/faults.ts';
import { sampleIntent } from '../testing/intents.ts';
import { createSnapshotReader } from '../testing/snapshots.ts';
import {
  createStateStore,
  type Intent,
  type Ledger,
  type LedgerState,
  type Slot,
  slotKey,
  type StateStore,
} from './index.ts';

const start = Date.parse('2026-11-03T14:00:00.000Z');
const day = 24 * 60 * 60 * 1000;
const leaseMs = 30_000;

let dynamo: TestDynamo;
let table: string;
let snapshot: ReturnType<typeof createSnapshotReader>;
let now = start;
let state: StateStore;
let ledger: Ledger;
let runId = 1_000;

beforeAll(async () => {
  dynamo = await startDynamo();
  const tables = await dynamo.createTables();
  table = tables.state;
  snapshot = createSnapshotReader(dynamo.client, tables);
  state = createStateStore({ client: dynamo.client, table, now: () => now });
  ({ ledger } = state);
});
afterAll(() => dynamo.close());
beforeEach(() => {
  now = start;
  runId += 1;
});

/** Gives every test a target of its own. */
let targets = 0;
function intentOf(dispatchId: string, change: Partial<Intent> = {}): Intent {
  targets += 1;
  return sampleIntent(dispatchId, { target: { repositoryId: 1_000 + targets, installationId: 7 }, ...change });
}

/** Reads the record of a dispatch and the slot of its target. */
async function stateOf(intent: Intent, at = now): Promise<LedgerState> {
  return (await snapshot({ dispatchId: intent.dispatchId, slotKey: slotKey(intent) }, at)).ledger;
}

async function acquireSlot(intent: Intent, by: Ledger = ledger): Promise<Slot> {
  const slot = await by.putIntent(intent, leaseMs);
  if (slot === null) throw new Error(`${intent.dispatchId} has no slot.`);
  return slot;
}

const acceptance = () => ({
  workflowRunId: runId,
  htmlUrl: `https://github.com/runs/${runId}`,
  acceptedAt: '2026-11-03T14:00:02.000Z',
});
const refusal = { code: 'dispatch-rejected', message: 'No ref found for: main', status: 422 } as const;

describe('a slot', () => {
  test('of many workers that begin one dispatch at once, one acquires it', async () => {
    const intent = intentOf('many');
    const slots = await Promise.all([1, 2, 3, 4, 5].map(() => ledger.putIntent(intent, leaseMs)));
    expect(slots.filter((slot) => slot !== null)).toHaveLength(1);
  });

  test('two dispatches to the same workflow and ref do not hold it at once, also with the ref spelled differently', async () => {
    const first = intentOf('first', { ref: 'refs/heads/main' });
    const second = { ...first, dispatchId: 'second', ref: 'main' };
    const slot = await acquireSlot(first);
    expect(await ledger.putIntent(second, leaseMs)).toBeNull();
    expect(await stateOf(second)).toEqual({ dispatch: null, slot });
    const at = { repositoryId: first.target.repositoryId, workflow: 'cd.yml', ref: first.ref };
    expect([await ledger.hasSlot(at), await ledger.hasSlot({ ...at, ref: 'other' })]).toEqual([true, false]);
    await ledger.recordAcceptance(slot, first, acceptance());
    expect(await ledger.hasSlot(at)).toBe(false);
    expect(await ledger.putIntent(second, leaseMs)).toMatchObject({ dispatchId: 'second' });
  });

  test('other workflows, refs and repositories have slots of their own', async () => {
    const intent = intentOf('own');
    await acquireSlot(intent);
    await acquireSlot({ ...intent, dispatchId: 'own-ref', ref: 'release' });
    const { route } = intent;
    const other = { ...route, target: { ...route.target, workflow: 'other.yml' } };
    await acquireSlot({ ...intent, dispatchId: 'own-workflow', route: other });
    await acquireSlot(intentOf('own-repository'));
  });

  test('belongs to its worker also when the response to the write was lost', async () => {
    const client = dynamo.newClient();
    let repeats = 1;
    client.middlewareStack.add(
      (next) => async (args) => {
        const result = await next(args);
        if (repeats === 0) return result;
        // The write succeeded and its response is lost, so the SDK retries it.
        repeats -= 1;
        return next(args);
      },
      { step: 'finalizeRequest', name: 'loseTheResponse', priority: 'low' },
    );
    const unlucky = createStateStore({ client, table, now: () => now }).ledger;
    const intent = intentOf('response-lost');
    await acquireSlot(intent, unlucky);
    expect(repeats).toBe(0);
    expect(await ledger.putIntent(intent, leaseMs)).toBeNull();
  });

  test('stores when its lease ends, also when ended early, and when GitHub started the run', async () => {
    const intent = intentOf('phases');
    const slot = await acquireSlot(intent);
    expect(slot).toMatchObject({ begunAt: start, leaseUntil: start + leaseMs, startedAt: null });
    now += 1_000;
    await ledger.endLease(slot);
    expect((await stateOf(intent)).slot).toEqual({ ...slot, leaseUntil: start + 1_000 });
    await ledger.markStarted(slot);
    expect((await stateOf(intent)).slot).toMatchObject({ startedAt: start + 1_000 });
  });
});

describe('a result', () => {
  test('is returned to a redelivery and deletes the slot', async () => {
    const intent = intentOf('accepted');
    const intendedAt = new Date(now).toISOString();
    const accepted = await ledger.recordAcceptance(await acquireSlot(intent), intent, acceptance());
    const { inputs: _, ...stored } = intent;
    expect(accepted).toMatchObject({ ...stored, intendedAt, state: 'accepted', ...acceptance() });
    expect(await stateOf(intent)).toEqual({ dispatch: accepted, slot: null });
    expect(await ledger.putIntent(intent, leaseMs)).toBeNull();
  });

  test('is stored with the lineage of the started run', async () => {
    const intent = intentOf('lineage');
    const { repositoryId } = intent.target;
    const slot = await acquireSlot(intent);
    expect(await state.lineage.getLineage(repositoryId, runId)).toBeNull();
    await ledger.recordAcceptance(slot, intent, acceptance());
    const { dispatchId, runKey, correlationId, sourceRunUrl, routeId, route, lineage } = intent;
    const { acceptedAt } = acceptance();
    const started = { dispatchId, runKey, correlationId, sourceRunUrl, routeId, route, ...lineage, acceptedAt };
    expect(await state.lineage.getLineage(repositoryId, runId)).toEqual(started);
    expect(await state.lineage.getLineage(repositoryId + 1, runId)).toBeNull();
  });

  test('of GitHub’s refusal keeps its message; a later revision can begin again, the same one cannot', async () => {
    const intent = intentOf('failed');
    const failed = await ledger.recordFailure(await acquireSlot(intent), refusal);
    expect(failed).toMatchObject({ state: 'failed', ...refusal, failedAt: new Date(now).toISOString() });
    expect(await ledger.putIntent(intent, leaseMs)).toBeNull();
    await acquireSlot({ ...intent, revision: 1 });
  });

  test('that is an acceptance cannot be begun again by any revision', async () => {
    const intent = intentOf('accepted-once');
    await ledger.recordAcceptance(await acquireSlot(intent), intent, acceptance());
    expect(await ledger.putIntent({ ...intent, revision: 1 }, leaseMs)).toBeNull();
  });

  test('that nothing was started leaves no record and lets the next dispatch begin', async () => {
    const intent = intentOf('released');
    expect(await ledger.deleteIntent(await acquireSlot(intent))).toBe(true);
    expect(await stateOf(intent)).toEqual({ dispatch: null, slot: null });
    await acquireSlot(intent);
  });

  test('of a run that GitHub never listed is final and has no lineage', async () => {
    const intent = intentOf('unverified');
    const slot = await acquireSlot(intent);
    await ledger.markStarted(slot);
    const { slot: marked } = await stateOf(intent);
    if (marked === null) throw new Error('no slot');
    expect(await ledger.completeUnverified(marked)).toMatchObject({ state: 'accepted-unverified' });
    expect(await ledger.putIntent(intent, leaseMs)).toBeNull();
  });
});

describe('the record of a dispatch', () => {
  const itemOf = async (dispatchId: string) => {
    const command = new GetCommand({ TableName: table, Key: { pk: `dispatch#${dispatchId}` } });
    return (await dynamo.client.send(command)).Item ?? {};
  };
  const id = (digit: string) => digit.repeat(32);

  test('has at most 500 bytes as an intent, and at most a write unit with its result', async () => {
    const intent = intentOf(id('1'), { correlationId: randomUUID() });
    const slot = await acquireSlot(intent);
    expect(itemSize(await itemOf(intent.dispatchId))).toBeLessThanOrEqual(500);
    await ledger.recordAcceptance(slot, intent, acceptance());
    expect(itemSize(await itemOf(intent.dispatchId))).toBeLessThanOrEqual(650);
  });

  test('has as much with a hundred inputs, and is a write unit with names of the maximum length', async () => {
    const inputs = Object.fromEntries(Array.from({ length: 100 }, (_, index) => [`input-${index}`, randomUUID()]));
    const few = intentOf(id('2'));
    const many = intentOf(id('3'), { inputs });
    for (const intent of [few, many]) await acquireSlot(intent);
    const [small, large] = [itemSize(await itemOf(id('2'))), itemSize(await itemOf(id('3')))];
    expect(Math.abs(large - small)).toBeLessThan(8);

    const text = (bytes: number) => randomBytes(bytes).toString('hex').slice(0, bytes);
    const [source, target] = [1, 2].map(() => ({
      repository: `${text(39)}/${text(100)}`,
      workflow: `${text(60)}.yml`,
    }));
    if (source === undefined || target === undefined) throw new Error('no names');
    const lineage = { depth: 1, path: [source, target] };
    const long = intentOf(id('4'), { route: { source, target }, lineage, ref: text(200), correlationId: randomUUID() });
    await acquireSlot(long);
    expect(itemSize(await itemOf(id('4')))).toBeLessThanOrEqual(1_024);
  });

  test('is read as it was written, without its inputs', async () => {
    const { inputs, ...intent } = intentOf(id('5'));
    await acquireSlot({ ...intent, inputs });
    expect((await stateOf({ ...intent, inputs })).dispatch).toEqual({
      ...intent,
      intendedAt: new Date(now).toISOString(),
      state: 'intent',
    });
  });
});

describe('a worker whose lease expired', () => {
  test('changes nothing that other workers wrote since', async () => {
    const intent = intentOf('slept');
    const stale = await acquireSlot(intent);
    await ledger.deleteIntent(stale);
    const fresh = await acquireSlot(intent);
    expect(await ledger.deleteIntent(stale)).toBe(false);
    expect(await ledger.recordFailure(stale, refusal)).toBeNull();
    await ledger.endLease(stale);
    await ledger.markStarted(stale);
    expect((await stateOf(intent)).slot).toEqual(fresh);
  });

  test('adopts no run after another dispatch acquired the slot', async () => {
    const first = intentOf('before');
    const stale = await acquireSlot(first);
    const { dispatch } = await stateOf(first);
    if (dispatch?.state !== 'intent') throw new Error('not begun');
    await ledger.deleteIntent(stale);
    const second = { ...first, dispatchId: 'after' };
    await acquireSlot(second);
    expect(await ledger.adoptRun(stale, dispatch, acceptance())).toBeNull();
    expect(await state.lineage.getLineage(first.target.repositoryId, runId)).toBeNull();
  });

  test('records GitHub’s response although its slot was deleted in the meantime', async () => {
    const intent = intentOf('late-response');
    const stale = await acquireSlot(intent);
    await ledger.deleteIntent(stale);
    expect(await ledger.recordAcceptance(stale, intent, acceptance())).toMatchObject({
      state: 'accepted',
      ...acceptance(),
    });
    expect(await ledger.putIntent(intent, leaseMs)).toBeNull();
    expect(await state.lineage.getLineage(intent.target.repositoryId, runId)).toMatchObject({
      dispatchId: 'late-response',
    });
  });

  test('with another run than the recorded one gets the recorded one, and its run has a lineage', async () => {
    const intent = intentOf('twice');
    const stale = await acquireSlot(intent);
    await ledger.deleteIntent(stale);
    const recorded = await ledger.recordAcceptance(await acquireSlot(intent), intent, {
      ...acceptance(),
      workflowRunId: 1,
    });
    expect(await ledger.recordAcceptance(stale, intent, acceptance())).toEqual(recorded);
    expect(await state.lineage.getLineage(intent.target.repositoryId, runId)).toMatchObject({ dispatchId: 'twice' });
  });
});

describe('a run that GitHub lists', () => {
  test('is adopted by one dispatch only', async () => {
    const first = intentOf('adopts');
    const second = { ...first, dispatchId: 'adopts-not', ref: 'release' };
    const slots = [await acquireSlot(first), await acquireSlot(second)] as const;
    const record = async (intent: Intent) => {
      const { dispatch } = await stateOf(intent);
      if (dispatch?.state !== 'intent') throw new Error('not begun');
      return dispatch;
    };
    expect(await ledger.adoptRun(slots[0], await record(first), acceptance())).toMatchObject({ state: 'accepted' });
    expect(await ledger.adoptRun(slots[1], await record(second), acceptance())).toBeNull();
    expect(await stateOf(second)).toMatchObject({ dispatch: { state: 'intent' }, slot: slots[1] });
  });
});

describe('a worker that crashes or conflicts with others', () => {
  test('a result that conflicts with another writer is retried and written', async () => {
    const intent = intentOf('contended');
    const slot = await acquireSlot(intent);
    const pauses: number[] = [];
    const client = withFaults(dynamo.newClient(), (call) => (call < 3 ? 'conflict' : null));
    const pause = async (milliseconds: number) => pauses.push(milliseconds);
    const contended = createStateStore({ client, table, now: () => now, pause }).ledger;
    const accepted = await contended.recordAcceptance(slot, intent, acceptance());
    expect(pauses).toHaveLength(3);
    expect(await ledger.getDispatch('contended')).toEqual(accepted);
  });

  test('a crash while writing the result leaves result, lineage and deleted slot together, or none of them', async () => {
    for (const fault of ['dies-before', 'dies-after'] as const) {
      const intent = intentOf(fault);
      const slot = await acquireSlot(intent);
      const client = withFaults(dynamo.newClient(), () => fault);
      const crashing = createStateStore({ client, table, now: () => now }).ledger;
      await expect(crashing.recordAcceptance(slot, intent, acceptance())).rejects.toThrow(ProcessCrashError);
      const standing = await stateOf(intent);
      const written = fault === 'dies-after';
      expect(standing.dispatch?.state).toBe(written ? 'accepted' : 'intent');
      expect(standing.slot === null).toBe(written);
      const lineage = await state.lineage.getLineage(intent.target.repositoryId, runId);
      expect(lineage !== null).toBe(written);
    }
  });

  test('lineage, ledger and an abandoned slot exist after 90 days and are gone after their retention', async () => {
    const intent = intentOf('old');
    await ledger.recordAcceptance(await acquireSlot(intent), intent, acceptance());
    const stuck = intentOf('stuck');
    await acquireSlot(stuck);
    const later = (days: number) => createStateStore({ client: dynamo.client, table, now: () => now + days * day });
    expect(await later(90).lineage.getLineage(intent.target.repositoryId, runId)).not.toBeNull();
    expect(await later(90).ledger.getDispatch('old')).not.toBeNull();
    expect((await stateOf(stuck, now + 90 * day)).slot).not.toBeNull();
    expect(await later(101).lineage.getLineage(intent.target.repositoryId, runId)).toBeNull();
    expect(await later(101).ledger.getDispatch('old')).toBeNull();
    expect(await later(101).ledger.putIntent(intent, leaseMs)).not.toBeNull();
    expect(await later(101).ledger.putIntent(stuck, leaseMs)).not.toBeNull();
  });
});
