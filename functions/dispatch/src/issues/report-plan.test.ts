import type { Fact, Plan, RunPlanned } from '@dispatcher/contracts';
import { completedRun } from '@dispatcher/contracts/testing';
import { DeferError } from '@dispatcher/lambda';
import { silent } from '@dispatcher/lambda/testing';
import type { StoredPlan } from '@dispatcher/store';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type ActDependencies, actOnMessage } from '../act-on-message.ts';
import { type Harness, startHarness } from '../testing/harness.ts';

const attempt = { messageId: 'm', attempt: 1, isLast: false, signal: new AbortController().signal, log: silent };
const minuteMs = 60_000;
const startMs = Date.parse('2026-01-02T03:00:00.000Z');

let harness: Harness;
let plans: Map<string, StoredPlan>;
beforeEach(async () => {
  harness = await startHarness();
  plans = new Map();
});
afterEach(() => harness.close());

const broken: Partial<Plan> = {
  outcome: 'config-invalid',
  code: 'config-invalid',
  message: 'The source’s dispatching.yml has errors: dispatching.yml:2:35: unknown key `brances`',
  fix: 'Correct the lines that the message names.',
  responsible: 'source',
};
const unreadable: Partial<Plan> = {
  outcome: 'config-unreadable',
  code: 'config-unreadable',
  message: 'The source’s dispatching.yml could not be read: Bad Gateway @octocat.',
};
const valid: Partial<Plan> = { outcome: 'no-match', code: 'no-match', message: 'No rule.', endsProblem: true };

/** Stores a plan that was made in this minute, and returns its fact. The run has the number of the minute. */
function planned(minute: number, change: Partial<Plan>, workflow = 'ci.yml'): RunPlanned {
  const runKey = `11-${minute}-1`;
  const plannedAt = new Date(startMs + minute * minuteMs).toISOString();
  const plan: Plan = {
    version: 1,
    runKey,
    revision: 0,
    trigger: completedRun({ id: minute }, { workflow }),
    outcome: 'config-unreadable',
    code: 'config-unreadable',
    message: 'A problem.',
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
    id: `planned-${minute}`,
    type: 'run.planned',
    time: plannedAt,
    correlationId: 'guid',
    runKey,
    data: { ...rest, allowed: 0, denied: 0 },
  };
}

function dependencies(environment: Record<string, string> = {}): ActDependencies {
  // These plans are not stored, and only their issues are judged.
  const { deps } = harness.worker({ environment: { CREATE_CHECKS: 'none', ...environment } });
  const getPlan = async (runKey: string, revision: number) => plans.get(`${runKey}#${revision}`) ?? null;
  return { ...deps, plans: { ...deps.plans, getPlan } };
}

async function act(message: RunPlanned, environment: Record<string, string> = {}): Promise<void> {
  await actOnMessage(dependencies(environment), message, attempt);
}

const issues = () => harness.emulator.control.issues();
const reports = () =>
  harness.facts.flatMap((fact: Fact) => (fact.type === 'plan.reported' ? [[fact.data.code, fact.data.action]] : []));
const writes = async () => {
  const counts = await harness.counts();
  return (counts['issue-create'] ?? 0) + (counts['issue-update'] ?? 0) + (counts['comment-create'] ?? 0);
};

