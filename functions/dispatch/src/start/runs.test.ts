import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { RouteDecided } from '@dispatcher/contracts';
import type { Fault } from '@dispatcher/github-emulator';
import { decisionOf, leaseMs, startWorld, windowMs, type Worker, type World } from '../testing/harness.ts';

let world: World;
let worker: Worker;
beforeEach(async () => {
  world = await startWorld();
  worker = world.worker();
});
afterEach(() => world.close());

const send = (...decided: RouteDecided[]) => decided.map((each) => world.queue.send(each));
const drain = () => world.queue.drain(worker.consume);
const dispatchFault = (fault: Fault, more: object = {}) =>
  world.fault({ match: { operation: 'dispatch', ...more }, fault });

/** Each decision is exactly one run, with its own inputs, and one fact says which. */
async function expectOneRunEach(...decided: RouteDecided[]): Promise<void> {
  const runs = await world.started();
  const wanted = decided.map(({ data }) => data.decision.dispatchId);
  const got = runs.map(({ inputs }) => inputs['dispatch'] ?? 'none');
  expect(got.toSorted(byText)).toEqual(wanted.toSorted(byText));
  const told = world.facts.flatMap((fact) => (fact.type === 'dispatch.accepted' ? [fact] : []));
  const runOf = new Map(told.map(({ data }) => [data.dispatchId, data.workflowRunId]));
  for (const run of runs) expect(runOf.get(run.inputs['dispatch'] ?? '')).toBe(run.id);
  for (const { id } of runs) expect(await world.state.lineage.find(22, id)).not.toBeNull();
  expect(world.queue.deadLetters).toEqual([]);
}

const posts = async () => (await world.counts())['dispatch'] ?? 0;

describe('an allowed decision', () => {
  test('is one POST with its own ref and inputs, and one dispatch.accepted', async () => {
    const decided = decisionOf(1, { ref: 'release' });
    send(decided);
    await drain();
    await expectOneRunEach(decided);
    expect((await world.started())[0]).toMatchObject({ headBranch: 'release', repository: 'octo-org/deploy' });
    expect(world.facts).toMatchObject([{ type: 'dispatch.accepted', data: { ref: 'release', latencyMs: 5_000 } }]);
    expect(await posts()).toBe(1);
  });

  test('met again after it was finished starts nothing and tells the same fact', async () => {
    const decided = decisionOf(1);
    send(decided, decided);
    await drain();
    send(decided);
    await drain();
    expect(await posts()).toBe(1);
    expect(world.facts).toHaveLength(3);
    expect(new Set(world.facts.map((fact) => JSON.stringify(fact))).size).toBe(1);
  });

  test('that GitHub refuses for good is failed with GitHub’s sentence, after one POST', async () => {
    send(decisionOf(1, { ref: 'gone' }));
    await drain();
    expect(await posts()).toBe(1);
    expect(world.facts[0]).toMatchObject({
      type: 'dispatch.failed',
      data: { code: 'dispatch-rejected', message: 'No ref found for: gone', status: 422, responsible: 'target' },
    });
    expect(world.queue.deadLetters).toEqual([]);
  });

  test('that was refused is sent again by a later revision of its plan, and by no repeat', async () => {
    const decided = decisionOf(1, { ref: 'late' });
    send(decided, decided);
    await drain();
    await world.emulator.control.push('octo-org/deploy', { branch: 'late', files: { x: 'y' } });
    send(decided);
    await drain();
    expect(await posts()).toBe(1);
    const again = { ...decided, data: { ...decided.data, revision: 1 } };
    send(again, again);
    await drain();
    await expectOneRunEach(decided);
  });

  test('is started as it was decided, whatever the files say after a crash', async () => {
    await dispatchFault('reset-before');
    const decided = decisionOf(1);
    send(decided);
    await world.queue.step(worker.consume);
    await world.emulator.control.push('octo-org/deploy', { files: { 'dispatching.yml': 'inbound: []\n' } });
    await drain();
    await expectOneRunEach(decided);
  });
});

