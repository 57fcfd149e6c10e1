import { afterEach, describe, expect, test } from '@jest/globals';
import {
  appOf,
  type FakeGitHub,
  type FakeReply,
  isMinting,
  startFakeGitHub,
  tokenAnswer,
} from './testing/fake-github.ts';
import type { InstallationLimits } from './types.ts';

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

async function listing(pages: (page: number) => FakeReply, limits?: InstallationLimits) {
  github = await startFakeGitHub((seen, before) => {
    if (isMinting(seen)) return tokenAnswer(before);
    return seen.path === '/app' ? { body: { slug: 'dispatcher' } } : pages(Number(seen.query['page'] ?? 1));
  });
  return appOf(github, limits === undefined ? {} : { limits });
}

describe('the runs that the App started', () => {
  test('are those of its bot on that ref since that time, oldest first', async () => {
    const app = await listing(() => ({
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
    const found = await app.startedRuns({ ...request, ref: 'refs/heads/main' });
    expect(found.map(({ workflowRunId }) => workflowRunId)).toEqual([2, 3, 6]);
    expect(found[0]).toEqual({ workflowRunId: 2, htmlUrl: 'https://github.com/runs/2' });
  });

  test('are read to the end of the time asked for, page by page', async () => {
    const full = (page: number) => Array.from({ length: 100 }, (_, at) => run(10_000 - page * 100 - at));
    const app = await listing((page) => ({ body: { workflow_runs: page === 3 ? [run(1)] : full(page) } }));
    expect(await app.startedRuns(request)).toHaveLength(201);
  });

  test('are more than GitHub lists: no answer, rather than one that lacks some', async () => {
    const app = await listing(() => ({ body: { workflow_runs: Array.from({ length: 100 }, (_, at) => run(at)) } }));
    await expect(app.startedRuns(request)).rejects.toMatchObject({ kind: 'transient' });
  });

  test('of a workflow that is gone: a permanent error with the code of a dispatch', async () => {
    const app = await listing(() => ({ status: 404, body: { message: 'Not Found' } }));
    await expect(app.startedRuns(request)).rejects.toMatchObject({ kind: 'permanent', code: 'dispatch-not-found' });
  });
});

describe('a POST', () => {
  const dispatch = { ...request, inputs: {} };

  test('is not sent where its time-out would outlast the time given', async () => {
    const app = await listing(() => ({ status: 204 }));
    const tooLate = app.startWorkflow({ ...dispatch, answerBy: Date.now() + 9_000 });
    await expect(tooLate).rejects.toMatchObject({ kind: 'transient', status: null });
    expect(github.operations().filter((operation) => operation.includes('dispatches'))).toEqual([]);
    await app.startWorkflow({ ...dispatch, answerBy: Date.now() + 60_000 });
    expect(github.operations().filter((operation) => operation.includes('dispatches'))).toHaveLength(1);
  });
});

describe('an installation that is known to be limited', () => {
  test('is not called; whoever meets a limit makes it known', async () => {
    const known = new Map<number, number>();
    const limits: InstallationLimits = {
      deferUntil: async (id) => known.get(id) ?? null,
      setDeferUntil: async (id, until) => void known.set(id, until),
    };
    const app = await listing(
      () => ({ status: 429, headers: { 'retry-after': '120' }, body: { message: 'slow' } }),
      limits,
    );
    await expect(app.startedRuns(request)).rejects.toMatchObject({ kind: 'rate-limited', scope: 'secondary' });
    const asked = github.seen.length;
    await expect(app.startedRuns(request)).rejects.toMatchObject({ kind: 'rate-limited', scope: 'known' });
    await expect(app.jobCount({ ...request, workflowRunId: 1 })).rejects.toMatchObject({ scope: 'known' });
    expect(github.seen).toHaveLength(asked);
    await expect(app.createReader().readSource(request)).rejects.toMatchObject({ scope: 'known' });
    expect(github.seen).toHaveLength(asked);
    await expect(app.startedRuns({ ...request, installationId: 8 })).rejects.toMatchObject({ scope: 'secondary' });
  });
});

test('a limit inside a 200 of GraphQL is made known, too', async () => {
  const known: number[] = [];
  const limits: InstallationLimits = {
    deferUntil: async () => null,
    setDeferUntil: async (id) => {
      known.push(id);
    },
  };
  const limited = { errors: [{ type: 'RATE_LIMITED', message: 'API rate limit exceeded' }] };
  const app = await listing(() => ({ body: limited }), limits);
  await expect(app.createReader().readSource(request)).rejects.toMatchObject({ kind: 'rate-limited' });
  expect(known).toEqual([7]);
});

test('the jobs of a run are counted by one request, with a token that may only read', async () => {
  const app = await listing(() => ({ body: { total_count: 0, jobs: [] } }));
  expect(await app.jobCount({ ...request, workflowRunId: 9 })).toBe(0);
  expect(github.operations().slice(1)).toEqual(['GET /repos/acme/deploy/actions/runs/9/jobs']);
  expect(github.seen[0]?.body).toEqual({ permissions: { actions: 'read' }, repository_ids: [42] });
});
