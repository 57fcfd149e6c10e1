import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type Emulator, startEmulator } from '@dispatcher/github-emulator';
import { GitHubPermanentError, GitHubTransientError } from '../transport/errors.ts';
import { createAppRegistration, type AppRegistration } from './app-registration.ts';
import { testPrivateKey } from '../testing/fake-github.ts';

let emulator: Emulator;
let registration: AppRegistration;
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
  registration = createAppRegistration({ appId: '4711', privateKey: testPrivateKey, apiUrl: emulator.url });
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

test('installations are read over all pages', async () => {
  const installations = await registration.installations();
  expect(new Set(installations.map(({ id }) => id)).size).toBe(120);
});

test('the repositories of an installation are read with its token', async () => {
  expect(await registration.repositories(1)).toMatchObject([{ name: 'app', owner: { login: 'org-0' } }]);
  await emulator.control.suspendInstallation(1, true);
  await expect(registration.repositories(1)).rejects.toThrow(GitHubPermanentError);
});

test('GitHub signs deliveries with the new webhook secret', async () => {
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
  await registration.setWebhookSecret('the new one');
  await emulator.control.deliver({ event: 'ping', payload: {} });
  expect(signatures).toEqual([true]);
  await new Promise((closed) => {
    server.close(closed);
    server.closeAllConnections();
  });
});

test('an unknown App id is reported as refused credentials', async () => {
  const stranger = createAppRegistration({ appId: '1', privateKey: testPrivateKey, apiUrl: emulator.url });
  await expect(stranger.app()).rejects.toThrow(GitHubTransientError);
  await expect(stranger.app()).rejects.toMatchObject({ credentials: true });
});
