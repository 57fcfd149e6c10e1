import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { Fact } from '@dispatcher/contracts';
import type { FastifyInstance } from 'fastify';
import { startDynamo, type TestDynamo } from '@dispatcher/store/testing';
import { createAdminApp } from '../app.ts';
import { createTestDependencies, createTestEnvironment } from '../testing/test-dependencies.ts';

let dynamo: TestDynamo;
let access: string;
let app: FastifyInstance;
let published: Fact[];
let busFails: boolean;
/** The bus publishes the facts, and the function learns nothing of it. */
let isBusResponseLost: boolean;
beforeAll(async () => {
  dynamo = await startDynamo();
});
beforeEach(async () => {
  const tables = await dynamo.createTables();
  access = tables.access;
  const dependencies = createTestDependencies(createTestEnvironment(tables, dynamo.url), { dynamodb: dynamo.client });
  const bus = {
    publish: async (facts: readonly Fact[]) => {
      if (busFails) throw new Error('the bus is gone');
      published.push(...facts);
      if (isBusResponseLost) throw new Error('the connection to the bus was closed');
    },
  };
  app = createAdminApp({ ...dependencies, apiKeys: { ...dependencies.apiKeys, bus } });
  published = [];
  busFails = false;
  isBusResponseLost = false;
});
afterAll(() => dynamo.close());

async function post(url: string, payload: object, headers: Record<string, string> = {}) {
  const response = await app.inject({ method: 'POST', url, payload, headers });
  return { status: response.statusCode, body: response.json<Record<string, unknown>>() };
}

const viewer = { name: 'dashboard', role: 'viewer', reason: 'For the dashboard.' };

describe('creating a key', () => {
  test('returns the secret once, records who and why, and stores no secret, not even for a retry', async () => {
    const headers = { 'idempotency-key': 'create-1' };
    const { status, body } = await post('/api/keys', viewer, headers);
    expect(status).toBe(201);
    const secret = String(body['secret']);
    expect(secret).toMatch(/^dsp_[0-9a-f]{16}_/);
    expect(published).toMatchObject([
      {
        type: 'key.changed',
        data: { action: 'created', name: 'dashboard', operator: 'local', reason: 'For the dashboard.' },
      },
    ]);
    const repeated = await post('/api/keys', viewer, headers);
    expect(repeated).toMatchObject({ status: 409, body: { detail: expect.stringContaining('shown once') } });
    const { Items: items } = await dynamo.client.send(new ScanCommand({ TableName: access }));
    // Not split at `_`, which the random part can contain.
    expect(JSON.stringify(items)).not.toContain(secret.slice('dsp_0123456789abcdef_'.length));
    const { keys } = (await app.inject({ url: '/api/keys' })).json<{ keys: object[] }>();
    expect(keys).toEqual([body['key']]);
    expect(JSON.stringify(keys)).not.toContain('secretHash');
    expect((await app.inject({ url: '/api/deliveries', headers: { 'x-api-key': secret } })).statusCode).toBe(200);
  });

  test('with the name of an active key is refused, except as a rotation', async () => {
    expect((await post('/api/keys', viewer)).status).toBe(201);
    expect(await post('/api/keys', viewer)).toMatchObject({
      status: 409,
      body: { detail: expect.stringContaining('already has the name dashboard') },
    });
    expect((await post('/api/keys', { ...viewer, rotate: true })).status).toBe(201);
  });

  test.each([
    [{ ...viewer, role: 'dispatch' }, /targets/],
    [{ ...viewer, targets: ['octo-org/deploy'] }, /targets/],
    [{ ...viewer, name: 'Dashboard' }, /lower-case/],
    [{ ...viewer, expiresInDays: 0 }, /expiresInDays/],
    [{ ...viewer, reason: ' ' }, /reason/],
  ])('%j is refused with 400', async (payload, message) => {
    expect(await post('/api/keys', payload)).toMatchObject({
      status: 400,
      body: { detail: expect.stringMatching(message) },
    });
    expect(published).toEqual([]);
  });

  test('shows in the list when the key was last used', async () => {
    const { body } = await post('/api/keys', viewer);
    const lastUse = async () =>
      (await app.inject({ url: '/api/keys' })).json<{ keys: { lastUsedAt: string | null }[] }>().keys[0]?.lastUsedAt;
    expect(await lastUse()).toBeNull();
    const before = Date.now();
    await app.inject({ url: '/api/deliveries', headers: { 'x-api-key': String(body['secret']) } });
    expect(Date.parse((await lastUse()) ?? '')).toBeGreaterThanOrEqual(before);
  });

  test('a viewer may list keys and create none', async () => {
    const { body } = await post('/api/keys', viewer);
    const headers = { 'x-api-key': String(body['secret']) };
    expect((await app.inject({ url: '/api/keys', headers })).statusCode).toBe(200);
    expect((await post('/api/keys', { ...viewer, name: 'other' }, headers)).status).toBe(403);
  });

  test('if it cannot be recorded, no key is stored', async () => {
    busFails = true;
    expect((await post('/api/keys', viewer)).status).toBe(500);
    expect((await app.inject({ url: '/api/keys' })).json()).toMatchObject({ keys: [] });
  });
});

describe('revoking a key', () => {
  test('takes effect for changes at once and is recorded; a repeat keeps the first time', async () => {
    const { body } = await post('/api/keys', { ...viewer, role: 'operator' });
    const { keyId } = body['key'] as { keyId: string };
    const revoked = await post(`/api/keys/${keyId}/revoke`, { reason: 'It leaked.' });
    expect(revoked).toMatchObject({ status: 200, body: { key: { keyId, revokedAt: expect.any(String) } } });
    expect((await post(`/api/keys/${keyId}/revoke`, { reason: 'Again.' })).body['key']).toEqual(revoked.body['key']);
    const headers = { 'x-api-key': String(body['secret']) };
    expect((await post('/api/pause', { reason: 'x' }, headers)).status).toBe(401);
  });

  test('that does not exist is 404', async () => {
    expect(await post('/api/keys/0123456789abcdef/revoke', { reason: 'x' })).toMatchObject({
      status: 404,
      body: { detail: expect.stringContaining('does not exist') },
    });
  });

  test('if it cannot be recorded, the key is revoked all the same, and the response says to repeat it', async () => {
    const { body } = await post('/api/keys', viewer);
    const { keyId } = body['key'] as { keyId: string };
    busFails = true;
    expect(await post(`/api/keys/${keyId}/revoke`, { reason: 'It leaked.' })).toMatchObject({
      status: 503,
      body: { detail: expect.stringContaining('was revoked, but the change was not recorded') },
    });
    expect((await app.inject({ url: '/api/keys' })).json()).toMatchObject({
      keys: [{ revokedAt: expect.any(String) }],
    });
  });

  test('a retry after the response of the bus was lost returns the action id of the recorded fact', async () => {
    const { body } = await post('/api/keys', viewer);
    const { keyId } = body['key'] as { keyId: string };
    published = [];
    const revoke = () => post(`/api/keys/${keyId}/revoke`, { reason: 'It leaked.' }, { 'idempotency-key': 'revoke-1' });
    isBusResponseLost = true;
    expect((await revoke()).status).toBe(503);
    isBusResponseLost = false;
    const retried = await revoke();
    expect(retried.status).toBe(200);
    // Both facts have the same id, so the first one is recorded.
    const [recorded, repeated] = published;
    expect(repeated).toEqual(recorded);
    expect(recorded).toMatchObject({ type: 'key.changed', data: { actionId: retried.body['actionId'] } });
  });
});
