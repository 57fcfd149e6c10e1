import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import {
  type Decision,
  type DispatchCompleted,
  factId,
  factsOfPlan,
  type OperatorActed,
  type Plan,
  type RunPlanned,
} from '@dispatcher/contracts';
import type { RunDecided } from '../facts/issue-fact.ts';
import { decisionOf, type Harness, startHarness, type Worker, type WorkerChange } from '../testing/harness.ts';

const minuteMs = 60_000;
const dayMs = 24 * 60 * minuteMs;

let harness: Harness;
let worker: Worker;
let sha: string;
let sentFacts: number;

beforeEach(async () => {
  harness = await startHarness({ mayWriteChecks: true });
  worker = harness.worker();
  ({ sha } = await harness.emulator.control.push('octo-org/app', { branch: 'change', files: { 'a.txt': '1' } }));
  sentFacts = 0;
});
afterEach(() => harness.close());

function decided(run: number, change: Partial<Decision> = {}): RunDecided {
  const decision = decisionOf(run, change);
  const { trigger } = decision.data;
  return { ...decision, data: { ...decision.data, trigger: { ...trigger, run: { ...trigger.run, headSha: sha } } } };
}

const denied = (run: number, change: Partial<Decision> = {}) =>
  decided(run, {
    effect: 'deny',
    code: 'target-not-visible',
    message: 'No such repository: secret.',
    responsible: 'source',
    ...change,
  });

/** Returns the fact of the plan with these decisions. */
function planned(...decisions: readonly RunDecided[]): RunPlanned {
  const [first] = decisions;
  if (first === undefined) throw new Error('No decisions.');
  const { runKey, time, data } = first;
  const plan: Plan = {
    version: 1,
    runKey,
    revision: data.revision,
    trigger: data.trigger,
    outcome: 'planned',
    code: 'planned',
    message: 'planned',
    fix: 'Nothing to do.',
    responsible: 'nobody',
    checks: [],
    unmatched: [],
    decisions: decisions.map(({ data: { decision } }) => decision),
    lineage: data.lineage,
  };
  return factsOfPlan(plan, time)[0];
}

/** Delivers what the bus delivers to the queue, until nothing is left. */
async function drain(): Promise<void> {
  do {
    await harness.queue.drain(worker.handle);
    for (const fact of harness.facts.slice(sentFacts)) {
      if (fact.type === 'dispatch.accepted' || fact.type === 'dispatch.failed') harness.queue.sendUnplanned(fact);
    }
    sentFacts = harness.facts.length;
  } while (harness.queue.size > 0);
}

async function plan(...decisions: readonly RunDecided[]): Promise<void> {
  for (const decision of decisions) harness.queue.send(decision);
  harness.queue.sendUnplanned(planned(...decisions));
  await drain();
}

const checkRuns = () => harness.emulator.control.checkRuns();
const check = async (name: string) => (await checkRuns()).filter((run) => run.name === name);
const gate = (name: string) =>
  harness.emulator.control.mergeable('octo-org/app', { sha, check: `Dispatcher / ${name}`, appId: 1 });

function completedFact({ runKey, data }: RunDecided, change: Partial<DispatchCompleted> = {}): DispatchCompleted {
  const { dispatchId, routeId, route } = data.decision;
  return {
    version: 1,
    id: factId('dispatch.completed', dispatchId, 1, 1),
    type: 'dispatch.completed',
    time: new Date(harness.clock.now()).toISOString(),
    correlationId: 'delivery-2',
    runKey,
    data: {
      dispatchId,
      routeId,
      route,
      conclusion: 'success',
      durationMs: 1,
      sourceRunUrl: null,
      targetRunUrl: 'https://github.com/octo-org/deploy/actions/runs/1',
    },
    ...change,
  };
}

