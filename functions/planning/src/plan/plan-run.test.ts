import { beforeEach, describe, expect, test } from '@jest/globals';
import { defaultGuardRails, Fact, type RepositorySnapshot, type RunCompleted } from '@dispatcher/contracts';
import { attempt } from '@dispatcher/lambda/testing';
import type { StartingDispatch } from './completion.ts';
import { createCompileCache } from './compile-cache.ts';
import { planRun, type PlanningDependencies } from './plan-run.ts';
import { inbound, outbound, repository, run } from '../testing/fixtures.ts';

let source: RepositorySnapshot;
let target: RepositorySnapshot;
let reads: string[] = [];
let published: Fact[] = [];
let startedBy: StartingDispatch | null = null;

beforeEach(() => {
  source = repository('app', 11, outbound);
  target = repository('deploy', 22, inbound);
  reads = [];
  published = [];
  startedBy = null;
});

function dependencies(change: Partial<PlanningDependencies> = {}): PlanningDependencies {
  const stored = new Map<string, string>();
  return {
    reader: {
      readSource: async () => {
        reads.push('source');
        return source;
      },
      readTargets: async (_, requests) => {
        reads.push(`targets ${requests.length}`);
        return { 'octo-org/deploy': target };
      },
    },
    cache: createCompileCache(),
    once: async (key, work) => {
      const known = stored.get(key) ?? (await work());
      stored.set(key, known);
      return known;
    },
    startedBy: async () => startedBy,
    isBeingStarted: async () => false,
    jobCount: async () => 3,
    lineageWithinMs: 150_000,
    permissionsOf: async () => ({ contents: 'write' }),
    findKey: () => Promise.reject(new Error('A run asks with no key.')),
    appSlug: 'dispatcher',
    guardRails: defaultGuardRails,
    bus: {
      publish: async (facts) => {
        published.push(...facts.map((fact) => Fact.parse(fact)));
      },
    },
    meter: { count: () => {}, milliseconds: () => {} },
    now: () => Date.parse('2026-01-02T03:04:10.000Z'),
    ...change,
  };
}

const told = () => published.map(({ type }) => type);

describe('a run that our App started', () => {
  test('with a repository_dispatch is the first of its chain: only a key sends one', async () => {
    const of = { actor: 'dispatcher[bot]', event: 'repository_dispatch' };
    await planRun(dependencies(), run({ of }), attempt);
    expect(published[1]).toMatchObject({ data: { decision: { effect: 'allow' }, lineage: { depth: 0 } } });
  });
});

