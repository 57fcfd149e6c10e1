import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type Emulator, startEmulator } from '@dispatcher/github-emulator';
import { GitHubPermanentError, GitHubTransientError } from './errors.ts';
import { createRegistration, type Registration } from './registration.ts';
import { testPrivateKey } from './testing/fake-github.ts';

let emulator: Emulator;
let registration: Registration;
beforeEach(async () => {
  const owners = Array.from({ length: 120 }, (_, at) => ({ login: `org-${at}` }));
  emulator = await startEmulator({
    seed: {
      app: { id: 4711, slug: 'dispatcher', privateKey: testPrivateKey, webhookUrl: 'http://127.0.0.1:1/' },
      owners,
      repositories: [{ owner: 'org-0', name: 'app', branches: { main: { files: {} } } }],
      installations: owners.map(({ login: account }, at) => ({ id: at + 1, account, repositories: 'all' as const })),
    },
  });
  registration = createRegistration({ appId: '4711', privateKey: testPrivateKey, apiUrl: emulator.url });
});
afterEach(() => emulator.close());

test('the App is read with its permissions, its events and its webhook', async () => {
  expect(await registration.app()).toMatchObject({
    id: 4711,
    slug: 'dispatcher',
    permissions: { actions: 'write' },
    events: ['workflow_run'],
  });
  expect(await registration.hook()).toMatchObject({ url: 'http://127.0.0.1:1/', content_type: 'json' });
});

test('more installations than a page holds are all found', async () => {
  const found = await registration.installations();
  expect(new Set(found.map(({ id }) => id)).size).toBe(120);
});

test('the repositories of an installation are read with its own token', async () => {
  expect(await registration.repositories(1)).toMatchObject([{ name: 'app', owner: { login: 'org-0' } }]);
  await emulator.control.suspendInstallation(1, true);
  await expect(registration.repositories(1)).rejects.toThrow(GitHubPermanentError);
});

test('after a new webhook secret was set, GitHub signs with it', async () => {
  const signatures: boolean[] = [];
  const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
    const chunks: Buffer[] = [];
    request.on('data', (chunk: Buffer) => chunks.push(chunk));
    request.on('end', () => {
      const expected = createHmac('sha256', 'the new one').update(Buffer.concat(chunks)).digest('hex');
      signatures.push(request.headers['x-hub-signature-256'] === `sha256=${expected}`);
      response.end();
    });
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const { port } = server.address() as AddressInfo;
  await emulator.control.setWebhook({ url: `http://127.0.0.1:${port}/` });
  await registration.setHookSecret('the new one');
  await emulator.control.deliver({ event: 'ping', payload: {} });
  expect(signatures).toEqual([true]);
  await new Promise((closed) => {
    server.close(closed);
    server.closeAllConnections();
  });
});

test('a key of another App is told as refused credentials', async () => {
  const stranger = createRegistration({ appId: '1', privateKey: testPrivateKey, apiUrl: emulator.url });
  await expect(stranger.app()).rejects.toThrow(GitHubTransientError);
  await expect(stranger.app()).rejects.toMatchObject({ credentials: true });
});
