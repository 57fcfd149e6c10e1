import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { InvalidCursorError } from '../cursor.ts';
import { type TestDynamo, startDynamo } from '../testing/local-dynamo.ts';
import { type AccessStore, type ApiKeyRecord, createAccessStore, isLiveKey, KeyNameContendedError } from './index.ts';

const start = Date.parse('2026-11-03T14:00:00.000Z');
const iso = (milliseconds: number) => new Date(milliseconds).toISOString();

let dynamo: TestDynamo;
let access: AccessStore;
beforeAll(async () => {
  dynamo = await startDynamo();
  const { access: table } = await dynamo.createTables();
  access = createAccessStore({ client: dynamo.client, table, now: () => start });
});
afterAll(() => dynamo.close());

function sampleKey(keyId: string, change: Partial<ApiKeyRecord> = {}): ApiKeyRecord {
  return {
    keyId,
    name: 'nightly',
    role: 'dispatch',
    targets: ['octo-org/deploy:cd.yml'],
    secretHash: 'a'.repeat(64),
    createdAt: iso(start),
    createdBy: 'octocat',
    expiresAt: iso(start + 60_000),
    revokedAt: null,
    ...change,
  };
}

describe('API keys', () => {
  test('a created key is returned unchanged, and an unknown id returns null', async () => {
    await access.keys.create(sampleKey('0000000000000001'), 0);
    expect(await access.keys.getKey('0000000000000001')).toEqual(sampleKey('0000000000000001'));
    expect(await access.keys.getKey('0000000000000002')).toBeNull();
  });

  test('a second key with the same id is refused', async () => {
    const other = sampleKey('0000000000000001', { name: 'other' });
    await expect(access.keys.create(other, 0)).rejects.toThrow('already');
    expect((await access.keys.getKey('0000000000000001'))?.name).toBe('nightly');
  });

  test('pages follow each other, and an invalid cursor is refused', async () => {
    for (const number of [3, 4, 5]) {
      await access.keys.create(sampleKey(`000000000000000${number}`, { name: `paged-${number}` }), 0);
    }
    const first = await access.keys.list({ limit: 2 });
    expect(first.items.map(({ keyId }) => keyId)).toEqual(['0000000000000001', '0000000000000003']);
    const second = await access.keys.list({ limit: 3, cursor: first.cursor ?? undefined });
    expect(second.items.map(({ keyId }) => keyId)).toEqual(['0000000000000004', '0000000000000005']);
    expect(second.cursor).toBeNull();
    await expect(access.keys.list({ cursor: 'made-up' })).rejects.toThrow(InvalidCursorError);
  });

  test('the latest use of a key is returned with it, and the use of an unknown key is not stored', async () => {
    const keyId = '00000000000000d1';
    await access.keys.create(sampleKey(keyId, { name: 'used' }), 0);
    await access.keys.recordUse(keyId, iso(start + 2));
    await access.keys.recordUse(keyId, iso(start + 1));
    expect(await access.keys.getKey(keyId)).toEqual(sampleKey(keyId, { name: 'used', lastUsedAt: iso(start + 2) }));
    await access.keys.recordUse('00000000000000d2', iso(start));
    expect(await access.keys.getKey('00000000000000d2')).toBeNull();
    await access.keys.revoke(keyId, iso(start + 3));
    expect(await access.keys.getKey(keyId)).toMatchObject({ revokedAt: iso(start + 3), lastUsedAt: iso(start + 2) });
  });

  test('a name returns all its keys in any state', async () => {
    expect(await access.keys.findByName('rotated')).toEqual({ keys: [], made: 0 });
    await access.keys.create(sampleKey('000000000000000a', { name: 'rotated' }), 0);
    await access.keys.revoke('000000000000000a', iso(start + 1));
    await access.keys.create(sampleKey('000000000000000b', { name: 'rotated' }), 1);
    const { keys, made } = await access.keys.findByName('rotated');
    expect(keys.map(({ keyId, revokedAt }) => [keyId, revokedAt])).toEqual([
      ['000000000000000a', iso(start + 1)],
      ['000000000000000b', null],
    ]);
    expect(made).toBe(2);
  });

  test.each([0, 1])(
    'of many keys created under one name at once, after %s earlier ones, one is created',
    async (made) => {
      const name = `raced-${made}`;
      if (made === 1) await access.keys.create(sampleKey(`f0000000000000${made}f`, { name }), 0);
      const ids = Array.from({ length: 5 }, (_, index) => `c0000000000000${made}${index}`);
      const results = await Promise.allSettled(ids.map((id) => access.keys.create(sampleKey(id, { name }), made)));
      const refused = results.flatMap((result) => (result.status === 'rejected' ? [result.reason] : []));
      expect(refused).toEqual(Array.from({ length: 4 }, () => expect.any(KeyNameContendedError)));
      const stored = await Promise.all(ids.map((id) => access.keys.getKey(id)));
      expect(stored.filter((key) => key !== null)).toHaveLength(1);
      expect((await access.keys.findByName(name)).made).toBe(made + 1);
    },
  );

  test('the first revocation time is kept when a key is revoked again', async () => {
    await access.keys.create(sampleKey('0000000000000006', { name: 'ended' }), 0);
    expect(await access.keys.revoke('0000000000000006', iso(start + 1))).toMatchObject({ revokedAt: iso(start + 1) });
    expect(await access.keys.revoke('0000000000000006', iso(start + 2))).toMatchObject({ revokedAt: iso(start + 1) });
    expect(await access.keys.revoke('0000000000000007', iso(start))).toBeNull();
  });

  test('a key is live until it expires or is revoked', () => {
    const key = sampleKey('0000000000000008');
    expect(isLiveKey(key, start + 59_999)).toBe(true);
    expect(isLiveKey(key, start + 60_000)).toBe(false);
    expect(isLiveKey({ ...key, expiresAt: null }, start + 60_000)).toBe(true);
    expect(isLiveKey({ ...key, expiresAt: null, revokedAt: iso(start) }, start)).toBe(false);
  });
});

describe('idempotency keys', () => {
  const response = { status: 201, contentType: 'application/json', body: '{}' };
  const requestWith = (key: string) => ({ principal: 'ada', key, fingerprint: 'a'.repeat(64) });

  test('a repeated request gets the stored response, and a different one is refused', async () => {
    const request = requestWith('finished');
    const begun = await access.idempotency.claimKey(request);
    if (begun.state !== 'begun') throw new Error(begun.state);
    expect(await access.idempotency.claimKey(request)).toEqual({ state: 'in-progress' });
    await access.idempotency.putResponse(request, begun.lease, response);
    expect(await access.idempotency.claimKey(request)).toMatchObject({ state: 'answered' });
    expect(await access.idempotency.claimKey({ ...request, fingerprint: 'b' })).toEqual({ state: 'other-request' });
    expect(await access.idempotency.claimKey({ ...request, principal: 'bob' })).toMatchObject({ state: 'begun' });
  });

  test('a released key can be used again', async () => {
    const request = requestWith('released');
    const begun = await access.idempotency.claimKey(request);
    if (begun.state !== 'begun') throw new Error(begun.state);
    await access.idempotency.releaseKey(request, begun.lease);
    expect(await access.idempotency.claimKey(request)).toMatchObject({ state: 'begun' });
  });
});