describe('planning a run', () => {
  test('both sides agree: one plan, one allowed decision, after one read of the source and one of the targets', async () => {
    await planRun(dependencies(), run(), attempt);
    expect(reads).toEqual(['source', 'targets 1']);
    expect(published).toMatchObject([
      { type: 'run.planned', data: { outcome: 'planned', allowed: 1, denied: 0 }, correlationId: 'guid-1' },
      { type: 'route.decided', data: { decision: { effect: 'allow', code: 'allowed', ref: 'main' } } },
    ]);
  });

  test('a repeat after the file changed tells the stored plan, byte for byte', async () => {
    const deps = dependencies();
    await planRun(deps, run(), attempt);
    target = repository('deploy', 22, 'inbound: []\n');
    await planRun(deps, run(), attempt);
    expect(JSON.stringify(published.slice(2))).toBe(JSON.stringify(published.slice(0, 2)));
    expect(reads).toHaveLength(2);
  });

  test('the same run under a new GUID leaves the plan as it is, and a fact that points to it', async () => {
    const deps = dependencies();
    await planRun(deps, run(), attempt);
    await planRun(deps, run({ deliveryId: 'guid-2', receivedAt: '2026-01-02T03:09:00.000Z' }), attempt);
    expect(told()).toEqual(['run.planned', 'route.decided', 'run.planned', 'route.decided', 'delivery.repeated']);
    expect(published.at(-1)).toMatchObject({
      correlationId: 'guid-2',
      runKey: '11-77-1',
      data: { firstDeliveryId: 'guid-1' },
    });
  });

  test('a redelivery, which keeps its GUID, is a repeated delivery too', async () => {
    const deps = dependencies();
    await planRun(deps, run(), attempt);
    await planRun(deps, run({ receivedAt: '2026-01-02T03:09:00.000Z' }), attempt);
    expect(told().filter((type) => type === 'delivery.repeated')).toHaveLength(1);
  });

  test('attempt 2 of the run is another run', async () => {
    const deps = dependencies();
    await planRun(deps, run(), attempt);
    await planRun(deps, run({ of: { attempt: 2 } }), attempt);
    expect(new Set(published.map((fact) => ('runKey' in fact ? fact.runKey : null)))).toEqual(
      new Set(['11-77-1', '11-77-2']),
    );
  });

  test('a process that died while publishing publishes the rest from the stored plan', async () => {
    let die = true;
    const bus = {
      publish: async (facts: readonly Fact[]) => {
        if (die) throw new Error('killed');
        published.push(...facts);
      },
    };
    const deps = dependencies({ bus });
    await expect(planRun(deps, run(), attempt)).rejects.toThrow('killed');
    die = false;
    await planRun(deps, run(), attempt);
    expect(told()).toEqual(['run.planned', 'route.decided']);
    expect(reads).toHaveLength(2);
  });

  test('a thousand fork runs cost no request', async () => {
    const deps = dependencies();
    for (let id = 1; id <= 1_000; id += 1) await planRun(deps, run({ of: { id, headRepositoryId: 666 } }), attempt);
    expect(reads).toEqual([]);
    expect(published).toHaveLength(1_000);
    expect(published[0]).toMatchObject({
      data: { outcome: 'source-refused', code: 'fork-run', responsible: 'nobody' },
    });
  });

  test('a source that GitHub gave no answer for is tried again, and recorded as unreadable on the last attempt', async () => {
    source = { state: 'unknown', reason: '502' };
    const deps = dependencies();
    await expect(planRun(deps, run(), attempt)).rejects.toMatchObject({ name: 'IncompleteSnapshotError' });
    expect(published).toEqual([]);
    await planRun(deps, run(), { ...attempt, isLast: true });
    expect(published).toMatchObject([{ data: { outcome: 'config-unreadable', responsible: 'operator' } }]);
  });

  test('a target that GitHub gave no answer for is tried again, and only its own decision is unreadable at the last', async () => {
    target = { state: 'unknown', reason: '502' };
    const deps = dependencies();
    await expect(planRun(deps, run(), attempt)).rejects.toMatchObject({ name: 'IncompleteSnapshotError' });
    await planRun(deps, run(), { ...attempt, isLast: true });
    expect(published[1]).toMatchObject({ data: { decision: { effect: 'deny', code: 'target-unreadable' } } });
  });

  test('a run of our own bot that no dispatch is known for is tried again, and never taken for a root', async () => {
    const deps = dependencies();
    const ours = run({ of: { actor: 'dispatcher[bot]', event: 'workflow_dispatch' } });
    await expect(planRun(deps, ours, attempt)).rejects.toMatchObject({ name: 'IncompleteSnapshotError' });
    await planRun(deps, ours, { ...attempt, isLast: true });
    expect(published[1]).toMatchObject({ data: { decision: { effect: 'deny', code: 'lineage-unknown' } } });
  });

  test('the end of a run that we started is told under the delivery that started it', async () => {
    startedBy = {
      dispatchId: 'd1',
      routeId: 'r1',
      route: {
        source: { repository: 'octo-org/first', workflow: 'ci.yml' },
        target: { repository: 'octo-org/app', workflow: 'ci.yml' },
      },
      runKey: '9-1-1',
      correlationId: 'guid-0',
      sourceRunUrl: 'https://github.example/octo-org/first/actions/runs/1',
      depth: 1,
      path: [
        { repository: 'octo-org/first', workflow: 'ci.yml' },
        { repository: 'octo-org/app', workflow: 'ci.yml' },
      ],
    };
    await planRun(dependencies(), run({ of: { actor: 'dispatcher[bot]', event: 'workflow_dispatch' } }), attempt);
    expect(published.at(-1)).toMatchObject({
      type: 'dispatch.completed',
      correlationId: 'guid-0',
      runKey: '9-1-1',
      data: { conclusion: 'success', durationMs: 245_000 },
    });
    expect(published[1]).toMatchObject({ data: { decision: { effect: 'allow' }, lineage: { depth: 1 } } });
  });

  describe('that one of our dispatches started', () => {
    const ours = (of: Partial<RunCompleted['run']> = {}) =>
      run({ of: { actor: 'dispatcher[bot]', event: 'workflow_dispatch', ...of } });
    const known: StartingDispatch = {
      dispatchId: 'd1',
      routeId: 'r1',
      route: {
        source: { repository: 'octo-org/first', workflow: 'ci.yml' },
        target: { repository: 'octo-org/app', workflow: 'ci.yml' },
      },
      runKey: '9-1-1',
      correlationId: 'guid-0',
      sourceRunUrl: 'https://github.example/octo-org/first/actions/runs/1',
      depth: 1,
      path: [{ repository: 'octo-org/first', workflow: 'ci.yml' }],
    };
    const completed = () => published.find(({ type }) => type === 'dispatch.completed');

    test('and that failed without a job is told as not started by GitHub; with jobs, as failed', async () => {
      startedBy = known;
      await planRun(dependencies({ jobCount: async () => 0 }), ours({ conclusion: 'failure' }), attempt);
      expect(completed()).toMatchObject({ data: { conclusion: 'failure', jobs: 0, code: 'run-not-started' } });
      published = [];
      await planRun(dependencies(), ours({ conclusion: 'failure', attempt: 2 }), attempt);
      expect(completed()).toMatchObject({ data: { conclusion: 'failure', jobs: 3 } });
      expect(completed()?.data).not.toHaveProperty('code');
    });

    test('and that succeeded costs no request for its jobs', async () => {
      startedBy = known;
      const jobCount = () => Promise.reject(new Error('asked'));
      await planRun(dependencies({ jobCount }), ours(), attempt);
      expect(completed()).toMatchObject({ data: { conclusion: 'success' } });
      expect(completed()?.data).not.toHaveProperty('jobs');
    });

    test('and whose jobs GitHub does not tell is tried again, and told without them at the last attempt', async () => {
      startedBy = known;
      const deps = dependencies({ jobCount: () => Promise.reject(new Error('502')) });
      await expect(planRun(deps, ours({ conclusion: 'failure' }), attempt)).rejects.toThrow('502');
      expect(told()).toContain('run.planned');
      await planRun(deps, ours({ conclusion: 'failure' }), { ...attempt, isLast: true });
      expect(completed()?.data).not.toHaveProperty('jobs');
    });

    test('and that ended before the ledger knew it waits, without an attempt, as long as the ledger may take', async () => {
      const young = ours({ startedAt: '2026-01-02T03:04:00.000Z' });
      await expect(planRun(dependencies(), young, attempt)).rejects.toMatchObject({
        name: 'DeferError',
        afterMs: 10_000,
      });
      startedBy = known;
      await planRun(dependencies(), young, attempt);
      expect(completed()).toMatchObject({ correlationId: 'guid-0', runKey: '9-1-1' });
    });

    test('and whose dispatch is still unsettled waits for it, ever more slowly, and for a day at most', async () => {
      const hourOld = ours({ startedAt: '2026-01-02T02:04:10.000Z' });
      const isBeingStarted = async () => true;
      await expect(planRun(dependencies({ isBeingStarted }), hourOld, attempt)).rejects.toMatchObject({
        name: 'DeferError',
        afterMs: 360_000,
      });
      const dayOld = ours({ startedAt: '2026-01-01T03:04:10.000Z' });
      await planRun(dependencies({ isBeingStarted }), dayOld, { ...attempt, isLast: true });
      expect(published[1]).toMatchObject({ data: { decision: { effect: 'deny', code: 'lineage-unknown' } } });
    });

    test('and whose dispatch was settled between the two looks is told of', async () => {
      const isBeingStarted = async () => {
        startedBy = known;
        return false;
      };
      await planRun(dependencies({ isBeingStarted }), ours(), attempt);
      expect(completed()).toMatchObject({ correlationId: 'guid-0', runKey: '9-1-1' });
    });
  });

  test('a plan that could not be stored gets an outcome of its own', async () => {
    const many = Array.from(
      { length: 20 },
      (_, index) =>
        `      - { repository: deploy, workflow: cd.yml, id: t${index}, inputs: { ${Array.from({ length: 20 }, (__, n) => `i${n}: '\${{ source.html_url }}'`).join(', ')} } }\n`,
    );
    source = repository('app', 11, `outbound:\n  - source: { workflow: ci.yml }\n    targets:\n${many.join('')}`);
    const htmlUrl = `https://github.example/${'x'.repeat(980)}`;
    await planRun(dependencies(), run({ of: { htmlUrl } }), attempt);
    expect(published).toMatchObject([{ data: { outcome: 'plan-too-large', allowed: 0 } }]);
  });
});
