import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { RunDecided } from '../issues/issue-calls.ts';
import type { Fault } from '@dispatcher/github-emulator';
import { pacesOf } from './rate-limiter.ts';
import { decisionOf, startWorld, type Worker, type World } from '../testing/harness.ts';

let world: World;
let worker: Worker;
beforeEach(async () => {
  world = await startWorld();
  worker = world.worker();
});
afterEach(() => world.close());

const posts = async () => (await world.counts())['dispatch'] ?? 0;
const limit = (status: number, headers: Record<string, string> = {}): Fault => ({
  status,
  headers,
  body: { message: 'You have exceeded a secondary rate limit.' },
});

/** To acme/other, which is another installation's. */
function elsewhere(runId: number): RunDecided {
  const route = {
    source: { repository: 'octo-org/app', workflow: 'ci.yml' },
    target: { repository: 'acme/other', workflow: 'cd.yml' },
  };
  return decisionOf(runId, { route, target: { repositoryId: 33, installationId: 6, visibility: 'private' } });
}

function ofSource(decided: RunDecided, id: number, name: string): RunDecided {
  const { trigger: run } = decided.data;
  return { ...decided, data: { ...decided.data, trigger: { ...run, repository: { ...run.repository, id, name } } } };
}

describe('a rate limit', () => {
  test.each<[string, Fault, number]>([
    ['429 with retry-after', limit(429, { 'retry-after': '120' }), 120_000],
    ['403 with retry-after', limit(403, { 'retry-after': '90' }), 90_000],
    ['429 without', limit(429), 60_000],
    ['403 without', limit(403), 60_000],
  ])('%s is waited for, and nobody of that installation calls before; others do', async (_, fault, wait) => {
    await world.fault({ match: { operation: 'dispatch', path: '*deploy*' }, fault });
    const before = world.clock.now();
    world.queue.send(decisionOf(1));
    await world.queue.step(worker.consume);
    expect(await posts()).toBe(1);
    for (let run = 2; run <= 9; run += 1) world.queue.send(decisionOf(run));
    world.queue.send(elsewhere(10));
    await world.queue.step(world.worker().consume);
    expect(await posts()).toBe(2);
    expect((await world.started()).map(({ repository }) => repository)).toEqual(['acme/other']);
    await world.queue.drain(worker.consume);
    expect(await posts()).toBe(11);
    expect(await world.started()).toHaveLength(10);
    const first = world.facts.find(
      (fact) => fact.type === 'dispatch.accepted' && fact.data.route.target.repository !== 'acme/other',
    );
    expect(Date.parse(first?.time ?? '') - before).toBeGreaterThanOrEqual(wait);
    expect(world.queue.deadLetters).toEqual([]);
  });

  test('of the hour is waited for until its reset', async () => {
    await world.emulator.control.changeSettings({ rateLimit: 1 });
    world.queue.send(decisionOf(1));
    world.queue.send(decisionOf(2, { ref: 'release' }));
    const before = world.clock.now();
    await world.queue.step(worker.consume);
    expect(await world.started()).toHaveLength(1);
    await world.queue.drain(worker.consume);
    expect(await world.started()).toHaveLength(2);
    expect(await posts()).toBe(3);
    expect(world.clock.now() - before).toBeGreaterThanOrEqual(3_500_000);
    expect(world.queue.deadLetters).toEqual([]);
  });

  test('of one hour with 500 messages waiting: no call in between, none dead, all done after', async () => {
    await world.fault({ match: { operation: 'dispatch' }, fault: limit(429, { 'retry-after': '3600' }) });
    const before = world.clock.now();
    world.queue.send(decisionOf(1));
    await world.queue.step(worker.consume);
    // Different refs: what is looked at here is the limit, and not the turns of one slot.
    for (let run = 2; run <= 500; run += 1)
      world.queue.send(decisionOf(run, { ref: run % 2 === 0 ? 'main' : 'release' }));
    for (let batch = 0; batch < 50; batch += 1) await world.queue.step(worker.consume);
    expect(await posts()).toBe(1);
    await world.queue.drain(worker.consume, 5_000);
    expect(await world.started()).toHaveLength(500);
    expect(await posts()).toBe(501);
    expect(world.queue.deadLetters).toEqual([]);
    const first = world.facts.find(({ type }) => type === 'dispatch.accepted');
    expect(Date.parse(first?.time ?? '') - before).toBeGreaterThanOrEqual(3_600_000);
  });
});

describe('the budget', () => {
  test('is never exceeded: in no minute are there more POSTs than it allows', async () => {
    worker = world.worker({ paces: pacesOf({ writesPerMinute: 20, contentPerMinute: 70, contentPerHour: 450 }) });
    for (let run = 1; run <= 60; run += 1)
      world.queue.send(decisionOf(run, { ref: run % 2 === 0 ? 'main' : 'release' }));
    await world.queue.drain(worker.consume);
    const times = (await world.emulator.control.requests()).requests
      .filter(({ operation }) => operation === 'dispatch')
      .map(({ at }) => Date.parse(at));
    expect(times).toHaveLength(60);
    for (const from of times) {
      // The log's times are whole seconds.
      expect(times.filter((at) => at >= from && at < from + 59_000).length).toBeLessThanOrEqual(20);
    }
  });

  test('is shared fairly: a source with one run is not behind the sixty of another', async () => {
    worker = world.worker({ paces: pacesOf({ writesPerMinute: 20, contentPerMinute: 70, contentPerHour: 450 }) });
    for (let run = 1; run <= 60; run += 1)
      world.queue.send(decisionOf(run, { ref: run % 2 === 0 ? 'main' : 'release' }));
    for (let batch = 0; batch < 6; batch += 1) await world.queue.step(worker.consume);
    const single = ofSource(decisionOf(99), 12, 'lib');
    world.queue.send(single);
    await world.queue.drain(worker.consume);
    const order = world.facts.flatMap((fact) => (fact.type === 'dispatch.accepted' ? [fact.data.dispatchId] : []));
    expect(order).toHaveLength(61);
    expect(order.indexOf(single.data.decision.dispatchId)).toBeLessThan(20);
  });

  test('for contents holds back issues, and no dispatch', async () => {
    worker = world.worker({ paces: pacesOf({ writesPerMinute: 160, contentPerMinute: 1, contentPerHour: 450 }) });
    const denied = (run: number, id: string) =>
      decisionOf(run, { effect: 'deny', code: 'inbound-branch', responsible: 'target', routeId: id });
    for (const id of ['a', 'b', 'c']) world.queue.send(denied(1, id));
    await world.queue.step(worker.consume);
    expect((await world.counts())['issue-create']).toBe(1);
    world.queue.send(decisionOf(2));
    await world.queue.step(worker.consume);
    expect(await world.started()).toHaveLength(1);
    await world.queue.drain(worker.consume);
    expect((await world.counts())['issue-create']).toBe(3);
    expect(world.queue.deadLetters).toEqual([]);
  });
});
