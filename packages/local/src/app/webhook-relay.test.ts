import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { createHmac } from 'node:crypto';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { completeRun, type RunningEmulator, startEmulator } from './emulator.ts';
import { type LocalApp, loadLocalApp } from './local-app.ts';
import { readSettings } from './settings.ts';
import { relayNewDeliveries } from './webhook-relay.ts';

// The emulator's own deliveries fail, as GitHub's do when the machine is not reachable from the internet.

let directory: string;
let log: number;
let app: LocalApp;
let emulator: RunningEmulator;
let front: Server;
let received: { headers: NodeJS.Dict<string | string[]>; body: string }[];
let status: number;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'webhook-relay-'));
  log = openSync(join(directory, 'emulator.log'), 'a');
  app = await loadLocalApp(directory);
  emulator = await startEmulator({
    app,
    webhookUrl: 'http://127.0.0.1:9/',
    dataDir: directory,
    log,
    onExit: () => undefined,
  });
  received = [];
  status = 202;
  front = createServer({ keepAliveTimeout: 0 }, (request, response) => void receive(request, response)).listen(
    0,
    '127.0.0.1',
  );
  await once(front, 'listening');
});
afterEach(async () => {
  await emulator.stop();
  front.close();
  closeSync(log);
  await rm(directory, { recursive: true });
});

async function receive(request: IncomingMessage, response: ServerResponse): Promise<void> {
  const body = Buffer.concat(await request.toArray()).toString();
  received.push({ headers: request.headers, body });
  response.writeHead(status).end();
}

function relay(): Promise<void> {
  const settings = readSettings({
    GITHUB_APP_ID: String(app.id),
    GITHUB_APP_SLUG: app.slug,
    GITHUB_APP_PRIVATE_KEY: app.privateKey,
    GITHUB_WEBHOOK_SECRET: app.webhookSecret,
    GITHUB_API_URL: emulator.url,
  });
  const webhookUrl = `http://127.0.0.1:${(front.address() as AddressInfo).port}/webhooks/github`;
  return relayNewDeliveries({ settings, webhookUrl }, join(directory, 'log.json'));
}

async function complete(): Promise<string> {
  const { delivery } = await completeRun(emulator.url, { repository: 'octo-org/app', workflow: 'ci.yml' });
  return delivery?.guid ?? '';
}

test('deliveries of the App’s log are relayed signed, in order and once, except those from before the first start', async () => {
  await complete();
  await relay();
  expect(received).toEqual([]);

  const guids = [await complete(), await complete()];
  await relay();
  await relay();
  expect(received.map(({ headers }) => headers['x-github-delivery'])).toEqual(guids);
  for (const { headers, body } of received) {
    const signature = createHmac('sha256', app.webhookSecret).update(body).digest('hex');
    expect(headers).toMatchObject({ 'x-github-event': 'workflow_run', 'x-hub-signature-256': `sha256=${signature}` });
    expect(JSON.parse(body)).toMatchObject({ action: 'completed', repository: { full_name: 'octo-org/app' } });
  }
});

test('a delivery that received a 503 is relayed again', async () => {
  await relay();
  const guid = await complete();
  status = 503;
  await expect(relay()).rejects.toThrow('received status 503');
  status = 202;
  await relay();
  expect(received.map(({ headers }) => headers['x-github-delivery'])).toEqual([guid, guid]);
});

test('a wrong private key is reported with GitHub’s response', async () => {
  const { privateKey } = await loadLocalApp(await mkdtemp(join(directory, 'other-')));
  app = { ...app, privateKey };
  await expect(relay()).rejects.toThrow('GitHub returned 401');
});
