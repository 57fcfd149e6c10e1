import { createAccessStore, type Session } from '@dispatcher/store';
import { silent } from '@dispatcher/lambda/testing';
import { startDynamo, type TestDynamo } from '@dispatcher/store/testing';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { endSessions } from './end-sessions.ts';

let dynamo: TestDynamo;
beforeAll(async () => {
  dynamo = await startDynamo();
});
afterAll(() => dynamo.close());

test('the sessions of the user end, and nobody else’s, however often the message arrives', async () => {
  const { access: table } = await dynamo.createTables();
  const { sessions } = createAccessStore({ client: dynamo.client, table });
  const now = new Date().toISOString();
  const session = (change: Partial<Session>): Session => ({
    kind: 'github',
    account: '583231',
    name: 'octocat',
    role: 'operator',
    signedInAt: now,
    endsAt: new Date(Date.now() + 3_600_000).toISOString(),
    roleReadAt: now,
    ...change,
  });
  const ended = [await sessions.create(session({})), await sessions.create(session({ role: 'viewer' }))];
  const kept = [await sessions.create(session({ account: '58323' })), await sessions.create(session({ kind: 'oidc' }))];
  const message = {
    type: 'authorization.revoked',
    version: 1,
    deliveryId: '0d1e2f3a-0000-4000-8000-000000000000',
    receivedAt: now,
    userId: 583_231,
  } as const;
  for (let each = 0; each < 2; each += 1) await endSessions({ sessions, log: silent }, message);
  for (const id of ended) expect(await sessions.getSession(id)).toBeNull();
  for (const id of kept) expect(await sessions.getSession(id)).not.toBeNull();
});