/** Completes the started run of a decision at GitHub and delivers the fact, whose own conclusion is not to be believed. */
async function complete(decision: RunDecided, conclusion: Parameters<Harness['emulator']['control']['complete']>[1]) {
  const [run] = (await harness.started()).filter(
    ({ inputs }) => inputs['dispatch'] === decision.data.decision.dispatchId,
  );
  await harness.emulator.control.complete(run?.id ?? 0, conclusion);
  harness.queue.sendUnplanned(completedFact(decision));
  await drain();
}

const acted = ({ runKey, data }: RunDecided, actionId: string): OperatorActed => ({
  version: 1,
  id: factId('operator.acted', actionId),
  type: 'operator.acted',
  time: new Date(harness.clock.now()).toISOString(),
  correlationId: 'delivery-1',
  runKey,
  data: {
    actionId,
    action: 'as-recorded',
    operator: 'github:octocat',
    reason: 'Re-run of a check',
    routeId: null,
    result: 'published',
    revision: data.revision,
  },
});

const using = (change: WorkerChange) => {
  worker = harness.worker(change);
};

describe('writes to GitHub for one run', () => {
  test('are one POST for the dispatch, one for the summary and two for a named check; one more after the end', async () => {
    const decision = decided(1, { check: 'deploy' });
    await plan(decision);
    const started = await harness.counts();
    expect([started['dispatch'], started['check-create'], started['check-update']]).toEqual([1, 2, undefined]);
    harness.clock.advance(minuteMs);
    await complete(decision, 'success');
    const counts = await harness.counts();
    expect([counts['dispatch'], counts['check-create'], counts['check-update']]).toEqual([1, 2, 2]);
    expect(counts['check-list']).toBeUndefined();
  });

  test('are not repeated for messages that arrive again or in another order', async () => {
    const [first, second] = [decided(1, { check: 'deploy' }), denied(1, secondRoute)];
    await plan(first, second);
    harness.clock.advance(minuteMs);
    await complete(first, 'failure');
    const before = await harness.counts();
    for (const fact of harness.facts) if (fact.type === 'dispatch.accepted') harness.queue.sendUnplanned(fact);
    harness.queue.sendUnplanned(planned(first, second));
    harness.queue.sendUnplanned(completedFact(first));
    await drain();
    const after = await harness.counts();
    expect([after['check-create'], after['check-update']]).toEqual([before['check-create'], before['check-update']]);
  });

  test('are coalesced for the summary: ends within a minute are one change', async () => {
    const runs = [decided(1), decided(1, secondRoute), decided(1, thirdRoute)];
    await plan(...runs);
    for (const run of runs) {
      const [started] = (await harness.started()).filter(
        ({ inputs }) => inputs['dispatch'] === run.data.decision.dispatchId,
      );
      await harness.emulator.control.complete(started?.id ?? 0, 'success');
      harness.queue.sendUnplanned(completedFact(run));
    }
    await drain();
    expect(await harness.counts()).toMatchObject({ 'check-create': 1, 'check-update': 1 });
    const [summary] = await check('Dispatcher');
    expect(summary?.summary?.match(/`` success ``|` success `/g)).toHaveLength(3);
  });
});

const route = (id: string) => {
  const { route: first } = decisionOf(1).data.decision;
  return { ...first, id };
};
const secondRoute = {
  routeId: '2'.repeat(16),
  dispatchId: '2'.repeat(32),
  route: route('second'),
  inputs: { sha: 'a', dispatch: '2'.repeat(32) },
};
const thirdRoute = {
  routeId: '3'.repeat(16),
  dispatchId: '3'.repeat(32),
  route: route('third'),
  inputs: { sha: 'a', dispatch: '3'.repeat(32) },
};

