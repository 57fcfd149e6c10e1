import { beforeEach, describe, expect, test } from '@jest/globals';
import { Fact, type RouteDecided } from '@dispatcher/contracts';
import {
  GitHubPermanentError,
  GitHubRateLimitedError,
  GitHubTransientError,
  GitHubUnknownOutcomeError,
} from '@dispatcher/github';
import type { DispatchRecord, FinishedDispatch, IssueRecord, Ledger, TrackingIssues } from '@dispatcher/store';
import { actOnDecision } from './act-on-decision.ts';
import { attempt, decidedRoute } from './testing/decided.ts';

const now = Date.parse('2026-01-02T03:04:11.000Z');

/** The ledger's promises, kept in memory. */
function memoryLedger(): Ledger {
  const records = new Map<string, DispatchRecord>();
  const settle = (id: string, change: object): FinishedDispatch => {
    const settled = { ...records.get(id), ...change } as FinishedDispatch;
    records.set(id, settled);
    return settled;
  };
  return {
    begin: async (intent) => {
      const record = records.get(intent.dispatchId);
      if (record === undefined) {
        const begun = { ...intent, state: 'intent', holder: 'me', intendedAt: new Date(now).toISOString() } as const;
        records.set(intent.dispatchId, begun);
        return { state: 'begun', record: begun };
      }
      return record.state === 'intent' ? { state: 'unfinished', record } : { state: 'finished', record };
    },
    accept: async ({ dispatchId }, acceptance) => settle(dispatchId, { state: 'accepted', ...acceptance }),
    fail: async (id, refusal) => settle(id, { state: 'failed', ...refusal, failedAt: new Date(now).toISOString() }),
    release: async (id) => {
      records.delete(id);
    },
    find: async (id) => records.get(id) ?? null,
  };
}

function memoryIssues(): TrackingIssues {
  const known = new Map<string, IssueRecord>();
  const leases = new Map<string, string>();
  return {
    claim: async (routeId) => {
      if (leases.has(routeId)) return { state: 'busy', until: now + 1_000 };
      leases.set(routeId, 'lease');
      return { state: 'claimed', lease: 'lease', issue: known.get(routeId) ?? null, abandoned: false };
    },
    record: async (routeId, _, issue) => {
      known.set(routeId, issue);
      leases.delete(routeId);
    },
    release: async (routeId) => {
      leases.delete(routeId);
    },
    find: async (routeId) => known.get(routeId) ?? null,
  };
}

let posts: string[] = [];
let opened: string[] = [];
let updated: number[] = [];
let facts: Fact[] = [];
let limitedUntil: number | null = null;

beforeEach(() => {
  posts = [];
  opened = [];
  updated = [];
  facts = [];
  limitedUntil = null;
});

function dependencies(
  change: { post?: () => Promise<never>; open?: () => Promise<never>; createIssues?: boolean } = {},
) {
  return {
    ledger: memoryLedger(),
    rateLimits: {
      deferUntil: async () => limitedUntil,
      setDeferUntil: async (_: number, until: number) => {
        limitedUntil = until;
      },
    },
    startWorkflow: async ({
      owner,
      name,
      workflow,
      ref,
    }: {
      owner: string;
      name: string;
      workflow: string;
      ref: string;
    }) => {
      posts.push(`${owner}/${name} ${workflow} ${ref}`);
      await change.post?.();
      return { workflowRunId: 900, htmlUrl: 'https://github.example/run/900' };
    },
    createIssues: change.createIssues ?? true,
    trackingIssues: memoryIssues(),
    issues: {
      open: async (_: unknown, { title }: { title: string }) => {
        await change.open?.();
        opened.push(title);
        return { number: opened.length, htmlUrl: 'https://github.example/issues/1' };
      },
      find: async () => null,
      comment: async () => {},
      update: async (_: unknown, number: number) => {
        updated.push(number);
      },
    },
    bus: {
      publish: async (published: readonly Fact[]) => {
        facts.push(...published.map((fact) => Fact.parse(fact)));
      },
    },
    meter: { count: () => {}, milliseconds: () => {} },
    now: () => now,
  };
}

const denied = (code: 'inbound-branch' | 'fork-run'): RouteDecided =>
  decidedRoute({ effect: 'deny', code, act: code === 'fork-run' ? 'nobody' : 'target' });

