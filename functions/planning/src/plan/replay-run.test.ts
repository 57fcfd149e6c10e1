import { beforeEach, describe, expect, test } from '@jest/globals';
import {
  defaultGuardRails,
  dispatchId,
  type DispatchRequested,
  Fact,
  type RepositorySnapshot,
  routeId,
  RunReplay,
  requesterOf,
  runKey,
} from '@dispatcher/contracts';
import { GitHubUnreachableError } from '@dispatcher/github';
import { DeferError } from '@dispatcher/lambda';
import { attempt } from '@dispatcher/lambda/testing';
import { type ApiKeyRecord, currentKey, planPayload, type Revision, StoredPlan } from '@dispatcher/store';
import { createCompileCache } from '@dispatcher/rules';
import { type ReplayRunDependencies, replayRun } from './replay-run.ts';
import { planRun } from './plan-run.ts';
import { getOrCreatePlan } from './stored-plan.ts';
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

const key = runKey(run());
const route = routeId({
  source: { repository: 'octo-org/app', workflow: 'ci.yml' },
  target: { repository: 'octo-org/deploy', workflow: 'cd.yml' },
});

let target: RepositorySnapshot;
/** The API key of the request; null if it was deleted. */
let apiKey: ApiKeyRecord | null;
let now: number;
let published: Fact[];
let deps: ReplayRunDependencies;

beforeEach(async () => {
  target = repository('deploy', 22, inbound);
  now = Date.parse('2026-01-02T03:04:10.000Z');
  published = [];
  deps = dependencies();
  await planRun(deps, run(), attempt);
});

function dependencies(): ReplayRunDependencies {
  const stored = new Map<string, string>();
  const actions = new Map<string, Revision>();
  const find = (requestedKey: string, revision: number) => {
    const text = stored.get(planPayload(requestedKey, revision));
    return text === undefined ? null : StoredPlan.parse(JSON.parse(text));
  };
  return {
    reader: {
      readSource: async ({ head }) => withHead(repository('app', 11, outbound), head),
      readPolicies: readNoPolicies,
      readTargets: async () => ({ 'octo-org/deploy': target }),
    },
    cache: createCompileCache(),
    once: async (payload, work) => {
      const known = stored.get(payload) ?? (await work());
      stored.set(payload, known);
      return known;
    },
    rateLimits: { holdOf: async () => ({ rateLimitedUntil: null, outage: null }) },
    planProblems: { begin: async () => {}, isOpen: async () => false },
    files: { put: async () => {} },
    startedBy: async () => null,
    isBeingStarted: async () => false,
    jobCount: async () => 1,
    maxLineageDelayMs: 0,
    permissionsOf: async () => ({ contents: 'write' }),
    findRequester: async ({ id }) => currentKey(id === apiKey?.keyId ? apiKey : null, now),
    giveUpAfterMs: 21_600_000,
    withdrawals: { put: async () => {} },
    decisionMaxAgeMs: 300_000,
    waitToParse: async () => {},
    deferDuringOutage: () => Promise.reject(new Error('GitHub is reachable.')),
    appSlug: 'dispatcher',
    guardRails: defaultGuardRails,
    observer: { observeOfPlan: async () => {} },
    repositoryIds: createRepositoryIds(),
    ...noCommitRuns,
    candidates: noCandidateStore,
    plans: {
      getNewestPlan: async (runKey) => find(runKey, actions.size) ?? find(runKey, 0),
    },
    revisions: {
      setCurrent: async () => {},
      raiseRevision: async (_, { actionId, routeId, raiseGenerationOf }) => {
        const generations = raiseGenerationOf === null ? {} : { [raiseGenerationOf]: 1 };
        const raised = actions.get(actionId) ?? { revision: actions.size + 1, generations, routeId };
        actions.set(actionId, raised);
        return raised;
      },
    },
    bus: {
      publish: async (facts) => {
        published.push(...facts.map((fact) => Fact.parse(fact)));
      },
    },
    meter: { count: () => {}, milliseconds: () => {} },
    now: () => now,
  };
}

