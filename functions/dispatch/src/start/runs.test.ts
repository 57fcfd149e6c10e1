import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { RouteDecided } from '@dispatcher/contracts';
import type { Fault } from '@dispatcher/github-emulator';
import { decisionOf, leaseMs, startHarness, windowMs, type Worker, type Harness } from '../testing/harness.ts';

let harness: Harness;
let worker: Worker;
beforeEach(async () => {
  harness = await startHarness();
  worker = harness.worker();
});
afterEach(() => harness.close());

const send = (...decided: RouteDecided[]) => decided.map((each) => harness.queue.send(each));
const drain = () => harness.queue.drain(worker.handle);
const dispatchFault = (fault: Fault, more: object = {}) =>
  harness.fault({ match: { operation: 'dispatch', ...more }, fault });

/** Expects exactly one run per decision, with its own inputs, a fact that names it, and no dead letter. */
async function expectOneRunEach(...decided: RouteDecided[]): Promise<void> {
  const runs = await harness.started();
  const expected = decided.map(({ data }) => data.decision.dispatchId);
  const actual = runs.map(({ inputs }) => inputs['dispatch'] ?? 'none');
  expect(actual.toSorted(byText)).toEqual(expected.toSorted(byText));
  const accepted = harness.facts.flatMap((fact) => (fact.type === 'dispatch.accepted' ? [fact] : []));
  const runOf = new Map(accepted.map(({ data }) => [data.dispatchId, data.workflowRunId]));
  for (const run of runs) expect(runOf.get(run.inputs['dispatch'] ?? '')).toBe(run.id);
  for (const { id } of runs) expect(await harness.state.lineage.getLineage(22, id)).not.toBeNull();
  expect(harness.queue.deadLetters).toEqual([]);
}

const posts = async () => (await harness.counts())['dispatch'] ?? 0;

describe('an allowed decision about a run', () => {
  test('makes one POST with its own ref and inputs, and publishes dispatch.accepted', async () => {
    const decided = decisionOf(1, { ref: 'release' });
    send(decided);
    await drain();
    await expectOneRunEach(decided);
    expect((await harness.started())[0]).toMatchObject({ headBranch: 'release', repository: 'octo-org/deploy' });
    expect(harness.facts).toMatchObject([{ type: 'dispatch.accepted', data: { ref: 'release', latencyMs: 5_000 } }]);
    expect(await posts()).toBe(1);
  });

  test('starts nothing and publishes the same fact when it is redelivered after it was finished', async () => {
    const decided = decisionOf(1);
    send(decided, decided);
    await drain();
    send(decided);
    await drain();
    expect(await posts()).toBe(1);
    expect(harness.facts).toHaveLength(3);
    expect(new Set(harness.facts.map((fact) => JSON.stringify(fact))).size).toBe(1);
  });

  test('fails with GitHub’s message after one POST if GitHub refuses it permanently', async () => {
    send(decisionOf(1, { ref: 'gone' }));
    await drain();
    expect(await posts()).toBe(1);
    expect(harness.facts[0]).toMatchObject({
      type: 'dispatch.failed',
      data: { code: 'dispatch-rejected', message: 'No ref found for: gone', status: 422, responsible: 'target' },
    });
    expect(harness.queue.deadLetters).toEqual([]);
  });

  test('is sent again after a refusal by a later revision of its plan, but not by a redelivery', async () => {
    const decided = decisionOf(1, { ref: 'late' });
    send(decided, decided);
    await drain();
    await harness.emulator.control.push('octo-org/deploy', { branch: 'late', files: { x: 'y' } });
    send(decided);
    await drain();
    expect(await posts()).toBe(1);
    const again = { ...decided, data: { ...decided.data, revision: 1 } };
    send(again, again);
    await drain();
    await expectOneRunEach(decided);
  });

  test('is measured from the end of the source’s run to GitHub’s response', async () => {
    send(decisionOf(1));
    await drain();
    expect(harness.measured['RunCompletedToAccepted']).toEqual([5_000]);
    expect(harness.facts[0]?.data).not.toHaveProperty('revision');
  });

  test('is not measured if a replay allowed it, and its fact names the revision', async () => {
    const decided = decisionOf(1, { ref: 'late' });
    send(decided);
    await drain();
    await harness.emulator.control.push('octo-org/deploy', { branch: 'late', files: { x: 'y' } });
    harness.clock.advance(3_600_000);
    send({ ...decided, time: new Date(harness.clock.now()).toISOString(), data: { ...decided.data, revision: 1 } });
    await drain();
    await expectOneRunEach(decided);
    const ended = harness.facts.filter(({ type }) => type.startsWith('dispatch.'));
    expect(ended).toMatchObject([
      { type: 'dispatch.failed' },
      { type: 'dispatch.accepted', data: { revision: 1, latencyMs: expect.any(Number) } },
    ]);
    expect(harness.measured).not.toHaveProperty('RunCompletedToAccepted');
  });

  test('is started as decided after a crash, even if the files have changed', async () => {
    await dispatchFault('reset-before');
    const decided = decisionOf(1);
    send(decided);
    await harness.queue.step(worker.handle);
    await harness.emulator.control.push('octo-org/deploy', { files: { 'dispatching.yml': 'inbound: []\n' } });
    await drain();
    await expectOneRunEach(decided);
  });
});

