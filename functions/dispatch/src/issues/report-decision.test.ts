import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { IssueReported, RouteDecided } from '@dispatcher/contracts';
import { decisionOf, startHarness, type Worker, type Harness, type WorkerChange } from '../testing/harness.ts';

let harness: Harness;
let worker: Worker;
beforeEach(async () => {
  harness = await startHarness();
  worker = harness.worker();
});
afterEach(() => harness.close());

const endedAt = (run: number) => new Date(Date.parse('2026-01-02T03:00:00.000Z') + run * 1_000).toISOString();
const denied = (run: number, code: 'inbound-branch' | 'inbound-ref' | 'fork-run' = 'inbound-branch'): RouteDecided =>
  decisionOf(run, {
    effect: 'deny',
    code,
    responsible: code === 'fork-run' ? 'nobody' : 'target',
    endedAt: endedAt(run),
  });
/** A denial that shows how the run differs from the source's rule, too. */
const deniedFor = (run: number, branch: string, satisfied = false): RouteDecided =>
  decisionOf(run, {
    effect: 'deny',
    code: 'inbound-branch',
    responsible: 'target',
    checks: [{ side: 'source', name: 'source-branch', satisfied, expected: 'main', actual: branch }],
    endedAt: endedAt(run),
  });
const allowed = (run: number): RouteDecided => decisionOf(run, { endedAt: endedAt(run) });

async function handle(...decided: RouteDecided[]): Promise<void> {
  for (const each of decided) {
    harness.queue.send(each);
    await harness.queue.drain(worker.handle);
  }
}

function using(change: WorkerChange): void {
  worker = harness.worker(change);
}

const issues = () => harness.emulator.control.issues();
const actions = () =>
  harness.facts.flatMap((fact) =>
    fact.type === 'issue.reported' ? [fact.data.action] : [],
  ) satisfies IssueReported['data']['action'][];