describe('a lost answer', () => {
  const cases: [string, Fault, { posts: number }][] = [
    ['500 before the run was created', { status: 500 }, { posts: 2 }],
    ['500 after the run was created', 'status-after', { posts: 1 }],
    ['a reset before', 'reset-before', { posts: 2 }],
    ['a reset after', 'reset-after', { posts: 1 }],
    ['a body cut off', 'truncated-body', { posts: 1 }],
    ['an empty body', 'empty-body', { posts: 1 }],
  ];
  test.each(cases)('%s: one run, and GitHub is asked only after the window', async (_, fault, expected) => {
    await dispatchFault(fault);
    const decided = decisionOf(1);
    send(decided);
    const before = world.clock.now();
    await drain();
    await expectOneRunEach(decided);
    expect(await posts()).toBe(expected.posts);
    expect(world.clock.now() - before).toBeGreaterThanOrEqual(windowMs);
    expect((await world.counts())['run-list']).toBe(1);
  });

  test.each([
    ['before', 2],
    ['after', 1],
  ] as const)('slow beyond the time-out, %s the run was created: one run', async (when, expected) => {
    await dispatchFault({ delayMs: 600_000, when });
    worker = world.worker({ github: { requestTimeoutMs: 5_000 } });
    const decided = decisionOf(1);
    send(decided);
    await world.queue.step(worker.consume);
    expect(await world.started()).toHaveLength(expected === 1 ? 1 : 0);
    expect(world.facts).toEqual([]);
    await drain();
    await expectOneRunEach(decided);
    expect(await posts()).toBe(expected);
  });

  test('while the run list lags behind, but less than the window: one run', async () => {
    await dispatchFault('reset-after');
    await world.emulator.control.changeSettings({ runListLagMs: windowMs - 5_000 });
    const decided = decisionOf(1);
    send(decided);
    await drain();
    await expectOneRunEach(decided);
    expect(await posts()).toBe(1);
  });

  test('of two decisions for one workflow and ref with different inputs: each gets its own run', async () => {
    await world.fault(
      { match: { operation: 'dispatch', nth: 1 }, fault: 'reset-after' },
      { match: { operation: 'dispatch', nth: 1 }, fault: 'reset-before' },
    );
    const decided = [decisionOf(1), decisionOf(2)];
    send(...decided);
    await drain();
    await expectOneRunEach(...decided);
    expect(await posts()).toBe(3);
  });

  test('right after another dispatch was started there is not taken for that one’s run', async () => {
    await dispatchFault('reset-before', { nth: 2 });
    const decided = [decisionOf(1), decisionOf(2)];
    send(...decided);
    await drain();
    await expectOneRunEach(...decided);
    expect(await posts()).toBe(3);
  });

  test('every time, until the last attempt: each is looked up before the dead letter, which says that nothing was started', async () => {
    await world.fault({ match: { operation: 'dispatch', times: 0 }, fault: { status: 502 } });
    const decided = decisionOf(1);
    send(decided);
    await drain();
    expect(world.queue.deadLetters).toMatchObject([{ reason: 'attempts-exhausted' }]);
    expect(world.queue.deadLetters[0]?.detail).toContain('OutcomeLost');
    expect(await worker.deps.ledger.find(decided.data.decision.dispatchId)).toBeNull();
    await world.fault();
    send(decided);
    await drain();
    expect(await world.started()).toHaveLength(1);
  });

  test('in the last attempt is looked up all the same: the run is adopted', async () => {
    await world.fault(
      { match: { operation: 'token', times: 5 }, fault: { status: 502 } },
      { match: { operation: 'dispatch' }, fault: 'reset-after' },
    );
    const decided = decisionOf(1);
    send(decided);
    await drain();
    await expectOneRunEach(decided);
  });

  test('and then a target that is gone ends the dispatch as unknown, and blocks nobody', async () => {
    await dispatchFault('reset-before');
    const [lost, next] = [decisionOf(1), decisionOf(2)];
    send(lost);
    await world.queue.step(worker.consume);
    await world.emulator.control.push('octo-org/deploy', { files: { '.github/workflows/cd.yml': null } });
    send(next);
    await drain();
    const failed = world.facts.flatMap((fact) => (fact.type === 'dispatch.failed' ? [fact.data] : []));
    expect(new Map(failed.map(({ dispatchId, code }) => [dispatchId, code]))).toEqual(
      new Map([
        [lost.data.decision.dispatchId, 'outcome-unknown'],
        [next.data.decision.dispatchId, 'dispatch-not-found'],
      ]),
    );
  });
});