describe('the summary', () => {
  test('is `success` once everything was started, with a link to the run', async () => {
    await plan(decided(1));
    const [run] = await harness.started();
    expect(await check('Dispatcher')).toMatchObject([
      {
        status: 'completed',
        conclusion: 'success',
        title: 'Started 1 workflow',
        headSha: sha,
        externalId: 'dispatcher/11-1-1',
      },
    ]);
    expect((await check('Dispatcher'))[0]?.summary).toContain(String(run?.id));
  });

  test('is `neutral` where something was refused, and shows the reason as the source may see it', async () => {
    const target = { repositoryId: 22, installationId: 5, visibility: 'private' } as const;
    await plan(decided(1), denied(1, { ...secondRoute, target }));
    const [summary] = await check('Dispatcher');
    expect(summary).toMatchObject({ conclusion: 'neutral', title: 'Started 1 of 2 workflows' });
    expect(summary?.summary).toContain('target-refused');
    expect(summary?.summary).not.toContain('secret');
  });

  test('is not written before every route is started or refused', async () => {
    using({ environment: { DISPATCH_PAUSED: 'true' } });
    const decision = decided(1);
    harness.queue.send(decision);
    harness.queue.sendUnplanned(planned(decision, denied(1, secondRoute)));
    harness.plan(denied(1, secondRoute));
    await harness.queue.step(worker.handle);
    expect(await checkRuns()).toEqual([]);
  });

  test('is not written if nobody has to act, unless CREATE_CHECKS is `all`', async () => {
    const fork = { code: 'source-commit-gone', responsible: 'nobody' } as const;
    await plan(denied(1, fork));
    expect(await checkRuns()).toEqual([]);
    using({ environment: { CREATE_CHECKS: 'all' } });
    await plan(denied(2, fork));
    expect(await check('Dispatcher')).toMatchObject([{ conclusion: 'neutral', title: 'Started 0 of 1 workflow' }]);
  });

  test('is one for each run of the commit: a re-run of the source has its own', async () => {
    await plan(decided(1));
    await plan(decided(2));
    expect((await check('Dispatcher')).map(({ externalId }) => externalId)).toEqual([
      'dispatcher/11-1-1',
      'dispatcher/11-2-1',
    ]);
  });
});

