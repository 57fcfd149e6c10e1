import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Fact } from '@dispatcher/contracts';
import type { Fault } from '@dispatcher/github-emulator';
import { anEvent, decidedRequest } from '../testing/decisions.ts';
import { decisionOf, leaseMs, startHarness, windowMs, type Worker, type Harness } from '../testing/harness.ts';

let harness: Harness;
let worker: Worker;
beforeEach(async () => {
  harness = await startHarness();
  worker = harness.worker();
  await harness.emulator.control.push('octo-org/deploy', {
    files: { '.github/workflows/on-event.yml': 'on: { repository_dispatch: { types: [deploy] } }\njobs: {}\n' },
  });
});
afterEach(() => harness.close());

const drain = () => harness.queue.drain(worker.handle);
const eventRuns = async () =>
  (await harness.emulator.control.runs()).filter(({ event }) => event === 'repository_dispatch');
const posts = async (operation: string) => (await harness.counts())[operation] ?? 0;
const accepted = () =>
  harness.facts.filter(
    (fact): fact is Extract<Fact, { type: 'dispatch.accepted' }> => fact.type === 'dispatch.accepted',
  );

describe('a workflow requested by a key', () => {
  test('is started once, with a lineage that begins with it, and without an issue', async () => {
    const decided = decidedRequest(1);
    harness.queue.send(decided);
    harness.queue.send(decided);
    await drain();
    const [run, ...others] = await harness.started();
    expect(others).toEqual([]);
    expect(await harness.state.lineage.getLineage(22, run?.id ?? 0)).toMatchObject({
      depth: 1,
      path: [{ repository: 'octo-org/deploy', workflow: 'cd.yml' }],
      sourceRunUrl: null,
      runKey: decided.runKey,
    });
    expect(accepted()[0]).toMatchObject({ runKey: decided.runKey, data: { workflowRunId: run?.id, latencyMs: 5_000 } });
    expect(await harness.emulator.control.issues()).toEqual([]);
  });

  test('is adopted from GitHub’s run list after a lost response', async () => {
    await harness.fault({ match: { operation: 'dispatch' }, fault: 'reset-after' });
    harness.queue.send(decidedRequest(1));
    await drain();
    expect(await posts('dispatch')).toBe(1);
    expect(accepted()).toMatchObject([{ data: { workflowRunId: (await harness.started())[0]?.id } }]);
  });

  test('opens no issue if it is denied or GitHub refuses it', async () => {
    harness.queue.send(
      decidedRequest(1, undefined, { effect: 'deny', code: 'inbound-no-match', responsible: 'target' }),
    );
    harness.queue.send(decidedRequest(2, undefined, { ref: 'gone' }));
    await drain();
    expect(harness.facts).toMatchObject([{ type: 'dispatch.failed', data: { code: 'dispatch-rejected' } }]);
    expect(await harness.emulator.control.issues()).toEqual([]);
  });

  test('waits for a run’s dispatch to the same workflow and ref', async () => {
    harness.queue.send(decisionOf(1));
    harness.queue.send(decidedRequest(1));
    await drain();
    expect(await harness.started()).toHaveLength(2);
  });
});

describe('an event requested by a key', () => {
  test('is sent once with its payload and accepted unverified, because GitHub names no run', async () => {
    const decided = decidedRequest(1, anEvent);
    harness.queue.send(decided);
    harness.queue.send(decided);
    await drain();
    harness.queue.send(decided);
    await drain();
    expect(await posts('event')).toBe(1);
    expect(await eventRuns()).toMatchObject([{ workflow: 'on-event.yml', clientPayload: { sha: 'abc' } }]);
    expect(new Set(accepted().map((fact) => JSON.stringify(fact))).size).toBe(1);
    expect(accepted()[0]?.data).toMatchObject({ workflowRunId: null, htmlUrl: null, latencyMs: 5_000 });
    expect(accepted()[0]?.data).not.toHaveProperty('code');
    expect(await harness.state.ledger.getDispatch(decided.data.decision.dispatchId)).toMatchObject({
      state: 'accepted-unverified',
    });
    expect(await posts('run-list')).toBe(0);
  });

  test.each<[string, Fault, number]>([
    ['reset after GitHub accepted it', 'reset-after', 1],
    ['reset before GitHub accepted it', 'reset-before', 0],
    ['500 after GitHub accepted it', 'status-after', 1],
    ['500', { status: 500 }, 0],
    ['502', { status: 502 }, 0],
  ])('is never sent again after a lost response: %s', async (_, fault, runs) => {
    await harness.fault({ match: { operation: 'event' }, fault });
    const decided = decidedRequest(1, anEvent);
    harness.queue.send(decided);
    await drain();
    harness.clock.advance(10 * windowMs);
    harness.queue.send(decided);
    harness.queue.send(decidedRequest(2, anEvent));
    await drain();
    const attempts = (await harness.emulator.control.requests()).requests.filter(
      ({ operation }) => operation === 'event',
    );
    expect(attempts).toHaveLength(2);
    expect(await eventRuns()).toHaveLength(runs + 1);
    expect(accepted().find(({ runKey }) => runKey === decided.runKey)?.data).toMatchObject({
      workflowRunId: null,
      code: 'response-lost',
    });
    expect(await harness.state.ledger.getDispatch(decided.data.decision.dispatchId)).toMatchObject({
      state: 'accepted-unverified',
      code: 'response-lost',
    });
    expect(harness.queue.deadLetters).toEqual([]);
  });

  test('is recorded as sent if the worker crashed after writing the intent, even if another message settles it', async () => {
    const crash = Symbol('crash');
    const crashing = harness.worker({ beforePost: () => Promise.reject(crash) });
    const first = decidedRequest(1, anEvent);
    harness.queue.send(first);
    await expect(harness.queue.step(crashing.handle)).resolves.toBeUndefined();
    harness.queue.deleteAll();
    harness.queue.send(decidedRequest(2, anEvent));
    harness.clock.advance(leaseMs + windowMs);
    await drain();
    expect(await posts('event')).toBe(1);
    expect(accepted().map(({ runKey, data }) => [runKey, data.code])).toEqual(
      expect.arrayContaining([
        [first.runKey, 'response-lost'],
        [decidedRequest(2, anEvent).runKey, undefined],
      ]),
    );
  });

  test('is sent again after a rate limit, which proves that GitHub did not accept it', async () => {
    await harness.fault({
      match: { operation: 'event' },
      fault: { status: 429, headers: { 'retry-after': '7' }, body: { message: 'secondary rate limit' } },
    });
    harness.queue.send(decidedRequest(1, anEvent));
    await drain();
    expect(await eventRuns()).toHaveLength(1);
    expect(accepted()[0]?.data).not.toHaveProperty('code');
  });

  test('fails with `app-permission-missing` if `contents: write` is not granted', async () => {
    const permissions = { metadata: 'read', contents: 'read', actions: 'write' } as const;
    await harness.emulator.control.putInstallation({ id: 5, account: 'octo-org', repositories: 'all', permissions });
    harness.queue.send(decidedRequest(1, anEvent));
    await drain();
    expect(harness.facts).toMatchObject([{ type: 'dispatch.failed', data: { code: 'app-permission-missing' } }]);
    expect(await posts('event')).toBe(0);
  });
});
