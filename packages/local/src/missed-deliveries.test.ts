import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { type DeliveriesChecked, DeliveriesChecked as DeliveriesCheckedSchema } from '@dispatcher/contracts';
import { createDocumentClient } from '@dispatcher/store';
import { afterAll, afterEach, beforeAll, describe, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer, type IncomingMessage, type RequestListener, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { completeRun } from './emulator.ts';
import { progressOf, readFacts } from './journey.ts';
import { awsAccess, tableName } from './provision.ts';
import { startSystem, type System } from './system.ts';
import { control, dispatchedRuns } from './testing/github.ts';
import { patienceMs, until } from './testing/until.ts';

// Something between GitHub and ingress loses deliveries; the schedule finds them in GitHub's log.

let dataDir: string;
let system: System;
let github: string;
let between: Server | null = null;

interface Attempt {
  readonly guid: string;
  readonly status: string;
  readonly redelivery: boolean;
}

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'missed-deliveries-'));
  system = await startSystem({ dataDir, port: 0, env: {}, scheduleEveryMs: 100 });
  github = system.emulatorUrl ?? '';
  await waitForAnswers(patienceMs);
  // The first check only notes the time, without a look at the log.
  await until(async () => (await listings()) > 0);
});
afterAll(async () => {
  await system.close();
  await rm(dataDir, { recursive: true });
});
afterEach(async () => {
  await waitForAnswers(patienceMs);
  between?.closeAllConnections();
  await new Promise((resolve) => (between === null ? resolve(null) : between.close(resolve)));
  between = null;
});

async function listings(): Promise<number> {
  const { counts } = await control<{ counts: Record<string, number> }>(github, 'GET', '/requests');
  return counts['deliveries'] ?? 0;
}

/** GitHub waits ten seconds, which a slow machine may need for a good answer. */
async function waitForAnswers(webhookTimeoutMs: number): Promise<void> {
  await control(github, 'PATCH', '/settings', { webhookTimeoutMs });
}

async function sendTo(url: string): Promise<void> {
  await control(github, 'PATCH', '/webhook', { url });
}

const nowhere = 'http://127.0.0.1:1/';
const ingress = () => `${system.url}/webhooks/github`;

async function standBetween(listener: RequestListener): Promise<void> {
  between = createServer({ keepAliveTimeout: 0 }, listener);
  await new Promise<void>((resolve) => between?.listen(0, '127.0.0.1', resolve));
  await sendTo(`http://127.0.0.1:${(between.address() as AddressInfo).port}/`);
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

/** Checks that redelivered this, by the fact log. */
async function checksOf(guid: string): Promise<DeliveriesChecked[]> {
  const client = createDocumentClient({ endpoint: system.awsUrl, ...awsAccess });
  const checks: DeliveriesChecked[] = [];
  for (let ExclusiveStartKey: Record<string, unknown> | undefined, more = true; more; ) {
    const page = await client.send(
      new ScanCommand({ TableName: tableName('facts'), ...(ExclusiveStartKey && { ExclusiveStartKey }) }),
    );
    const items = (page.Items ?? []).filter((item) => item['type'] === 'deliveries.checked');
    checks.push(...items.map((item) => DeliveriesCheckedSchema.parse(item['fact'])));
    ExclusiveStartKey = page.LastEvaluatedKey;
    more = ExclusiveStartKey !== undefined;
  }
  client.destroy();
  return checks.filter(({ data }) => data.redelivered.includes(guid));
}

async function isComplete(guid: string): Promise<boolean> {
  return progressOf(await readFacts(system.url, guid)) === 'complete';
}

describe('a delivery that was lost', () => {
  const losses: readonly [string, string, () => Promise<void>][] = [
    ['nothing listens', 'failed to connect to host', () => sendTo(nowhere)],
    [
      'the answer is 503',
      'Invalid HTTP Response: 503',
      () => standBetween((request, response) => void request.resume().on('end', () => response.writeHead(503).end())),
    ],
    [
      'API Gateway throttles it in a flood of its route',
      'Invalid HTTP Response: 429',
      () => standBetween((request, response) => void request.resume().on('end', () => response.writeHead(429).end())),
    ],
    [
      'no answer comes in time',
      'timed out',
      async () => {
        await waitForAnswers(100);
        await standBetween((request) => void request.resume());
      },
    ],
  ];

  test.each(losses)('because %s is redelivered by GitHub and planned once', async (_, status, lose) => {
    const before = (await runs()).length;
    await lose();
    const { delivery } = await completeRun(github, { repository: 'octo-org/app', workflow: 'ci.yml' });
    const guid = delivery?.guid ?? '';
    expect((await attemptsOf(guid))[0]).toMatchObject({ status, redelivery: false });
    // As long as the loss lasts, so do the attempts.
    await until(async () => (await attemptsOf(guid)).length > 2);
    // In this order no attempt waits long for an answer that does not come.
    await sendTo(nowhere);
    await waitForAnswers(patienceMs);
    await sendTo(ingress());
    await until(() => isComplete(guid));
    expect(await runs()).toHaveLength(before + 1);
    expect((await attemptsOf(guid)).at(-1)).toMatchObject({ status: 'OK', redelivery: true });

    // Later checks have seen that it arrived.
    const attempts = (await attemptsOf(guid)).length;
    const seen = await listings();
    await until(async () => (await listings()) > seen + 2);
    expect(await attemptsOf(guid)).toHaveLength(attempts);
    // Each redelivery that was asked for is told, once.
    await until(async () => (await checksOf(guid)).length === attempts - 1);
  });

  test('by the log only, because its answer was lost on the way, is planned already and not redelivered', async () => {
    const before = (await runs()).length;
    await standBetween((request, response) => void answerOncePlanned(request, response));
    const { delivery } = await completeRun(github, { repository: 'octo-org/app', workflow: 'ci.yml' });
    const guid = delivery?.guid ?? '';
    const seen = await listings();
    await until(async () => (await listings()) > seen + 2);
    expect(await attemptsOf(guid)).toMatchObject([{ status: 'Invalid HTTP Response: 504' }]);
    expect(await runs()).toHaveLength(before + 1);
    await sendTo(ingress());
  });

  async function answerOncePlanned(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const headers = request.headers as Record<string, string>;
    await fetch(ingress(), { method: 'POST', headers, body: await bodyOf(request) });
    await until(() => isComplete(headers['x-github-delivery'] ?? ''));
    response.writeHead(504).end();
  }
});
