import type { Fault } from '@dispatcher/github-emulator';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { decisionOf, startHarness, type Harness, type Worker } from './testing/harness.ts';

const hourMs = 60 * 60_000;
const unavailable: Fault = { status: 502, body: { message: 'Bad Gateway' } };

let harness: Harness;
let worker: Worker;
beforeEach(async () => {
  harness = await startHarness();
  worker = harness.worker({ environment: { MAX_ATTEMPTS: '2' } });
});
afterEach(() => harness.close());

/** Hands out the messages while every request fails, until GitHub recovers after that time. */
async function drainWithOutage(durationMs: number): Promise<void> {
  const recoversAt = harness.clock.now() + durationMs;
  await harness.fault({ match: { path: '*', times: 0 }, fault: unavailable });
  await harness.queue.drain(async (event, context) => {
    if (harness.clock.now() >= recoversAt) await harness.fault();
    return worker.handle(event, context);
  });
}

describe('GitHub is unreachable', () => {
  test('for five hours: no decision uses up its attempts, and each starts its workflow once afterwards', async () => {
    for (let run = 1; run <= 12; run += 1) {
      harness.queue.send(decisionOf(run, { ref: run % 2 === 0 ? 'main' : 'release' }));
    }
    await drainWithOutage(5 * hourMs);
    expect(harness.queue.deadLetters).toEqual([]);
    expect(await harness.started()).toHaveLength(12);
    expect(harness.facts.filter(({ type }) => type === 'dispatch.accepted')).toHaveLength(12);
    // SQS moves a message that was received 1,000 times to the dead-letter queue.
    expect(harness.queue.received).toBeLessThan(12 * 80);
  });

  test('after the POST was sent: GitHub is asked for the run once it has recovered, and no second run starts', async () => {
    await harness.fault({ match: { operation: 'dispatch' }, fault: 'status-after' });
    harness.queue.send(decisionOf(1));
    await harness.queue.step(worker.handle);
    expect(await harness.started()).toHaveLength(1);
    await drainWithOutage(2 * hourMs);
    expect(await harness.started()).toHaveLength(1);
    expect(harness.facts.filter(({ type }) => type === 'dispatch.accepted')).toHaveLength(1);
    expect(harness.queue.deadLetters).toEqual([]);
  });

  test('before an issue could be written: the issue is opened once, after GitHub has recovered', async () => {
    harness.queue.send(decisionOf(1, { effect: 'deny', code: 'inbound-branch', responsible: 'target' }));
    await drainWithOutage(3 * hourMs);
    expect(harness.queue.deadLetters).toEqual([]);
    expect(await harness.emulator.control.issues()).toHaveLength(1);
  });

  test('for longer than UNREADABLE_GIVE_UP_SECONDS: the decision becomes a dead letter that names the cause', async () => {
    harness.queue.send(decisionOf(1));
    await drainWithOutage(7 * hourMs);
    expect(harness.queue.deadLetters).toMatchObject([{ reason: 'attempts-exhausted' }]);
    expect(harness.queue.deadLetters[0]?.detail).toMatch(/^GitHubUnreachableError: /);
    expect(await harness.started()).toEqual([]);
  });
});
