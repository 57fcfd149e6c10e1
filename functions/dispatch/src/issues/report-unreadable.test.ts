import type { Plan, RunPlanned } from '@dispatcher/contracts';
import { completedRun } from '@dispatcher/contracts/testing';
import { silent } from '@dispatcher/lambda/testing';
import type { StoredPlan } from '@dispatcher/store';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { actOnMessage } from '../act-on-message.ts';
import { startHarness, type Harness } from '../testing/harness.ts';

const attempt = { messageId: 'm', attempt: 1, isLast: false, signal: new AbortController().signal, log: silent };

let harness: Harness;
let plans: Map<string, StoredPlan>;
beforeEach(async () => {
  harness = await startHarness();
  plans = new Map();
});
afterEach(() => harness.close());

/** Stores the plan of a run and returns its fact. */
function planned(runId: number, change: Partial<Plan> = {}, plannedAt = '2026-01-02T09:00:00.000Z'): RunPlanned {
  const runKey = `11-${runId}-1`;
  const plan: Plan = {
    version: 1,
    runKey,
    revision: 0,
    trigger: completedRun({ id: runId }),
    outcome: 'config-unreadable',
    code: 'config-unreadable',
    message: 'The source’s dispatching.yml could not be read: Bad Gateway @octocat.',
    fix: 'Replay the run.',
    responsible: 'operator',
    checks: [],
    unmatched: [],
    decisions: [],
    lineage: { depth: 0, path: [] },
    ...change,
  };
  plans.set(`${runKey}#0`, { plan, plannedAt });
  const { version: _, runKey: __, decisions: ___, ...rest } = plan;
  return {
    version: 1,
    id: `planned-${runId}`,
    type: 'run.planned',
    time: plannedAt,
    correlationId: 'guid',
    runKey,
    data: { ...rest, allowed: 0, denied: 0 },
  };
}

async function act(message: RunPlanned, environment: Record<string, string> = {}): Promise<void> {
  const { deps } = harness.worker({ environment });
  const getPlan = async (runKey: string, revision: number) => plans.get(`${runKey}#${revision}`) ?? null;
  await actOnMessage({ ...deps, plans: { ...deps.plans, getPlan } }, message, attempt);
}

const issues = () => harness.emulator.control.issues();

describe('a source whose dispatching.yml could not be read', () => {
  test('gets one issue a day, however many of its runs were not planned', async () => {
    for (const id of [1, 2, 3]) await act(planned(id));
    await act(planned(1));
    const opened = await issues();
    expect(opened).toMatchObject([
      { repository: 'octo-org/app', title: 'Dispatcher could not read dispatching.yml', state: 'open' },
    ]);
    expect(opened[0]?.body).toContain('dispatcher replay 11-1-1 --re-evaluate');
    await act(planned(4, {}, '2026-01-03T09:00:00.000Z'));
    expect(await issues()).toHaveLength(2);
  });

  test('gets none with CREATE_ISSUES=false, and none if the App may not write issues', async () => {
    await act(planned(1), { CREATE_ISSUES: 'false' });
    await harness.fault({
      match: { operation: 'issue-create' },
      fault: { status: 410, body: { message: 'Disabled' } },
    });
    await act(planned(2));
    expect(await issues()).toEqual([]);
  });

  test('gets none for a message that no stored plan supports', async () => {
    const forged = planned(1);
    plans.clear();
    await expect(act(forged)).rejects.toMatchObject({ name: 'PermanentError' });
    planned(1, { code: 'no-config', outcome: 'no-config' });
    await expect(act(forged)).rejects.toMatchObject({ name: 'PermanentError' });
    expect(await issues()).toEqual([]);
  });
});
