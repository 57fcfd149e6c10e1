import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startDynamo, type TestDynamo } from '../testing/local-dynamo.ts';
import { createAccessStore, currentWebhook, type Requesters, type StoredWebhook, type Webhooks } from './index.ts';

const start = Date.parse('2026-11-03T14:00:00.000Z');
const iso = (milliseconds: number) => new Date(milliseconds).toISOString();
const minute = 60_000;

let now = start;
let dynamo: TestDynamo;
let webhooks: Webhooks;
let requesters: Requesters;
beforeAll(async () => {
  dynamo = await startDynamo();
  const { access: table } = await dynamo.createTables();
  ({ webhooks, requesters } = createAccessStore({ client: dynamo.client, table, now: () => now }));
});
afterAll(() => dynamo.close());

function sample(name: string, webhookId = '0123456789abcdef'): StoredWebhook {
  return {
    webhook: {
      webhookId,
      name,
      verify: 'stripe',
      repository: 'octo-org/deploy',
      workflow: 'cd.yml',
      ref: 'main',
      inputs: { customer: '/data/object/customer' },
      when: { '/type': 'invoice.paid' },
      createdAt: iso(start),
      createdBy: 'ada',
    },
    pausedAt: null,
    secret: { version: 'v1', previous: null },
    receipts: { webhookId, last: null, refusedInARow: 0, refused: null },
  };
}

async function created(name: string): Promise<StoredWebhook> {
  const stored = sample(name);
  expect(await webhooks.create(stored)).toBe(true);
  return stored;
}

test('a created webhook is returned unchanged, and its name is in use until it is deleted', async () => {
  const stored = await created('stripe');
  const another = sample('stripe', 'f'.repeat(16));
  expect(await webhooks.getWebhook('stripe')).toEqual(stored);
  expect(await webhooks.create(another)).toBe(false);
  expect(await webhooks.delete(another.webhook)).toBe(false);
  expect(await webhooks.delete(stored.webhook)).toBe(true);
  expect(await webhooks.getWebhook('stripe')).toBeNull();
});

test('the requester of a request is the webhook that has its name and its id now', async () => {
  const { webhook } = await created('requester');
  const reference = { kind: 'webhook', id: webhook.webhookId, name: 'requester' } as const;
  expect(await requesters.getRequester(reference)).toEqual({ targets: ['octo-org/deploy:cd.yml'], ended: null });
  expect(await requesters.getRequester({ ...reference, id: 'f'.repeat(16) })).toEqual({
    targets: [],
    ended: 'deleted',
  });
  await webhooks.setPaused(webhook, iso(start));
  expect(await requesters.getRequester(reference)).toMatchObject({ ended: `paused since ${iso(start)}` });
  await webhooks.delete(webhook);
  expect(await requesters.getRequester(reference)).toEqual({ targets: [], ended: 'deleted' });
  expect(currentWebhook(null, webhook.webhookId)).toEqual({ targets: [], ended: 'deleted' });
});

test('the first pause counts, and a resumed webhook can be paused again', async () => {
  const { webhook } = await created('paused');
  const pausedAt = async () => (await webhooks.getWebhook('paused'))?.pausedAt;
  expect(await webhooks.setPaused(webhook, iso(start))).toBe(true);
  expect(await webhooks.setPaused(webhook, iso(start + minute))).toBe(true);
  expect(await pausedAt()).toBe(iso(start));
  expect(await webhooks.setPaused(webhook, null)).toBe(true);
  expect(await pausedAt()).toBeNull();
  expect(await webhooks.setPaused({ ...webhook, webhookId: 'f'.repeat(16) }, iso(start))).toBe(false);
});

test('of two rotations at once, one is stored', async () => {
  const { webhook, secret } = await created('rotated');
  const next = (version: string) => ({ version, previous: { version: 'v1', until: iso(start + minute) } });
  const results = await Promise.all(['v2', 'v3'].map((version) => webhooks.rotate(webhook, secret, next(version))));
  expect(results.filter(Boolean)).toHaveLength(1);
  expect(await webhooks.getWebhook('rotated')).toMatchObject({ secret: { previous: { version: 'v1' } } });
});

test('refusals are counted until a message is accepted, also if they come at once', async () => {
  const { webhook } = await created('refusing');
  const refused = { at: iso(start), reason: 'The signature does not match.' };
  const counts = await Promise.all(Array.from({ length: 5 }, () => webhooks.recordRefused(webhook, refused)));
  expect(new Set(counts)).toEqual(new Set([1, 2, 3, 4, 5]));
  expect(await webhooks.getWebhook('refusing')).toMatchObject({ receipts: { refusedInARow: 5, refused } });
  const last = { receivedAt: iso(start + minute), runKey: `request-${'a'.repeat(32)}` };
  await webhooks.recordAccepted(webhook, last);
  expect(await webhooks.getWebhook('refusing')).toMatchObject({ receipts: { refusedInARow: 0, refused, last } });
  await webhooks.recordRefused(webhook, refused);
  await webhooks.recordAccepted(webhook, null);
  expect(await webhooks.getWebhook('refusing')).toMatchObject({ receipts: { refusedInARow: 0, last } });
  expect(await webhooks.recordRefused({ ...webhook, webhookId: 'f'.repeat(16) }, refused)).toBeNull();
  expect(await webhooks.getWebhook('refusing')).toMatchObject({ receipts: { refusedInARow: 0 } });
});

test('the time of a content stays the same for five minutes, also for two at once, and then begins anew', async () => {
  const within = 5 * minute;
  const times = await Promise.all([1, 2].map(() => webhooks.firstReceivedAt('w1', 'content', within)));
  expect(times).toEqual([iso(start), iso(start)]);
  now = start + within;
  expect(await webhooks.firstReceivedAt('w1', 'content', within)).toBe(iso(start));
  expect(await webhooks.firstReceivedAt('w2', 'content', within)).toBe(iso(now));
  now += 1;
  expect(await webhooks.firstReceivedAt('w1', 'content', within)).toBe(iso(now));
});