describe('a named check', () => {
  test.each([
    ['success', 'success', true],
    ['failure', 'failure', false],
    ['cancelled', 'cancelled', false],
    ['timed_out', 'timed_out', false],
    ['action_required', 'action_required', false],
    ['neutral', 'failure', false],
    ['skipped', 'failure', false],
    ['stale', 'failure', false],
    ['startup_failure', 'failure', false],
  ] as const)(
    'of a run that concludes with %s is %s; a pull request may merge: %s',
    async (conclusion, shown, passes) => {
      const decision = decided(1, { check: 'deploy' });
      await plan(decision);
      expect(await check('Dispatcher / deploy')).toMatchObject([{ status: 'in_progress', title: 'Started' }]);
      expect((await gate('deploy')).mergeable).toBe(false);
      await complete(decision, conclusion);
      const [run] = await check('Dispatcher / deploy');
      expect(run).toMatchObject({ status: 'completed', conclusion: shown });
      expect(run?.title).toContain(conclusion);
      expect((await gate('deploy')).mergeable).toBe(passes);
    },
  );

  test.each([
    ['the source must act', 'input-value-invalid', 'source', 'action_required'],
    ['the target must act', 'inbound-no-match', 'target', 'failure'],
    ['the operator must act', 'target-not-allowed', 'operator', 'failure'],
    ['nobody must act', 'source-commit-gone', 'nobody', 'failure'],
  ] as const)('of a refused route where %s does not pass', async (_, code, responsible, conclusion) => {
    await plan(denied(1, { code, responsible, check: 'deploy' }));
    expect(await check('Dispatcher / deploy')).toMatchObject([{ status: 'completed', conclusion }]);
    expect((await gate('deploy')).mergeable).toBe(false);
  });

  test('is `queued` while its route waits', async () => {
    using({ environment: { DISPATCH_PAUSED: 'true' } });
    const decision = decided(1, { check: 'deploy' });
    harness.queue.send(decision);
    harness.queue.sendUnplanned(planned(decision));
    await harness.queue.step(worker.handle);
    expect(await checkRuns()).toEqual([]);
    harness.clock.advance(10_000);
    await harness.queue.step(worker.handle);
    expect(await check('Dispatcher / deploy')).toMatchObject([{ status: 'queued', title: 'Waiting to start' }]);
    using({});
    harness.clock.advance(minuteMs * 20);
    await drain();
    expect(await check('Dispatcher / deploy')).toMatchObject([{ status: 'in_progress' }]);
  });

  test('does not believe the conclusion of a message: it reads the run', async () => {
    const decision = decided(1, { check: 'deploy' });
    await plan(decision);
    harness.queue.sendUnplanned(completedFact(decision));
    await drain();
    expect((await gate('deploy')).mergeable).toBe(false);
    expect(await check('Dispatcher / deploy')).toMatchObject([{ status: 'in_progress' }]);
  });

  test('is completed soon after GitHub shows the end of its run, although the summary waits for a minute', async () => {
    const [first, second] = [decided(1, { check: 'first' }), decided(1, { ...secondRoute, check: 'second' })];
    await plan(first, second);
    const end = async (decision: RunDecided) => {
      const [run] = (await harness.started()).filter(
        ({ inputs }) => inputs['dispatch'] === decision.data.decision.dispatchId,
      );
      await harness.emulator.control.complete(run?.id ?? 0, 'success');
    };
    await end(first);
    harness.queue.sendUnplanned(completedFact(first));
    await harness.queue.step(worker.handle);
    harness.queue.sendUnplanned(completedFact(second));
    await harness.queue.step(worker.handle);
    await end(second);
    harness.clock.advance(15_000);
    await harness.queue.step(worker.handle);
    expect(await check('Dispatcher / second')).toMatchObject([{ status: 'completed', conclusion: 'success' }]);
  });

  test('follows a re-run of the started run', async () => {
    const decision = decided(1, { check: 'deploy' });
    await plan(decision);
    await complete(decision, 'failure');
    const [run] = await harness.started();
    await harness.emulator.control.rerun(run?.id ?? 0, 'success');
    harness.queue.sendUnplanned(completedFact(decision));
    await drain();
    expect(await check('Dispatcher / deploy')).toMatchObject([{ conclusion: 'success' }]);
    expect((await gate('deploy')).mergeable).toBe(true);
  });

  test('cannot pass if the target does not report its runs, and shows nothing of the run', async () => {
    const decision = decided(1, { check: 'deploy', report: 'none' });
    await plan(decision);
    await complete(decision, 'success');
    const [run] = await harness.started();
    for (const shown of await checkRuns()) expect(JSON.stringify(shown)).not.toContain(String(run?.id));
    expect(await check('Dispatcher / deploy')).toMatchObject([{ conclusion: 'failure' }]);
    expect((await gate('deploy')).mergeable).toBe(false);
    expect((await harness.counts())['run-read']).toBeUndefined();
  });

  test('of an earlier attempt does not pass for a later one', async () => {
    const first = decided(1, { check: 'deploy' });
    await plan(first);
    await complete(first, 'success');
    expect((await gate('deploy')).mergeable).toBe(true);
    await plan(decided(2, { check: 'deploy' }));
    expect((await gate('deploy')).mergeable).toBe(false);
  });

  test('that another App forges under its name does not pass for a rule that names this App', async () => {
    await plan(denied(1, { check: 'deploy' }));
    const name = 'Dispatcher / deploy';
    await harness.emulator.control.forgeCheck({ repository: 'octo-org/app', sha, name, conclusion: 'success' });
    expect((await gate('deploy')).mergeable).toBe(false);
    expect((await harness.emulator.control.mergeable('octo-org/app', { sha, check: name })).mergeable).toBe(true);
  });

  test('of a run that does not end becomes `timed_out` after 13 days, and still follows its end', async () => {
    const decision = decided(1, { check: 'deploy' });
    await plan(decision);
    const hour = async () => worker.handle({ scheduled: 'overdue-checks' }, { getRemainingTimeInMillis: () => 60_000 });
    harness.clock.advance(12.9 * dayMs);
    await hour();
    expect(await check('Dispatcher / deploy')).toMatchObject([{ status: 'in_progress' }]);
    harness.clock.advance(0.2 * dayMs);
    await hour();
    expect(await check('Dispatcher / deploy')).toMatchObject([{ status: 'completed', conclusion: 'timed_out' }]);
    await complete(decision, 'success');
    expect((await gate('deploy')).mergeable).toBe(true);
  });

  describe('is completed 13 days after it was opened, before GitHub marks it as stale', () => {
    const hour = async () => worker.handle({ scheduled: 'overdue-checks' }, { getRemainingTimeInMillis: () => 60_000 });
    const later = (decision: RunDecided): RunDecided => {
      const time = new Date(harness.clock.now()).toISOString();
      return { ...decision, time, data: { ...decision.data, revision: 1 } };
    };
    const conclusionsAfter = async (...days: readonly number[]) => {
      const conclusions: (string | null | undefined)[] = [];
      for (const day of days) {
        harness.clock.advance(day * dayMs);
        await hour();
        const [shown] = await check('Dispatcher / deploy');
        conclusions.push(shown?.conclusion);
      }
      return conclusions;
    };

    test('although its run was evaluated again a week later', async () => {
      const decision = decided(1, { check: 'deploy' });
      await plan(decision);
      harness.clock.advance(7 * dayMs);
      await harness.state.revisions.setCurrent(decision.runKey, { revision: 1, routeId: null });
      await plan(later(decision));
      harness.queue.sendUnplanned(acted(later(decision), 'replay'));
      await drain();
      expect(await conclusionsAfter(5.9, 0.2)).toEqual([null, 'timed_out']);
    });

    test('and stays so for what was evaluated before, whatever else happens to the run', async () => {
      const decision = decided(1, { check: 'deploy' });
      await plan(decision);
      harness.clock.advance(7 * dayMs);
      await harness.state.revisions.setCurrent(decision.runKey, { revision: 1, routeId: null });
      await plan(later(decision));
      harness.queue.sendUnplanned(acted(later(decision), 'replay'));
      await drain();
      expect(await conclusionsAfter(6.1)).toEqual(['timed_out']);
      harness.clock.advance(minuteMs);
      harness.queue.sendUnplanned(acted(later(decision), 'another-replay'));
      await drain();
      expect(await conclusionsAfter(0.1, 1)).toEqual(['timed_out', 'timed_out']);
    });

    test('and was refused for a week before', async () => {
      await plan(denied(1, { check: 'deploy' }));
      const decision = decided(1, { check: 'deploy' });
      harness.clock.advance(7 * dayMs);
      await harness.state.revisions.setCurrent(decision.runKey, { revision: 1, routeId: null });
      await plan(later(decision));
      expect(await check('Dispatcher / deploy')).toMatchObject([{ status: 'in_progress' }]);
      expect(await conclusionsAfter(6.1, 6.8, 0.2)).toEqual([null, null, 'timed_out']);
    });
  });

  test.each([
    ['source', 'octo-org/app'],
    ['target', 'octo-org/deploy'],
  ])('ends with its run although the %s was renamed meanwhile, and says so on the same check run', async (_, name) => {
    const decision = decided(1, { check: 'deploy' });
    await plan(decision);
    await harness.emulator.control.renameRepository(name, 'renamed');
    harness.clock.advance(minuteMs);
    await complete(decision, 'success');
    const shown = await check('Dispatcher / deploy');
    expect(shown).toMatchObject([{ status: 'completed', conclusion: 'success' }]);
    const source = name === 'octo-org/app' ? 'octo-org/renamed' : 'octo-org/app';
    const required = { sha, check: 'Dispatcher / deploy', appId: 1 };
    expect(await harness.emulator.control.mergeable(source, required)).toMatchObject({ mergeable: true });
  });

  test('is never written to another repository that has the name of the source by now', async () => {
    const decision = decided(1, { check: 'deploy' });
    await plan(decision);
    await harness.emulator.control.renameRepository('octo-org/app', 'renamed');
    await harness.emulator.control.putRepository({ owner: 'octo-org', name: 'app', branches: { main: { files: {} } } });
    harness.clock.advance(minuteMs);
    await complete(decision, 'success');
    expect((await checkRuns()).map(({ repository }) => repository)).toEqual(['octo-org/renamed', 'octo-org/renamed']);
    expect(await check('Dispatcher / deploy')).toMatchObject([{ status: 'in_progress' }]);
  });

  test('whose end was never delivered is completed by the next look', async () => {
    const decision = decided(1, { check: 'deploy' });
    await plan(decision);
    const [run] = await harness.started();
    await harness.emulator.control.complete(run?.id ?? 0, 'failure');
    harness.clock.advance(dayMs);
    await worker.handle({ scheduled: 'overdue-checks' }, { getRemainingTimeInMillis: () => 60_000 });
    expect(await check('Dispatcher / deploy')).toMatchObject([{ status: 'completed', conclusion: 'failure' }]);
  });
});