describe('the tracking issue of a route', () => {
  test('is not opened for a denied repository that only a pattern means', async () => {
    const { data, ...fact } = denied(1);
    await handle({ ...fact, data: { ...data, decision: { ...data.decision, pattern: '*' } } });
    expect(await issues()).toEqual([]);
    await handle(denied(2));
    expect(await issues()).toHaveLength(1);
  });

  test('is not opened for a repository that only a pattern means and that GitHub refuses to start', async () => {
    using({ environment: { ALLOW_PATTERNS: 'true' } });
    await handle(decisionOf(1, { ref: 'gone', pattern: '*' }));
    expect(harness.facts).toMatchObject([{ type: 'dispatch.failed', data: { code: 'dispatch-rejected' } }]);
    expect(await issues()).toEqual([]);
  });

  test('does not link the started run of a target that hides its runs', async () => {
    await handle(denied(1), decisionOf(2, { endedAt: endedAt(2), report: 'none' }));
    const [closed] = await issues();
    expect(closed).toMatchObject({ state: 'closed', comments: [{}] });
    expect(await harness.started()).toHaveLength(1);
    expect(JSON.stringify(closed)).not.toContain('octo-org/deploy/actions');
  });

  test('is opened once, with label and marker, and updated by the next run', async () => {
    await handle(denied(1), denied(1), denied(2, 'inbound-ref'));
    const all = await issues();
    expect(all).toMatchObject([{ repository: 'octo-org/app', state: 'open', labels: ['dispatcher'] }]);
    expect(all[0]?.body).toContain('inbound-ref');
    expect(all[0]?.body).toContain('[1](https://github.com/octo-org/app/actions/runs/1)');
    expect(all[0]?.body).toContain('[2](https://github.com/octo-org/app/actions/runs/2)');
    expect(actions()).toEqual(['opened', 'opened', 'updated']);
  });

  test('is opened once by two workers at the same time', async () => {
    harness.queue.send(denied(1));
    harness.queue.send(denied(2));
    await Promise.all([harness.queue.step(worker.handle), harness.queue.step(harness.worker().handle)]);
    await harness.queue.drain(worker.handle);
    expect(await issues()).toHaveLength(1);
  });

  test('is found by its label and marker if its record is lost', async () => {
    await handle(denied(1));
    const [issue] = await issues();
    await harness.forgetIssue(denied(1).data.decision.routeId);
    await handle(denied(2));
    expect((await issues()).map(({ number }) => number)).toEqual([issue?.number]);
    expect(actions()).toEqual(['opened', 'updated']);
  });

  test('is not opened again after the response to opening it was lost', async () => {
    await harness.fault({ match: { operation: 'issue-create' }, fault: 'reset-after' });
    await handle(denied(1));
    expect(await issues()).toHaveLength(1);
    expect(actions()).toEqual(['updated']);
  });

  test('shows no precise code of a private target that does not name the source', async () => {
    const refused = (run: number, code: 'target-not-visible' | 'target-no-config'): RouteDecided =>
      decisionOf(run, {
        effect: 'deny',
        code,
        responsible: 'target',
        target: { repositoryId: 22, installationId: 5, visibility: 'private' },
        endedAt: endedAt(run),
      });
    await handle(refused(1, 'target-not-visible'), refused(2, 'target-no-config'));
    const [issue] = await issues();
    expect(issue?.body).toContain('target-refused');
    expect(issue?.body).not.toMatch(/target-not-visible|target-no-config/);
    const codes = harness.facts.flatMap((fact) => (fact.type === 'issue.reported' ? [fact.data.code] : []));
    // The issue shows the same for both.
    expect(codes).toEqual(['target-not-visible']);
  });

  test('is opened again after it was deleted', async () => {
    await handle(denied(1));
    await harness.fault({
      match: { operation: 'issue-update' },
      fault: { status: 410, body: { message: 'This issue was deleted' } },
    });
    await handle(denied(2, 'inbound-ref'));
    expect(await issues()).toHaveLength(2);
  });

  test('is closed with a comment when the route starts, and reopened when it does not', async () => {
    await handle(denied(1), allowed(2));
    const [closed] = await issues();
    expect(closed?.state).toBe('closed');
    expect(closed?.comments.map(({ body }) => body)).toEqual([
      expect.stringMatching(/^Started run: \[\d+\]\(http.*Source run: \[2\]/),
    ]);
    expect(actions()).toEqual(['opened', 'closed']);
    await handle(allowed(2), allowed(3));
    expect((await issues())[0]?.comments).toHaveLength(1);
    await handle(denied(4));
    expect(await issues()).toMatchObject([{ state: 'open' }]);
  });

  test('is neither reopened nor closed by a late message about an older run', async () => {
    await handle(denied(1), allowed(3), denied(2));
    expect(await issues()).toMatchObject([{ state: 'closed' }]);
    await handle(denied(5), allowed(4));
    expect(await issues()).toMatchObject([{ state: 'open' }]);
  });

  test.each([
    ['waits for the end of the emergency brake', { DISPATCH_PAUSED: 'true' }],
    ['waits for the budget to close the issue', { GITHUB_CONTENT_PER_MINUTE: '1' }],
  ])('stays open if the start of an older run %s while a newer run is denied as before', async (_, environment) => {
    await handle(denied(1));
    const normal = worker;
    using({ environment });
    for (const waiting of [allowed(2), denied(3)]) {
      harness.queue.send(waiting);
      await harness.queue.step(worker.handle);
    }
    expect(harness.queue.size).toBe(1);
    expect(actions()).toEqual(['opened', 'noted']);
    harness.calls();
    harness.queue.send(denied(4));
    await harness.queue.step(worker.handle);
    expect(harness.calls()).toEqual(['BatchGetItem']);
    await harness.queue.drain(normal.handle);
    expect(await issues()).toMatchObject([{ state: 'open', comments: [] }]);
    expect(actions()).toEqual(['opened', 'noted', 'noted']);
    expect(await harness.started()).toHaveLength(1);
  });

  test('a start that waits is deferred as before, although it cannot be recorded that it waits', async () => {
    await handle(denied(1));
    const { trackingIssues } = worker.deps;
    const throttled = async () => {
      throw new Error('The table throttles.');
    };
    const environment = { DISPATCH_PAUSED: 'true', MAX_ATTEMPTS: '1' };
    using({ environment, deps: { trackingIssues: { ...trackingIssues, putWaitingStart: throttled } } });
    harness.queue.send(allowed(2));
    await harness.queue.step(worker.handle);
    // The only attempt is not used up.
    expect(harness.queue.size).toBe(1);
    expect(harness.queue.deadLetters).toEqual([]);
  });

  test('is closed without a comment if the limit for content allows one write at a time', async () => {
    using({ environment: { GITHUB_CONTENT_PER_MINUTE: '4' } });
    await handle(denied(1), allowed(2));
    expect(await issues()).toMatchObject([{ state: 'closed', comments: [] }]);
    expect((await harness.counts())['issue-update']).toBe(1);
  });

  test('gets one closing comment although the worker crashed before it recorded that the issue is closed', async () => {
    await handle(denied(1));
    const crash = async () => {
      throw new Error('The process ended.');
    };
    const { trackingIssues } = worker.deps;
    using({ deps: { trackingIssues: { ...trackingIssues, recordIssue: crash, releaseClaim: crash } } });
    harness.queue.send(allowed(2));
    await harness.queue.step(worker.handle);
    expect((await issues())[0]?.comments).toHaveLength(1);
    using({});
    await harness.queue.drain(worker.handle);
    expect(await issues()).toMatchObject([{ state: 'closed', comments: [{}] }]);
    expect(actions()).toEqual(['opened', 'closed']);
  });

  test('quotes GitHub’s message and links the code if GitHub refused the dispatch', async () => {
    await handle(decisionOf(1, { ref: 'gone' }));
    const [issue] = await issues();
    expect(issue?.body).toContain('No ref found for: gone');
    expect(issue?.body).toContain('https://docs.example/codes#dispatch-rejected');
  });

  test('is updated later if only its text changes and the limit for content is reached', async () => {
    using({ environment: { GITHUB_CONTENT_PER_MINUTE: '1' } });
    const before = harness.clock.now();
    const differently = (run: number) => deniedFor(run, `feature/${run}`);
    await handle(differently(1), differently(2), differently(3));
    expect(actions()).toEqual(['opened', 'noted', 'noted']);
    expect(harness.clock.now()).toBe(before);
    harness.clock.advance(3_600_000);
    await handle(differently(4));
    for (const run of [1, 2, 3, 4]) expect((await issues())[0]?.body).toContain(`/actions/runs/${run})`);
  });

  test('is left alone by a denial that it already shows, which costs one read and no write', async () => {
    await handle(denied(1));
    const [issue] = await issues();
    const counts = await harness.counts();
    harness.calls();
    for (const run of [2, 3, 4]) {
      await handle(denied(run));
      expect(harness.calls()).toEqual(['BatchGetItem']);
    }
    expect(await issues()).toEqual([issue]);
    expect(await harness.counts()).toEqual(counts);
    expect(actions()).toEqual(['opened']);
  });

  test('is written by a denial that it already shows if another worker holds it, and if a newer result stands', async () => {
    await handle(denied(2));
    const { routeId } = denied(2).data.decision;
    const claim = await harness.state.issues.claimIssue(routeId);
    harness.queue.send(denied(3));
    await harness.queue.step(worker.handle);
    expect(harness.queue.size).toBe(1);
    if (claim.state === 'claimed') await harness.state.issues.releaseClaim(routeId, claim.lease);
    await harness.queue.drain(worker.handle);
    await handle(denied(1));
    expect(actions()).toEqual(['opened', 'noted']);
  });

  test('is closed by a start that ended while another worker was opening it for an earlier run', async () => {
    const { routeId } = denied(1).data.decision;
    const claim = await harness.state.issues.claimIssue(routeId);
    harness.queue.send(allowed(2));
    await harness.queue.step(worker.handle);
    expect(harness.queue.size).toBe(1);
    if (claim.state === 'claimed') await harness.state.issues.releaseClaim(routeId, claim.lease);
    await handle(denied(1));
    expect(actions()).toEqual(['opened', 'closed']);
    expect(await issues()).toMatchObject([{ state: 'closed' }]);
    expect(await harness.emulator.control.runs()).toHaveLength(1);
  });

  test('is closed by a start if the worker that opened it crashed before it recorded the issue', async () => {
    await handle(denied(1));
    const { routeId } = denied(1).data.decision;
    await harness.forgetIssue(routeId);
    await harness.state.issues.claimIssue(routeId);
    harness.clock.advance(60_000);
    await handle(allowed(2));
    expect(await issues()).toMatchObject([{ state: 'closed' }]);
  });

  test('is updated by a denial with the same code and other failed checks, and not by one with other satisfied checks', async () => {
    await handle(deniedFor(1, 'one', true), deniedFor(2, 'two', true));
    expect(actions()).toEqual(['opened']);
    await handle(deniedFor(3, 'three'));
    expect((await issues())[0]?.body).toContain('found ` three `');
    expect(actions()).toEqual(['opened', 'updated']);
  });

  test('is not opened if nobody has to act, for a hundred runs', async () => {
    for (let run = 1; run <= 100; run += 1) harness.queue.send(denied(run, 'fork-run'));
    await harness.queue.drain(worker.handle);
    expect(await harness.counts()).toEqual({});
    expect(harness.facts).toEqual([]);
  });

  test('is reported as unavailable if issues are disabled, and the message is not retried', async () => {
    await harness.emulator.control.changeRepository('octo-org/app', { issues: false });
    await handle(denied(1));
    expect(actions()).toEqual(['unavailable']);
    expect(harness.queue.deadLetters).toEqual([]);
  });
});

describe('CREATE_ISSUES', () => {
  test('false: a problem is published as a fact only', async () => {
    using({ environment: { CREATE_ISSUES: 'false' } });
    await handle(denied(1), allowed(2));
    expect(await issues()).toEqual([]);
    expect(harness.facts).toMatchObject([
      { type: 'issue.reported', data: { action: 'skipped', number: null } },
      { type: 'dispatch.accepted' },
    ]);
  });

  test('true: a start of a route without an issue makes no request about issues', async () => {
    await handle(allowed(1));
    expect(Object.keys(await harness.counts()).toSorted()).toEqual(['dispatch', 'token']);
  });

  test('all: every start has one issue, despite repeated messages', async () => {
    using({ environment: { CREATE_ISSUES: 'all' } });
    await harness.fault({ match: { operation: 'issue-create' }, fault: 'reset-after' });
    await handle(allowed(1), allowed(1), allowed(2));
    const all = await issues();
    expect(all.map(({ labels }) => labels)).toEqual([['dispatcher-started'], ['dispatcher-started']]);
    expect(all[0]?.title).toBe('Dispatcher started octo-org/app:ci.yml → octo-org/deploy:cd.yml');
    expect(all[0]?.body).toContain('octo-org/deploy/actions/runs/');
    expect(await harness.started()).toHaveLength(2);
  });

  test('all: a start shows no run of a target that hides it, and no repository that only a pattern means', async () => {
    using({ environment: { CREATE_ISSUES: 'all', ALLOW_PATTERNS: 'true' } });
    await handle(decisionOf(1, { report: 'none' }), decisionOf(2, { pattern: '*' }));
    expect(await harness.started()).toHaveLength(2);
    const all = await issues();
    expect(all).toHaveLength(1);
    expect(all[0]?.body).toContain('the target does not report its run');
    expect(all[0]?.body).not.toContain('octo-org/deploy/actions');
  });
});
