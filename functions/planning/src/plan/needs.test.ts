import {
  type CommitRun,
  defaultGuardRails,
  Fact,
  type Plan,
  type RepositorySnapshot,
  type RouteDecided,
  type RunCompleted,
} from '@dispatcher/contracts';
import { GitHubPermanentError, GitHubUnreachableError } from '@dispatcher/github';
import { DeferError } from '@dispatcher/lambda';
import { attempt } from '@dispatcher/lambda/testing';
import { createCompileCache } from '@dispatcher/rules';
import { type CommitRunStore, createStateStore, type StoredPlan } from '@dispatcher/store';
import { createMemoryDynamo } from '@dispatcher/store/testing';
import { beforeEach, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import {
  createRepositoryIds,
  noCandidateStore,
  readNoPolicies,
  repository,
  run,
  withHead,
} from '../testing/fixtures.ts';
import { type PlanningDependencies, planRun } from './plan-run.ts';
import { IncompleteSnapshotError } from './stored-plan.ts';

// octo-org/app starts cd.yml in octo-org/deploy once several workflows have succeeded on a commit.
const outboundFor = (workflows: readonly string[]) =>
  JSON.stringify({
    outbound: [{ source: { needs: workflows }, targets: [{ repository: 'deploy', workflow: 'cd.yml', id: 'all' }] }],
  });
const inbound =
  'inbound:\n  - source: { repository: app, workflow: ci.yml }\n    targets:\n      - { workflow: cd.yml }\n';
const two = ['ci.yml', 'security.yml'];
const three = [...two, 'e2e.yml'];
const now = Date.parse('2026-01-02T03:04:10.000Z');

type End = 'success' | 'failure';

/** Returns the completion of a workflow. The id of its run is the same for every attempt. */
function completion(workflow: string, attemptNumber = 1, conclusion: End = 'success'): RunCompleted {
  const id = 500 + three.indexOf(workflow);
  const htmlUrl = `https://github.com/octo-org/app/actions/runs/${id}`;
  return run({
    workflow,
    deliveryId: `${workflow}-${attemptNumber}`,
    of: { id, attempt: attemptNumber, conclusion, htmlUrl, createdAt: '2026-01-02T03:00:00.000Z' },
  });
}

/** Returns a run as GitHub lists it. */
function listed({ workflow, repository: { id: repositoryId }, run: of }: RunCompleted, change: object = {}) {
  return {
    id: of.id,
    run_attempt: of.attempt,
    run_number: of.number,
    path: `.github/workflows/${workflow}`,
    event: of.event,
    status: 'completed',
    conclusion: of.conclusion,
    head_branch: of.headBranch,
    head_sha: of.headSha,
    head_repository: { id: repositoryId },
    html_url: of.htmlUrl,
    created_at: of.createdAt,
    run_started_at: of.startedAt,
    updated_at: of.updatedAt,
    actor: { login: 'mona' },
    ...change,
  };
}

let source: RepositorySnapshot;
let list: () => readonly unknown[];
let commitRuns: CommitRunStore;
let requests: string[];
let published: Fact[];
let plans: Map<string, Plan>;

beforeEach(() => {
  source = repository('app', 11, outboundFor(two));
  list = () => [];
  requests = [];
  reset();
});

/** Forgets everything that is stored. */
function reset(): void {
  const state = createStateStore({ client: createMemoryDynamo().newClient(), table: 'state', now: () => now });
  commitRuns = state.commitRuns;
  published = [];
  plans = new Map();
}

function dependencies(change: Partial<PlanningDependencies> = {}): PlanningDependencies {
  return {
    reader: {
      readSource: async ({ head }) => withHead(source, head),
      readPolicies: readNoPolicies,
      readTargets: async (_, wanted) =>
        Object.fromEntries(wanted.map(({ owner, name }) => [`${owner}/${name}`, repository(name, 12, inbound)])),
    },
    commitRuns: {
      putRun: (...given) => record('put', () => commitRuns.putRun(...given)),
      getCommit: (...given) => record('get', () => commitRuns.getCommit(...given)),
      claim: (...given) => record('claim', () => commitRuns.claim(...given)),
    },
    listRunsOfCommit: () => record('list', async () => list()),
    rateLimits: { holdOf: async () => ({ rateLimitedUntil: null, outage: null }) },
    candidates: noCandidateStore,
    guardRails: defaultGuardRails,
    cache: createCompileCache(),
    once: async (key, work) => {
      const stored = plans.get(key);
      if (stored !== undefined) return JSON.stringify({ plan: stored, plannedAt: new Date(now).toISOString() });
      const text = await work();
      plans.set(key, (JSON.parse(text) as StoredPlan).plan);
      return text;
    },
    revisions: { setCurrent: async () => {} },
    planProblems: { begin: async () => {}, isOpen: async () => false },
    files: { put: async () => {} },
    startedBy: async () => null,
    isBeingStarted: async () => false,
    jobCount: async () => 3,
    maxLineageDelayMs: 150_000,
    permissionsOf: async () => ({}),
    findRequester: () => Promise.reject(new Error('A run needs no API key.')),
    giveUpAfterMs: 21_600_000,
    withdrawals: { put: async () => {} },
    decisionMaxAgeMs: 300_000,
    waitToParse: async () => {},
    deferDuringOutage: async (_, outage) => {
      throw new DeferError(outage.message, 1_000);
    },
    appSlug: 'dispatcher',
    observer: { observeOfPlan: async () => {} },
    repositoryIds: createRepositoryIds(),
    bus: { publish: async (facts) => void published.push(...facts.map((fact) => Fact.parse(fact))) },
    meter: { count: () => {}, milliseconds: () => {} },
    now: () => now,
    ...change,
  };
}

function record<Result>(request: string, perform: () => Promise<Result>): Promise<Result> {
  requests.push(request);
  return perform();
}

/** Plans a run as often as it is deferred. */
async function plan(completed: RunCompleted, change: Partial<PlanningDependencies> = {}): Promise<void> {
  try {
    await planRun(dependencies(change), completed, attempt);
  } catch (error) {
    if (!(error instanceof DeferError)) throw error;
    await plan(completed, change);
  }
}

const decisions = () =>
  published.filter((fact): fact is RouteDecided => fact.type === 'route.decided').map(({ data }) => data.decision);
const codes = () => decisions().map(({ code }) => code);
const dispatches = () => codes().filter((code) => code === 'allowed');

function permutations<Value>(values: readonly Value[]): Value[][] {
  if (values.length < 2) return [[...values]];
  return values.flatMap((first, at) =>
    permutations(values.filter((_, other) => other !== at)).map((rest) => [first, ...rest]),
  );
}

describe('a repository without a rule with `needs`', () => {
  test('costs no further request', async () => {
    source = repository(
      'app',
      11,
      outboundFor(two).replace('"needs":["ci.yml","security.yml"]', '"workflow":"ci.yml"'),
    );
    await plan(completion('ci.yml'));
    expect(codes()).toEqual(['allowed']);
    expect(requests).toEqual([]);
  });

  test('costs none either if the rule needs other workflows, branches or events', async () => {
    for (const change of [
      completion('e2e.yml'),
      run({ workflow: 'ci.yml', of: { headBranch: 'feature' } }),
      run({ workflow: 'ci.yml', of: { event: 'pull_request' } }),
    ]) {
      await plan(change);
    }
    expect(requests).toEqual([]);
  });

  test('stores a run that failed, and reads nothing for it', async () => {
    await plan(completion('ci.yml', 1, 'failure'));
    expect(requests).toEqual(['put']);
    expect(published).toMatchObject([{ type: 'run.planned', data: { outcome: 'no-match' } }]);
  });
});

describe.each([
  ['two', two],
  ['three', three],
])('%s workflows', (_, workflows) => {
  beforeEach(() => {
    source = repository('app', 11, outboundFor(workflows));
  });

  test.each(permutations(workflows).map((order) => [order.join(', '), order] as const))(
    'that complete in the order %s dispatch once, at the last',
    async (_order, order) => {
      for (const workflow of order) await plan(completion(workflow));
      expect(codes()).toEqual([...order.slice(1).map(() => 'waiting-for-needs'), 'allowed']);
      const left = published.flatMap((fact) => (fact.type === 'run.planned' ? [fact.data.leftToAnotherRun ?? 0] : []));
      expect(left).toEqual([...order.slice(1).map(() => 1), 0]);
      expect(new Set(decisions().map(({ dispatchId }) => dispatchId)).size).toBe(1);
    },
  );

  test('whose last run is redelivered dispatch once, and the run keeps its decision', async () => {
    for (const workflow of workflows) await plan(completion(workflow));
    await plan(completion(workflows.at(-1) ?? ''));
    expect(codes().filter((code) => code === 'already-dispatched')).toEqual([]);
    expect(
      [...plans.values()].flatMap((each) => each.decisions).filter(({ effect }) => effect === 'allow'),
    ).toHaveLength(1);
  });

  test('that are all run again afterwards dispatch nothing more, and link to the run that did', async () => {
    for (const workflow of workflows) await plan(completion(workflow));
    for (const workflow of workflows) await plan(completion(workflow, 2));
    expect(dispatches()).toHaveLength(1);
    const last = decisions().at(-1);
    expect(last).toMatchObject({ code: 'already-dispatched', responsible: 'nobody' });
    expect(last?.message).toContain(completion(workflows.at(-1) ?? '').run.htmlUrl);
  });
});

/** Chooses the process that takes the next step. @param ready the processes that wait, in ascending order */
type Choose = (ready: readonly number[]) => number;

/** Plans a run of each workflow at the same time. A process waits before each step until it is chosen. */
async function planTogether(workflows: readonly string[], choose: Choose): Promise<void> {
  const waiting = new Map<number, () => void>();
  let running = workflows.length;
  const releaseNext = () => {
    if (waiting.size === 0 || waiting.size < running) return;
    const chosen = choose([...waiting.keys()].sort((a, b) => a - b));
    const resume = waiting.get(chosen);
    waiting.delete(chosen);
    resume?.();
  };
  await Promise.all(
    workflows.map(async (workflow, process) => {
      const step = async <Result>(perform: () => Promise<Result>): Promise<Result> => {
        await new Promise<void>((resolve) => {
          waiting.set(process, resolve);
          releaseNext();
        });
        return perform();
      };
      const stepped: CommitRunStore = {
        putRun: (...given) => step(() => commitRuns.putRun(...given)),
        getCommit: (...given) => step(() => commitRuns.getCommit(...given)),
        claim: (...given) => step(() => commitRuns.claim(...given)),
      };
      await plan(completion(workflow), { commitRuns: stepped });
      running -= 1;
      releaseNext();
    }),
  );
}

describe('workflows that complete at the same time', () => {
  test('dispatch once if they are two, in every interleaving of the steps of their plans', async () => {
    let schedules = 0;
    let prefix: readonly number[] | null = [];
    while (prefix !== null) {
      reset();
      schedules += 1;
      const taken: { readonly choice: number; readonly options: number }[] = [];
      const given: readonly number[] = prefix;
      await planTogether(two, (ready) => {
        const choice = given[taken.length] ?? 0;
        taken.push({ choice, options: ready.length });
        return ready[choice] ?? 0;
      });
      expect(dispatches()).toHaveLength(1);
      // The next schedule differs at the last step at which another process could have been chosen.
      const at = taken.findLastIndex(({ choice, options }) => choice + 1 < options);
      prefix = at < 0 ? null : [...taken.slice(0, at).map(({ choice }) => choice), (taken[at]?.choice ?? 0) + 1];
    }
    expect(schedules).toBeGreaterThan(10);
  });

  test('dispatch once if they are three, in any interleaving', async () => {
    source = repository('app', 11, outboundFor(three));
    await fc.assert(
      fc.asyncProperty(fc.infiniteStream(fc.nat()), async (choices) => {
        reset();
        await planTogether(three, (ready) => ready[(choices.next().value as number) % ready.length] ?? 0);
        expect(dispatches()).toHaveLength(1);
      }),
      { numRuns: 100 },
    );
  });
});

describe('a workflow that failed', () => {
  test('and is run again with success dispatches then', async () => {
    await plan(completion('ci.yml', 1, 'failure'));
    await plan(completion('security.yml'));
    expect(codes()).toEqual(['waiting-for-needs']);
    expect(decisions()[0]?.message).toContain('ci.yml (failure)');
    await plan(completion('ci.yml', 2));
    expect(codes()).toEqual(['waiting-for-needs', 'allowed']);
  });

  test('in a later attempt takes back what an earlier attempt meant', async () => {
    await plan(completion('ci.yml'));
    await plan(completion('ci.yml', 2, 'failure'));
    await plan(completion('security.yml'));
    expect(dispatches()).toEqual([]);
    expect(decisions().at(-1)?.message).toContain('ci.yml (failure, attempt 2)');
  });

  test('dispatches exactly once in any history whose newest attempts succeed, and at most once in any other', async () => {
    const attempts = fc.array(fc.constantFrom<End>('success', 'failure'), { minLength: 1, maxLength: 3 });
    const histories = fc.record({ 'ci.yml': attempts, 'security.yml': attempts, 'e2e.yml': attempts }).chain((ends) => {
      const all = Object.entries(ends).flatMap(([workflow, each]) =>
        each.map((end, index) => completion(workflow, index + 1, end)),
      );
      return fc.record({ ends: fc.constant(ends), order: fc.shuffledSubarray(all, { minLength: all.length }) });
    });
    source = repository('app', 11, outboundFor(three));
    await fc.assert(
      fc.asyncProperty(histories, async ({ ends, order }) => {
        reset();
        for (const each of order) await plan(each);
        const succeeded = Object.values(ends).every((each) => each.at(-1) === 'success');
        expect(dispatches().length).toBeLessThanOrEqual(1);
        if (succeeded) expect(dispatches()).toHaveLength(1);
      }),
      { numRuns: 60 },
    );
  });
});

describe('the list of GitHub', () => {
  test('shows a run that was never delivered', async () => {
    list = () => [listed(completion('ci.yml'))];
    await plan(completion('security.yml'));
    expect(codes()).toEqual(['allowed']);
  });

  test('does not take back a completion that is stored and that it does not show yet', async () => {
    await plan(completion('ci.yml'));
    list = () => [listed(completion('ci.yml'), { status: 'in_progress', conclusion: null })];
    await plan(completion('security.yml'));
    expect(codes()).toEqual(['waiting-for-needs', 'allowed']);
  });

  test('shows that a workflow is run again, so that its new attempt counts', async () => {
    await plan(completion('ci.yml'));
    list = () => [listed(completion('ci.yml', 2), { status: 'in_progress', conclusion: null })];
    await plan(completion('security.yml'));
    expect(decisions().at(-1)?.message).toContain('ci.yml (in progress)');
    list = () => [];
    await plan(completion('ci.yml', 2));
    expect(codes().at(-1)).toBe('allowed');
  });

  test.each([
    ['of a fork', { head_repository: { id: 99 } }],
    ['of a deleted fork', { head_repository: null }],
    ['of another branch', { head_branch: 'other' }],
    ['of another event', { event: 'pull_request' }],
    ['of another file with the same name', { path: '.github/workflows/deep/ci.yml' }],
  ])('has a run %s that does not count', async (_, change) => {
    list = () => [listed(completion('ci.yml'), change)];
    await plan(completion('security.yml'));
    expect(codes()).toEqual(['waiting-for-needs']);
    expect(decisions()[0]?.message).toContain('ci.yml (no run)');
  });

  test('that cannot be reached defers the run', async () => {
    const unreachable = { listRunsOfCommit: () => Promise.reject(new GitHubUnreachableError('502 Bad Gateway', null)) };
    await expect(planRun(dependencies(unreachable), completion('ci.yml'), attempt)).rejects.toThrow(DeferError);
    expect(published).toEqual([]);
  });

  test('that GitHub refuses is recorded by the last attempt as unreadable', async () => {
    const refused = {
      listRunsOfCommit: () => Promise.reject(new GitHubPermanentError('Resource not accessible', 403)),
    };
    await expect(planRun(dependencies(refused), completion('ci.yml'), attempt)).rejects.toThrow(
      IncompleteSnapshotError,
    );
    await planRun(dependencies(refused), completion('ci.yml'), { ...attempt, isLast: true });
    expect(codes()).toEqual(['source-runs-unreadable']);
  });
});

test('the stored plan has the runs that the decision relies on, and the published fact does not', async () => {
  await plan(completion('ci.yml'));
  await plan(completion('security.yml'));
  const [decision] = plans.get([...plans.keys()].at(-1) ?? '')?.decisions ?? [];
  const runs = decision?.needs?.runs.map(({ workflow, isCompleted }: CommitRun) => [workflow, isCompleted]);
  expect(runs).toEqual([
    ['ci.yml', true],
    ['security.yml', true],
  ]);
  expect(JSON.stringify(published)).not.toContain('isCompleted');
});

describe('the lineage of a dispatch', () => {
  test('is the longest of all runs', async () => {
    const path = [
      { repository: 'octo-org/base', workflow: 'build.yml' },
      { repository: 'octo-org/app', workflow: 'ci.yml' },
    ];
    const startedBy: PlanningDependencies['startedBy'] = async ({ run: { id } }) =>
      id === 500 ? ({ dispatchId: 'd'.repeat(32), depth: 4, path } as never) : null;
    list = () => [listed(completion('ci.yml'), { event: 'workflow_dispatch' })];
    await plan(completion('security.yml'), { startedBy });
    const [decided] = published.filter((fact): fact is RouteDecided => fact.type === 'route.decided');
    expect(decided?.data).toMatchObject({ lineage: { depth: 4, path }, decision: { code: 'allowed' } });
  });

  test('refuses a target that is in the lineage of any of them', async () => {
    const path = [
      { repository: 'octo-org/deploy', workflow: 'cd.yml' },
      { repository: 'octo-org/app', workflow: 'ci.yml' },
    ];
    const startedBy: PlanningDependencies['startedBy'] = async ({ run: { id } }) =>
      id === 500 ? ({ dispatchId: 'd'.repeat(32), depth: 1, path } as never) : null;
    list = () => [listed(completion('ci.yml'), { event: 'workflow_dispatch' })];
    await plan(completion('security.yml'), { startedBy });
    expect(codes()).toEqual(['route-loop']);
  });
});
