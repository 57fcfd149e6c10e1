import { afterEach, describe, expect, test } from '@jest/globals';
import { type DispatchAccepted, factsOfPlan, type Plan, type RunPlanned } from '@dispatcher/contracts';
import type { RunDecided } from '../facts/issue-fact.ts';
import { decisionOf, type Harness, startHarness, type Worker } from '../testing/harness.ts';

let harness: Harness;
let worker: Worker;
let decision: RunDecided;
afterEach(() => harness.close());

/** Starts a system whose source may have granted `checks: write`, and carries out the one decision of its run. */
async function dispatched(mayWriteChecks: boolean): Promise<DispatchAccepted> {
  harness = await startHarness({ mayWriteChecks });
  worker = harness.worker();
  const { sha } = await harness.emulator.control.push('octo-org/app', { branch: 'change', files: { 'a.txt': '1' } });
  const decided = decisionOf(1);
  const { trigger } = decided.data;
  decision = {
    ...decided,
    data: { ...decided.data, trigger: { ...trigger, run: { ...trigger.run, headSha: sha } } },
  };
  harness.queue.send(decision);
  await harness.queue.step(worker.handle);
  const accepted = harness.facts.find((fact) => fact.type === 'dispatch.accepted');
  if (accepted === undefined) throw new Error('The decision started no run.');
  return accepted;
}

function planned(): RunPlanned {
  const { runKey, time, data } = decision;
  const { revision, trigger, lineage } = data;
  const plan: Plan = {
    version: 1,
    runKey,
    revision,
    trigger,
    outcome: 'planned',
    code: 'planned',
    message: 'planned',
    fix: 'Nothing to do.',
    responsible: 'nobody',
    checks: [],
    unmatched: [],
    decisions: [data.decision],
    lineage,
  };
  return factsOfPlan(plan, time)[0];
}

async function callsOf(message: RunPlanned | DispatchAccepted): Promise<string[]> {
  harness.queue.sendUnplanned(message);
  harness.calls();
  await harness.queue.step(worker.handle);
  expect(harness.queue.deadLetters).toEqual([]);
  return harness.calls();
}

describe('requests for the check runs of one run', () => {
  test('are one read, the claim, one read under it, the rate limiters, the note before the POST, and the result', async () => {
    const accepted = await dispatched(true);
    const [claim, note, result] = ['UpdateItem', 'UpdateItem', 'UpdateItem'];
    // The dispatch has moved one of the two rate limiters a moment ago, which takes a second try.
    const rateLimiters = ['UpdateItem', 'UpdateItem', 'UpdateItem'];
    expect(await callsOf(accepted)).toEqual(['BatchGetItem', claim, 'BatchGetItem', ...rateLimiters, note, result]);
    expect(await harness.emulator.control.checkRuns()).toMatchObject([{ name: 'Dispatcher', conclusion: 'success' }]);
  });

  test('are one read where they are as they should be', async () => {
    const accepted = await dispatched(true);
    await callsOf(accepted);
    expect(await callsOf(accepted)).toEqual(['BatchGetItem']);
  });

  test('are none for ten minutes after the installation turned out not to have granted the permission', async () => {
    const accepted = await dispatched(false);
    await callsOf(accepted);
    expect(await callsOf(accepted)).toEqual([]);
    expect(await callsOf(planned())).toEqual([]);
    harness.clock.advance(10 * 60_000 + 1);
    expect(await callsOf(accepted)).toContain('BatchGetItem');
  });

  test('are none with CREATE_CHECKS=none', async () => {
    const accepted = await dispatched(true);
    worker = harness.worker({ environment: { CREATE_CHECKS: 'none' } });
    expect(await callsOf(accepted)).toEqual([]);
  });
});
