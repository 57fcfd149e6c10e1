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

const at = { installationId: 7, repositoryId: 42, owner: 'acme', name: 'app' };
const marker = '<!-- dispatcher:route:1 -->';
const issue = (number: number, body: string | null, state = 'open') => ({
  number,
  html_url: `https://github.com/acme/app/issues/${number}`,
  body,
  state,
});

let github: FakeGitHub;
afterEach(async () => {
  await github.close();
  expect(github.violations).toEqual([]);
});

async function startApp(reply: (request: SeenRequest) => FakeReply) {
  github = await startFakeGitHub((request, before) => {
    if (isMinting(request)) return tokenResponse(before);
    return request.path === '/app' ? { body: { slug: 'dispatcher' } } : reply(request);
  });
  return appOf(github).issues;
}

const issueRequests = () => github.seen.filter(({ path }) => path.startsWith('/repos/'));

describe('the issue client', () => {
  test('opens an issue with its labels', async () => {
    const issues = await startApp(() => ({ status: 201, body: issue(12, 'b') }));
    const opened = await issues.open(at, { title: 't', body: 'b', labels: ['dispatcher'] });
    expect(opened).toEqual({ number: 12, htmlUrl: 'https://github.com/acme/app/issues/12' });
    expect(issueRequests().map(({ body }) => body)).toEqual([{ title: 't', body: 'b', labels: ['dispatcher'] }]);
  });

  test('opening an issue whose response is lost leaves an unknown outcome, after one POST', async () => {
    const issues = await startApp(() => 'reset');
    await expect(issues.open(at, { title: 't', body: 'b', labels: [] })).rejects.toMatchObject({
      kind: 'unknown-outcome',
    });
    expect(issueRequests()).toHaveLength(1);
  });

  test('opens and comments nothing when the response deadline leaves GitHub too little time to respond', async () => {
    const issues = await startApp(() => ({ status: 201, body: issue(12, 'b') }));
    const responseDeadline = Date.now() + 1_000;
    const opening = issues.open(at, { title: 't', body: 'b', labels: [], responseDeadline });
    await expect(opening).rejects.toMatchObject({ kind: 'transient', message: expect.stringContaining('Not sent') });
    await expect(issues.comment(at, 3, { body: 'hello', responseDeadline })).rejects.toMatchObject({
      kind: 'transient',
    });
    expect(issueRequests()).toEqual([]);
  });

  test('opening an issue where issues are disabled is a permanent error', async () => {
    const message = 'Issues has been disabled in this repository.';
    const issues = await startApp(() => ({ status: 410, body: { message } }));
    const opening = issues.open(at, { title: 't', body: 'b', labels: [] });
    await expect(opening).rejects.toMatchObject({ kind: 'permanent', status: 410, message });
  });

  test('finds an issue by its marker on a later page, also a closed one, among the App’s issues only', async () => {
    const others = Array.from({ length: 100 }, (_, at) => issue(at + 1, at === 0 ? null : 'another'));
    const issues = await startApp(({ query }) => ({
      body: query['page'] === '1' ? others : [issue(101, 'x'), issue(102, `text ${marker}`, 'closed')],
    }));
    await expect(issues.find(at, 'dispatcher', marker)).resolves.toMatchObject({ number: 102, state: 'closed' });
    expect(issueRequests().map(({ query }) => query)).toEqual(
      ['1', '2'].map((page) => ({
        creator: 'dispatcher[bot]',
        labels: 'dispatcher',
        state: 'all',
        per_page: '100',
        page,
      })),
    );
  });

  test('finds nothing when no issue has the marker', async () => {
    const issues = await startApp(() => ({ body: [issue(1, 'another')] }));
    await expect(issues.find(at, 'dispatcher', marker)).resolves.toBeNull();
    expect(issueRequests()).toHaveLength(1);
  });

  test('comments on, changes and closes an issue', async () => {
    const issues = await startApp(({ method }) => ({ status: method === 'POST' ? 201 : 200, body: issue(3, 'x') }));
    await issues.comment(at, 3, { body: 'hello' });
    await issues.update(at, 3, { body: 'new' });
    await issues.update(at, 3, { state: 'closed' });
    expect(issueRequests().map(({ method, path, body }) => [method, path, body])).toEqual([
      ['POST', '/repos/acme/app/issues/3/comments', { body: 'hello' }],
      ['PATCH', '/repos/acme/app/issues/3', { body: 'new' }],
      ['PATCH', '/repos/acme/app/issues/3', { state: 'closed' }],
    ]);
  });

  test('a change whose response is lost is transient, because it can be repeated', async () => {
    const issues = await startApp(() => 'reset');
    await expect(issues.update(at, 3, { body: 'new' })).rejects.toMatchObject({ kind: 'transient' });
  });
});
