import { createHmac } from 'node:crypto';
import { type DispatchRequested, requesterOf, runKey, type Webhook } from '@dispatcher/contracts';
import { silent } from '@dispatcher/lambda/testing';
import { createWebhooks, type StoredWebhook, type Webhooks } from '@dispatcher/store';
import { startDynamo, type TestDynamo } from '@dispatcher/store/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { toWebhookRequest, toWebhookResult } from './http.ts';
import { receiveMessage, type WebhookDependencies } from './receive-message.ts';

// Messages of third parties with the real table. Only the queue and the secrets are in memory.

const start = Date.parse('2026-11-28T12:00:00.000Z');
const secrets: Readonly<Record<string, string>> = { v1: 'the-first-secret', v2: 'the-second-secret' };

let dynamo: TestDynamo;
let webhooks: Webhooks;
let now: number;
let sent: DispatchRequested[];
let metrics: number[];
let deps: WebhookDependencies;
beforeAll(async () => {
  dynamo = await startDynamo();
});
afterAll(() => dynamo.close());
beforeEach(async () => {
  const { access: name } = await dynamo.createTables();
  now = start;
  sent = [];
  metrics = [];
  webhooks = createWebhooks({ client: dynamo.client, name, now: () => now });
  deps = {
    webhooks,
    secretOf: async (_webhookId, version) => secrets[version] ?? '',
    runs: { send: async (message) => void sent.push(message as DispatchRequested) },
    meter: { count: (_name, _dimensions, by = 1) => void metrics.push(by), milliseconds: () => {} },
    log: silent,
    now: () => now,
  };
});

async function create(change: Partial<Webhook> = {}, stored: Partial<StoredWebhook> = {}): Promise<StoredWebhook> {
  const webhookId = '0123456789abcdef';
  const created = {
    webhook: {
      webhookId,
      name: 'grafana',
      verify: 'github',
      repository: 'octo-org/deploy',
      workflow: 'cd.yml',
      ref: null,
      inputs: { alert: '/alert', environment: 'staging' },
      when: { '/status': 'firing' },
      createdAt: new Date(start).toISOString(),
      createdBy: 'ada',
      ...change,
    },
    pausedAt: null,
    secret: { version: 'v1', previous: null },
    receipts: { webhookId, last: null, refusedInARow: 0, refused: null },
    ...stored,
  };
  expect(await webhooks.create(created)).toBe(true);
  return created;
}

const message = (change: object = {}) => JSON.stringify({ status: 'firing', alert: 'High CPU', ...change });
const hex = (text: string | Buffer, secret = 'the-first-secret') =>
  createHmac('sha256', secret).update(text).digest('hex');
const signed = (text: string | Buffer, secret?: string) => ({ 'x-hub-signature-256': `sha256=${hex(text, secret)}` });

async function post(body: string | Buffer, headers: Readonly<Record<string, string>>, rawPath = '/webhooks/grafana') {
  const encoded = Buffer.isBuffer(body) ? body.toString('base64') : body;
  const event = { rawPath, headers: { ...headers }, body: encoded, isBase64Encoded: Buffer.isBuffer(body) };
  const { statusCode, body: text = '' } = toWebhookResult(await receiveMessage(deps, toWebhookRequest(event)));
  return { status: statusCode, text };
}

const receipts = async () => (await webhooks.getWebhook('grafana'))?.receipts;

test('a signed message requests the dispatch of its webhook, with the values of the message', async () => {
  await create();
  const { status, text } = await post(message(), signed(message()));
  const [request] = sent;
  if (request === undefined) throw new Error('Nothing was sent.');
  expect([status, JSON.parse(text)]).toEqual([202, { accepted: runKey(request) }]);
  expect(requesterOf(request)).toEqual({
    kind: 'webhook',
    id: '0123456789abcdef',
    name: 'grafana',
    targets: ['octo-org/deploy:cd.yml'],
  });
  expect(request.request).toEqual({
    kind: 'workflow',
    repository: 'octo-org/deploy',
    workflow: 'cd.yml',
    ref: null,
    inputs: { alert: 'High CPU', environment: 'staging' },
  });
  expect(await receipts()).toMatchObject({
    last: { receivedAt: new Date(start).toISOString(), runKey: runKey(request) },
  });
});