describe('each check run is created once', () => {
  test.each(['reset-after', 'status-after'] as const)(
    'although the response is lost (%s) and GitHub lists it 67 s late: it is found by its external id',
    async (fault) => {
      await harness.emulator.control.changeSettings({ checkListLagMs: 67_000 });
      await harness.fault({ match: { operation: 'check-create', times: 1 }, fault });
      await plan(decided(1, { check: 'deploy' }));
      expect((await checkRuns()).map(({ name }) => name).sort()).toEqual(['Dispatcher', 'Dispatcher / deploy']);
      expect((await harness.counts())['check-list']).toBe(1);
    },
  );

  test('and again if the request never reached GitHub', async () => {
    await harness.fault({ match: { operation: 'check-create', times: 1 }, fault: 'reset-before' });
    await plan(decided(1));
    expect(await check('Dispatcher')).toHaveLength(1);
  });

  test('by two workers at the same time', async () => {
    const decision = decided(1, { check: 'deploy' });
    await plan(decision);
    harness.queue.sendUnplanned(completedFact(decision));
    harness.queue.sendUnplanned(planned(decision));
    await Promise.all([harness.queue.step(worker.handle), harness.queue.step(harness.worker().handle)]);
    await drain();
    expect(await checkRuns()).toHaveLength(2);
  });

  test('adopts the oldest of several with the same external id', async () => {
    await harness.fault({ match: { operation: 'check-create', times: 1 }, fault: 'reset-after' });
    const decision = decided(1);
    harness.queue.send(decision);
    harness.queue.sendUnplanned(planned(decision));
    await harness.queue.step(worker.handle);
    await harness.queue.step(worker.handle);
    await drain();
    const [summary, ...others] = await check('Dispatcher');
    expect(others).toEqual([]);
    harness.queue.sendUnplanned(acted(decision, 'again'));
    harness.clock.advance(minuteMs);
    await drain();
    expect((await check('Dispatcher')).map(({ id }) => id)).toEqual([summary?.id]);
  });
});