describe('a lost response', () => {
  const cases: [string, Fault, { posts: number }][] = [
    ['500 before the run was created', { status: 500 }, { posts: 2 }],
    ['500 after the run was created', 'status-after', { posts: 1 }],
    ['a connection reset before', 'reset-before', { posts: 2 }],
    ['a connection reset after', 'reset-after', { posts: 1 }],
    ['a truncated body', 'truncated-body', { posts: 1 }],
    ['an empty body', 'empty-body', { posts: 1 }],
  ];
  test.each(cases)('%s: one run, and the run list is read only after the window', async (_, fault, expected) => {
    await dispatchFault(fault);
    const decided = decisionOf(1);
    send(decided);
    const before = harness.clock.now();
    await drain();
    await expectOneRunEach(decided);
    expect(await posts()).toBe(expected.posts);
    expect(harness.clock.now() - before).toBeGreaterThanOrEqual(windowMs);
    expect((await harness.counts())['run-list']).toBe(1);
  });

  test.each([
    ['before', 2],
    ['after', 1],
  ] as const)('a response after the timeout, delayed %s the run is created: one run', async (when, expected) => {
    await dispatchFault({ delayMs: 600_000, when });
    worker = harness.worker({ environment: { GITHUB_TIMEOUT_SECONDS: '5' } });
    const decided = decisionOf(1);
    send(decided);
    await harness.queue.step(worker.handle);
    expect(await harness.started()).toHaveLength(expected === 1 ? 1 : 0);
    expect(harness.facts).toEqual([]);
    await drain();
    await expectOneRunEach(decided);
    expect(await posts()).toBe(expected);
  });

  test('with a run list that lags by less than the window: one run', async () => {
    await dispatchFault('reset-after');
    await harness.emulator.control.changeSettings({ runListLagMs: windowMs - 5_000 });
    const decided = decisionOf(1);
    send(decided);
    await drain();
    await expectOneRunEach(decided);
    expect(await posts()).toBe(1);
  });

  test('to two decisions for one workflow and ref with different inputs: each has its own run', async () => {
    await harness.fault(
      { match: { operation: 'dispatch', nth: 1 }, fault: 'reset-after' },
      { match: { operation: 'dispatch', nth: 1 }, fault: 'reset-before' },
    );
    const decided = [decisionOf(1), decisionOf(2)];
    send(...decided);
    await drain();
    await expectOneRunEach(...decided);
    expect(await posts()).toBe(3);
  });

  test('right after another dispatch to the same workflow and ref: that run is not adopted', async () => {
    await dispatchFault('reset-before', { nth: 2 });
    const decided = [decisionOf(1), decisionOf(2)];
    send(...decided);
    await drain();
    await expectOneRunEach(...decided);
    expect(await posts()).toBe(3);
  });

  test('to every attempt: the dead letter says that nothing was started, and a redrive starts one run', async () => {
    await harness.fault({ match: { operation: 'dispatch', times: 0 }, fault: { status: 502 } });
    const decided = decisionOf(1);
    send(decided);
    await drain();
    expect(harness.queue.deadLetters).toMatchObject([{ reason: 'attempts-exhausted' }]);
    expect(harness.queue.deadLetters[0]?.detail).toContain('ResponseLostError');
    expect(await worker.deps.ledger.getDispatch(decided.data.decision.dispatchId)).toBeNull();
    await harness.fault();
    send(decided);
    await drain();
    expect(await harness.started()).toHaveLength(1);
  });

  test('to the last attempt: the run is still adopted', async () => {
    await harness.fault(
      { match: { operation: 'token', times: 5 }, fault: { status: 502 } },
      { match: { operation: 'dispatch' }, fault: 'reset-after' },
    );
    const decided = decisionOf(1);
    send(decided);
    await drain();
    await expectOneRunEach(decided);
  });

  test('followed by the deletion of the target: the dispatch ends as unknown and blocks no other', async () => {
    await dispatchFault('reset-before');
    const [lost, next] = [decisionOf(1), decisionOf(2)];
    send(lost);
    await harness.queue.step(worker.handle);
    await harness.emulator.control.push('octo-org/deploy', { files: { '.github/workflows/cd.yml': null } });
    send(next);
    await drain();
    const failed = harness.facts.flatMap((fact) => (fact.type === 'dispatch.failed' ? [fact.data] : []));
    expect(new Map(failed.map(({ dispatchId, code }) => [dispatchId, code]))).toEqual(
      new Map([
        [lost.data.decision.dispatchId, 'outcome-unknown'],
        [next.data.decision.dispatchId, 'dispatch-not-found'],
      ]),
    );
  });
});

