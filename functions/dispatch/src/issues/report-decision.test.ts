import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { IssueReported, RouteDecided } from '@dispatcher/contracts';
import { pacesOf } from '../rate-limits/rate-limiter.ts';
import { decisionOf, startWorld, type Worker, type World, type WorkerChange } from '../testing/harness.ts';

let world: World;
let worker: Worker;
beforeEach(async () => {
  world = await startWorld();
  worker = world.worker();
});
afterEach(() => world.close());

const endedAt = (run: number) => new Date(Date.parse('2026-01-02T03:00:00.000Z') + run * 1_000).toISOString();
const denied = (run: number, code: 'inbound-branch' | 'inbound-ref' | 'fork-run' = 'inbound-branch'): RouteDecided =>
  decisionOf(run, {
    effect: 'deny',
    code,
    responsible: code === 'fork-run' ? 'nobody' : 'target',
    endedAt: endedAt(run),
  });
const allowed = (run: number): RouteDecided => decisionOf(run, { endedAt: endedAt(run) });

async function handle(...decided: RouteDecided[]): Promise<void> {
  for (const each of decided) {
    world.queue.send(each);
    await world.queue.drain(worker.consume);
  }
}

function using(change: WorkerChange): void {
  worker = world.worker(change);
}

const issues = () => world.emulator.control.issues();
const actions = () =>
  world.facts.flatMap((fact) =>
    fact.type === 'issue.reported' ? [fact.data.action] : [],
  ) satisfies IssueReported['data']['action'][];

describe('the tracking issue of a route', () => {
  test('is opened once, with the label and the marker, and brought up to date by the next run', async () => {
    await handle(denied(1), denied(1), denied(2, 'inbound-ref'));
    const all = await issues();
    expect(all).toMatchObject([{ repository: 'octo-org/app', state: 'open', labels: ['dispatcher'] }]);
    expect(all[0]?.body).toContain('inbound-ref');
    expect(all[0]?.body).toContain('[1](https://github.com/octo-org/app/actions/runs/1)');
    expect(all[0]?.body).toContain('[2](https://github.com/octo-org/app/actions/runs/2)');
    expect(actions()).toEqual(['opened', 'opened', 'updated']);
  });

  test('that two workers meet at once is opened once', async () => {
    world.queue.send(denied(1));
    world.queue.send(denied(2));
    await Promise.all([world.queue.step(worker.consume), world.queue.step(world.worker().consume)]);
    await world.queue.drain(worker.consume);
    expect(await issues()).toHaveLength(1);
  });

  test('is found again by its marker and label where our record of it is lost', async () => {
    await handle(denied(1));
    const [issue] = await issues();
    await world.forgetIssue(denied(1).data.decision.routeId);
    await handle(denied(2));
    expect((await issues()).map(({ number }) => number)).toEqual([issue?.number]);
    expect(actions()).toEqual(['opened', 'updated']);
  });

  test('opened by a worker whose answer was lost is not opened again', async () => {
    await world.fault({ match: { operation: 'issue-create' }, fault: 'reset-after' });
    await handle(denied(1));
    expect(await issues()).toHaveLength(1);
    expect(actions()).toEqual(['updated']);
  });

  test('shows no precise code of a private target that does not name the source, in text and table', async () => {
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
    const codes = world.facts.flatMap((fact) => (fact.type === 'issue.reported' ? [fact.data.code] : []));
    expect(codes).toEqual(['target-not-visible', 'target-no-config']);
  });

  test('that somebody deleted is replaced', async () => {
    await handle(denied(1));
    await world.fault({
      match: { operation: 'issue-update' },
      fault: { status: 410, body: { message: 'This issue was deleted' } },
    });
    await handle(denied(2, 'inbound-ref'));
    expect(await issues()).toHaveLength(2);
  });

  test('is closed with a comment when the route starts again, and opened again when it does not', async () => {
    await handle(denied(1), allowed(2));
    const [closed] = await issues();
    expect(closed?.state).toBe('closed');
    expect(closed?.comments.map(({ body }) => body)).toEqual([
      expect.stringMatching(/^Started: \[\d+\]\(http.*The run that asked for it: \[2\]/),
    ]);
    expect(actions()).toEqual(['opened', 'closed']);
    await handle(allowed(2), allowed(3));
    expect((await issues())[0]?.comments).toHaveLength(1);
    await handle(denied(4));
    expect(await issues()).toMatchObject([{ state: 'open' }]);
  });

  test('is not opened again by a late message about an older run, nor closed by one', async () => {
    await handle(denied(1), allowed(3), denied(2));
    expect(await issues()).toMatchObject([{ state: 'closed' }]);
    await handle(denied(5), allowed(4));
    expect(await issues()).toMatchObject([{ state: 'open' }]);
  });

  test('of a dispatch that GitHub refused names GitHub’s sentence and the code’s documentation', async () => {
    await handle(decisionOf(1, { ref: 'gone' }));
    const [issue] = await issues();
    expect(issue?.body).toContain('No ref found for: gone');
    expect(issue?.body).toContain('https://docs.example/codes#dispatch-rejected');
  });

  test('that says the same waits with its table while the budget for contents is spent', async () => {
    using({ paces: pacesOf({ writesPerMinute: 160, contentPerMinute: 1, contentPerHour: 450 }) });
    const before = world.clock.now();
    await handle(denied(1), denied(2), denied(3));
    expect(actions()).toEqual(['opened', 'noted', 'noted']);
    expect(world.clock.now()).toBe(before);
    world.clock.advance(3_600_000);
    await handle(denied(4));
    for (const run of [1, 2, 3, 4]) expect((await issues())[0]?.body).toContain(`/actions/runs/${run})`);
  });

  test('is not written where nobody must act, a hundred times', async () => {
    for (let run = 1; run <= 100; run += 1) world.queue.send(denied(run, 'fork-run'));
    await world.queue.drain(worker.consume);
    expect(await world.counts()).toEqual({});
    expect(world.facts).toEqual([]);
  });

  test('where issues are disabled is told as a fact, and the message is done', async () => {
    await world.emulator.control.changeRepository('octo-org/app', { issues: false });
    await handle(denied(1));
    expect(actions()).toEqual(['unavailable']);
    expect(world.queue.deadLetters).toEqual([]);
  });
});

describe('CREATE_ISSUES', () => {
  test('false: a problem is told as a fact only', async () => {
    using({ createIssues: 'none' });
    await handle(denied(1), allowed(2));
    expect(await issues()).toEqual([]);
    expect(world.facts).toMatchObject([
      { type: 'issue.reported', data: { action: 'skipped', number: null } },
      { type: 'dispatch.accepted' },
    ]);
  });

  test('true: a start of a route without an issue asks GitHub for nothing', async () => {
    await handle(allowed(1));
    expect(Object.keys(await world.counts()).toSorted()).toEqual(['dispatch', 'token']);
  });

  test('all: also one issue about every start, whatever is repeated', async () => {
    using({ createIssues: 'all' });
    await world.fault({ match: { operation: 'issue-create' }, fault: 'reset-after' });
    await handle(allowed(1), allowed(1), allowed(2));
    const all = await issues();
    expect(all.map(({ labels }) => labels)).toEqual([['dispatcher-started'], ['dispatcher-started']]);
    expect(all[0]?.title).toBe('Dispatcher started octo-org/app:ci.yml → octo-org/deploy:cd.yml');
    expect(await world.started()).toHaveLength(2);
  });
});