describe('what stops checks stops no dispatch', () => {
  test('a message that cannot read its run does not delay the other messages of the run', async () => {
    const decision = decided(1, { check: 'deploy' });
    await plan(decision);
    await harness.fault({ match: { operation: 'run-read', times: 0 }, fault: { status: 502 } });
    harness.queue.sendUnplanned(completedFact(decision));
    await harness.queue.step(worker.handle);
    expect(await harness.counts()).toMatchObject({ 'run-read': expect.any(Number) });
    await harness.fault();
    harness.queue.deleteAll();
    harness.clock.advance(2_000);
    harness.queue.sendUnplanned(acted(decision, 'replay'));
    await harness.queue.step(worker.handle);
    expect(await harness.counts()).toMatchObject({ 'check-update': 1 });
  });

  test('without the permission nothing is written, and nothing waits', async () => {
    await harness.close();
    harness = await startHarness();
    worker = harness.worker();
    sha = 'c'.repeat(40);
    await plan(decided(1, { check: 'deploy' }), denied(1, secondRoute));
    expect(await harness.started()).toHaveLength(1);
    expect(await checkRuns()).toEqual([]);
    expect(harness.queue.deadLetters).toEqual([]);
    const tokens = (await harness.counts())['token'];
    await plan(denied(2), denied(2, secondRoute));
    expect((await harness.counts())['token']).toBe(tokens);
  });

  test.each([
    [
      'an archived repository',
      async () => harness.emulator.control.changeRepository('octo-org/app', { archived: true }),
    ],
    ['an unknown commit', async () => void (sha = 'f'.repeat(40))],
  ])('%s refuses the check for good, and is not asked again', async (_, prepare) => {
    await prepare();
    const decision = decided(1, { check: 'deploy' });
    await plan(decision);
    await complete(decision, 'success');
    expect(await checkRuns()).toEqual([]);
    expect(await harness.counts()).toMatchObject({ 'check-create': 2 });
    expect(harness.queue.deadLetters).toEqual([]);
  });

  test('CREATE_CHECKS=none writes nothing and reads nothing', async () => {
    using({ environment: { CREATE_CHECKS: 'none' } });
    await plan(decided(1, { check: 'deploy' }));
    expect(await checkRuns()).toEqual([]);
  });

  test('checks use at most a quarter of the writes, and dispatches pass them', async () => {
    using({ environment: { GITHUB_WRITES_PER_MINUTE: '40' } });
    const runs = Array.from({ length: 12 }, (_, index) => index + 1);
    await Promise.all(runs.map(async (run) => harness.queue.sendUnplanned(planned(denied(run)))));
    for (const run of runs) harness.plan(denied(run));
    await harness.queue.step(worker.handle);
    await harness.queue.step(worker.handle);
    const early = (await harness.counts())['check-create'] ?? 0;
    expect(early).toBeGreaterThan(0);
    expect(early).toBeLessThanOrEqual(4);
    harness.queue.send(decided(100));
    await harness.queue.step(worker.handle);
    expect(await harness.started()).toHaveLength(1);
    await drain();
    expect(await check('Dispatcher')).toHaveLength(13);
  });

  test('a message about a run without a stored plan becomes a dead letter', async () => {
    harness.queue.sendUnplanned(planned(decided(1)));
    await drain();
    expect(harness.queue.deadLetters).toMatchObject([{ reason: 'decision-not-in-plan' }]);
  });
});

