import { randomBytes } from 'node:crypto';
import { beforeEach, describe, expect, test } from '@jest/globals';
import {
  defaultGuardRails,
  Fact,
  type RepositorySnapshot,
  type RunCompleted,
  type RunHead,
} from '@dispatcher/contracts';
import { readHead } from '@dispatcher/contracts/testing';
import type { CallOptions } from '@dispatcher/lambda';
import { attempt } from '@dispatcher/lambda/testing';
import type { StartingDispatch } from './completion.ts';
import { createCompileCache } from '@dispatcher/rules';
import { StoredPlan } from '@dispatcher/store';
import { planRun, type PlanningDependencies } from './plan-run.ts';
import {
  createRepositoryIds,
  noCandidateStore,
  noCommitRuns,
  inbound,
  outbound,
  repository,
  run,
  withHead,
  readNoPolicies,
} from '../testing/fixtures.ts';

let source: RepositorySnapshot;
let target: RepositorySnapshot;
let reads: string[] = [];
let published: Fact[] = [];
/** The contents that were stored, by blob id. */
let keptFiles = new Map<string, string>();
/** The withdrawals that were recorded, with their time in milliseconds. */
let withdrawn: string[] = [];
let startedBy: StartingDispatch | null = null;

beforeEach(() => {
  source = repository('app', 11, outbound);
  target = repository('deploy', 22, inbound);
  reads = [];
  published = [];
  withdrawn = [];
  keptFiles = new Map();
  startedBy = null;
});