describe('what starts nothing', () => {
  test.each([
    ['a condition that does not hold', message({ status: 'resolved' }), {}, 'condition'],
    ['GitHub’s ping', message(), { 'x-github-event': 'ping' }, 'ping'],
  ])('%s is accepted and ignored', async (_name, body, headers, ignored) => {
    await create();
    expect(await post(body, { ...signed(body), ...headers })).toEqual({
      status: 202,
      text: JSON.stringify({ ignored }),
    });
    expect(sent).toEqual([]);
  });

  test('a paused webhook accepts and ignores its messages, and still verifies them', async () => {
    await create({}, { pausedAt: new Date(start).toISOString() });
    expect(await post(message(), signed(message()))).toEqual({ status: 202, text: '{"ignored":"paused"}' });
    expect(await post(message(), signed(message(), 'another'))).toMatchObject({ status: 401 });
    expect(sent).toEqual([]);
  });

  test.each(['/webhooks/unknown', '/webhooks/Grafana', '/webhooks/%ff', '/webhooks/', '/webhooks/..'])(
    '%s has no webhook: 404',
    async (path) => {
      await create();
      expect(await post(message(), signed(message()), path)).toMatchObject({ status: 404 });
    },
  );
});

describe('sizes and forms', () => {
  test('256 KB are accepted, and one byte more is refused with 413 and without reading the secret', async () => {
    await create({ inputs: {}, when: {} });
    const padded = (bytes: number) => `{"a":"${'x'.repeat(bytes - 8)}"}`;
    expect(await post(padded(262_144), signed(padded(262_144)))).toMatchObject({ status: 202 });
    deps = { ...deps, secretOf: () => Promise.reject(new Error('must not be read')) };
    expect(await post(padded(262_145), signed(padded(262_145)))).toMatchObject({ status: 413 });
    expect(await receipts()).toMatchObject({
      refusedInARow: 1,
      refused: { reason: 'The message is larger than 262144 bytes.' },
    });
  });

  test('a body that is not UTF-8 arrives as base64: its signature is over its bytes, and it is refused as no message', async () => {
    await create();
    const bytes = Buffer.from([0xff, 0xfe]);
    expect(await post(bytes, signed(bytes))).toEqual({
      status: 422,
      text: '{"error":"The request body is not UTF-8."}',
    });
  });

  test('a form gives values as JSON does', async () => {
    await create();
    const body = 'status=firing&alert=High+CPU';
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    expect(await post(body, { ...signed(body), ...type })).toMatchObject({ status: 202 });
    expect(sent[0]?.request).toMatchObject({ inputs: { alert: 'High CPU' } });
  });

  test('a message without a value that an input needs is refused with 422, and the reason says which', async () => {
    await create();
    const body = JSON.stringify({ status: 'firing' });
    const { status, text } = await post(body, signed(body));
    expect([status, text]).toEqual([422, expect.stringContaining('at /alert, which is the input alert')]);
  });
});

describe('once', () => {
  test('a message that GitHub delivers again has the same run key, and another delivery another one', async () => {
    await create();
    for (const id of ['d1', 'd1', 'd2']) await post(message(), { ...signed(message()), 'x-github-delivery': id });
    const [first, second, third] = sent.map((request) => runKey(request));
    expect(second).toBe(first);
    expect(third).not.toBe(first);
  });

  test('without an id, the same content is one message for five minutes, also if it arrives twice at once', async () => {
    await create();
    await Promise.all([post(message(), signed(message())), post(message(), signed(message()))]);
    now += 5 * 60_000;
    await post(message(), signed(message()));
    expect(new Set(sent.map((request) => runKey(request))).size).toBe(1);
    now += 1;
    await post(message(), signed(message()));
    expect(new Set(sent.map((request) => runKey(request))).size).toBe(2);
  });

  test('two webhooks that receive the same message request two dispatches', async () => {
    await create();
    await create({ name: 'other', webhookId: 'f'.repeat(16) });
    await post(message(), signed(message()));
    await post(message(), signed(message()), '/webhooks/other');
    expect(new Set(sent.map((request) => runKey(request))).size).toBe(2);
  });
});

describe('secrets', () => {
  test('after a rotation both are accepted until the time of the former one has passed', async () => {
    const until = new Date(start + 60_000).toISOString();
    await create({}, { secret: { version: 'v2', previous: { version: 'v1', until } } });
    expect(await post(message(), signed(message()))).toMatchObject({ status: 202 });
    expect(await post(message(), signed(message(), 'the-second-secret'))).toMatchObject({ status: 202 });
    now += 60_000;
    expect(await post(message(), signed(message()))).toMatchObject({ status: 401 });
    expect(await post(message(), signed(message(), 'the-second-secret'))).toMatchObject({ status: 202 });
  });

  test('a token in the path is accepted, and the log of a request to no webhook does not show its path', async () => {
    const lines: unknown[] = [];
    const record = (step: string, details: object = {}) => void lines.push({ step, ...details });
    const log = { ...silent, info: record, warn: record, with: () => log };
    deps = { ...deps, log };
    await create({ verify: 'token' });
    expect(await post(message(), {}, '/webhooks/grafana/the-first-secret')).toMatchObject({ status: 202 });
    expect(await post(message(), {}, '/webhooks/the-first-secret')).toMatchObject({ status: 404 });
    expect(lines).toHaveLength(2);
    expect(JSON.stringify(lines)).not.toContain('the-first-secret');
  });
});

