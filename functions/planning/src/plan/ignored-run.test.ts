import { beforeEach, describe, expect, test } from '@jest/globals';
import { Fact } from '@dispatcher/contracts';
import { ignoredRun } from '@dispatcher/contracts/testing';
import { DeferError } from '@dispatcher/lambda';
import { attempt } from '@dispatcher/lambda/testing';
import type { StartingDispatch } from './completion.ts';
import { type IgnoredRunDependencies, recordIgnoredRun } from './ignored-run.ts';

let published: Fact[];
let startedBy: StartingDispatch | null;
let jobRequests: number;
let now: number;
beforeEach(() => {
  published = [];
  startedBy = null;
  jobRequests = 0;
  now = Date.parse('2026-01-02T03:04:10Z');
});

const deps: IgnoredRunDependencies = {
  startedBy: async ({ repository, run }) => (repository.id === 22 && run.id === 99 ? startedBy : null),
  jobCount: async () => {
    jobRequests += 1;
    return 2;
  },
  giveUpAfterMs: 6 * 60 * 60_000,
  maxLineageDelayMs: 150_000,
  appSlug: 'dispatcher',
  bus: {
    publish: async (facts) => {
      published.push(...facts.map((fact) => Fact.parse(fact)));
    },
  },
  meter: { count: () => {}, milliseconds: () => {} },
  now: () => now,
};

const dispatch: StartingDispatch = {
  dispatchId: 'd'.repeat(32),
  routeId: 'r'.repeat(16),
  route: {
    source: { repository: 'octo-org/app', workflow: 'ci.yml' },
    target: { repository: 'octo-org/deploy', workflow: 'cd.yml' },
  },
  runKey: '11-77-1',
  correlationId: 'guid-1',
  sourceRunUrl: 'https://github.com/octo-org/app/actions/runs/77',
  acceptedAt: '2026-01-01T00:00:00.000Z',
  depth: 1,
  path: [],
};

describe('a run without a workflow file', () => {
  test('that a dispatch started completes the dispatch by its run id, as not started by GitHub, without a request', async () => {
    startedBy = dispatch;
    await recordIgnoredRun(deps, ignoredRun(), attempt);
    expect(published).toMatchObject([
      { type: 'delivery.ignored', correlationId: 'guid-9', runKey: '22-99-1' },
      {
        type: 'dispatch.completed',
        correlationId: 'guid-1',
        runKey: '11-77-1',
        data: {
          dispatchId: dispatch.dispatchId,
          conclusion: 'startup_failure',
          jobs: 0,
          code: 'run-not-started',
          targetRunUrl: 'https://github.com/octo-org/deploy/actions/runs/99',
        },
      },
    ]);
    expect(jobRequests).toBe(0);
  });

  test('that a dispatch started, with another conclusion, completes the dispatch with the number of its jobs', async () => {
    startedBy = dispatch;
    await recordIgnoredRun(deps, ignoredRun({ conclusion: 'failure' }, { path: null }), attempt);
    expect(published[1]).toMatchObject({ data: { conclusion: 'failure', jobs: 2 } });
    expect(published[1]?.data).not.toHaveProperty('code');
  });

  test('that nobody dispatched is recorded with its reason, and is never planned', async () => {
    const managed = ignoredRun(
      { event: 'dynamic', actor: 'mona', conclusion: 'success' },
      { path: 'dynamic/pages/pages-build-deployment' },
    );
    await recordIgnoredRun(deps, managed, attempt);
    expect(published).toMatchObject([
      {
        type: 'delivery.ignored',
        data: {
          reason: 'not-a-workflow-file',
          path: 'dynamic/pages/pages-build-deployment',
          message: expect.stringContaining('managed workflows'),
          repository: 'octo-org/deploy',
        },
      },
    ]);
  });

  test('of this App that the ledger does not know yet is recorded at once, and deferred while the ledger may learn of it', async () => {
    await expect(recordIgnoredRun(deps, ignoredRun(), attempt)).rejects.toThrow(DeferError);
    expect(published.map(({ type }) => type)).toEqual(['delivery.ignored']);
    startedBy = dispatch;
    await recordIgnoredRun(deps, ignoredRun(), attempt);
    const [first, again, completed] = published;
    expect(again).toEqual(first);
    expect(completed).toMatchObject({ type: 'dispatch.completed' });
  });

  test('of this App that the ledger never learns of is given up after the time in which it could', async () => {
    now += 10 * 60_000;
    await recordIgnoredRun(deps, ignoredRun(), attempt);
    expect(published.map(({ type }) => type)).toEqual(['delivery.ignored']);
  });

  test('of a webhook that is not the App’s completes nothing, whatever its run id is', async () => {
    startedBy = dispatch;
    await recordIgnoredRun(deps, ignoredRun({}, { reason: 'no-installation', installationId: null }), attempt);
    expect(published).toMatchObject([{ type: 'delivery.ignored', data: { reason: 'no-installation' } }]);
  });
});
