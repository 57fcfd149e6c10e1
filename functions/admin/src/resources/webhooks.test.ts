import { DispatchRequested, type Fact, runKey } from '@dispatcher/contracts';
import { createAccessStore, type Webhooks } from '@dispatcher/store';
import { startDynamo, type TestDynamo } from '@dispatcher/store/testing';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { createAdminApp } from '../app.ts';
import { createBasicAuthentication } from '../auth/basic.ts';
import { createTestDependencies, createTestEnvironment } from '../testing/test-dependencies.ts';

const start = Date.parse('2026-11-28T12:00:00.000Z');
const hour = 3_600_000;

let dynamo: TestDynamo;
let app: FastifyInstance;
let secured: FastifyInstance;
let webhooks: Webhooks;
/** What Secrets Manager has, by id and version. */
let secrets: Map<string, Map<string, string>>;
let published: Fact[];
let sent: DispatchRequested[];
let failing: 'bus' | 'secrets' | null;
beforeAll(async () => {
  dynamo = await startDynamo();
});
beforeEach(async () => {
  const tables = await dynamo.createTables();
  const dependencies = createTestDependencies(createTestEnvironment(tables, dynamo.url), { dynamodb: dynamo.client });
  ({ webhooks } = createAccessStore({ client: dynamo.client, table: tables.access }));
  secrets = new Map();
  const fail = (what: typeof failing) => {
    if (failing === what) throw new Error(`${what}: gone`);
  };
  const own = {
    webhooks,
    now: () => start,
    secrets: {
      create: async (id: string, version: string, text: string) => {
        fail('secrets');
        secrets.set(id, new Map([[version, text]]));
      },
      put: async (id: string, version: string, text: string) => {
        fail('secrets');
        secrets.get(id)?.set(version, text);
      },
      delete: async (id: string) => {
        fail('secrets');
        secrets.delete(id);
      },
    },
    runs: { send: async (message: object) => void sent.push(DispatchRequested.parse(message)) },
    bus: {
      publish: async (facts: readonly Fact[]) => {
        fail('bus');
        published.push(...facts);
      },
    },
  };
  app = createAdminApp({ ...dependencies, webhooks: own });
  const authentication = createBasicAuthentication('ada', async () => 'correct horse');
  secured = createAdminApp({ ...dependencies, webhooks: own, authentication });
  published = [];
  sent = [];
  failing = null;
});
afterAll(() => dynamo.close());

async function post(url: string, payload: object, headers: Record<string, string> = {}) {
  const response = await app.inject({ method: 'POST', url, payload, headers });
  return { status: response.statusCode, body: response.json<Record<string, unknown>>() };
}

const grafana = {
  name: 'grafana',
  verify: 'hmac-sha256:X-Grafana-Alerting-Signature,timestamp=X-Grafana-Alerting-Timestamp',
  target: 'octo-org/deploy:.github/workflows/cd.yml',
  inputs: { alert: '/alerts/0/labels/alertname', environment: 'staging' },
  when: { '/status': 'firing' },
  reason: 'scale out on alerts',
};
const because = { reason: 'the target is being moved' };
const listText = async () => (await app.inject({ url: '/api/webhooks' })).body;
const list = async () => (JSON.parse(await listText()) as { webhooks: Record<string, unknown>[] }).webhooks;
const storedSecrets = async (name: string) => secrets.get((await webhooks.getWebhook(name))?.webhook.webhookId ?? '');
const actions = () => published.map(({ data }) => 'action' in data && data.action);