describe('an allowed decision', () => {
  test('is one POST with its own ref, and one dispatch.accepted', async () => {
    const deps = dependencies();
    await actOnDecision(deps, decidedRoute({ ref: 'release' }), attempt);
    expect(posts).toEqual(['octo-org/deploy cd.yml release']);
    expect(facts).toMatchObject([
      { type: 'dispatch.accepted', data: { workflowRunId: 900, ref: 'release', latencyMs: 6_000 } },
    ]);
  });

  test('met again after it was finished starts nothing and tells the same fact', async () => {
    const deps = dependencies();
    await actOnDecision(deps, decidedRoute(), attempt);
    await actOnDecision(deps, decidedRoute(), attempt);
    expect(posts).toHaveLength(1);
    expect(facts).toHaveLength(2);
    expect(facts[1]).toEqual(facts[0]);
  });

  test('whose answer was lost is not sent again: its message comes back, and the intent stands', async () => {
    const deps = dependencies({ post: () => Promise.reject(new GitHubUnknownOutcomeError('time-out', null)) });
    await expect(actOnDecision(deps, decidedRoute(), attempt)).rejects.toThrow('time-out');
    await expect(actOnDecision(deps, decidedRoute(), attempt)).rejects.toThrow('has no recorded end');
    expect(posts).toHaveLength(1);
    expect(facts).toEqual([]);
  });

  test('that could not be sent is sent by the next attempt', async () => {
    let broken = true;
    const deps = dependencies({
      post: async () => {
        if (broken) throw new GitHubTransientError('no token', 502);
        return undefined as never;
      },
    });
    await expect(actOnDecision(deps, decidedRoute(), attempt)).rejects.toThrow('no token');
    broken = false;
    await actOnDecision(deps, decidedRoute(), attempt);
    expect(posts).toHaveLength(2);
    expect(facts).toMatchObject([{ type: 'dispatch.accepted' }]);
  });

  test('under a rate limit waits as long as GitHub says, and so do the installation’s others, without a call', async () => {
    const limit = { retryAfterMs: 60_000, scope: 'secondary', installationId: 5 } as const;
    const deps = dependencies({ post: () => Promise.reject(new GitHubRateLimitedError('slow down', 429, limit)) });
    await expect(actOnDecision(deps, decidedRoute(), attempt)).rejects.toMatchObject({
      name: 'Deferred',
      afterMs: 60_000,
    });
    await expect(actOnDecision(deps, decidedRoute({ dispatchId: 'f'.repeat(32) }), attempt)).rejects.toMatchObject({
      name: 'Deferred',
      afterMs: 60_000,
    });
    expect(posts).toHaveLength(1);
  });

  test('that GitHub refuses for good is recorded as failed with GitHub’s sentence, and opens the route’s issue', async () => {
    const refusal = new GitHubPermanentError('No ref found for: main', 422, 'dispatch-rejected');
    const deps = dependencies({ post: () => Promise.reject(refusal) });
    await actOnDecision(deps, decidedRoute(), attempt);
    await actOnDecision(deps, decidedRoute(), attempt);
    expect(posts).toHaveLength(1);
    expect(opened).toHaveLength(1);
    expect(facts[0]).toMatchObject({
      type: 'dispatch.failed',
      data: { code: 'dispatch-rejected', message: 'No ref found for: main', status: 422, act: 'target' },
    });
    expect(facts[1]).toMatchObject({ type: 'issue.reported', data: { action: 'opened', number: 1 } });
  });
});

describe('a denied decision', () => {
  test('starts nothing, opens one issue for its route, and brings it up to date at the next run', async () => {
    const deps = dependencies();
    const first = denied('inbound-branch');
    await actOnDecision(deps, first, attempt);
    await actOnDecision(deps, first, attempt);
    await actOnDecision(deps, { ...first, runKey: '11-78-1' }, attempt);
    expect(posts).toEqual([]);
    expect(opened).toHaveLength(1);
    expect(updated).toEqual([1]);
  });

  test('that two workers meet at once opens one issue; the second comes back later', async () => {
    const deps = dependencies();
    const results = await Promise.allSettled([
      actOnDecision(deps, denied('inbound-branch'), attempt),
      actOnDecision(deps, denied('inbound-branch'), attempt),
    ]);
    expect(opened).toHaveLength(1);
    expect(results.map(({ status }) => status).toSorted()).toEqual(['fulfilled', 'rejected']);
  });

  test('that nobody must act on opens no issue, a thousand times', async () => {
    const deps = dependencies();
    for (let run = 0; run < 1_000; run += 1) {
      await actOnDecision(deps, { ...denied('fork-run'), runKey: `11-${run}-1` }, attempt);
    }
    expect(opened).toEqual([]);
    expect(facts).toEqual([]);
  });

  test('with CREATE_ISSUES=false is told as a fact only', async () => {
    await actOnDecision(dependencies({ createIssues: false }), denied('inbound-branch'), attempt);
    expect(opened).toEqual([]);
    expect(facts).toMatchObject([{ type: 'issue.reported', data: { action: 'skipped', number: null } }]);
  });

  test('where issues are disabled is told as a fact, and the message is done', async () => {
    const gone = new GitHubPermanentError('Issues are disabled for this repo', 410);
    await actOnDecision(dependencies({ open: () => Promise.reject(gone) }), denied('inbound-branch'), attempt);
    expect(facts).toMatchObject([{ type: 'issue.reported', data: { action: 'unavailable' } }]);
  });
});