describe('a plan with a problem of the whole repository', () => {
  test.each([
    ['an invalid file', broken],
    ['two files', { ...broken, code: 'config-ambiguous', message: 'Both exist.' } as const],
    ['a file that could not be read', unreadable],
    ['a plan that is too large', { ...broken, outcome: 'plan-too-large', code: 'plan-too-large' } as const],
  ])('opens one issue: %s', async (_, problem) => {
    for (const minute of [1, 2, 3]) await act(planned(minute, problem));
    await act(planned(1, problem));
    const opened = await issues();
    expect(opened).toMatchObject([
      {
        repository: 'octo-org/app',
        title: 'Dispatcher could not plan workflow runs of this repository',
        state: 'open',
        labels: ['dispatcher'],
      },
    ]);
    expect(opened[0]?.body).toContain(problem.message ?? '');
    expect(opened[0]?.body).toContain('dispatcher replay 11-1-1 --re-evaluate');
    expect(await writes()).toBe(1);
    expect(reports().map(([, action]) => action)).toEqual(['opened', 'noted', 'noted', 'opened']);
  });

  test('updates the issue when the errors change, and after an hour with the same errors', async () => {
    await act(planned(1, broken));
    await act(planned(2, { ...broken, message: 'The source’s dispatching.yml has errors: another' }));
    await act(planned(3, unreadable));
    await act(planned(70, unreadable));
    expect(reports().map(([, action]) => action)).toEqual(['opened', 'updated', 'updated', 'updated']);
    const [issue] = await issues();
    expect(issue?.body).toContain('could not be read: Bad Gateway');
    expect(issue?.body).toContain('[2](https://github.com/octo-org/app/actions/runs/2)');
  });

  test('leaves no mention, link or end of a comment in the issue', async () => {
    await act(planned(1, { ...broken, message: 'errors: ``` @octocat --> [x](https://example.com)' }));
    const [issue] = await issues();
    expect(issue?.body).toContain('````text\nerrors: ``` @octocat --> [x](https://example.com)\n````');
  });

  test('opens the same issue again after it was closed', async () => {
    await act(planned(1, broken));
    await act(planned(2, valid));
    await act(planned(3, broken));
    expect(await issues()).toMatchObject([{ state: 'open' }]);
  });

  test('opens none if a newer plan is valid, whatever the order of the messages', async () => {
    const late = planned(1, broken);
    await act(planned(2, valid));
    await act(late);
    expect(await issues()).toEqual([]);
    expect(reports()).toEqual([]);
  });

  test('does not open a closed issue again if a newer plan was valid', async () => {
    await act(planned(1, broken));
    await act(planned(3, valid));
    await act(planned(2, broken));
    expect(await issues()).toMatchObject([{ state: 'closed' }]);
  });
});

describe('a valid plan that ends a problem', () => {
  test('closes the issue with one comment, and ends the problem', async () => {
    await harness.state.planProblems.begin(11, startMs);
    await act(planned(1, broken));
    await act(planned(2, valid));
    await act(planned(2, valid));
    const closed = await issues();
    expect(closed).toMatchObject([{ state: 'closed' }]);
    expect(closed[0]?.body).toContain('can plan workflow runs of this repository again');
    expect(closed[0]?.comments.map(({ body }) => body)).toEqual([
      expect.stringContaining('Dispatcher planned a newer run: [2]'),
    ]);
    expect(reports()).toEqual([
      ['config-invalid', 'opened'],
      ['no-match', 'closed'],
      ['no-match', 'closed'],
    ]);
    expect(await harness.state.planProblems.isOpen(11)).toBe(false);
  });

  test('closes the issue without a comment if the limit for content allows one write at a time', async () => {
    const environment = { GITHUB_CONTENT_PER_MINUTE: '4' };
    await act(planned(1, broken), environment);
    harness.clock.advance(minuteMs);
    await act(planned(2, valid), environment);
    expect(await issues()).toMatchObject([{ state: 'closed', comments: [] }]);
  });

  test('writes nothing to GitHub if there is no issue, and ends the problem', async () => {
    await harness.state.planProblems.begin(11, startMs);
    await act(planned(2, valid));
    expect(await writes()).toBe(0);
    expect(reports()).toEqual([]);
    expect(await harness.state.planProblems.isOpen(11)).toBe(false);
  });

  test('closes an issue about a plan that was too large only if it is of the same workflow', async () => {
    await harness.state.planProblems.begin(11, startMs);
    await act(planned(1, { ...broken, outcome: 'plan-too-large', code: 'plan-too-large' }));
    await act(planned(2, valid, 'other.yml'));
    expect(await issues()).toMatchObject([{ state: 'open' }]);
    expect(await harness.state.planProblems.isOpen(11)).toBe(true);
    await act(planned(3, valid));
    expect(await issues()).toMatchObject([{ state: 'closed' }]);
  });
});