describe('creating a webhook', () => {
  test('returns its generated secret once, records who and why, and lists it without the secret', async () => {
    const { status, body } = await post('/api/webhooks', grafana);
    expect({ status, body }).toMatchObject({
      status: 201,
      body: {
        secret: expect.stringMatching(/^[0-9a-f]{64}$/),
        webhook: {
          name: 'grafana',
          path: '/webhooks/grafana',
          verify: grafana.verify,
          target: 'octo-org/deploy:cd.yml',
          ref: null,
          inputs: grafana.inputs,
          when: grafana.when,
          createdBy: 'local',
          pausedAt: null,
          formerSecretUntil: null,
          last: null,
          refusedInARow: 0,
          refused: null,
        },
      },
    });
    expect([...((await storedSecrets('grafana')) ?? [])].map(([, text]) => text)).toEqual([body['secret']]);
    expect(published).toMatchObject([
      {
        type: 'webhook.changed',
        data: {
          actionId: body['actionId'],
          action: 'created',
          name: 'grafana',
          target: 'octo-org/deploy:cd.yml',
          operator: 'local',
          reason: 'scale out on alerts',
        },
      },
    ]);
    expect(await list()).toEqual([body['webhook']]);
    expect((await listText()) + JSON.stringify(published)).not.toContain(String(body['secret']));
    expect(JSON.stringify(await webhooks.getWebhook('grafana'))).not.toContain(String(body['secret']));
  });

  test('with the sender’s secret stores that one, and does not return it', async () => {
    const secret = 'whsec_the_secret_of_stripe';
    const { status, body } = await post('/api/webhooks', { ...grafana, verify: 'stripe', secret });
    expect([status, body['secret']]).toEqual([201, null]);
    expect([...((await storedSecrets('grafana')) ?? [])].map(([, text]) => text)).toEqual([secret]);
  });

  test('a repeat with the same Idempotency-Key is refused: a secret is not stored with the response', async () => {
    const key = { 'idempotency-key': 'k1' };
    expect((await post('/api/webhooks', grafana, key)).status).toBe(201);
    expect(await post('/api/webhooks', grafana, key)).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('shown once') },
    });
    expect(await list()).toHaveLength(1);
  });

  test('a name that is in use, or that is GitHub’s own, is refused, and no secret is left behind', async () => {
    await post('/api/webhooks', grafana);
    expect((await post('/api/webhooks', grafana)).status).toBe(409);
    expect((await post('/api/webhooks', { ...grafana, name: 'github' })).status).toBe(409);
    expect(secrets.size).toBe(1);
  });

  test.each([
    ['name', { name: 'Grafana' }],
    ['verify', { verify: 'md5' }],
    ['target', { target: 'octo-org/deploy' }],
    ['target', { target: 'deploy:cd.yml' }],
    ['ref', { ref: 'a'.repeat(40) }],
    ['inputs.alert', { inputs: { alert: '/a~2' } }],
    ['inputs', { inputs: Object.fromEntries(Array.from({ length: 26 }, (_, at) => [`i${at}`, 'x'])) }],
    ['when.status', { when: { status: 'firing' } }],
    ['secret', { secret: 'short' }],
    ['reason', { reason: '' }],
    ['unknown', { unknown: 1 }],
  ])('a wrong %s is refused with its name: %j', async (field, change) => {
    const { status, body } = await post('/api/webhooks', { ...grafana, ...change });
    expect([status, JSON.stringify(body)]).toEqual([400, expect.stringContaining(field)]);
    expect([await list(), secrets.size]).toEqual([[], 0]);
  });

  test('needs the role operator', async () => {
    expect((await secured.inject({ method: 'POST', url: '/api/webhooks', payload: grafana })).statusCode).toBe(401);
  });
});

describe('rotating a secret', () => {
  test('returns the new one, and the former one is accepted for a day', async () => {
    const { body: created } = await post('/api/webhooks', grafana);
    const { status, body } = await post('/api/webhooks/grafana/rotate', because);
    expect([status, body['secret'] === created['secret']]).toEqual([200, false]);
    expect(body['webhook']).toMatchObject({ formerSecretUntil: new Date(start + 24 * hour).toISOString() });
    const stored = await webhooks.getWebhook('grafana');
    const versions = await storedSecrets('grafana');
    expect(versions?.get(stored?.secret.version ?? '')).toBe(body['secret']);
    expect(versions?.get(stored?.secret.previous?.version ?? '')).toBe(created['secret']);
    expect(actions()).toEqual(['created', 'rotated']);
  });

  test('with keepHours 0 ends the former one at once', async () => {
    await post('/api/webhooks', grafana);
    const { body } = await post('/api/webhooks/grafana/rotate', { ...because, keepHours: 0 });
    expect(body['webhook']).toMatchObject({ formerSecretUntil: null });
  });

  test('keeps the former one if Secrets Manager fails', async () => {
    await post('/api/webhooks', grafana);
    const before = await webhooks.getWebhook('grafana');
    failing = 'secrets';
    expect((await post('/api/webhooks/grafana/rotate', because)).status).toBe(500);
    expect(await webhooks.getWebhook('grafana')).toEqual(before);
  });
});