describe('Slack', () => {
  const at = String(start / 1000);
  const slack = (body: string) => ({
    'x-slack-request-timestamp': at,
    'x-slack-signature': `v0=${hex(`v0:${at}:${body}`)}`,
  });

  test('the response to a command is a text with status 200', async () => {
    await create({ verify: 'slack', when: {}, inputs: { text: '/text' } });
    const body = 'command=%2Fdeploy&text=web&trigger_id=1.2';
    const type = { 'content-type': 'application/x-www-form-urlencoded' };
    const { status, text } = await post(body, { ...slack(body), ...type });
    expect([status, text]).toEqual([200, `Requested: request-${sent[0]?.requestId}`]);
  });

  test('its challenge is sent back, and starts nothing', async () => {
    await create({ verify: 'slack' });
    const body = JSON.stringify({
      type: 'url_verification',
      challenge: '3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P',
    });
    expect(await post(body, slack(body))).toEqual({
      status: 200,
      text: '3eZbrw1aBm2rZgRNFdxV2595E9CY3gmdALWMmHkvFXO7tYXAYM8P',
    });
    expect(await post(body, { ...slack(body), 'x-slack-signature': `v0=${'0'.repeat(64)}` })).toMatchObject({
      status: 401,
    });
    expect(sent).toEqual([]);
  });
});

describe('what is not stored is not accepted', () => {
  test('the queue fails: 503, for Slack too, and no receipt', async () => {
    await create();
    deps = { ...deps, runs: { send: () => Promise.reject(new Error('SQS is down')) } };
    expect(await post(message(), signed(message()))).toMatchObject({ status: 503 });
    expect(await receipts()).toMatchObject({ last: null, refusedInARow: 0 });
  });

  test('a secret that cannot be read: 503, and it is not counted as a refusal', async () => {
    await create();
    deps = { ...deps, secretOf: () => Promise.reject(new Error('Secrets Manager is down')) };
    expect(await post(message(), signed(message()))).toMatchObject({ status: 503 });
    expect(await receipts()).toMatchObject({ refusedInARow: 0 });
  });

  test('a receipt that cannot be recorded does not make a stored message fail', async () => {
    await create();
    deps = { ...deps, webhooks: { ...webhooks, recordAccepted: () => Promise.reject(new Error('throttled')) } };
    expect(await post(message(), signed(message()))).toMatchObject({ status: 202 });
  });
});

describe('refusals in a row', () => {
  test('are counted with the last reason until a message is accepted', async () => {
    await create();
    for (let count = 1; count <= 3; count += 1) await post(message(), signed(message(), 'another'));
    expect(metrics).toEqual([1, 2, 3]);
    expect(await receipts()).toMatchObject({
      refusedInARow: 3,
      refused: { reason: expect.stringContaining('another secret') },
    });
    await post(message(), signed(message()));
    expect(await receipts()).toMatchObject({ refusedInARow: 0, refused: { reason: expect.any(String) } });
  });

  test('that come at once are counted as several, so that ten of them raise the alarm', async () => {
    await create();
    await Promise.all(Array.from({ length: 10 }, () => post(message(), {})));
    expect(Math.max(...metrics)).toBe(10);
  });

  test('end with a message that is ignored, too', async () => {
    await create();
    await post(message(), {});
    const resolved = message({ status: 'resolved' });
    expect(await post(resolved, signed(resolved))).toMatchObject({ status: 202 });
    expect(await receipts()).toMatchObject({ refusedInARow: 0, last: null });
  });

  test('are recorded once a minute after the tenth, so that a flood of them writes little', async () => {
    await create();
    for (let count = 1; count <= 30; count += 1) await post(message(), {});
    expect(await receipts()).toMatchObject({ refusedInARow: 10 });
    now += 60_000;
    await post(message(), {});
    expect(await receipts()).toMatchObject({ refusedInARow: 11 });
    expect(metrics.slice(-2)).toEqual([10, 11]);
  });
});
