import { BulkReplayChanged, type Fact, RunReplay } from '@dispatcher/contracts';
import { silent } from '@dispatcher/lambda/testing';
import { type AccessStore, createAccessStore, createFactStore, type StoredBulkReplay } from '@dispatcher/store';
import { type Fault, ProcessCrashError, startDynamo, type TestDynamo, withFaults } from '@dispatcher/store/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { unreadablePlan } from '../testing/seed-bulk-replays.ts';
import { advanceBulkReplay, type BulkReplayDependencies } from './advance-bulk-replay.ts';
import { newBulkReplay, resume, stop } from './bulk-replay-changes.ts';

const startTime = Date.parse('2026-11-03T14:00:00.000Z');
const minute = 60_000;
const bulkReplayId = '20261103T140000-0a1b2c3d';
const iso = (at: number) => new Date(at).toISOString();

let dynamo: TestDynamo;
let tables: Awaited<ReturnType<TestDynamo['createTables']>>;
let access: AccessStore;
let now: number;
let sent: RunReplay[];
let published: BulkReplayChanged[];

beforeAll(async () => {
  dynamo = await startDynamo();
});
afterAll(() => dynamo.close());
beforeEach(() => useNewTables());

async function useNewTables(): Promise<void> {
  tables = await dynamo.createTables();
  access = createAccessStore({ client: dynamo.client, table: tables.access });
  now = startTime;
  sent = [];
  published = [];
}

const facts = () =>
  createFactStore({ client: dynamo.client, table: tables.facts, projectionsTable: tables.projections });

/** Records runs whose files could not be read, one a minute before the start, oldest first. Returns their run keys. */
async function recordRuns(count: number): Promise<string[]> {
  const plans = Array.from({ length: count }, (_, number) =>
    unreadablePlan(number + 1, iso(startTime - (count - number) * minute)),
  );
  for (let at = 0; at < count; at += 45) await facts().recordFacts(plans.slice(at, at + 45));
  return plans.map(({ runKey = '' }) => runKey);
}

function deps(client = dynamo.client, change: Partial<BulkReplayDependencies> = {}): BulkReplayDependencies {
  return {
    store: createAccessStore({ client, table: tables.access }).bulkReplays,
    reads: createFactStore({ client, table: tables.facts, projectionsTable: tables.projections }),
    runs: { send: async (message) => void sent.push(RunReplay.parse(message)) },
    bus: {
      publish: async (all: readonly Fact[]) => void published.push(...all.map((fact) => BulkReplayChanged.parse(fact))),
    },
    log: silent,
    now: () => now,
    ...change,
  };
}

function started(change: { perMinute?: number; id?: string } = {}): StoredBulkReplay {
  const { perMinute = 60, id = bulkReplayId } = change;
  const selection = {
    repository: null,
    outcome: 'config-unreadable',
    code: null,
    since: iso(startTime - 600 * minute),
    until: iso(startTime),
  } as const;
  const who = { operator: 'ada', reason: 'GitHub was down', requestHash: `request-${id}` };
  return newBulkReplay({ bulkReplayId: id, mode: 're-evaluate', selection, perMinute, ...who }, startTime);
}

const start = async (change?: Parameters<typeof started>[0]) => {
  expect(await access.bulkReplays.create(started(change))).toBeNull();
};
const stored = async (): Promise<StoredBulkReplay> => {
  const found = await access.bulkReplays.getBulkReplay(bulkReplayId);
  if (found === null) throw new Error('The bulk replay is not stored.');
  return found;
};
const requestedRuns = () => sent.map(({ runKey }) => runKey);
const by = (operator: string) => ({ operator, reason: 'a reason', now });

