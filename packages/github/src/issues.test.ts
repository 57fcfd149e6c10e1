import { afterEach, describe, expect, test } from '@jest/globals';
import {
  appOf,
  type FakeGitHub,
  type FakeReply,
  isMinting,
  startFakeGitHub,
  tokenAnswer,
} from './testing/fake-github.ts';
import type { SeenRequest } from './testing/published-schemas.ts';

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

async function answering(reply: (request: SeenRequest) => FakeReply) {
  github = await startFakeGitHub((request, before) => {
    if (isMinting(request)) return tokenAnswer(before);
    return request.path === '/app' ? { body: { slug: 'dispatcher' } } : reply(request);
  });
  return appOf(github).issues;
}

const about = () => github.seen.filter(({ path }) => path.startsWith('/repos/'));

describe('issues', () => {
  test('one is opened with its labels', async () => {
    const issues = await answering(() => ({ status: 201, body: issue(12, 'b') }));
    const opened = await issues.open(at, { title: 't', body: 'b', labels: ['dispatcher'] });
    expect(opened).toEqual({ number: 12, htmlUrl: 'https://github.com/acme/app/issues/12' });
    expect(about().map(({ body }) => body)).toEqual([{ title: 't', body: 'b', labels: ['dispatcher'] }]);
  });

  test('opening one whose answer is lost leaves the outcome unknown, after one POST', async () => {
    const issues = await answering(() => 'reset');
    await expect(issues.open(at, { title: 't', body: 'b', labels: [] })).rejects.toMatchObject({
      kind: 'unknown-outcome',
    });
    expect(about()).toHaveLength(1);
  });

  test('opening one, and commenting, are not sent where the claim on it ends before GitHub could answer', async () => {
    const issues = await answering(() => ({ status: 201, body: issue(12, 'b') }));
    const answerBy = Date.now() + 1_000;
    const opening = issues.open(at, { title: 't', body: 'b', labels: [], answerBy });
    await expect(opening).rejects.toMatchObject({ kind: 'transient', message: expect.stringContaining('Not sent') });
    await expect(issues.comment(at, 3, { body: 'hello', answerBy })).rejects.toMatchObject({ kind: 'transient' });
    expect(about()).toEqual([]);
  });

  test('disabled in the repository is final', async () => {
    const message = 'Issues has been disabled in this repository.';
    const issues = await answering(() => ({ status: 410, body: { message } }));
    const opening = issues.open(at, { title: 't', body: 'b', labels: [] });
    await expect(opening).rejects.toMatchObject({ kind: 'permanent', status: 410, message });
  });

  test('one is found by its marker on a later page, closed ones too, and only among the App’s own', async () => {
    const others = Array.from({ length: 100 }, (_, at) => issue(at + 1, at === 0 ? null : 'another'));
    const issues = await answering(({ query }) => ({
      body: query['page'] === '1' ? others : [issue(101, 'x'), issue(102, `text ${marker}`, 'closed')],
    }));
    await expect(issues.find(at, 'dispatcher', marker)).resolves.toMatchObject({ number: 102, state: 'closed' });
    expect(about().map(({ query }) => query)).toEqual(
      ['1', '2'].map((page) => ({
        creator: 'dispatcher[bot]',
        labels: 'dispatcher',
        state: 'all',
        per_page: '100',
        page,
      })),
    );
  });

  test('one that is not there is not found', async () => {
    const issues = await answering(() => ({ body: [issue(1, 'another')] }));
    await expect(issues.find(at, 'dispatcher', marker)).resolves.toBeNull();
    expect(about()).toHaveLength(1);
  });

  test('one is commented on, changed and closed', async () => {
    const issues = await answering(({ method }) => ({ status: method === 'POST' ? 201 : 200, body: issue(3, 'x') }));
    await issues.comment(at, 3, { body: 'hello' });
    await issues.update(at, 3, { body: 'new' });
    await issues.update(at, 3, { state: 'closed' });
    expect(about().map(({ method, path, body }) => [method, path, body])).toEqual([
      ['POST', '/repos/acme/app/issues/3/comments', { body: 'hello' }],
      ['PATCH', '/repos/acme/app/issues/3', { body: 'new' }],
      ['PATCH', '/repos/acme/app/issues/3', { state: 'closed' }],
    ]);
  });

  test('a change whose answer is lost may simply be sent again', async () => {
    const issues = await answering(() => 'reset');
    await expect(issues.update(at, 3, { body: 'new' })).rejects.toMatchObject({ kind: 'transient' });
  });
});
