import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { anEvent, decidedRequest } from '../testing/decisions.ts';
import { decisionOf, type Harness, startHarness, windowMs } from '../testing/harness.ts';

let harness: Harness;
beforeEach(async () => {
  harness = await startHarness();
});
afterEach(() => harness.close());

const count = async (operation: string) => (await harness.counts())[operation] ?? 0;
const accepted = () => harness.facts.filter(({ type }) => type === 'dispatch.accepted');

async function until(condition: () => Promise<boolean>): Promise<void> {
  while (!(await condition())) await new Promise((resolve) => setImmediate(resolve));
}

/** Resolves when GitHub has received a request of that kind. */
async function received(operation: string): Promise<void> {
  await until(async () => (await count(operation)) > 0);
}

describe('the deadline of an attempt', () => {
  test('before the POST: nothing is sent, and the slot is released', async () => {
    const deadline = new AbortController();
    const worker = harness.worker({ beforePost: async () => deadline.abort() });
    await expect(worker.actOn(decisionOf(1), { signal: deadline.signal })).rejects.toThrow();
    expect(await count('dispatch')).toBe(0);
    await worker.actOn(decisionOf(1));
    expect(await harness.started()).toHaveLength(1);
  });

  test.each([
    ['before', 2],
    ['after', 1],
  ] as const)('during the POST, %s the run is created: a later attempt ends with one run', async (when, posts) => {
    await harness.fault({ match: { operation: 'dispatch' }, fault: { delayMs: 600_000, when } });
    const deadline = new AbortController();
    const worker = harness.worker();
    const attempt = worker.actOn(decisionOf(1), { signal: deadline.signal });
    await received('dispatch');
    if (when === 'after') await until(async () => (await harness.started()).length > 0);
    deadline.abort();
    await expect(attempt).rejects.toMatchObject({ name: 'GitHubUnknownOutcomeError' });
    harness.clock.advance(windowMs);
    harness.queue.send(decisionOf(1));
    await harness.queue.drain(worker.handle);
    expect(await harness.started()).toHaveLength(1);
    expect(await count('dispatch')).toBe(posts);
    expect(accepted()).toHaveLength(1);
  });

  test('while the run list is read: the attempt fails, and a later one adopts the run', async () => {
    await harness.fault(
      { match: { operation: 'dispatch' }, fault: 'reset-after' },
      { match: { operation: 'run-list' }, fault: { delayMs: 600_000, when: 'before' } },
    );
    const worker = harness.worker();
    await expect(worker.actOn(decisionOf(1))).rejects.toThrow();
    harness.clock.advance(windowMs);
    const deadline = new AbortController();
    const attempt = worker.actOn(decisionOf(1), { signal: deadline.signal });
    await received('run-list');
    deadline.abort();
    await expect(attempt).rejects.toMatchObject({ name: 'GitHubTransientError' });
    await worker.actOn(decisionOf(1));
    expect(await count('dispatch')).toBe(1);
    expect(accepted()).toHaveLength(1);
  });

  test('before an event: nothing is sent, and a later attempt sends it', async () => {
    const deadline = new AbortController();
    deadline.abort();
    const worker = harness.worker();
    const decided = decidedRequest(1, anEvent);
    await expect(worker.actOn(decided, { signal: deadline.signal })).rejects.toMatchObject({
      name: 'GitHubTransientError',
    });
    expect(await count('event')).toBe(0);
    await worker.actOn(decided);
    expect(await count('event')).toBe(1);
  });

  test('during the POST of an event: the POST is not aborted, because its outcome could not be looked up', async () => {
    const deadline = new AbortController();
    const worker = harness.worker({ beforePost: async () => deadline.abort() });
    await worker.actOn(decidedRequest(1, anEvent), { signal: deadline.signal });
    expect(await count('event')).toBe(1);
    expect(accepted()[0]?.data).not.toHaveProperty('code');
  });

  test('while an issue is opened: a later attempt finds the issue and opens no second one', async () => {
    await harness.fault({ match: { operation: 'issue-create' }, fault: { delayMs: 600_000, when: 'after' } });
    const denied = decisionOf(1, { effect: 'deny', code: 'inbound-branch', responsible: 'target' });
    const deadline = new AbortController();
    const worker = harness.worker();
    const attempt = worker.actOn(denied, { signal: deadline.signal });
    await until(async () => (await harness.emulator.control.issues()).length > 0);
    deadline.abort();
    await expect(attempt).rejects.toMatchObject({ name: 'GitHubUnknownOutcomeError' });
    harness.queue.send(denied);
    await harness.queue.drain(worker.handle);
    expect(await harness.emulator.control.issues()).toHaveLength(1);
  });
});
