import { paginateScan } from '@aws-sdk/lib-dynamodb';
import { createDocumentClient, parseFact, type StoredItem } from '@dispatcher/store';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { completeRun } from '../app/emulator.ts';
import { progressOf, readFacts } from '../demo/timeline.ts';
import { awsAccess, tableName } from '../aws/provision.ts';
import { startSystem, type System } from '../app/system.ts';
import { control, dispatchedRuns } from '../testing/github.ts';
import { maxWaitMs, until } from '../testing/until.ts';

// A proxy between GitHub and ingress loses deliveries, and the scheduled check finds them in GitHub's delivery log.

let dataDir: string;
let system: System;
let github: string;
let proxy: Server | null = null;

interface Attempt {
  readonly guid: string;
  readonly status: string;
  readonly redelivery: boolean;
}

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'missed-deliveries-'));
  system = await startSystem({ dataDir, port: 0, env: {}, scheduleEveryMs: 100 });
  github = system.emulatorUrl ?? '';
  // The first check only stores the time, and does not read the log.
  await until(async () => (await listings()) > 0);
});
afterAll(async () => {
  await system.close();
  await rm(dataDir, { recursive: true });
});
afterEach(async () => {
  await setWebhookTimeout(maxWaitMs);
  proxy?.closeAllConnections();
  await new Promise((resolve) => (proxy === null ? resolve(null) : proxy.close(resolve)));
  proxy = null;
});

async function listings(): Promise<number> {
  const { counts } = await control<{ counts: Record<string, number> }>(github, 'GET', '/requests');
  return counts['deliveries'] ?? 0;
}

async function setWebhookTimeout(webhookTimeoutMs: number): Promise<void> {
  await control(github, 'PATCH', '/settings', { webhookTimeoutMs });
}

async function setWebhookUrl(url: string): Promise<void> {
  await control(github, 'PATCH', '/webhook', { url });
}

const nowhere = 'http://127.0.0.1:1/';
const ingress = () => `${system.url}/webhooks/github`;

async function startProxy(listener: RequestListener): Promise<void> {
  proxy = createServer({ keepAliveTimeout: 0 }, listener);
  await new Promise<void>((resolve) => proxy?.listen(0, '127.0.0.1', resolve));
  await setWebhookUrl(`http://127.0.0.1:${(proxy.address() as AddressInfo).port}/`);
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer);
  return Buffer.concat(chunks);
}

async function attemptsOf(guid: string): Promise<Attempt[]> {
  return (await control<Attempt[]>(github, 'GET', '/deliveries')).filter((attempt) => attempt.guid === guid);
}

const runs = () => dispatchedRuns(github, 'octo-org/deploy');

/** Returns how many checks redelivered this delivery, by their facts. */
async function checksOf(guid: string): Promise<number> {
  const client = createDocumentClient({ endpoint: system.awsUrl, ...awsAccess });
  let checks = 0;
  for await (const { Items: items = [] } of paginateScan({ client }, { TableName: tableName('facts') })) {
    for (const item of items.filter(({ fact }) => fact !== undefined)) {
      const { type, data } = parseFact(item as StoredItem);
      if (type === 'deliveries.checked' && data.redelivered.includes(guid)) checks += 1;
    }
  }
  client.destroy();
  return checks;
}

/** Of all runs but the first, the denial is in its issue already, and no report follows. */
async function isDispatched(guid: string): Promise<boolean> {
  return ['dispatched', 'complete'].includes(progressOf(await readFacts(system.url, guid)));
}

describe('a delivery that was lost', () => {
  const losses: readonly [string, string, () => Promise<void>][] = [
    ['nothing listened', 'failed to connect to host', () => setWebhookUrl(nowhere)],
    [
      'the response was 503',
      'Invalid HTTP Response: 503',
      () => startProxy((request, response) => void request.resume().on('end', () => response.writeHead(503).end())),
    ],
    [
      'API Gateway throttled it in a flood of its route',
      'Invalid HTTP Response: 429',
      () => startProxy((request, response) => void request.resume().on('end', () => response.writeHead(429).end())),
    ],
    [
      'no response came in time',
      'timed out',
      async () => {
        await setWebhookTimeout(100);
        await startProxy((request) => void request.resume());
      },
    ],
  ];

  test.each(losses)('because %s is redelivered by GitHub and planned once', async (_, status, lose) => {
    const before = (await runs()).length;
    await lose();
    const { delivery } = await completeRun(github, { repository: 'octo-org/app', workflow: 'ci.yml' });
    const guid = delivery?.guid ?? '';
    expect((await attemptsOf(guid))[0]).toMatchObject({ status, redelivery: false });
    // The check redelivers as long as the attempts fail.
    await until(async () => (await attemptsOf(guid)).length > 2);
    // In this order no attempt waits for a long timeout.
    await setWebhookUrl(nowhere);
    await setWebhookTimeout(maxWaitMs);
    await setWebhookUrl(ingress());
    await until(() => isDispatched(guid));
    expect(await runs()).toHaveLength(before + 1);
    // The log has an attempt only once ingress has responded.
    await until(async () => (await attemptsOf(guid)).at(-1)?.status === 'OK');
    expect((await attemptsOf(guid)).at(-1)).toMatchObject({ redelivery: true });

    // Later checks do not redeliver it again.
    const attempts = (await attemptsOf(guid)).length;
    const seen = await listings();
    await until(async () => (await listings()) > seen + 2);
    expect(await attemptsOf(guid)).toHaveLength(attempts);
    // Each redelivery is recorded once.
    await until(async () => (await checksOf(guid)) === attempts - 1);
  });

  test('whose response alone was lost is already planned and is not redelivered', async () => {
    const before = (await runs()).length;
    await startProxy((request, response) => void respondOncePlanned(request, response));
    const { delivery } = await completeRun(github, { repository: 'octo-org/app', workflow: 'ci.yml' });
    const guid = delivery?.guid ?? '';
    const seen = await listings();
    await until(async () => (await listings()) > seen + 2);
    expect(await attemptsOf(guid)).toMatchObject([{ status: 'Invalid HTTP Response: 504' }]);
    expect(await runs()).toHaveLength(before + 1);
    await setWebhookUrl(ingress());
  });

  async function respondOncePlanned(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const headers = request.headers as Record<string, string>;
    await fetch(ingress(), { method: 'POST', headers, body: await bodyOf(request) });
    await until(() => isDispatched(headers['x-github-delivery'] ?? ''));
    response.writeHead(504).end();
  }
});