function replayMessage(change: Partial<RunReplay> = {}): RunReplay {
  return RunReplay.parse({
    type: 'run.replay',
    version: 1,
    actionId: 'action-1',
    runKey: key,
    mode: 'as-recorded',
    routeId: null,
    operator: 'octocat',
    reason: 'the facts queue was purged',
    requestedAt: '2026-01-03T00:00:00.000Z',
    ...change,
  });
}

/** Returns what the action published. */
async function replay(message: RunReplay): Promise<Fact[]> {
  const before = published.length;
  await replayRun(deps, message, attempt);
  return published.slice(before);
}

const decisionsOf = (facts: readonly Fact[]) =>
  facts.flatMap((fact) => (fact.type === 'route.decided' ? [fact.data.decision] : []));

describe('as-recorded', () => {
  test('publishes the stored facts again, byte for byte, whatever the files contain now', async () => {
    const recorded = [...published];
    target = repository('deploy', 22, 'inbound: []\n');
    const [acted, ...rest] = (await replay(replayMessage())).toReversed();
    expect(JSON.stringify(rest.toReversed())).toBe(JSON.stringify(recorded));
    expect(acted).toMatchObject({
      type: 'operator.acted',
      correlationId: 'guid-1',
      runKey: key,
      time: '2026-01-03T00:00:00.000Z',
      data: { action: 'as-recorded', operator: 'octocat', reason: 'the facts queue was purged', revision: 0 },
    });
  });

  test('for a run that was never planned, publishes only the action', async () => {
    const replayed = await replay(replayMessage({ runKey: '1-2-3' }));
    expect(replayed).toMatchObject([
      { type: 'operator.acted', runKey: '1-2-3', data: { result: 'unknown-run', revision: null } },
    ]);
  });
});

describe('re-evaluate', () => {
  test('reads the files again and keeps the dispatch id', async () => {
    const [before] = decisionsOf(published);
    target = { ...repository('deploy', 22, inbound), defaultBranch: { name: 'trunk', sha: 'e'.repeat(40) } };
    const replayed = await replay(replayMessage({ mode: 're-evaluate' }));
    expect(replayed.map(({ type }) => type)).toEqual(['run.planned', 'route.decided', 'operator.acted']);
    expect(replayed[0]).toMatchObject({ data: { revision: 1, allowed: 1 } });
    const [after] = decisionsOf(replayed);
    expect(before).toMatchObject({ ref: 'main' });
    expect(after).toMatchObject({ effect: 'allow', dispatchId: before?.dispatchId, ref: 'trunk' });
  });

  test('is denied if the target has withdrawn its consent since', async () => {
    target = repository('deploy', 22, 'inbound: []\n');
    const replayed = await replay(replayMessage({ mode: 're-evaluate' }));
    expect(decisionsOf(replayed)).toMatchObject([{ effect: 'deny', code: 'inbound-no-match' }]);
  });

  test('the same action handled twice publishes the same plan', async () => {
    const first = await replay(replayMessage({ mode: 're-evaluate' }));
    target = repository('deploy', 22, 'inbound: []\n');
    expect(await replay(replayMessage({ mode: 're-evaluate' }))).toEqual(first);
    const other = await replay(replayMessage({ mode: 're-evaluate', actionId: 'action-2' }));
    expect(other[0]).toMatchObject({ data: { revision: 2, denied: 1 } });
  });

  test('a later replay as-recorded publishes the new plan', async () => {
    const decided = await replay(replayMessage({ mode: 're-evaluate' }));
    const repeated = await replay(replayMessage({ actionId: 'action-2' }));
    expect(repeated.slice(0, -1)).toEqual(decided.slice(0, -1));
  });

  test('a run that is refused without reading gets the raised revision', async () => {
    deps = { ...deps, guardRails: { ...defaultGuardRails, paused: true } };
    const replayed = await replay(replayMessage({ mode: 're-evaluate' }));
    expect(replayed[0]).toMatchObject({ type: 'run.planned', data: { revision: 1, outcome: 'paused' } });
  });
});