describe('a bulk replay', () => {
  test('replays the selected runs, oldest first, each as an item of one action, and publishes its start and its end', async () => {
    const runKeys = await recordRuns(5);
    await start();
    await advanceBulkReplay(deps(dynamo.client, { pageSize: 2 }));
    expect(requestedRuns()).toEqual(runKeys);
    expect(new Set(sent.map(({ actionId }) => actionId)).size).toBe(5);
    for (const message of sent) {
      expect(message).toMatchObject({ mode: 're-evaluate', operator: 'ada', reason: 'GitHub was down', bulkReplayId });
    }
    expect((await stored()).replay).toMatchObject({ state: 'completed', selected: 5, requested: 5, problem: null });
    expect(published.map(({ data }) => [data.action, data.operator, data.requested, data.selected])).toEqual([
      ['started', 'ada', 0, 0],
      ['completed', 'ada', 5, 5],
    ]);
  });

  test('leaves out runs of other outcomes and other times', async () => {
    const [first = ''] = await recordRuns(1);
    const plan = unreadablePlan(1, iso(startTime));
    const others = [
      unreadablePlan(7, iso(startTime + 1)),
      unreadablePlan(8, iso(startTime - 601 * minute)),
      {
        ...plan,
        id: 'other',
        runKey: '11-9000000009-1',
        correlationId: 'delivery-9',
        data: { ...plan.data, outcome: 'no-match', code: 'no-match' },
      },
    ] as Fact[];
    await facts().recordFacts(others);
    await start();
    await advanceBulkReplay(deps());
    expect(requestedRuns()).toEqual([first]);
  });

  test('of no run completes without a replay', async () => {
    await start();
    await advanceBulkReplay(deps());
    expect((await stored()).replay).toMatchObject({ state: 'completed', selected: 0, requested: 0 });
  });

  test('keeps to its rate, however often and however late the schedule invokes it', async () => {
    await recordRuns(100);
    await start({ perMinute: 12 });
    const requests: number[] = [];
    for (const seconds of [0, 1, 5, 6, 65, 3_600]) {
      now = startTime + seconds * 1_000;
      await advanceBulkReplay(deps());
      requests.push(sent.length);
    }
    // One minute's allowance at once, one replay every 5 seconds, and after a long pause one minute's allowance.
    expect(requests).toEqual([12, 12, 13, 13, 25, 37]);
    expect(new Set(requestedRuns()).size).toBe(37);
  });

  test('that is stopped requests nothing more, and continues with the next run when it is resumed', async () => {
    const runKeys = await recordRuns(30);
    await start({ perMinute: 10 });
    await advanceBulkReplay(deps());
    const running = await stored();
    expect(await access.bulkReplays.update(running, stop(running, by('grace')) ?? {})).toBe(true);
    now += 10 * minute;
    await advanceBulkReplay(deps());
    await advanceBulkReplay(deps());
    expect(requestedRuns()).toEqual(runKeys.slice(0, 10));
    expect((await stored()).replay).toMatchObject({ state: 'stopped', changedBy: 'grace', requested: 10 });
    expect(await access.bulkReplays.getActive()).toBeNull();

    const stoppedReplay = await stored();
    expect(await access.bulkReplays.activate(stoppedReplay, resume(stoppedReplay, by('linus')) ?? {})).toBe(true);
    for (let time = 0; time < 3; time += 1) {
      await advanceBulkReplay(deps());
      now += minute;
    }
    expect(requestedRuns()).toEqual(runKeys);
    expect(published.map(({ data }) => `${data.action} by ${data.operator}`)).toEqual([
      'started by ada',
      'stopped by grace',
      'resumed by linus',
      'completed by ada',
    ]);
  });

  test('that is stopped while a worker advances it stops after the current step', async () => {
    const runKeys = await recordRuns(30);
    await start();
    let sends = 0;
    const send = async (message: object) => {
      sent.push(RunReplay.parse(message));
      sends += 1;
      if (sends !== 12) return;
      const running = await stored();
      expect(await access.bulkReplays.update(running, stop(running, by('grace')) ?? {})).toBe(true);
    };
    await advanceBulkReplay(deps(dynamo.client, { runs: { send } }));
    // The second step was sent and not stored: it is repeated after a resumption, as the same actions.
    expect(requestedRuns()).toHaveLength(20);
    const stoppedReplay = await stored();
    expect(stoppedReplay.replay).toMatchObject({ state: 'stopped', requested: 10 });
    await access.bulkReplays.activate(stoppedReplay, resume(stoppedReplay, by('linus')) ?? {});
    now += minute;
    await advanceBulkReplay(deps());
    expect(new Set(requestedRuns())).toEqual(new Set(runKeys));
    expect(new Set(sent.map(({ actionId }) => actionId)).size).toBe(30);
  });

  test('is advanced by one of several workers that run at the same time', async () => {
    const runKeys = await recordRuns(25);
    await start();
    await Promise.all([1, 2, 3].map(() => advanceBulkReplay(deps())));
    expect(requestedRuns()).toEqual(runKeys);
  });

  test('that cannot send states the problem, and continues at the next invocation', async () => {
    const runKeys = await recordRuns(3);
    await start();
    const send = async () => Promise.reject(new Error('SQS is down'));
    await expect(advanceBulkReplay(deps(dynamo.client, { runs: { send } }))).rejects.toThrow('SQS is down');
    expect((await stored()).replay).toMatchObject({ state: 'running', requested: 0, problem: 'Error: SQS is down' });
    await advanceBulkReplay(deps());
    expect((await stored()).replay).toMatchObject({ state: 'completed', requested: 3, problem: null });
    expect(requestedRuns()).toEqual(runKeys);
  });

  test('is the only active one: another can start once it has ended', async () => {
    await recordRuns(1);
    await start();
    const other = '20261103T140001-ffffffff';
    expect((await access.bulkReplays.create(started({ id: other })))?.replay).toMatchObject({ bulkReplayId });
    expect(await access.bulkReplays.getBulkReplay(other)).toBeNull();
    await advanceBulkReplay(deps());
    await start({ id: other });
  });

  test('of two that start at the same time, one does', async () => {
    const ids = ['20261103T140001-00000001', '20261103T140001-00000002'];
    const results = await Promise.all(ids.map((id) => access.bulkReplays.create(started({ id }))));
    expect(results.filter((active) => active === null)).toHaveLength(1);
  });
});