describe('a response without a run id', () => {
  test('leads to a search for the run before the dispatch is finished', async () => {
    await harness.emulator.control.changeSettings({ dispatchApi: 'ghes-3.20', runListLagMs: 5_000 });
    const decided = [decisionOf(1), decisionOf(2), decisionOf(3)];
    send(...decided);
    await drain();
    await expectOneRunEach(...decided);
    expect(await harness.started()).toHaveLength(3);
  });

  test('without a run in the list within the window is accepted unverified and never sent again', async () => {
    await harness.emulator.control.changeSettings({ dispatchApi: 'ghes-3.20', runListLagMs: 24 * 3_600_000 });
    const decided = decisionOf(1);
    send(decided, decided);
    await drain();
    send(decided);
    await drain();
    expect(await harness.started()).toHaveLength(1);
    expect(await worker.deps.ledger.getDispatch(decided.data.decision.dispatchId)).toMatchObject({
      state: 'accepted-unverified',
    });
    expect(harness.facts[0]).toMatchObject({ type: 'dispatch.accepted', data: { workflowRunId: null, htmlUrl: null } });
  });
});

describe('a slot whose dispatch has no message any more', () => {
  test('is reconciled by the next dispatch, which publishes the fact of the abandoned one', async () => {
    const abandoned = decisionOf(1);
    await dispatchFault('reset-after');
    send(abandoned);
    await harness.queue.step(worker.handle);
    // Its message is gone: it was deleted, or became a dead letter during its last attempt.
    harness.queue.deleteAll();
    const next = decisionOf(2);
    send(next);
    await drain();
    await expectOneRunEach(abandoned, next);
  });

  test('is released if nothing was started, and a redrive of the abandoned dispatch still starts it', async () => {
    const abandoned = decisionOf(1);
    await dispatchFault('reset-before');
    send(abandoned);
    await harness.queue.step(worker.handle);
    harness.queue.deleteAll();
    const next = decisionOf(2);
    send(next);
    await drain();
    await expectOneRunEach(next);
    send(abandoned);
    await drain();
    await expectOneRunEach(abandoned, next);
  });
});

describe('a worker that is suspended before its POST', () => {
  /** Creates a worker that waits before its POST until it is resumed. */
  function createSuspendedWorker() {
    let suspend: () => void = () => {};
    let resume: () => void = () => {};
    const suspended = new Promise<void>((resolve) => {
      suspend = resolve;
    });
    const resumed = new Promise<void>((resolve) => {
      resume = resolve;
    });
    const beforePost = async (): Promise<void> => {
      suspend();
      await resumed;
    };
    return { worker: harness.worker({ beforePost }), suspended, resume };
  }

  test('sends nothing when resumed after its lease, if another worker has sent the dispatch', async () => {
    const decided = decisionOf(1);
    const slow = createSuspendedWorker();
    send(decided);
    const late = harness.queue.step(slow.worker.handle);
    await slow.suspended;
    harness.clock.advance(leaseMs + windowMs);
    send(decided);
    await harness.queue.step(worker.handle);
    await expectOneRunEach(decided);
    slow.resume();
    await late;
    await drain();
    await expectOneRunEach(decided);
    expect(await posts()).toBe(1);
  });

  test('sends nothing when resumed after its lease, and starts again with a new lease', async () => {
    const decided = decisionOf(1);
    const slow = createSuspendedWorker();
    send(decided);
    const late = harness.queue.step(slow.worker.handle);
    await slow.suspended;
    harness.clock.advance(leaseMs - 1_000);
    slow.resume();
    await late;
    expect(await posts()).toBe(0);
    await drain();
    await expectOneRunEach(decided);
  });

  test('sends when resumed within its lease, and the next dispatch to the slot follows', async () => {
    const [first, second] = [decisionOf(1), decisionOf(2)];
    const slow = createSuspendedWorker();
    send(first);
    const late = harness.queue.step(slow.worker.handle);
    await slow.suspended;
    send(second);
    await harness.queue.step(worker.handle);
    expect(await posts()).toBe(0);
    slow.resume();
    await late;
    await drain();
    await expectOneRunEach(first, second);
  });
});

test('forty decisions for one workflow and ref at once: one run each, and no dead letter', async () => {
  const decided = Array.from({ length: 40 }, (_, at) => decisionOf(at + 1));
  send(...decided);
  const workers = [worker, harness.worker(), harness.worker()];
  for (let round = 0; harness.queue.size > 0 && round < 200; round += 1) {
    harness.clock.advance(1_000);
    await Promise.all(workers.map(({ handle }) => harness.queue.step(handle)));
  }
  await expectOneRunEach(...decided);
  expect(await posts()).toBe(40);
});

function byText(left: string, right: string): number {
  return left.localeCompare(right);
}
