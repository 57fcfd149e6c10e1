import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Emulator } from '../emulator.ts';
import { exampleSeed } from '../state/example-seed.ts';
import { stateFromSeed } from '../state/seed.ts';
import { client, mint, PRIVATE_KEY, startExample } from '../testing/example-emulator.ts';

let emulator: Emulator;

beforeEach(async () => {
  emulator = await startExample();
});
afterEach(() => emulator.close());

const call = (path: string, body: unknown): Promise<Response> =>
  fetch(`${emulator.url}/_emulator${path}`, {
    method: 'POST',
    headers: { authorization: `Bearer ${emulator.controlToken}` },
    body: JSON.stringify(body),
  });

describe('the control API', () => {
  test.each([
    ['/runs', { repository: 'octo-org/app', workflow: 'ci.yml', conclusoin: 'failure' }],
    ['/runs', { repository: 'octo-org/app', workflow: 'ci.yml', conclusion: 'sucess' }],
    ['/faults', { rules: [{ match: { operation: 'dispatch' }, fault: 'reset' }] }],
    ['/faults', [{ match: {}, fault: 'reset-before' }]],
    ['/clock', { advanceMs: '60000' }],
    ['/repositories/octo-org/app/push', { files: { 'a.txt': 1 } }],
  ])('refuses an invalid body: %s %j', async (path, body) => {
    const response = await call(path, body);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ message: expect.stringContaining('body') });
    expect(await emulator.control.runs()).toEqual([]);
  });

  test('explains what is invalid in a repository, a push or a name', async () => {
    const { control } = emulator;
    await expect(control.putRepository({ owner: 'nobody', name: 'x' })).rejects.toThrow(
      '(422): The repository nobody/x has no owner',
    );
    await expect(control.push('octo-org/app', { files: { 'README.md/x': '' } })).rejects.toThrow(
      '(422): "README.md/x" is below',
    );
    await expect(control.push('octo-org/none', { files: {} })).rejects.toThrow('(404): The emulator has no repository');
  });

  test('replaces the whole state by a seed', async () => {
    const seed = exampleSeed({ key: PRIVATE_KEY, slug: 'another' });
    await emulator.control.replaceSeed({ ...seed, repositories: [{ owner: 'octo-org', name: 'only', id: 7 }] });
    const octokit = client(emulator, await mint(emulator, 'octo-org'));
    const { data } = await octokit.apps.listReposAccessibleToInstallation();
    expect(data.repositories.map(({ id, full_name }) => [id, full_name])).toEqual([[7, 'octo-org/only']]);
  });

  test('adds and removes repositories', async () => {
    await emulator.control.addOwner({ login: 'new-owner', type: 'User' });
    await emulator.control.putRepository({ owner: 'new-owner', name: 'one', visibility: 'public' });
    const octokit = client(emulator, await mint(emulator, 'octo-org'));
    expect((await octokit.repos.get({ owner: 'new-owner', repo: 'one' })).data.owner.type).toBe('User');
    await emulator.control.removeRepository('new-owner/one');
    await expect(octokit.repos.get({ owner: 'new-owner', repo: 'one' })).rejects.toMatchObject({ status: 404 });
  });
});

describe('the linked pages', () => {
  test('show a run, and an issue with its markup escaped', async () => {
    const { run } = await emulator.control.run({ repository: 'octo-org/app', workflow: 'ci.yml' });
    expect(await (await fetch(run.htmlUrl)).text()).toContain(`Run ${run.id} of octo-org/app`);
    const octokit = client(emulator, await mint(emulator, 'octo-org'));
    const { data } = await octokit.issues.create({ owner: 'octo-org', repo: 'app', title: '<b>x</b>' });
    const page = await (await fetch(data.html_url)).text();
    expect(page).toContain('&#60;b&#62;x');
    expect(page).not.toContain('<b>');
    expect((await fetch(`${emulator.url}/octo-org/app/issues/9`)).status).toBe(404);
  });
});

test('a port in use is refused with its number', async () => {
  const port = Number(new URL(emulator.url).port);
  await expect(startExample({ port })).rejects.toThrow(`Port ${port} is in use.`);
});

describe('an invalid seed', () => {
  const seed = exampleSeed({ key: PRIVATE_KEY });
  test.each([
    ['has no App key', { ...seed, app: { id: 1, slug: 'x' } }, 'needs a "publicKey" or a "privateKey"'],
    ['has a repository without its owner', { ...seed, repositories: [{ owner: 'nobody', name: 'x' }] }, 'has no owner'],
    [
      'has an installation without its account',
      { ...seed, installations: [{ id: 1, account: 'nobody', repositories: 'all' as const }] },
      'has no account',
    ],
    [
      'tags a branch that does not exist',
      { ...seed, repositories: [{ owner: 'octo-org', name: 'x', tags: { v1: 'main' } }] },
      'has no branch "main"',
    ],
  ])('that %s is refused with the reason', (_situation, seed, message) => {
    expect(() => stateFromSeed(seed, Date.now)).toThrow(message);
  });

  test('without a required part is refused with the name of the part', () => {
    expect(() => stateFromSeed(JSON.parse('{"app":{}}'), Date.now)).toThrow('The seed has no "owners"');
  });
});