describe('pausing, resuming and deleting', () => {
  test('each is recorded and shown; deleting deletes the secret, too', async () => {
    await post('/api/webhooks', grafana);
    const { body: paused } = await post('/api/webhooks/grafana/pause', because);
    expect(paused['webhook']).toMatchObject({ pausedAt: new Date(start).toISOString() });
    const { body: resumed } = await post('/api/webhooks/grafana/resume', because);
    expect(resumed['webhook']).toMatchObject({ pausedAt: null });
    expect((await post('/api/webhooks/grafana/delete', because)).status).toBe(200);
    expect([await list(), secrets.size]).toEqual([[], 0]);
    expect(actions()).toEqual(['created', 'paused', 'resumed', 'deleted']);
  });

  test('a pause takes effect even if it cannot be recorded, and says so', async () => {
    await post('/api/webhooks', grafana);
    failing = 'bus';
    expect(await post('/api/webhooks/grafana/pause', because)).toMatchObject({
      status: 503,
      body: { detail: expect.stringContaining('Repeat it.') },
    });
    expect((await webhooks.getWebhook('grafana'))?.pausedAt).not.toBeNull();
  });

  test('a secret that cannot be deleted is named, and the webhook is gone', async () => {
    const { body } = await post('/api/webhooks', grafana);
    const { webhookId } = body['webhook'] as { readonly webhookId: string };
    failing = 'secrets';
    const { status, body: problem } = await post('/api/webhooks/grafana/delete', because);
    expect([status, problem['detail']]).toEqual([503, expect.stringContaining(webhookId)]);
    expect(await list()).toEqual([]);
  });

  test.each(['pause', 'resume', 'rotate', 'delete'])('%s of an unknown webhook is a 404', async (change) => {
    expect((await post(`/api/webhooks/unknown/${change}`, because)).status).toBe(404);
    expect(published).toEqual([]);
  });
});

describe('testing', () => {
  const message = { status: 'firing', alerts: [{ labels: { alertname: 'High CPU' } }] };
  const testWith = (body: object) => post('/api/webhooks/grafana/test', { ...because, ...body });

  test('says which inputs a message gives, and starts nothing', async () => {
    await post('/api/webhooks', grafana);
    expect((await testWith({ message })).body).toMatchObject({
      result: 'matched',
      inputs: { alert: 'High CPU', environment: 'staging' },
      detail: null,
      runKey: null,
    });
    expect([sent, actions()]).toEqual([[], ['created', 'tested']]);
  });

  test('says which condition does not hold, and which value is missing', async () => {
    await post('/api/webhooks', grafana);
    expect((await testWith({ message: { ...message, status: 'resolved' }, run: true })).body).toMatchObject({
      result: 'unmatched',
      detail: 'The message has "resolved" at /status, and the condition is "firing".',
    });
    expect((await testWith({ message: { status: 'firing' }, run: true })).body).toMatchObject({
      result: 'invalid',
      detail: expect.stringContaining('at /alerts/0/labels/alertname'),
    });
    expect(sent).toEqual([]);
  });

  test('with run requests the dispatch as a message of the webhook, once for one Idempotency-Key', async () => {
    await post('/api/webhooks', grafana);
    const key = { 'idempotency-key': 'k1' };
    const { body } = await post('/api/webhooks/grafana/test', { ...because, message, run: true }, key);
    await post('/api/webhooks/grafana/test', { ...because, message, run: true }, key);
    expect(sent.map((request) => runKey(request))).toEqual([body['runKey']]);
    expect(sent[0]).toMatchObject({
      webhook: { name: 'grafana', targets: ['octo-org/deploy:cd.yml'] },
      request: { inputs: { alert: 'High CPU', environment: 'staging' } },
    });
  });

  test('a paused webhook requests nothing', async () => {
    await post('/api/webhooks', grafana);
    await post('/api/webhooks/grafana/pause', because);
    expect((await testWith({ message, run: true })).status).toBe(409);
    expect((await testWith({ message })).status).toBe(200);
    expect(sent).toEqual([]);
  });
});
