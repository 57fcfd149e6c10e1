import { afterEach, describe, expect, test } from '@jest/globals';
import {
  appOf,
  type FakeGitHub,
  type FakeReply,
  isMinting,
  startFakeGitHub,
  tokenResponse,
} from '../testing/fake-github.ts';
import type { InstallationLimits } from '../transport/options.ts';

const since = Date.parse('2026-01-02T03:04:00Z');
const request = {
  installationId: 7,
  repositoryId: 42,
  owner: 'acme',
  name: 'deploy',
  workflow: 'cd.yml',
  ref: 'main',
  since,
};
const run = (id: number, change: object = {}) => ({
  id,
  html_url: `https://github.com/runs/${id}`,
  created_at: '2026-01-02T03:04:05Z',
  head_branch: 'main',
  actor: { login: 'dispatcher[bot]' },
  ...change,
});

let github: FakeGitHub;
afterEach(async () => {
  await github.close();
  expect(github.violations).toEqual([]);
});

async function startApp(pages: (page: number) => FakeReply, limits?: InstallationLimits) {
  github = await startFakeGitHub((seen, before) => {
    if (isMinting(seen)) return tokenResponse(before);
    return seen.path === '/app' ? { body: { slug: 'dispatcher' } } : pages(Number(seen.query['page'] ?? 1));
  });
  return appOf(github, limits === undefined ? {} : { limits });
}

describe('the started runs', () => {
  test('are those of the App’s bot on the ref since the time, oldest first', async () => {
    const app = await startApp(() => ({
      body: {
        workflow_runs: [
          run(6),
          run(5, { actor: { login: 'octocat' } }),
          run(4, { head_branch: 'release' }),
          run(3, { head_branch: null }),
          run(2),
          run(1, { created_at: '2026-01-02T03:03:59Z' }),
        ],
      },
    }));
    const runs = await app.startedRuns({ ...request, ref: 'refs/heads/main' });
    expect(runs.map(({ workflowRunId }) => workflowRunId)).toEqual([2, 3, 6]);
    expect(runs[0]).toEqual({ workflowRunId: 2, htmlUrl: 'https://github.com/runs/2' });
  });

  test('are read page by page until they are older than the time', async () => {
    const full = (page: number) => Array.from({ length: 100 }, (_, at) => run(10_000 - page * 100 - at));
    const app = await startApp((page) => ({ body: { workflow_runs: page === 3 ? [run(1)] : full(page) } }));
    expect(await app.startedRuns(request)).toHaveLength(201);
  });

  test('beyond what GitHub lists are an error, not an incomplete list', async () => {
    const app = await startApp(() => ({ body: { workflow_runs: Array.from({ length: 100 }, (_, at) => run(at)) } }));
    await expect(app.startedRuns(request)).rejects.toMatchObject({ kind: 'transient' });
  });

  test('of a deleted workflow are a permanent error with a dispatch code', async () => {
    const app = await startApp(() => ({ status: 404, body: { message: 'Not Found' } }));
    await expect(app.startedRuns(request)).rejects.toMatchObject({ kind: 'permanent', code: 'dispatch-not-found' });
  });
});

describe('a POST', () => {
  const dispatch = { ...request, inputs: {} };

  test('is not sent when its timeout would end after the response deadline', async () => {
    const app = await startApp(() => ({ status: 204 }));
    const tooLate = app.startWorkflow({ ...dispatch, responseDeadline: Date.now() + 9_000 });
    await expect(tooLate).rejects.toMatchObject({ kind: 'transient', status: null });
    expect(github.operations().filter((operation) => operation.includes('dispatches'))).toEqual([]);
    await app.startWorkflow({ ...dispatch, responseDeadline: Date.now() + 60_000 });
    expect(github.operations().filter((operation) => operation.includes('dispatches'))).toHaveLength(1);
  });
});

const reachable = {
  recordOutage: () => Promise.reject(new Error('GitHub responded.')),
  endOutage: () => Promise.reject(new Error('There was no outage.')),
};

describe('an installation that is known to be rate limited', () => {
  test('is not called, and a new limit is recorded', async () => {
    const known = new Map<number, number>();
    const limits: InstallationLimits = {
      ...reachable,
      holdOf: async (id) => ({ rateLimitedUntil: known.get(id) ?? null, outage: null }),
      setDeferUntil: async (id, until) => void known.set(id, until),
    };
    const app = await startApp(
      () => ({ status: 429, headers: { 'retry-after': '120' }, body: { message: 'slow' } }),
      limits,
    );
    await expect(app.startedRuns(request)).rejects.toMatchObject({ kind: 'rate-limited', scope: 'secondary' });
    const sent = github.seen.length;
    await expect(app.startedRuns(request)).rejects.toMatchObject({ kind: 'rate-limited', scope: 'known' });
    await expect(app.jobCount({ ...request, workflowRunId: 1 })).rejects.toMatchObject({ scope: 'known' });
    expect(github.seen).toHaveLength(sent);
    await expect(app.createReader().readSource(request)).rejects.toMatchObject({ scope: 'known' });
    expect(github.seen).toHaveLength(sent);
    await expect(app.startedRuns({ ...request, installationId: 8 })).rejects.toMatchObject({ scope: 'secondary' });
  });
});

test('a rate limit in a GraphQL response with status 200 is recorded', async () => {
  const known: number[] = [];
  const limits: InstallationLimits = {
    ...reachable,
    holdOf: async () => ({ rateLimitedUntil: null, outage: null }),
    setDeferUntil: async (id) => {
      known.push(id);
    },
  };
  const limited = { errors: [{ type: 'RATE_LIMITED', message: 'API rate limit exceeded' }] };
  const app = await startApp(() => ({ body: limited }), limits);
  await expect(app.createReader().readSource(request)).rejects.toMatchObject({ kind: 'rate-limited' });
  expect(known).toEqual([7]);
});

test('the jobs of a run are counted by one request with a read-only token', async () => {
  const app = await startApp(() => ({ body: { total_count: 0, jobs: [] } }));
  expect(await app.jobCount({ ...request, workflowRunId: 9 })).toBe(0);
  expect(github.operations().slice(1)).toEqual(['GET /repos/acme/deploy/actions/runs/9/jobs']);
  expect(github.seen[0]?.body).toEqual({ permissions: { actions: 'read' }, repository_ids: [42] });
});