describe('an answer without a run id', () => {
  test('is followed by the search for the run, before the dispatch is finished', async () => {
    await world.emulator.control.changeSettings({ dispatchApi: 'ghes-3.20', runListLagMs: 5_000 });
    const decided = [decisionOf(1), decisionOf(2), decisionOf(3)];
    send(...decided);
    await drain();
    await expectOneRunEach(...decided);
    expect(await world.started()).toHaveLength(3);
  });

  test('and without a run in the list within the window is accepted unverified, and never sent again', async () => {
    await world.emulator.control.changeSettings({ dispatchApi: 'ghes-3.20', runListLagMs: 24 * 3_600_000 });
    const decided = decisionOf(1);
    send(decided, decided);
    await drain();
    send(decided);
    await drain();
    expect(await world.started()).toHaveLength(1);
    expect(await worker.deps.ledger.find(decided.data.decision.dispatchId)).toMatchObject({
      state: 'accepted-unverified',
    });
    expect(world.facts[0]).toMatchObject({ type: 'dispatch.accepted', data: { workflowRunId: null, htmlUrl: null } });
  });
});

describe('a slot whose dispatch nobody comes back for', () => {
  test('is reconciled by the next dispatch: the dead one’s run is its own, and is told of', async () => {
    const dead = decisionOf(1);
    await dispatchFault('reset-after');
    send(dead);
    await world.queue.step(worker.consume);
    // Its message is gone: somebody deleted it, or it became a dead letter in the middle of its last attempt.
    world.queue.deleteAll();
    const next = decisionOf(2);
    send(next);
    await drain();
    await expectOneRunEach(dead, next);
  });

  test('of which nothing was started is freed for the next, and a redrive of the dead one still starts it', async () => {
    const dead = decisionOf(1);
    await dispatchFault('reset-before');
    send(dead);
    await world.queue.step(worker.consume);
    world.queue.deleteAll();
    const next = decisionOf(2);
    send(next);
    await drain();
    await expectOneRunEach(next);
    send(dead);
    await drain();
    await expectOneRunEach(dead, next);
  });
});

describe('a worker that is stopped and woken', () => {
  /** Stops at its POST until it is woken. */
  function sleeper() {
    let asleep: () => void = () => {};
    let wake: () => void = () => {};
    const sleeping = new Promise<void>((resolve) => {
      asleep = resolve;
    });
    const woken = new Promise<void>((resolve) => {
      wake = resolve;
    });
    const beforePost = async (): Promise<void> => {
      asleep();
      await woken;
    };
    return { worker: world.worker({ beforePost }), sleeping, wake };
  }

  test('after its lease sends nothing: another worker has done it', async () => {
    const decided = decisionOf(1);
    const stopped = sleeper();
    send(decided);
    const late = world.queue.step(stopped.worker.consume);
    await stopped.sleeping;
    world.clock.advance(leaseMs + windowMs);
    send(decided);
    await world.queue.step(worker.consume);
    await expectOneRunEach(decided);
    stopped.wake();
    await late;
    await drain();
    await expectOneRunEach(decided);
    expect(await posts()).toBe(1);
  });

  test('after its lease, while nobody else came, sends nothing and begins anew', async () => {
    const decided = decisionOf(1);
    const stopped = sleeper();
    send(decided);
    const late = world.queue.step(stopped.worker.consume);
    await stopped.sleeping;
    world.clock.advance(leaseMs - 1_000);
    stopped.wake();
    await late;
    expect(await posts()).toBe(0);
    await drain();
    await expectOneRunEach(decided);
  });

  test('within its lease sends, and the one that waits for the slot comes after it', async () => {
    const [first, second] = [decisionOf(1), decisionOf(2)];
    const stopped = sleeper();
    send(first);
    const late = world.queue.step(stopped.worker.consume);
    await stopped.sleeping;
    send(second);
    await world.queue.step(worker.consume);
    expect(await posts()).toBe(0);
    stopped.wake();
    await late;
    await drain();
    await expectOneRunEach(first, second);
  });
});

test('many decisions for one workflow and ref at once are one run each, and none of them is a dead letter', async () => {
  const decided = Array.from({ length: 40 }, (_, at) => decisionOf(at + 1));
  send(...decided);
  const workers = [worker, world.worker(), world.worker()];
  for (let round = 0; world.queue.size > 0 && round < 200; round += 1) {
    world.clock.advance(1_000);
    await Promise.all(workers.map(({ consume }) => world.queue.step(consume)));
  }
  await expectOneRunEach(...decided);
  expect(await posts()).toBe(40);
});

function byText(left: string, right: string): number {
  return left.localeCompare(right);
}
