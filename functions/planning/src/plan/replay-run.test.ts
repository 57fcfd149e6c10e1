import { beforeEach, describe, expect, test } from '@jest/globals';
import {
  defaultGuardRails,
  dispatchId,
  type DispatchRequested,
  Fact,
  type RepositorySnapshot,
  routeId,
  RunReplay,
  runKey,
} from '@dispatcher/contracts';
import { attempt } from '@dispatcher/lambda/testing';
import { type ApiKeyRecord, planPayload, type Revision, StoredPlan } from '@dispatcher/store';
import { createCompileCache } from './compile-cache.ts';
import { type ReplayRunDependencies, replayRun } from './replay-run.ts';
import { planRun } from './plan-run.ts';
import { getOrCreatePlan } from './stored-plan.ts';
import { inbound, outbound, repository, run } from '../testing/fixtures.ts';

const key = runKey(run());
const route = routeId({
  source: { repository: 'octo-org/app', workflow: 'ci.yml' },
  target: { repository: 'octo-org/deploy', workflow: 'cd.yml' },
});

let target: RepositorySnapshot;
/** The key that asked; null: it is gone. */
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
  const find = (asked: string, revision: number) => {
    const text = stored.get(planPayload(asked, revision));
    return text === undefined ? null : StoredPlan.parse(JSON.parse(text));
  };
  return {
    reader: {
      readSource: async () => repository('app', 11, outbound),
      readTargets: async () => ({ 'octo-org/deploy': target }),
    },
    cache: createCompileCache(),
    once: async (payload, work) => {
      const known = stored.get(payload) ?? (await work());
      stored.set(payload, known);
      return known;
    },
    startedBy: async () => null,
    isBeingStarted: async () => false,
    jobCount: async () => 1,
    lineageWithinMs: 0,
    permissionsOf: async () => ({ contents: 'write' }),
    findKey: async (keyId) => (keyId === apiKey?.keyId ? apiKey : null),
    appSlug: 'dispatcher',
    guardRails: defaultGuardRails,
    plans: {
      newest: async (asked) => find(asked, actions.size) ?? find(asked, 0),
      raise: async (_, { actionId, routeId, raiseGenerationOf }) => {
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

function again(change: Partial<RunReplay> = {}): RunReplay {
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

/** What the action published, without what was there before it. */
async function replay(message: RunReplay): Promise<Fact[]> {
  const before = published.length;
  await replayRun(deps, message, attempt);
  return published.slice(before);
}

const decisionsOf = (facts: readonly Fact[]) =>
  facts.flatMap((fact) => (fact.type === 'route.decided' ? [fact.data.decision] : []));

describe('as recorded', () => {
  test('the stored facts are told again, byte for byte, whatever the files say now', async () => {
    const recorded = [...published];
    target = repository('deploy', 22, 'inbound: []\n');
    const [acted, ...rest] = (await replay(again())).toReversed();
    expect(JSON.stringify(rest.toReversed())).toBe(JSON.stringify(recorded));
    expect(acted).toMatchObject({
      type: 'operator.acted',
      correlationId: 'guid-1',
      runKey: key,
      time: '2026-01-03T00:00:00.000Z',
      data: { action: 'as-recorded', operator: 'octocat', reason: 'the facts queue was purged', revision: 0 },
    });
  });

  test('of a run that was never planned nothing is told but that somebody asked', async () => {
    const told = await replay(again({ runKey: '1-2-3' }));
    expect(told).toMatchObject([
      { type: 'operator.acted', runKey: '1-2-3', data: { result: 'unknown-run', revision: null } },
    ]);
  });
});

describe('decide again', () => {
  test('reads the files anew and keeps the dispatch id', async () => {
    const [before] = decisionsOf(published);
    target = { ...repository('deploy', 22, inbound), defaultBranch: { name: 'trunk', sha: 'e'.repeat(40) } };
    const told = await replay(again({ mode: 're-evaluate' }));
    expect(told.map(({ type }) => type)).toEqual(['run.planned', 'route.decided', 'operator.acted']);
    expect(told[0]).toMatchObject({ data: { revision: 1, allowed: 1 } });
    const [after] = decisionsOf(told);
    expect(before).toMatchObject({ ref: 'main' });
    expect(after).toMatchObject({ effect: 'allow', dispatchId: before?.dispatchId, ref: 'trunk' });
  });

  test('a consent that was withdrawn since stops it', async () => {
    target = repository('deploy', 22, 'inbound: []\n');
    const told = await replay(again({ mode: 're-evaluate' }));
    expect(decisionsOf(told)).toMatchObject([{ effect: 'deny', code: 'inbound-no-match' }]);
  });

  test('handled twice, the same action publishes the same plan', async () => {
    const first = await replay(again({ mode: 're-evaluate' }));
    target = repository('deploy', 22, 'inbound: []\n');
    expect(await replay(again({ mode: 're-evaluate' }))).toEqual(first);
    const other = await replay(again({ mode: 're-evaluate', actionId: 'action-2' }));
    expect(other[0]).toMatchObject({ data: { revision: 2, denied: 1 } });
  });

  test('afterwards a replay as recorded tells the new plan', async () => {
    const decided = await replay(again({ mode: 're-evaluate' }));
    const replayed = await replay(again({ actionId: 'action-2' }));
    expect(replayed.slice(0, -1)).toEqual(decided.slice(0, -1));
  });

  test('a run that is refused unread keeps the raised revision', async () => {
    deps = { ...deps, guardRails: { ...defaultGuardRails, paused: true } };
    const told = await replay(again({ mode: 're-evaluate' }));
    expect(told[0]).toMatchObject({ type: 'run.planned', data: { revision: 1, outcome: 'paused' } });
  });
});

describe('dispatch again', () => {
  test('gives the route a new dispatch id, decided on freshly read files', async () => {
    const told = await replay(again({ mode: 'dispatch-again', routeId: route }));
    expect(decisionsOf(told)).toMatchObject([{ effect: 'allow', dispatchId: dispatchId(key, route, 1) }]);
  });

  test('a consent that was withdrawn since stops it', async () => {
    target = repository('deploy', 22, 'inbound: []\n');
    const told = await replay(again({ mode: 'dispatch-again', routeId: route }));
    expect(decisionsOf(told)).toMatchObject([{ effect: 'deny', code: 'inbound-no-match' }]);
  });

  test('decides on the named route and on no other', async () => {
    const told = await replay(again({ mode: 'dispatch-again', routeId: 'f'.repeat(16) }));
    expect(decisionsOf(told)).toEqual([]);
    expect(told[0]).toMatchObject({ data: { outcome: 'no-match' } });
  });

  test('without a route it is no message', () => {
    expect(() => again({ mode: 'dispatch-again' })).toThrow(/names the one route/);
  });
});

describe('what a key asked for', () => {
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
  const asked = runKey(request);
  const itsRoute = routeId({
    source: { key: 'nightly' },
    target: { repository: 'octo-org/deploy', workflow: 'cd.yml' },
  });
  const stillLive: ApiKeyRecord = {
    keyId: request.key.id,
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
    apiKey = stillLive;
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

  const decideAgain = again({ runKey: asked, mode: 're-evaluate' });
  const dispatchAgain = again({ runKey: asked, mode: 'dispatch-again', routeId: itsRoute });

  test('is done again while the key is live and the target agrees', async () => {
    expect(decisionsOf(await replay(decideAgain))).toMatchObject([
      { effect: 'allow', dispatchId: dispatchId(asked, itsRoute, 0) },
    ]);
    expect(decisionsOf(await replay({ ...dispatchAgain, actionId: 'action-2' }))).toMatchObject([
      { effect: 'allow', dispatchId: dispatchId(asked, itsRoute, 1) },
    ]);
  });

  const ends = [
    ['was revoked', () => (apiKey = { ...stillLive, revokedAt: '2026-01-02T03:04:09.000Z' }), 'key-ended'],
    ['is over', () => (now = Date.parse('2026-01-03T00:00:00.000Z')), 'key-ended'],
    ['is gone', () => (apiKey = null), 'key-ended'],
    ['may ask for less', () => (apiKey = { ...stillLive, targets: ['octo-org/app'] }), 'key-scope'],
  ] as const;
  test.each(ends)('is refused once the key %s, and nothing of the target is read', async (_, end, code) => {
    end();
    for (const message of [decideAgain, { ...dispatchAgain, actionId: 'action-2' }]) {
      const told = await replay(message);
      expect(decisionsOf(told)).toMatchObject([{ effect: 'deny', code, responsible: 'operator' }]);
      expect(told.at(-1)).toMatchObject({ type: 'operator.acted', data: { result: 'published' } });
    }
    expect(reads).toBe(0);
  });

  test('is told again as recorded, whatever became of the key', async () => {
    apiKey = null;
    const told = await replay(again({ runKey: asked }));
    expect(decisionsOf(told)).toMatchObject([{ effect: 'allow' }]);
  });
});