describe('without an issue', () => {
  test('with CREATE_ISSUES=false the fact says so, and a valid plan ends the problem', async () => {
    await harness.state.planProblems.begin(11, startMs);
    await act(planned(1, broken), { CREATE_ISSUES: 'false' });
    await act(planned(2, valid), { CREATE_ISSUES: 'false' });
    expect(await issues()).toEqual([]);
    expect(reports().map(([, action]) => action)).toEqual(['skipped', 'skipped']);
    expect(await harness.state.planProblems.isOpen(11)).toBe(false);
  });

  test.each([
    ['issues are disabled', { status: 410, body: { message: 'Issues are disabled for this repo' } }],
    [
      'the App has no permission for issues',
      { status: 403, body: { message: 'Resource not accessible by integration' } },
    ],
  ])('if %s, nothing fails and the fact says so', async (_, fault) => {
    await harness.state.planProblems.begin(11, startMs);
    await harness.fault(
      { match: { operation: 'issue-create', times: 0 }, fault },
      { match: { operation: 'issue-read', times: 0 }, fault },
    );
    await act(planned(1, broken));
    await act(planned(2, valid));
    expect(await issues()).toEqual([]);
    expect(reports()[0]).toEqual(['config-invalid', 'unavailable']);
    expect(await harness.state.planProblems.isOpen(11)).toBe(false);
  });
});

test('a message that no stored plan supports opens and closes nothing', async () => {
  const forged = planned(1, broken);
  plans.clear();
  await expect(act(forged)).rejects.toMatchObject({ name: 'PermanentError' });
  planned(1, { code: 'no-config', outcome: 'no-config' });
  await expect(act(forged)).rejects.toMatchObject({ name: 'PermanentError' });
  expect(await issues()).toEqual([]);
});

class CrashError extends Error {
  override readonly name = 'CrashError';
}

/**
 * Wraps the ports of the dependencies: the process ends before the call with that number, which is the same as after the
 * call before it.
 */
function crashing(deps: ActDependencies, at: number) {
  let calls = 0;
  const wrap = <Port extends object>(port: Port): Port =>
    new Proxy(port, {
      get: (target, name) => {
        const member: unknown = Reflect.get(target, name);
        if (typeof member !== 'function') return member;
        return async (...args: unknown[]) => {
          calls += 1;
          if (calls >= at) throw new CrashError();
          return Reflect.apply(member, target, args) as unknown;
        };
      },
    });
  const { trackingIssues, planProblems, issues: client, bus } = deps;
  const crashed = {
    ...deps,
    trackingIssues: wrap(trackingIssues),
    planProblems: wrap(planProblems),
    issues: wrap(client),
    bus: wrap(bus),
  };
  return { deps: crashed, calls: () => calls };
}

/** Acts on a message until nothing defers it. */
async function complete(message: RunPlanned): Promise<void> {
  for (let tries = 0; tries < 200; tries += 1) {
    try {
      return await act(message);
    } catch (error) {
      if (!(error instanceof DeferError)) throw error;
      harness.clock.advance(Math.max(error.afterMs, 1_000));
    }
  }
  throw new Error('The message was deferred 200 times.');
}

/** Acts on the message in a process that crashes, then in another one until the message is done. Returns the calls of the first. */
async function completeAfterCrash(message: RunPlanned, at: number): Promise<number> {
  const { deps, calls } = crashing(dependencies(), at);
  await actOnMessage(deps, message, attempt).catch((error: unknown) => {
    if (!(error instanceof CrashError)) throw error;
  });
  await complete(message);
  return calls();
}

test('a crash between any two calls leaves exactly one issue, which the valid plan closes once', async () => {
  for (let at = 1, reached = true; reached; at += 1) {
    await harness.close();
    harness = await startHarness();
    await harness.state.planProblems.begin(11, startMs + minuteMs);
    const calls = [await completeAfterCrash(planned(1, broken), at)];
    expect(await issues()).toMatchObject([{ state: 'open' }]);
    calls.push(await completeAfterCrash(planned(2, valid), at));
    const all = await issues();
    expect(all).toMatchObject([{ state: 'closed' }]);
    expect(all[0]?.comments.length).toBeLessThanOrEqual(1);
    expect(await harness.state.planProblems.isOpen(11)).toBe(false);
    reached = calls.some((count) => count >= at);
  }
});
