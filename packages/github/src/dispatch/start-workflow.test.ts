import { afterEach, describe, expect, test } from '@jest/globals';
import {
  appOf,
  type FakeGitHub,
  type FakeReply,
  isMinting,
  startFakeGitHub,
  tokenResponse,
} from '../testing/fake-github.ts';
import type { SeenRequest } from '../testing/published-schemas.ts';

const request = {
  installationId: 7,
  repositoryId: 42,
  owner: 'acme',
  name: 'deploy',
  workflow: 'cd.yml',
  ref: 'release/1',
  inputs: { sha: 'c0ffee', count: '12n', headers: '${{ x }}' },
  responseDeadline: Number.MAX_SAFE_INTEGER,
};
const path = '/repos/acme/deploy/actions/workflows/cd.yml/dispatches';
const started = { workflow_run_id: 2 ** 41, run_url: 'https://api.github.com/r', html_url: 'https://github.com/r' };

let github: FakeGitHub;
afterEach(async () => {
  await github.close();
  expect(github.violations).toEqual([]);
});

async function startApp(...replies: FakeReply[]) {
  const posts = () => github.seen.filter((seen: SeenRequest) => seen.path === path);
  github = await startFakeGitHub((seen, before) =>
    isMinting(seen)
      ? tokenResponse(before)
      : (replies[posts().length] ?? { status: 500, body: { message: 'one POST too many' } }),
  );
  const options = replies.includes('hang') ? { requestTimeoutMs: 5_000 } : {};
  return { app: appOf(github, options), posts };
}

describe('starting a workflow', () => {
  test('sends ref and inputs unchanged and returns the run', async () => {
    const { app, posts } = await startApp({ body: started });
    await expect(app.startWorkflow(request)).resolves.toEqual({
      workflowRunId: 2 ** 41,
      htmlUrl: 'https://github.com/r',
    });
    expect(posts().map(({ body }) => body)).toEqual([
      { ref: 'release/1', inputs: request.inputs, return_run_details: true },
    ]);
  });

  test('with response 204 returns no run', async () => {
    const { app } = await startApp({ status: 204 });
    await expect(app.startWorkflow(request)).resolves.toEqual({ workflowRunId: null, htmlUrl: null });
  });

  test('on a server that refuses return_run_details takes a second POST, and one POST from then on', async () => {
    const refusal = {
      status: 422,
      body: { message: 'Invalid request.\n\n"return_run_details" is not a permitted key.' },
    };
    const { app, posts } = await startApp(refusal, { status: 204 }, { status: 204 });
    await expect(app.startWorkflow(request)).resolves.toMatchObject({ workflowRunId: null });
    await app.startWorkflow(request);
    expect(posts().map(({ body }) => Object.keys(body as object))).toEqual([
      ['ref', 'inputs', 'return_run_details'],
      ['ref', 'inputs'],
      ['ref', 'inputs'],
    ]);
  });

  test.each([
    [404, 'Not Found', 'dispatch-not-found'],
    [403, 'Resource not accessible by integration', 'dispatch-forbidden'],
    [422, 'No ref found for: release/1', 'dispatch-rejected'],
    [422, "Workflow does not have 'workflow_dispatch' trigger", 'dispatch-rejected'],
    [422, 'Unexpected inputs provided: ["foo"]', 'dispatch-rejected'],
    [400, 'Problems parsing JSON', 'dispatch-rejected'],
    [410, 'Gone', 'dispatch-gone'],
  ])('with response %i %s is a permanent error, after one POST', async (status, message, code) => {
    const { app, posts } = await startApp({ status, body: { message, documentation_url: 'https://docs.github.com' } });
    await expect(app.startWorkflow(request)).rejects.toMatchObject({ kind: 'permanent', status, message, code });
    expect(posts()).toHaveLength(1);
  });

  test.each([301, 302, 307])('in a renamed repository does not follow the redirect %i', async (status) => {
    const headers = { location: '/repos/acme/renamed' };
    const { app } = await startApp({ status, headers, body: { message: 'Moved Permanently' } });
    await expect(app.startWorkflow(request)).rejects.toMatchObject({ kind: 'permanent', code: 'dispatch-not-found' });
    expect(github.operations()).toEqual(['POST /app/installations/7/access_tokens', `POST ${path}`]);
  });

  test.each<[string, FakeReply]>([
    ['500', { status: 500, body: { message: 'x' } }],
    ['502 of a proxy', { status: 502, body: '<html>' }],
    ['504', { status: 504, body: { message: 'x' } }],
    ['a reset', 'reset'],
    ['no response in time', 'hang'],
    ['200 with a truncated body', { body: '{"workflow_run_id": 1' }],
    ['200 with no body', { body: '' }],
  ])('with %s leaves an unknown outcome, after one POST', async (_, reply) => {
    const { app, posts } = await startApp(reply);
    await expect(app.startWorkflow(request)).rejects.toMatchObject({ kind: 'unknown-outcome' });
    expect(posts()).toHaveLength(1);
  });

  test('with a rate limit or refused credentials starts nothing', async () => {
    const { app, posts } = await startApp(
      { status: 403, headers: { 'retry-after': '30' }, body: { message: 'You have exceeded a secondary rate limit' } },
      { status: 401, body: { message: 'Bad credentials' } },
    );
    await expect(app.startWorkflow(request)).rejects.toMatchObject({
      kind: 'rate-limited',
      scope: 'secondary',
      retryAfterMs: 30_000,
      installationId: 7,
    });
    await expect(app.startWorkflow(request)).rejects.toMatchObject({ kind: 'transient', status: 401 });
    expect(posts()).toHaveLength(2);
  });

  test('on a host that refuses the connection is transient', async () => {
    const { app } = await startApp();
    await github.close();
    await expect(app.startWorkflow(request)).rejects.toMatchObject({ kind: 'transient', status: null });
  });
});