describe('a dry run', () => {
  const dryRun = (change: Partial<RunReplay> = {}) =>
    replay(replayMessage({ mode: 're-evaluate', dryRun: true, ...change }));

  test('records what would be decided now, and publishes no plan', async () => {
    target = repository('deploy', 22, 'inbound: []\n');
    expect(await dryRun()).toMatchObject([
      {
        type: 'operator.acted',
        correlationId: 'guid-1',
        data: {
          action: 're-evaluate',
          result: 'dry-run',
          revision: null,
          preview: {
            outcome: 'planned',
            decisions: [{ routeId: route, target: 'octo-org/deploy:cd.yml', effect: 'deny', code: 'inbound-no-match' }],
            omitted: 0,
          },
        },
      },
    ]);
  });

  test('changes nothing: the next re-evaluation is the first revision, and decides anew', async () => {
    target = repository('deploy', 22, 'inbound: []\n');
    await dryRun();
    target = repository('deploy', 22, inbound);
    const replayed = await replay(replayMessage({ mode: 're-evaluate', actionId: 'action-2' }));
    expect(replayed[0]).toMatchObject({ type: 'run.planned', data: { revision: 1, allowed: 1 } });
  });

  test('of one route decides on no other', async () => {
    expect(await dryRun({ routeId: 'f'.repeat(16) })).toMatchObject([{ data: { preview: { decisions: [] } } }]);
  });

  test('of a run that was never planned says so', async () => {
    expect(await dryRun({ runKey: '1-2-3' })).toMatchObject([{ data: { result: 'unknown-run' } }]);
  });

  test('is invalid for a plan that is published as recorded', () => {
    expect(() => replayMessage({ dryRun: true })).toThrow(/only re-evaluate decides/);
  });
});

describe('dispatch-again', () => {
  test('gives the route a new dispatch id and reads the files again', async () => {
    const replayed = await replay(replayMessage({ mode: 'dispatch-again', routeId: route }));
    expect(decisionsOf(replayed)).toMatchObject([{ effect: 'allow', dispatchId: dispatchId(key, route, 1) }]);
  });

  test('is denied if the target has withdrawn its consent since', async () => {
    target = repository('deploy', 22, 'inbound: []\n');
    const replayed = await replay(replayMessage({ mode: 'dispatch-again', routeId: route }));
    expect(decisionsOf(replayed)).toMatchObject([{ effect: 'deny', code: 'inbound-no-match' }]);
  });

  test('decides on the named route only', async () => {
    const replayed = await replay(replayMessage({ mode: 'dispatch-again', routeId: 'f'.repeat(16) }));
    expect(decisionsOf(replayed)).toEqual([]);
    expect(replayed[0]).toMatchObject({ data: { outcome: 'no-match' } });
  });

  test('is invalid without a route', () => {
    expect(() => replayMessage({ mode: 'dispatch-again' })).toThrow(/requires a routeId/);
  });
});

