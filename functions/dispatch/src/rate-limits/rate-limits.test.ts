import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { RunDecided } from '../facts/issue-fact.ts';
import type { Fault } from '@dispatcher/github-emulator';
import { decisionOf, startHarness, type Worker, type Harness } from '../testing/harness.ts';

let harness: Harness;
let worker: Worker;
beforeEach(async () => {
  harness = await startHarness();
  worker = harness.worker();
});
afterEach(() => harness.close());

const posts = async () => (await harness.counts())['dispatch'] ?? 0;
const limit = (status: number, headers: Record<string, string> = {}): Fault => ({
  status,
  headers,
  body: { message: 'You have exceeded a secondary rate limit.' },
});

/** Returns a decision to start acme/other, which belongs to another installation. */
function decisionForAcme(runId: number): RunDecided {
  const route = {
    source: { repository: 'octo-org/app', workflow: 'ci.yml' },
    target: { repository: 'acme/other', workflow: 'cd.yml' },
  };
  return decisionOf(runId, { route, target: { repositoryId: 33, installationId: 6, visibility: 'private' } });
}

function withSource(decided: RunDecided, id: number, name: string): RunDecided {
  const { trigger } = decided.data;
  const repository = { ...trigger.repository, id, name };
  const run = { ...trigger.run, headRepositoryId: id };
  return { ...decided, data: { ...decided.data, trigger: { ...trigger, repository, run } } };
}

describe('a rate limit of GitHub', () => {
  test.each<[string, Fault, number]>([
    ['429 with retry-after', limit(429, { 'retry-after': '120' }), 120_000],
    ['403 with retry-after', limit(403, { 'retry-after': '90' }), 90_000],
    ['429 without retry-after', limit(429), 60_000],
    ['403 without retry-after', limit(403), 60_000],
  ])('%s: the installation makes no request before it ends, and other installations do', async (_, fault, wait) => {
    await harness.fault({ match: { operation: 'dispatch', path: '*deploy*' }, fault });
    const before = harness.clock.now();
    harness.queue.send(decisionOf(1));
    await harness.queue.step(worker.handle);
    expect(await posts()).toBe(1);
    for (let run = 2; run <= 9; run += 1) harness.queue.send(decisionOf(run));
    harness.queue.send(decisionForAcme(10));
    await harness.queue.step(harness.worker().handle);
    expect(await posts()).toBe(2);
    expect((await harness.started()).map(({ repository }) => repository)).toEqual(['acme/other']);
    await harness.queue.drain(worker.handle);
    expect(await posts()).toBe(11);
    expect(await harness.started()).toHaveLength(10);
    const first = harness.facts.find(
      (fact) => fact.type === 'dispatch.accepted' && fact.data.route.target.repository !== 'acme/other',
    );
    expect(Date.parse(first?.time ?? '') - before).toBeGreaterThanOrEqual(wait);
    expect(harness.queue.deadLetters).toEqual([]);
  });

  test('per hour: the dispatch is sent after the reset', async () => {
    await harness.emulator.control.changeSettings({ rateLimit: 1 });
    harness.queue.send(decisionOf(1));
    harness.queue.send(decisionOf(2, { ref: 'release' }));
    const before = harness.clock.now();
    await harness.queue.step(worker.handle);
    expect(await harness.started()).toHaveLength(1);
    await harness.queue.drain(worker.handle);
    expect(await harness.started()).toHaveLength(2);
    expect(await posts()).toBe(3);
    expect(harness.clock.now() - before).toBeGreaterThanOrEqual(3_500_000);
    expect(harness.queue.deadLetters).toEqual([]);
  });

  test('of one hour with 500 waiting messages: no request in between, no dead letter, all dispatched afterwards', async () => {
    await harness.fault({ match: { operation: 'dispatch' }, fault: limit(429, { 'retry-after': '3600' }) });
    const before = harness.clock.now();
    harness.queue.send(decisionOf(1));
    await harness.queue.step(worker.handle);
    // Different refs, so that the limit decides and not the queue of one slot.
    for (let run = 2; run <= 500; run += 1)
      harness.queue.send(decisionOf(run, { ref: run % 2 === 0 ? 'main' : 'release' }));
    for (let batch = 0; batch < 50; batch += 1) await harness.queue.step(worker.handle);
    expect(await posts()).toBe(1);
    await harness.queue.drain(worker.handle, 5_000);
    expect(await harness.started()).toHaveLength(500);
    expect(await posts()).toBe(501);
    expect(harness.queue.deadLetters).toEqual([]);
    const first = harness.facts.find(({ type }) => type === 'dispatch.accepted');
    expect(Date.parse(first?.time ?? '') - before).toBeGreaterThanOrEqual(3_600_000);
  });
});

describe('the rate limiter', () => {
  test('allows no more POSTs in any minute than configured', async () => {
    worker = harness.worker({ environment: { GITHUB_WRITES_PER_MINUTE: '20' } });
    for (let run = 1; run <= 60; run += 1)
      harness.queue.send(decisionOf(run, { ref: run % 2 === 0 ? 'main' : 'release' }));
    await harness.queue.drain(worker.handle);
    const times = (await harness.emulator.control.requests()).requests
      .filter(({ operation }) => operation === 'dispatch')
      .map(({ at }) => Date.parse(at));
    expect(times).toHaveLength(60);
    for (const from of times) {
      // The request log has whole seconds.
      expect(times.filter((at) => at >= from && at < from + 59_000).length).toBeLessThanOrEqual(20);
    }
  });

  test('is fair: a source with one run does not wait for the sixty runs of another', async () => {
    worker = harness.worker({ environment: { GITHUB_WRITES_PER_MINUTE: '20' } });
    for (let run = 1; run <= 60; run += 1)
      harness.queue.send(decisionOf(run, { ref: run % 2 === 0 ? 'main' : 'release' }));
    for (let batch = 0; batch < 6; batch += 1) await harness.queue.step(worker.handle);
    const single = withSource(decisionOf(99), 12, 'lib');
    harness.queue.send(single);
    await harness.queue.drain(worker.handle);
    const order = harness.facts.flatMap((fact) => (fact.type === 'dispatch.accepted' ? [fact.data.dispatchId] : []));
    expect(order).toHaveLength(61);
    expect(order.indexOf(single.data.decision.dispatchId)).toBeLessThan(20);
  });

  test('for content delays issues, but no dispatch', async () => {
    worker = harness.worker({ environment: { GITHUB_CONTENT_PER_MINUTE: '1' } });
    const denied = (run: number, id: string) =>
      decisionOf(run, { effect: 'deny', code: 'inbound-branch', responsible: 'target', routeId: id });
    for (const id of ['a', 'b', 'c']) harness.queue.send(denied(1, id));
    await harness.queue.step(worker.handle);
    expect((await harness.counts())['issue-create']).toBe(1);
    harness.queue.send(decisionOf(2));
    await harness.queue.step(worker.handle);
    expect(await harness.started()).toHaveLength(1);
    await harness.queue.drain(worker.handle);
    expect((await harness.counts())['issue-create']).toBe(3);
    expect(harness.queue.deadLetters).toEqual([]);
  });
});