describe('a worker that dies at any call', () => {
  /** Counts the calls to DynamoDB, the queue and the bus. The process dies before or after call number `at`. */
  function dyingAt(at: number, when: 'before' | 'after') {
    let calls = 0;
    let isDead = false;
    const faultOf = (): Fault | null => {
      const call = calls;
      calls += 1;
      if (isDead) return 'dies-before';
      if (call !== at) return null;
      isDead = true;
      return when === 'before' ? 'dies-before' : 'dies-after';
    };
    const guard = async (work: () => void) => {
      const fault = faultOf();
      if (fault === 'dies-before') throw new ProcessCrashError('before a call');
      work();
      if (fault === 'dies-after') throw new ProcessCrashError('after a call');
    };
    const own = deps(withFaults(dynamo.newClient(), faultOf), { pageSize: 2 });
    return {
      calls: () => calls,
      deps: {
        ...own,
        runs: { send: (message: object) => guard(() => void own.runs.send(message, '')) },
        bus: { publish: (all: readonly Fact[]) => guard(() => void own.bus.publish(all)) },
      },
    };
  }

  async function crashAndContinue(at: number, when: 'before' | 'after'): Promise<number> {
    await useNewTables();
    const runKeys = await recordRuns(5);
    await start();
    const dying = dyingAt(at, when);
    await advanceBulkReplay(dying.deps).catch(() => undefined);
    const crashedAfter = sent.length;
    // The next invocations: the lease of the dead worker has ended.
    for (let time = 0; time < 2; time += 1) {
      now += minute;
      await advanceBulkReplay(deps(dynamo.client, { pageSize: 2 }));
    }
    const context = { at, when, crashedAfter };
    const { replay } = await stored();
    expect({ ...context, replay }).toMatchObject({
      ...context,
      replay: { state: 'completed', selected: 5, requested: 5 },
    });
    // Nothing is lost. A message that is sent twice is the same message, so planning handles it once.
    const messages = new Map(sent.map((message) => [message.actionId, JSON.stringify(message)]));
    expect({
      ...context,
      runs: [...messages.values()].map((text) => RunReplay.parse(JSON.parse(text)).runKey),
    }).toEqual({
      ...context,
      runs: runKeys,
    });
    for (const message of sent) expect(JSON.stringify(message)).toBe(messages.get(message.actionId));
    expect(new Set(published.map(({ id }) => id)).size).toBe(2);
    expect(new Set(published.map(({ data }) => data.action))).toEqual(new Set(['started', 'completed']));
    expect(await access.bulkReplays.getActive()).toBeNull();
    return dying.calls();
  }

  test('loses no run and repeats no action', async () => {
    const calls = await crashAndContinue(Infinity, 'before');
    expect(calls).toBeGreaterThan(25);
    for (let at = 0; at < calls; at += 1) {
      for (const when of ['before', 'after'] as const) await crashAndContinue(at, when);
    }
  });
});
