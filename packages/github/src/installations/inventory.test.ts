import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type Emulator, startEmulator } from '@dispatcher/github-emulator';
import { createGitHubApp, type GitHubApp } from '../github-app.ts';
import { GitHubPermanentError } from '../transport/errors.ts';
import { testPrivateKey } from '../testing/fake-github.ts';

let emulator: Emulator;
let app: GitHubApp;
beforeEach(async () => {
  const names = Array.from({ length: 130 }, (_, at) => `app-${String(at).padStart(3, '0')}`);
  emulator = await startEmulator({
    seed: {
      app: { id: 4711, slug: 'dispatcher', privateKey: testPrivateKey, webhookUrl: 'http://127.0.0.1:1/' },
      owners: [{ login: 'octo-org' }, { login: 'octo-partner' }],
      repositories: names.map((name) => ({ owner: 'octo-org', name, branches: { main: { files: {} } } })),
      installations: [
        { id: 1, account: 'octo-org', repositories: 'all' },
        { id: 2, account: 'octo-partner', repositories: 'all' },
      ],
    },
  });
  app = createGitHubApp({ appId: '4711', privateKey: testPrivateKey, apiUrl: emulator.url });
});
afterEach(() => emulator.close());

test('installations are listed with their accounts, their settings and since when they are suspended', async () => {
  const settingsUrl = (account: string, id: number) =>
    `${emulator.url}/organizations/${account}/settings/installations/${id}`;
  const installed = [
    { installationId: 1, account: 'octo-org', settingsUrl: settingsUrl('octo-org', 1), suspendedAt: null },
    { installationId: 2, account: 'octo-partner', settingsUrl: settingsUrl('octo-partner', 2), suspendedAt: null },
  ];
  expect(await app.inventory.installations(1)).toEqual({ installations: installed, isLast: true });
  await emulator.control.suspendInstallation(2, true);
  const [first, second] = (await app.inventory.installations(1)).installations;
  expect(first).toEqual(installed[0]);
  expect(second).toEqual({ ...installed[1], suspendedAt: expect.stringMatching(/^\d{4}-.*\.\d{3}Z$/) });
});

test('what an installation granted is read beside what the App requests', async () => {
  const before = await app.inventory.access(1);
  expect(before.granted).toEqual(before.requested);
  expect(before).toMatchObject({ selection: 'all', granted: { events: ['workflow_run'] } });
  expect(before.app).toEqual({ id: 4711, name: expect.any(String), url: `${emulator.url}/apps/dispatcher` });
  await emulator.control.changeApp({ permissions: { ...before.requested.permissions, checks: 'write' } });
  const { granted, requested } = await app.inventory.access(1);
  expect([granted.permissions['checks'], requested.permissions['checks']]).toEqual([undefined, 'write']);
});

test('the repositories of an installation are listed a hundred at a time, with their number', async () => {
  const first = await app.inventory.repositories(1, 1);
  const second = await app.inventory.repositories(1, 2);
  expect([first, second].map(({ repositories, total, isLast }) => [repositories.length, total, isLast])).toEqual([
    [100, 130, false],
    [30, 130, true],
  ]);
  const listed = [...first.repositories, ...second.repositories];
  expect(new Set(listed.map(({ id }) => id)).size).toBe(130);
  expect(listed[0]).toEqual({ id: expect.any(Number), owner: 'octo-org', name: 'app-000' });
});

test('an installation that was suspended or removed is a permanent failure', async () => {
  await emulator.control.suspendInstallation(1, true);
  await expect(app.inventory.repositories(1, 1)).rejects.toThrow(GitHubPermanentError);
});

test('a reader for the sweep reads 25 repositories with one GraphQL request, and counts its requests', async () => {
  const { repositories } = await app.inventory.repositories(1, 1);
  let requests = 0;
  const reader = app.createReader({ repositoriesPerRequest: 25, onRequest: () => (requests += 1) });
  const read = await Promise.all(
    repositories.map(({ owner, name }) => reader.readSource({ installationId: 1, owner, name })),
  );
  expect(read.map((snapshot) => snapshot.state === 'read' && snapshot.id)).toEqual(repositories.map(({ id }) => id));
  expect(requests).toBe(4);
});
