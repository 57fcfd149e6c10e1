import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Octokit } from '@octokit/rest';
import type { Emulator } from '../emulator.ts';
import { client, mint, refusal, startExample } from '../testing/example-emulator.ts';

const APP = { owner: 'octo-org', repo: 'app' };
let emulator: Emulator;
let octokit: Octokit;

beforeEach(async () => {
  emulator = await startExample();
  octokit = client(
    emulator,
    await mint(emulator, 'octo-org', { repositories: ['app'], permissions: { issues: 'write' } }),
  );
});
afterEach(() => emulator.close());

test('an issue is opened by the bot with its labels, commented on, closed, and opened again', async () => {
  const { data: issue } = await octokit.issues.create({
    ...APP,
    title: 'Not started',
    body: 'Why',
    labels: ['dispatcher'],
  });
  const at = { ...APP, issue_number: issue.number };
  expect(issue).toMatchObject({
    number: 1,
    state: 'open',
    body: 'Why',
    user: { login: 'org-repo-workflows-runner-alpha[bot]', type: 'Bot' },
  });
  expect(issue.labels).toMatchObject([{ name: 'dispatcher' }]);
  await octokit.issues.createComment({ ...at, body: 'Started again' });
  const closed = await octokit.issues.update({ ...at, state: 'closed', body: 'New' });
  expect(closed.data).toMatchObject({ state: 'closed', state_reason: 'completed', body: 'New', comments: 1 });
  const reopened = await octokit.issues.update({ ...at, state: 'open' });
  expect(reopened.data).toMatchObject({ state: 'open', state_reason: 'reopened', closed_at: null });
  expect((await octokit.issues.listComments(at)).data.map(({ body }) => body)).toEqual(['Started again']);
});

test('issues are listed by label, state and creator, newest first', async () => {
  await octokit.issues.create({ ...APP, title: 'one', labels: ['a'] });
  await octokit.issues.create({ ...APP, title: 'two', labels: ['A', 'b'] });
  await octokit.issues.create({ ...APP, title: 'three' });
  await octokit.issues.update({ ...APP, issue_number: 1, state: 'closed' });
  const titles = async (filter: object) =>
    (await octokit.issues.listForRepo({ ...APP, ...filter })).data.map(({ title }) => title);
  expect(await titles({})).toEqual(['three', 'two']);
  expect(await titles({ state: 'all', labels: 'a' })).toEqual(['two', 'one']);
  expect(await titles({ state: 'all', labels: 'a,b' })).toEqual(['two']);
  expect(await titles({ state: 'closed', creator: 'org-repo-workflows-runner-alpha[bot]' })).toEqual(['one']);
  expect(await titles({ creator: 'octocat' })).toEqual([]);
});

test('every call responds with 410 when issues are disabled', async () => {
  await emulator.control.changeRepository('octo-org/app', { issues: false });
  const gone = { status: 410, message: 'Issues has been disabled in this repository.' };
  expect(await refusal(octokit.issues.create({ ...APP, title: 'x' }))).toEqual(gone);
  expect(await refusal(octokit.issues.listForRepo(APP))).toEqual(gone);
});

test('a new issue in an archived repository is refused', async () => {
  await emulator.control.changeRepository('octo-org/app', { archived: true });
  expect((await refusal(octokit.issues.create({ ...APP, title: 'x' }))).status).toBe(403);
});

test('a missing title, a too long title or body, an invalid state and an unknown number are refused', async () => {
  const create = (fields: { title: string; body?: string }) => refusal(octokit.issues.create({ ...APP, ...fields }));
  expect(await create({ title: ' ' })).toEqual({ status: 422, message: 'Validation Failed' });
  expect((await create({ title: 'x'.repeat(257) })).status).toBe(422);
  expect((await create({ title: 'x', body: 'x'.repeat(65_537) })).status).toBe(422);
  expect((await refusal(octokit.issues.get({ ...APP, issue_number: 9 }))).status).toBe(404);
  expect(await emulator.control.issues()).toEqual([]);
});

test('a limited token cannot access another repository of the installation', async () => {
  expect((await refusal(octokit.issues.create({ owner: 'octo-org', repo: 'deploy', title: 'x' }))).status).toBe(404);
});
