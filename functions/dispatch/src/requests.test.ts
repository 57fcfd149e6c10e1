import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Fact } from '@dispatcher/contracts';
import type { Fault } from '@dispatcher/github-emulator';
import { anEvent, decidedRequest } from './testing/decided.ts';
import { decisionOf, leaseMs, startWorld, windowMs, type Worker, type World } from './testing/world.ts';

let world: World;
let worker: Worker;
beforeEach(async () => {
  world = await startWorld();
  worker = world.worker();
  await world.emulator.control.push('octo-org/deploy', {
    files: { '.github/workflows/on-event.yml': 'on: { repository_dispatch: { types: [deploy] } }\njobs: {}\n' },
  });
});
afterEach(() => world.close());

const drain = () => world.queue.drain(worker.consume);
const eventRuns = async () =>
  (await world.emulator.control.runs()).filter(({ event }) => event === 'repository_dispatch');
const posts = async (operation: string) => (await world.counts())[operation] ?? 0;
const accepted = () =>
  world.facts.filter((fact): fact is Extract<Fact, { type: 'dispatch.accepted' }> => fact.type === 'dispatch.accepted');

describe('a workflow that a key asked for', () => {
  test('is started once, with a lineage that begins with it, and no issue', async () => {
    const decided = decidedRequest(1);
    world.queue.send(decided);
    world.queue.send(decided);
    await drain();
    const [run, ...others] = await world.started();
    expect(others).toEqual([]);
    expect(await world.state.lineage.find(22, run?.id ?? 0)).toMatchObject({
      depth: 1,
      path: [{ repository: 'octo-org/deploy', workflow: 'cd.yml' }],
      sourceRunUrl: null,
      runKey: decided.runKey,
    });
    expect(accepted()[0]).toMatchObject({ runKey: decided.runKey, data: { workflowRunId: run?.id, latencyMs: 5_000 } });
    expect(await world.emulator.control.issues()).toEqual([]);
  });

  test('whose answer was lost is looked up and adopted, as that of a run is', async () => {
    await world.fault({ match: { operation: 'dispatch' }, fault: 'reset-after' });
    world.queue.send(decidedRequest(1));
    await drain();
    expect(await posts('dispatch')).toBe(1);
    expect(accepted()).toMatchObject([{ data: { workflowRunId: (await world.started())[0]?.id } }]);
  });

  test('that is denied, or that GitHub refuses, writes no issue', async () => {
    world.queue.send(decidedRequest(1, undefined, { effect: 'deny', code: 'inbound-no-match', responsible: 'target' }));
    world.queue.send(decidedRequest(2, undefined, { ref: 'gone' }));
    await drain();
    expect(world.facts).toMatchObject([{ type: 'dispatch.failed', data: { code: 'dispatch-rejected' } }]);
    expect(await world.emulator.control.issues()).toEqual([]);
  });

  test('waits for its turn behind a run’s dispatch to the same workflow and ref', async () => {
    world.queue.send(decisionOf(1));
    world.queue.send(decidedRequest(1));
    await drain();
    expect(await world.started()).toHaveLength(2);
  });
});

describe('an event that a key asked for', () => {
  test('is sent once with its payload; GitHub says nothing of its runs, so it is accepted unverified', async () => {
    const decided = decidedRequest(1, anEvent);
    world.queue.send(decided);
    world.queue.send(decided);
    await drain();
    world.queue.send(decided);
    await drain();
    expect(await posts('event')).toBe(1);
    expect(await eventRuns()).toMatchObject([{ workflow: 'on-event.yml', clientPayload: { sha: 'abc' } }]);
    expect(new Set(accepted().map((fact) => JSON.stringify(fact))).size).toBe(1);
    expect(accepted()[0]?.data).toMatchObject({ workflowRunId: null, htmlUrl: null, latencyMs: 5_000 });
    expect(accepted()[0]?.data).not.toHaveProperty('code');
    expect(await world.state.ledger.find(decided.data.decision.dispatchId)).toMatchObject({
      state: 'accepted-unverified',
    });
    expect(await posts('run-list')).toBe(0);
  });

  test.each<[string, Fault, number]>([
    ['reset after GitHub took it', 'reset-after', 1],
    ['reset before', 'reset-before', 0],
    ['500 after GitHub took it', 'status-after', 1],
    ['500', { status: 500 }, 0],
    ['502', { status: 502 }, 0],
  ])('is never sent again where the answer is unknown: %s', async (_, fault, runs) => {
    await world.fault({ match: { operation: 'event' }, fault });
    const decided = decidedRequest(1, anEvent);
    world.queue.send(decided);
    await drain();
    world.clock.advance(10 * windowMs);
    world.queue.send(decided);
    world.queue.send(decidedRequest(2, anEvent));
    await drain();
    const tries = (await world.emulator.control.requests()).requests.filter(({ operation }) => operation === 'event');
    expect(tries).toHaveLength(2);
    expect(await eventRuns()).toHaveLength(runs + 1);
    expect(accepted().find(({ runKey }) => runKey === decided.runKey)?.data).toMatchObject({
      workflowRunId: null,
      code: 'response-lost',
    });
    expect(await world.state.ledger.find(decided.data.decision.dispatchId)).toMatchObject({
      state: 'accepted-unverified',
      code: 'response-lost',
    });
    expect(world.queue.deadLetters).toEqual([]);
  });

  test('whose worker died with the intent written counts as sent: by its own message, and by another’s', async () => {
    const died = Symbol('died');
    const dying = world.worker({ beforePost: () => Promise.reject(died) });
    const first = decidedRequest(1, anEvent);
    world.queue.send(first);
    await expect(world.queue.step(dying.consume)).resolves.toBeUndefined();
    world.queue.deleteAll();
    world.queue.send(decidedRequest(2, anEvent));
    world.clock.advance(leaseMs + windowMs);
    await drain();
    expect(await posts('event')).toBe(1);
    expect(accepted().map(({ runKey, data }) => [runKey, data.code])).toEqual(
      expect.arrayContaining([
        [first.runKey, 'response-lost'],
        [decidedRequest(2, anEvent).runKey, undefined],
      ]),
    );
  });

  test('that was certainly not taken is sent again: a rate limit', async () => {
    await world.fault({
      match: { operation: 'event' },
      fault: { status: 429, headers: { 'retry-after': '7' }, body: { message: 'secondary rate limit' } },
    });
    world.queue.send(decidedRequest(1, anEvent));
    await drain();
    expect(await eventRuns()).toHaveLength(1);
    expect(accepted()[0]?.data).not.toHaveProperty('code');
  });

  test('is failed where `contents: write` is missing, which the fact names', async () => {
    const permissions = { metadata: 'read', contents: 'read', actions: 'write' } as const;
    await world.emulator.control.putInstallation({ id: 5, account: 'octo-org', repositories: 'all', permissions });
    world.queue.send(decidedRequest(1, anEvent));
    await drain();
    expect(world.facts).toMatchObject([{ type: 'dispatch.failed', data: { code: 'app-permission-missing' } }]);
    expect(await posts('event')).toBe(0);
  });
});