describe('a request of an API key', () => {
  const byKey = 'inbound:\n  - source: { key: nightly }\n    targets: [{ workflow: cd.yml }]\n';
  const request: DispatchRequested = {
    type: 'dispatch.requested',
    version: 1,
    deliveryId: 'request-1',
    receivedAt: '2026-01-02T03:04:06.000Z',
    requestId: 'c'.repeat(32),
    key: { id: '0123456789abcdef', name: 'nightly', targets: ['octo-org/deploy'] },
    request: { kind: 'workflow', repository: 'octo-org/deploy', workflow: 'cd.yml', ref: null, inputs: {} },
  };
  const requestRunKey = runKey(request);
  const requestedRoute = routeId({
    source: { key: 'nightly' },
    target: { repository: 'octo-org/deploy', workflow: 'cd.yml' },
  });
  const liveKey: ApiKeyRecord = {
    keyId: requesterOf(request).id,
    name: 'nightly',
    role: 'dispatch',
    targets: ['octo-org/deploy'],
    secretHash: 'a'.repeat(64),
    createdAt: '2026-01-01T00:00:00.000Z',
    createdBy: 'octocat',
    expiresAt: '2026-01-03T00:00:00.000Z',
    revokedAt: null,
  };
  let reads: number;
  beforeEach(async () => {
    apiKey = liveKey;
    target = repository('deploy', 22, byKey);
    await getOrCreatePlan(deps, { trigger: request, startedBy: null }, attempt);
    reads = 0;
    const { reader } = deps;
    const readTargets: typeof reader.readTargets = async (...args) => {
      reads += 1;
      return reader.readTargets(...args);
    };
    deps = { ...deps, reader: { ...reader, readTargets } };
  });

  const reEvaluate = replayMessage({ runKey: requestRunKey, mode: 're-evaluate' });
  const dispatchAgain = replayMessage({ runKey: requestRunKey, mode: 'dispatch-again', routeId: requestedRoute });

  test('is replayed while the key is valid and the target allows it', async () => {
    expect(decisionsOf(await replay(reEvaluate))).toMatchObject([
      { effect: 'allow', dispatchId: dispatchId(requestRunKey, requestedRoute, 0) },
    ]);
    expect(decisionsOf(await replay({ ...dispatchAgain, actionId: 'action-2' }))).toMatchObject([
      { effect: 'allow', dispatchId: dispatchId(requestRunKey, requestedRoute, 1) },
    ]);
  });

  const changes = [
    ['was revoked', () => (apiKey = { ...liveKey, revokedAt: '2026-01-02T03:04:09.000Z' }), 'key-ended'],
    ['has expired', () => (now = Date.parse('2026-01-03T00:00:00.000Z')), 'key-ended'],
    ['was deleted', () => (apiKey = null), 'key-ended'],
    ['has a smaller scope', () => (apiKey = { ...liveKey, targets: ['octo-org/app'] }), 'key-scope'],
  ] as const;
  test.each(changes)('is denied if the key %s, without reading the target', async (_, change, code) => {
    change();
    for (const message of [reEvaluate, { ...dispatchAgain, actionId: 'action-2' }]) {
      const replayed = await replay(message);
      expect(decisionsOf(replayed)).toMatchObject([{ effect: 'deny', code, responsible: 'operator' }]);
      expect(replayed.at(-1)).toMatchObject({ type: 'operator.acted', data: { result: 'published' } });
    }
    expect(reads).toBe(0);
  });

  test('of an event, previewed while GitHub is unreachable, names the target that could not be read and delays nothing', async () => {
    const ofEvent: DispatchRequested = {
      ...request,
      requestId: 'd'.repeat(32),
      request: { kind: 'event', repository: 'octo-org/deploy', eventType: 'release' },
    };
    target = repository(
      'deploy',
      22,
      'inbound:\n  - source: { key: nightly }\n    targets: [{ eventType: release }]\n',
    );
    await getOrCreatePlan(deps, { trigger: ofEvent, startedBy: null }, attempt);
    const delayed: number[] = [];
    deps = {
      ...deps,
      permissionsOf: () => Promise.reject(new GitHubUnreachableError('GitHub responded with 502.', 502)),
      deferDuringOutage: async (plan) => {
        delayed.push(plan.revision);
        throw new DeferError('GitHub cannot be reached.', 1_000);
      },
    };
    const message = replayMessage({ runKey: runKey(ofEvent), mode: 're-evaluate' });
    expect(await replay({ ...message, dryRun: true })).toMatchObject([
      {
        data: {
          result: 'dry-run',
          preview: {
            decisions: [
              {
                effect: 'deny',
                code: 'target-unreadable',
                message: expect.stringContaining('GitHub responded with 502.'),
                fix: expect.stringContaining('Check GitHub’s status'),
              },
            ],
          },
        },
      },
    ]);
    expect(delayed).toEqual([]);
    await expect(replay({ ...message, actionId: 'action-2' })).rejects.toThrow(DeferError);
    expect(delayed).toEqual([1]);
    // Once it has waited long enough, the plan records what could not be read.
    deps = { ...deps, deferDuringOutage: async () => {} };
    expect(decisionsOf(await replay({ ...message, actionId: 'action-2' }))).toMatchObject([
      { effect: 'deny', code: 'target-unreadable' },
    ]);
  });

  test('is published again as-recorded, whatever happened to the key', async () => {
    apiKey = null;
    const replayed = await replay(replayMessage({ runKey: requestRunKey }));
    expect(decisionsOf(replayed)).toMatchObject([{ effect: 'allow' }]);
  });
});
