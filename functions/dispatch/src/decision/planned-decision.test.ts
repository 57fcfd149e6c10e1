import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { RouteDecided } from '@dispatcher/contracts';
import { decidedRequest } from '../testing/decisions.ts';
import { decisionOf, startHarness, type Harness, type Worker } from '../testing/harness.ts';

let harness: Harness;
let worker: Worker;
beforeEach(async () => {
  harness = await startHarness();
  worker = harness.worker();
});
afterEach(() => harness.close());

const drain = () => harness.queue.drain(worker.handle);

/** Returns the message with other values in its data. */
function forge(message: RouteDecided, change: Partial<RouteDecided['data']>): RouteDecided {
  return { ...message, data: { ...message.data, ...change } };
}

/** Returns the message with another decision. */
function forgeDecision(message: RouteDecided, change: Partial<RouteDecided['data']['decision']>): RouteDecided {
  return forge(message, { decision: { ...message.data.decision, ...change } });
}

async function expectRefused(detail: RegExp): Promise<void> {
  const [deadLetter, ...others] = harness.queue.deadLetters;
  expect(others).toEqual([]);
  expect(deadLetter?.reason).toBe('decision-not-in-plan');
  expect(deadLetter?.detail).toMatch(detail);
  expect(harness.facts).toMatchObject([{ type: 'message.dead-lettered', data: { reason: 'decision-not-in-plan' } }]);
  expect((await harness.counts())['dispatch'] ?? 0).toBe(0);
  expect(await harness.started()).toEqual([]);
}

describe('a forged route.decided is dead-lettered at its first attempt and starts nothing', () => {
  test('if no plan of its run is stored', async () => {
    harness.queue.sendUnplanned(decisionOf(1));
    await drain();
    await expectRefused(/No plan of run 11-1-1 with revision 0 is stored/);
  });

  test.each([
    ['a revision that was never planned', { revision: 1 }, /with revision 1 is stored/],
    ['an index after the last decision', { index: 1 }, /has no decision with index 1/],
    ['a negative index', { index: -1 }, /has no decision with index -1/],
  ])('if it names %s', async (_, change, detail) => {
    const planned = decisionOf(1, { effect: 'deny', code: 'inbound-branch', responsible: 'nobody' });
    harness.plan(planned);
    harness.queue.sendUnplanned(forge(planned, change));
    await drain();
    await expectRefused(detail);
  });

  test('if the plan denies the route', async () => {
    const denied = decisionOf(1, { effect: 'deny', code: 'inbound-branch', responsible: 'nobody' });
    harness.plan(denied);
    harness.queue.sendUnplanned(forgeDecision(denied, { effect: 'allow', code: 'allowed' }));
    await drain();
    await expectRefused(/says "allow", the plan of run 11-1-1 says "deny"/);
  });

  test('if it names another dispatch, so that a started route would start again', async () => {
    const planned = decisionOf(1, { effect: 'deny', code: 'inbound-branch', responsible: 'nobody' });
    harness.plan(planned);
    harness.queue.sendUnplanned(forgeDecision(planned, { dispatchId: 'f'.repeat(32) }));
    await drain();
    await expectRefused(/names dispatch f{32}/);
  });
});

test('what a message says about target, ref, inputs and trigger is ignored: the plan is carried out', async () => {
  const planned = decisionOf(1);
  harness.queue.send(decisionOf(2));
  await drain();
  const forged = forgeDecision(planned, {
    ref: 'release',
    inputs: { sha: 'e'.repeat(40), dispatch: 'forged' },
    target: { repositoryId: 33, installationId: 6, visibility: 'public' },
    route: { source: planned.data.decision.route.source, target: { repository: 'acme/other', workflow: 'cd.yml' } },
  });
  harness.plan(planned);
  harness.queue.sendUnplanned(forged);
  await drain();
  const started = await harness.started();
  expect(started).toHaveLength(2);
  expect(started.at(-1)).toMatchObject({
    repository: 'octo-org/deploy',
    headBranch: 'main',
    inputs: planned.data.decision.inputs,
  });
});

test('the payload of an event is that of the stored request', async () => {
  await harness.emulator.control.push('octo-org/deploy', {
    files: { '.github/workflows/on-event.yml': 'on: { repository_dispatch: { types: [deploy] } }\njobs: {}\n' },
  });
  const planned = decidedRequest(1, {
    kind: 'event',
    repository: 'octo-org/deploy',
    eventType: 'deploy',
    clientPayload: '{"sha":"abc"}',
  });
  harness.plan(planned);
  const { trigger } = planned.data;
  if (trigger.type !== 'dispatch.requested' || trigger.request.kind !== 'event')
    throw new Error('The trigger is an event.');
  harness.queue.sendUnplanned(
    forge(planned, { trigger: { ...trigger, request: { ...trigger.request, clientPayload: '{"sha":"forged"}' } } }),
  );
  await drain();
  expect(harness.queue.deadLetters).toEqual([]);
  const events = (await harness.emulator.control.runs()).filter(({ event }) => event === 'repository_dispatch');
  expect(events).toMatchObject([{ clientPayload: { sha: 'abc' } }]);
});
