import { ScanCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startDynamo, type TestDynamo } from '../testing/local-dynamo.ts';
import { createAccessStore, type Session, type Sessions } from './index.ts';

const start = Date.parse('2026-11-03T14:00:00.000Z');
const iso = (milliseconds: number) => new Date(milliseconds).toISOString();

let dynamo: TestDynamo;
let table: string;
let sessions: Sessions;
let now = start;
beforeAll(async () => {
  dynamo = await startDynamo();
  ({ access: table } = await dynamo.createTables());
  ({ sessions } = createAccessStore({ client: dynamo.client, table, now: () => now }));
});
afterAll(() => dynamo.close());

function sampleSession(change: Partial<Session> = {}): Session {
  return {
    kind: 'github',
    account: '583231',
    name: 'octocat',
    role: 'operator',
    signedInAt: iso(start),
    endsAt: iso(start + 60_000),
    roleReadAt: iso(start),
    ...change,
  };
}

test('a session is found by its id, until its end', async () => {
  const id = await sessions.create(sampleSession());
  expect(await sessions.getSession(id)).toEqual(sampleSession());
  now = start + 59_999;
  expect(await sessions.getSession(id)).not.toBeNull();
  now = start + 60_000;
  expect(await sessions.getSession(id)).toBeNull();
  now = start;
});

test('a session keeps thousands of repositories in a few kilobytes, and an empty list is not the absence of one', async () => {
  const repositories = Array.from({ length: 5_000 }, (_, index) => `octo-org/service-${index}`).toSorted();
  const id = await sessions.create(sampleSession({ repositories }));
  await sessions.putRole(id, { role: 'viewer', name: 'octocat', roleReadAt: iso(start) });
  expect(await sessions.getSession(id)).toEqual(sampleSession({ repositories, role: 'viewer' }));
  const { Items: items = [] } = await dynamo.client.send(new ScanCommand({ TableName: table }));
  const [stored] = items.flatMap(({ repositories: bytes }) => (bytes === undefined ? [] : [bytes as Uint8Array]));
  expect(stored?.byteLength).toBeLessThan(32_000);
  const none = await sessions.create(sampleSession({ repositories: [] }));
  expect(await sessions.getSession(none)).toEqual(sampleSession({ repositories: [] }));
});

test('the table has no id with which somebody who reads it could use a session', async () => {
  const id = await sessions.create(sampleSession());
  const [, secret = ''] = id.split('.');
  const { Items: items } = await dynamo.client.send(new ScanCommand({ TableName: table }));
  expect(JSON.stringify(items)).toContain('octocat');
  expect(JSON.stringify(items)).not.toContain(secret);
});

test('the item expires after the end of the session', async () => {
  const { sessions: own } = createAccessStore({ client: dynamo.client, table, now: () => now });
  await own.create(sampleSession({ account: 'expiring', endsAt: iso(start + 1_500) }));
  const { Items: items = [] } = await dynamo.client.send(new ScanCommand({ TableName: table }));
  const item = items.find(({ session }) => (session as Session).account === 'expiring');
  expect(item?.['expiresAt']).toBe(start / 1000 + 2);
});

test('no other text finds a session: the id of another person, a changed, a short or an empty one', async () => {
  const id = await sessions.create(sampleSession());
  const other = await sessions.create(sampleSession({ account: '1' }));
  const [owner = '', secret = ''] = id.split('.');
  const [otherOwner = ''] = other.split('.');
  for (const text of [`${otherOwner}.${secret}`, `${owner}.${'A'.repeat(43)}`, owner, secret, '', `${id} `, `${id}x`])
    expect(await sessions.getSession(text)).toBeNull();
});

test('a changed role is kept, and does not bring back a session that has ended', async () => {
  const id = await sessions.create(sampleSession());
  const change = { role: 'viewer', name: 'octocat-2', roleReadAt: iso(start + 1) } as const;
  await sessions.putRole(id, change);
  expect(await sessions.getSession(id)).toEqual(sampleSession(change));
  await sessions.end(id);
  await sessions.putRole(id, change);
  expect(await sessions.getSession(id)).toBeNull();
});

test('ending all sessions of a person ends no one else’s', async () => {
  const account = '7';
  const own = [await sessions.create(sampleSession({ account })), await sessions.create(sampleSession({ account }))];
  const others = [
    await sessions.create(sampleSession({ account: '77' })),
    await sessions.create(sampleSession({ account, kind: 'oidc' })),
  ];
  expect(await sessions.endAllOf({ kind: 'github', account })).toBe(2);
  for (const id of own) expect(await sessions.getSession(id)).toBeNull();
  for (const id of others) expect(await sessions.getSession(id)).not.toBeNull();
  expect(await sessions.endAllOf({ kind: 'github', account })).toBe(0);
});