describe('writing the checks again', () => {
  test('patches every check of the run once for each action', async () => {
    const decision = decided(1, { check: 'deploy' });
    await plan(decision);
    harness.clock.advance(minuteMs);
    for (const actionId of ['one', 'one', 'two']) {
      harness.queue.sendUnplanned(acted(decision, actionId));
      await drain();
      harness.clock.advance(minuteMs);
    }
    expect(await harness.counts()).toMatchObject({ 'check-create': 2, 'check-update': 4 });
  });

  test('a later plan of one route replaces what was refused, and what was started stays', async () => {
    const started = decided(1, { check: 'deploy' });
    const refused = denied(1, { ...secondRoute, check: 'second' });
    await plan(started, refused);
    expect(await check('Dispatcher / second')).toMatchObject([{ conclusion: 'action_required' }]);
    const again = decided(1, { ...secondRoute, check: 'second' });
    const revised: RunDecided = { ...again, data: { ...again.data, revision: 1 } };
    await harness.state.revisions.setCurrent(again.runKey, { revision: 1, routeId: secondRoute.routeId });
    harness.clock.advance(minuteMs);
    await plan(revised);
    expect(await check('Dispatcher / second')).toMatchObject([{ status: 'in_progress', conclusion: null }]);
    harness.clock.advance(minuteMs);
    await complete(revised, 'success');
    expect(await check('Dispatcher')).toMatchObject([{ conclusion: 'success', title: 'Started 2 workflows' }]);
    expect((await gate('second')).mergeable).toBe(true);
    expect(await harness.started()).toHaveLength(2);
  });
});