function dependencies(change: Partial<PlanningDependencies> = {}): PlanningDependencies {
  const stored = new Map<string, string>();
  return {
    reader: {
      readSource: async ({ head }) => {
        reads.push('source');
        return withHead(source, head);
      },
      readPolicies: readNoPolicies,
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
    revisions: { setCurrent: async () => {} },
    rateLimits: { holdOf: async () => ({ rateLimitedUntil: null, outage: null }) },
    planProblems: { begin: async () => {}, isOpen: async () => false },
    files: { put: async ({ blobId, text }) => void keptFiles.set(blobId, text) },
    startedBy: async () => startedBy,
    isBeingStarted: async () => false,
    jobCount: async () => 3,
    maxLineageDelayMs: 150_000,
    permissionsOf: async () => ({ contents: 'write' }),
    findRequester: () => Promise.reject(new Error('A run needs no API key.')),
    giveUpAfterMs: 21_600_000,
    withdrawals: { put: async (names, forMs) => void withdrawn.push(...names.map((name) => `${name} ${forMs}`)) },
    decisionMaxAgeMs: 300_000,
    waitToParse: async () => {},
    deferDuringOutage: () => Promise.reject(new Error('GitHub is reachable.')),
    appSlug: 'dispatcher',
    guardRails: defaultGuardRails,
    observer: { observeOfPlan: async () => {} },
    repositoryIds: createRepositoryIds(),
    ...noCommitRuns,
    candidates: noCandidateStore,
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

const publishedTypes = () => published.map(({ type }) => type);

describe('a run that this App started with a repository_dispatch', () => {
  test('is the root of its chain, because only API keys send one', async () => {
    const of = { actor: 'dispatcher[bot]', event: 'repository_dispatch' };
    await planRun(dependencies(), run({ of }), attempt);
    expect(published[1]).toMatchObject({ data: { decision: { effect: 'allow' }, lineage: { depth: 0 } } });
  });
});

describe('planning a run', () => {
  test('a run that both sides allow gives one plan and one allowed decision, after one read of the source and one of the targets', async () => {
    await planRun(dependencies(), run(), attempt);
    expect(reads).toEqual(['source', 'targets 1']);
    expect(published).toMatchObject([
      { type: 'run.planned', data: { outcome: 'planned', allowed: 1, denied: 0 }, correlationId: 'guid-1' },
      { type: 'route.decided', data: { decision: { effect: 'allow', code: 'allowed', ref: 'main' } } },
    ]);
  });

  test('the files that the plan names are stored before the plan, which names their blob ids', async () => {
    let stored = '';
    const known: number[] = [];
    const once = async (_key: string, work: () => Promise<string>) => {
      stored = await work();
      known.push(keptFiles.size);
      return stored;
    };
    await planRun(dependencies({ once }), run(), attempt);
    const { files = [] } = StoredPlan.parse(JSON.parse(stored));
    expect(known).toEqual([2]);
    expect(files.map(({ repository: name, path, blobId }) => [name, path, keptFiles.get(blobId)])).toEqual([
      ['octo-org/app', 'dispatching.yml', outbound],
      ['octo-org/deploy', 'dispatching.yml', inbound],
    ]);
  });

  test('a plan that denies a route records that consent may have been withdrawn, before it is published', async () => {
    const order: string[] = [];
    const deps = dependencies({
      withdrawals: { put: async (names) => void order.push(...names) },
      bus: { publish: async (facts) => void order.push(...facts.map(({ type }) => type)) },
    });
    target = repository('deploy', 22, 'inbound: []\n');
    await planRun(deps, run(), attempt);
    expect(order).toEqual([expect.stringMatching(/^route#[0-9a-f]{16}$/), 'run.planned', 'route.decided']);
  });

  test('a plan that allows its routes records no withdrawal, and neither does an old plan that is published again', async () => {
    await planRun(dependencies(), run(), attempt);
    expect(withdrawn).toEqual([]);
    target = repository('deploy', 22, 'inbound: []\n');
    let now = Date.parse('2026-01-02T03:04:10.000Z');
    const deps = dependencies({ now: () => now });
    await planRun(deps, run(), attempt);
    expect(withdrawn).toEqual([expect.stringMatching(/^route#[0-9a-f]{16} 300000$/)]);
    now += 300_000;
    await planRun(deps, run(), attempt);
    expect(withdrawn).toHaveLength(1);
  });

  test('a retry after a file changed publishes the stored plan, byte for byte', async () => {
    const deps = dependencies();
    await planRun(deps, run(), attempt);
    target = repository('deploy', 22, 'inbound: []\n');
    await planRun(deps, run(), attempt);
    expect(JSON.stringify(published.slice(2))).toBe(JSON.stringify(published.slice(0, 2)));
    expect(reads).toHaveLength(2);
  });

  test('the same run under a new GUID does not change the plan and publishes a fact that points to it', async () => {
    const deps = dependencies();
    await planRun(deps, run(), attempt);
    await planRun(deps, run({ deliveryId: 'guid-2', receivedAt: '2026-01-02T03:09:00.000Z' }), attempt);
    expect(publishedTypes()).toEqual([
      'run.planned',
      'route.decided',
      'run.planned',
      'route.decided',
      'delivery.repeated',
    ]);
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
    expect(publishedTypes().filter((type) => type === 'delivery.repeated')).toHaveLength(1);
  });

  test('run attempt 2 is planned as another run', async () => {
    const deps = dependencies();
    await planRun(deps, run(), attempt);
    await planRun(deps, run({ of: { attempt: 2 } }), attempt);
    expect(new Set(published.map((fact) => ('runKey' in fact ? fact.runKey : null)))).toEqual(
      new Set(['11-77-1', '11-77-2']),
    );
  });

  test('after a crash while publishing, the retry publishes the stored plan', async () => {
    let fails = true;
    const bus = {
      publish: async (facts: readonly Fact[]) => {
        if (fails) throw new Error('killed');
        published.push(...facts);
      },
    };
    const deps = dependencies({ bus });
    await expect(planRun(deps, run(), attempt)).rejects.toThrow('killed');
    fails = false;
    await planRun(deps, run(), attempt);
    expect(publishedTypes()).toEqual(['run.planned', 'route.decided']);
    expect(reads).toHaveLength(2);
  });

  test('a thousand runs of forks make no request', async () => {
    const deps = dependencies();
    for (let id = 1; id <= 1_000; id += 1) await planRun(deps, run({ of: { id, headRepositoryId: 666 } }), attempt);
    expect(reads).toEqual([]);
    expect(published).toHaveLength(1_000);
    expect(published[0]).toMatchObject({
      data: { outcome: 'source-refused', code: 'fork-run', responsible: 'nobody' },
    });
  });

  test('a source that GitHub did not return is read again, and recorded as unreadable on the last attempt', async () => {
    source = { state: 'unknown', reason: '502' };
    const deps = dependencies();
    await expect(planRun(deps, run(), attempt)).rejects.toMatchObject({ name: 'IncompleteSnapshotError' });
    expect(published).toEqual([]);
    await planRun(deps, run(), { ...attempt, isLast: true });
    expect(published).toMatchObject([{ data: { outcome: 'config-unreadable', responsible: 'operator' } }]);
  });

  test('a target that GitHub did not return is read again, and only its own decision is unreadable on the last attempt', async () => {
    target = { state: 'unknown', reason: '502' };
    const deps = dependencies();
    await expect(planRun(deps, run(), attempt)).rejects.toMatchObject({ name: 'IncompleteSnapshotError' });
    await planRun(deps, run(), { ...attempt, isLast: true });
    expect(published[1]).toMatchObject({ data: { decision: { effect: 'deny', code: 'target-unreadable' } } });
  });

  test('a run of the App’s bot without a known dispatch is retried and never treated as a root', async () => {
    const deps = dependencies();
    const started = run({ of: { actor: 'dispatcher[bot]', event: 'workflow_dispatch' } });
    await expect(planRun(deps, started, attempt)).rejects.toMatchObject({ name: 'IncompleteSnapshotError' });
    await planRun(deps, started, { ...attempt, isLast: true });
    expect(published[1]).toMatchObject({ data: { decision: { effect: 'deny', code: 'lineage-unknown' } } });
  });

  test('the completion of a run that Dispatcher started is published under the delivery of its source', async () => {
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
      acceptedAt: '2026-01-01T00:00:00.000Z',
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

  describe('whose branch seems to lack its commit', () => {
    const createdAt = '2026-01-02T03:03:10.000Z';
    const lacking = () => {
      source = {
        ...repository('app', 11, outbound),
        heads: [readHead(run(), { branch: { state: 'read', sha: 'e'.repeat(40), comparison: 'diverged' } })],
      };
    };
    let now: number;
    beforeEach(() => {
      now = Date.parse(createdAt) + 60_000;
    });
    const clocked = () => dependencies({ now: () => now });

    test('is read again without counting an attempt while the run is young, and allowed once the branch has it', async () => {
      lacking();
      const deps = clocked();
      const young = run({ of: { createdAt } });
      // Even on the last attempt: a deferral uses none.
      for (const each of [attempt, { ...attempt, isLast: true }]) {
        await expect(planRun(deps, young, each)).rejects.toMatchObject({ name: 'DeferError', afterMs: 15_000 });
      }
      now += 55_000;
      await expect(planRun(deps, young, attempt)).rejects.toMatchObject({ name: 'DeferError', afterMs: 5_000 });
      expect(published).toEqual([]);
      source = repository('app', 11, outbound);
      await planRun(deps, young, attempt);
      expect(published[1]).toMatchObject({ data: { decision: { effect: 'allow' } } });
    });

    test('is denied without reading the target once the run is two minutes old', async () => {
      lacking();
      now += 60_000;
      await planRun(clocked(), run({ of: { createdAt } }), attempt);
      expect(reads).toEqual(['source']);
      expect(published[1]).toMatchObject({
        data: { decision: { effect: 'deny', code: 'source-commit-gone', responsible: 'nobody' } },
      });
    });
  });

  test('a run asks for its head in the request that reads its source; one of a merge queue asks for none', async () => {
    const heads: unknown[] = [];
    const deps = dependencies();
    const readSource = async ({ head }: { head: RunHead | null }) => {
      heads.push(head);
      return withHead(source, head);
    };
    const asking = { ...deps, reader: { ...deps.reader, readSource } };
    await planRun(asking, run(), attempt);
    await planRun(asking, run({ of: { id: 78, event: 'merge_group' } }), attempt);
    await planRun(asking, run({ of: { id: 79, headBranch: null } }), attempt);
    expect(heads).toEqual([{ name: 'main', sha: 'c'.repeat(40) }, null, null]);
  });

  test('reads and publishes with the signal of the attempt', async () => {
    const { signal } = new AbortController();
    const signals: unknown[] = [];
    const deps = dependencies({
      reader: {
        readSource: async ({ head }, options) => {
          signals.push(options?.signal);
          return withHead(source, head);
        },
        readPolicies: readNoPolicies,
        readTargets: async (_, __, options) => {
          signals.push(options?.signal);
          return { 'octo-org/deploy': target };
        },
      },
      bus: { publish: async (_, options) => void signals.push(options?.signal) },
    });
    await planRun(deps, run(), { ...attempt, signal });
    expect(signals).toEqual([signal, signal, signal]);
  });

  test('an attempt that is aborted while it reads stores and publishes nothing; the next one plans the run', async () => {
    const controller = new AbortController();
    const deps = dependencies();
    const readSource = async (_: unknown, options?: CallOptions) => {
      controller.abort();
      options?.signal?.throwIfAborted();
      return source;
    };
    const aborted = { ...deps, reader: { ...deps.reader, readSource } };
    await expect(planRun(aborted, run(), { ...attempt, signal: controller.signal })).rejects.toThrow('aborted');
    expect(published).toEqual([]);
    await planRun(deps, run(), attempt);
    expect(publishedTypes()).toEqual(['run.planned', 'route.decided']);
  });

  describe('a run that a dispatch started', () => {
    const startedRun = (of: Partial<RunCompleted['run']> = {}) =>
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
      acceptedAt: '2026-01-01T00:00:00.000Z',
      depth: 1,
      path: [{ repository: 'octo-org/first', workflow: 'ci.yml' }],
    };
    const completed = () => published.find(({ type }) => type === 'dispatch.completed');

    test('that failed without a job is reported as not started by GitHub; with jobs, as failed', async () => {
      startedBy = known;
      await planRun(dependencies({ jobCount: async () => 0 }), startedRun({ conclusion: 'failure' }), attempt);
      expect(completed()).toMatchObject({ data: { conclusion: 'failure', jobs: 0, code: 'run-not-started' } });
      published = [];
      await planRun(dependencies(), startedRun({ conclusion: 'failure', attempt: 2 }), attempt);
      expect(completed()).toMatchObject({ data: { conclusion: 'failure', jobs: 3 } });
      expect(completed()?.data).not.toHaveProperty('code');
    });

    test('that succeeded makes no request for its jobs', async () => {
      startedBy = known;
      const jobCount = () => Promise.reject(new Error('requested'));
      await planRun(dependencies({ jobCount }), startedRun(), attempt);
      expect(completed()).toMatchObject({ data: { conclusion: 'success' } });
      expect(completed()?.data).not.toHaveProperty('jobs');
    });

    test('whose jobs GitHub does not return is retried, and reported without them on the last attempt', async () => {
      startedBy = known;
      const deps = dependencies({ jobCount: () => Promise.reject(new Error('502')) });
      await expect(planRun(deps, startedRun({ conclusion: 'failure' }), attempt)).rejects.toThrow('502');
      expect(publishedTypes()).toContain('run.planned');
      await planRun(deps, startedRun({ conclusion: 'failure' }), { ...attempt, isLast: true });
      expect(completed()?.data).not.toHaveProperty('jobs');
    });

    test('that completed before the ledger contains it is deferred, without counting the attempt, until its maximum delay has passed', async () => {
      const recent = startedRun({ startedAt: '2026-01-02T03:04:00.000Z' });
      await expect(planRun(dependencies(), recent, attempt)).rejects.toMatchObject({
        name: 'DeferError',
        afterMs: 10_000,
      });
      startedBy = known;
      await planRun(dependencies(), recent, attempt);
      expect(completed()).toMatchObject({ correlationId: 'guid-0', runKey: '9-1-1' });
    });

    test('whose dispatch is still in progress is deferred at growing intervals, for a day at most', async () => {
      const hourOld = startedRun({ startedAt: '2026-01-02T02:04:10.000Z' });
      const isBeingStarted = async () => true;
      await expect(planRun(dependencies({ isBeingStarted }), hourOld, attempt)).rejects.toMatchObject({
        name: 'DeferError',
        afterMs: 360_000,
      });
      const dayOld = startedRun({ startedAt: '2026-01-01T03:04:10.000Z' });
      await planRun(dependencies({ isBeingStarted }), dayOld, { ...attempt, isLast: true });
      expect(published[1]).toMatchObject({ data: { decision: { effect: 'deny', code: 'lineage-unknown' } } });
    });

    test('whose dispatch completed between the two lookups is reported', async () => {
      const isBeingStarted = async () => {
        startedBy = known;
        return false;
      };
      await planRun(dependencies({ isBeingStarted }), startedRun(), attempt);
      expect(completed()).toMatchObject({ correlationId: 'guid-0', runKey: '9-1-1' });
    });
  });

  test('a plan that is too large to be stored even deflated gets the outcome plan-too-large', async () => {
    const sha = randomBytes(400_000).toString('hex');
    target = { ...repository('deploy', 22, inbound), defaultBranch: { name: 'main', sha } };
    await planRun(dependencies(), run(), attempt);
    expect(published).toMatchObject([{ data: { outcome: 'plan-too-large', allowed: 0 } }]);
  });

  test('a plan with a large text for each of its targets is stored: it deflates to little', async () => {
    const many = Array.from(
      { length: 20 },
      (_, index) =>
        `      - { repository: deploy, workflow: cd.yml, id: t${index}, inputs: { ${Array.from({ length: 20 }, (__, n) => `i${n}: '\${{ source.html_url }}'`).join(', ')} } }\n`,
    );
    source = repository('app', 11, `outbound:\n  - source: { workflow: ci.yml }\n    targets:\n${many.join('')}`);
    const htmlUrl = `https://github.example/${'x'.repeat(980)}`;
    await planRun(dependencies(), run({ of: { htmlUrl } }), attempt);
    expect(published).toMatchObject([{ data: { outcome: 'planned', denied: 20 } }, ...many.map(() => ({}))]);
  });
});

describe('a problem that the issue of the repository reports', () => {
  /** Remembers the problem of one repository in memory, as the table does. */
  function problemsOf(log: string[]): PlanningDependencies['planProblems'] {
    let open = false;
    return {
      begin: async () => {
        log.push('begin');
        open = true;
      },
      isOpen: async () => {
        log.push('isOpen');
        return open;
      },
    };
  }

  test('is recorded before the plan is stored, and the next valid plan is marked as its end', async () => {
    const log: string[] = [];
    const planProblems = problemsOf(log);
    const once = async (_: string, work: () => Promise<string>) => {
      const text = await work();
      log.push('store');
      return text;
    };
    source = repository('app', 11, 'outbound: 3\n');
    await planRun(dependencies({ planProblems, once }), run(), attempt);
    expect(log).toEqual(['begin', 'store']);
    source = repository('app', 11, outbound);
    await planRun(dependencies({ planProblems, once }), run({ of: { id: 2 } }), attempt);
    expect(published.filter(({ type }) => type === 'run.planned')).toMatchObject([
      { data: { code: 'config-invalid' } },
      { data: { code: 'planned', endsProblem: true } },
    ]);
  });

  test('is not mentioned by valid plans without one, nor ended by a run that was refused before its file was read', async () => {
    const log: string[] = [];
    const planProblems = problemsOf(log);
    await planRun(dependencies({ planProblems }), run(), attempt);
    await planProblems.begin(11, 0);
    const fork = run({ of: { id: 2, headRepositoryId: 99 } });
    await planRun(dependencies({ planProblems }), fork, attempt);
    const plans = published.flatMap((fact) => (fact.type === 'run.planned' ? [fact.data] : []));
    expect(plans.map(({ code }) => code)).toEqual(['planned', 'fork-run']);
    expect(plans.every((plan) => !('endsProblem' in plan))).toBe(true);
  });
});
