import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Fact } from '@dispatcher/contracts';
import type { RepositoryIdStore } from '@dispatcher/store';
import type { FastifyInstance } from 'fastify';
import { type AdminHarness, startAdminHarness, startTime } from '../testing/admin-harness.ts';

let harness: AdminHarness;
let published: Fact[];
let busFails: boolean;
let app: FastifyInstance;
let ids: RepositoryIdStore;
let pairs = 0;
let pair: { source: string; target: string };
beforeAll(async () => {
  harness = await startAdminHarness();
  app = harness.app((dependencies) => {
    ids = dependencies.confirmation.repositoryIds;
    const publish = async (facts: readonly Fact[]) => {
      if (busFails) throw new Error('the bus is gone');
      published.push(...facts);
    };
    return { confirmation: { ...dependencies.confirmation, bus: { publish } } };
  });
});
beforeEach(async () => {
  published = [];
  busFails = false;
  pairs += 1;
  pair = { source: `partner/app-${pairs}`, target: 'octo-org/deploy' };
  const source = { repositoryId: 1, replacement: { repositoryId: 2, blobId: 'b' } };
  await ids.putIds(pair, { source, target: { repositoryId: 22, replacement: null } }, null);
});
afterAll(() => harness.close());

async function confirm(change: object = {}, headers: Record<string, string> = {}, name = pair.source) {
  const body = { role: 'source', otherRepository: pair.target, repositoryId: 2, reason: 'They moved.' };
  const response = await app.inject({
    method: 'POST',
    url: `/api/repositories/${name}/confirm`,
    payload: { ...body, ...change },
    headers,
  });
  return { status: response.statusCode, body: response.json<Record<string, unknown>>() };
}

test('a refused repository takes the place of the first one, and the audit log says who confirmed it', async () => {
  const { status, body } = await confirm({}, {}, pair.source.toUpperCase());
  expect(status).toBe(200);
  expect(await ids.getIds(pair)).toMatchObject({
    source: { repositoryId: 2, replacement: null },
    target: { repositoryId: 22 },
    version: 2,
  });
  const who = { operator: 'local', reason: 'They moved.', actionId: body['actionId'] };
  expect(published).toMatchObject([
    {
      type: 'repository.confirmed',
      time: new Date(startTime).toISOString(),
      data: { side: 'source', ...pair, ...who },
    },
  ]);
});

test('a secret in the reason is not recorded, and the response says so', async () => {
  const { body } = await confirm({ reason: `the key was ghs_${'A1b2'.repeat(9)}` });
  expect(body['notice']).toContain('Revoke the secret');
  expect(published).toMatchObject([{ data: { reason: 'the key was [redacted]' } }]);
});

test('the target of a route is confirmed by its own name', async () => {
  const known = await ids.getIds(pair);
  const target = { repositoryId: 22, replacement: { repositoryId: 23, blobId: 'b' } };
  await ids.putIds(pair, { source: { repositoryId: 1, replacement: null }, target }, known);
  const change = { role: 'target', otherRepository: pair.source, repositoryId: 23 };
  expect((await confirm(change, {}, pair.target)).status).toBe(200);
  expect((await ids.getIds(pair))?.target).toEqual({ repositoryId: 23, replacement: null });
});

test('an id that was not refused cannot be confirmed', async () => {
  expect(await confirm({ repositoryId: 3 })).toMatchObject({
    status: 409,
    body: { detail: expect.stringContaining('Repository 2 was refused') },
  });
  await confirm();
  expect((await confirm({ repositoryId: 3 })).status).toBe(409);
  expect((await ids.getIds(pair))?.source).toEqual({ repositoryId: 2, replacement: null });
});

test('two repositories between which nothing was ever allowed have nothing to confirm', async () => {
  expect(await confirm({ otherRepository: 'octo-org/unknown' })).toMatchObject({ status: 404 });
  expect(published).toEqual([]);
});

test('a repeat with the same key is the same action', async () => {
  busFails = true;
  const headers = { 'idempotency-key': 'confirm-1' };
  expect(await confirm({}, headers)).toMatchObject({
    status: 503,
    body: { detail: expect.stringContaining('repeat') },
  });
  busFails = false;
  const { status, body } = await confirm({}, headers);
  expect(status).toBe(200);
  expect(published).toMatchObject([{ data: { actionId: body['actionId'] } }]);
});

test('the removal of a policy is confirmed for the repository in which it was seen', async () => {
  const owner = `owner-${pairs}`;
  await ids.putPolicy(owner, 77);
  const change = { role: 'policy', otherRepository: undefined, repositoryId: 77 };
  expect((await confirm({ ...change, repositoryId: 78 }, {}, `${owner}/.github`)).status).toBe(409);
  expect((await confirm(change, {}, `${owner}/app`)).status).toBe(400);
  expect(await ids.getPolicy(owner)).toBe(77);
  expect((await confirm(change, {}, `${owner}/.github`)).status).toBe(200);
  expect(await ids.getPolicy(owner)).toBeNull();
  const name = `${owner}/.github`;
  expect(published).toMatchObject([{ data: { side: 'policy', source: name, target: name, repositoryId: 77 } }]);
});

test('the other side is required, except for a policy', async () => {
  expect((await confirm({ otherRepository: undefined })).status).toBe(400);
});

test('a viewer may not confirm, and a reason is required', async () => {
  const headers = { 'x-api-key': await harness.createKey({ name: 'wall', role: 'viewer' }) };
  expect((await confirm({}, headers)).status).toBe(403);
  expect((await confirm({ reason: ' ' })).status).toBe(400);
  expect((await ids.getIds(pair))?.source.repositoryId).toBe(1);
});
