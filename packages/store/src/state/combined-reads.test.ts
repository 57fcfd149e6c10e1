import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { startDynamo, type TestDynamo } from '../testing/local-dynamo.ts';
import { createCombinedReads } from './combined-reads.ts';
import { createStateStore } from './index.ts';
import type { ItemRead } from './state-table.ts';

let dynamo: TestDynamo;
let table: string;
let read: ItemRead;
let requests: { readonly name: string; readonly input: object }[];
beforeAll(async () => {
  dynamo = await startDynamo();
  ({ state: table } = await dynamo.createTables());
  for (let number = 0; number < 130; number += 1) {
    await dynamo.client.send(new PutCommand({ TableName: table, Item: { pk: `item#${number}`, number } }));
  }
});
beforeEach(() => {
  requests = [];
  const client = dynamo.newClient();
  client.middlewareStack.add(
    (next, { commandName }) =>
      (given) => {
        requests.push({ name: String(commandName), input: given.input });
        return next(given);
      },
    { step: 'initialize' },
  );
  read = createCombinedReads({ client, table, pause: async () => {} });
});
afterAll(() => dynamo.close());

const names = () => requests.map(({ name }) => name);

test('items that are requested in the same moment are read consistently with one request, each in its place', async () => {
  const items = await Promise.all(['item#2', 'absent', 'item#1', 'item#2'].map((pk) => read(pk)));
  expect(items.map((item) => item?.['number'] ?? null)).toEqual([2, null, 1, 2]);
  expect(requests).toEqual([
    {
      name: 'BatchGetItemCommand',
      input: {
        RequestItems: {
          [table]: { Keys: [{ pk: 'item#2' }, { pk: 'absent' }, { pk: 'item#1' }], ConsistentRead: true },
        },
      },
    },
  ]);
});

test('an item that was read before is read again', async () => {
  expect(await read('item#1')).toMatchObject({ number: 1 });
  await dynamo.client.send(new PutCommand({ TableName: table, Item: { pk: 'item#1', number: 'changed' } }));
  expect(await read('item#1')).toMatchObject({ number: 'changed' });
  expect(requests).toHaveLength(2);
});

test('more items than one request may read are read with two', async () => {
  const items = await Promise.all(Array.from({ length: 130 }, (_, number) => read(`item#${number}`)));
  expect(items.filter((item) => item !== null)).toHaveLength(130);
  expect(names()).toEqual(['BatchGetItemCommand', 'BatchGetItemCommand']);
});

test('a key that DynamoDB refuses fails alone, and not what other messages read in the same moment', async () => {
  const [refused, found] = await Promise.allSettled([read(`item#${'x'.repeat(2_100)}`), read('item#3')]);
  expect(refused.status).toBe('rejected');
  expect(found).toMatchObject({ status: 'fulfilled', value: { number: 3 } });
});

test('an expired item counts as absent, and the stores of one table share a request', async () => {
  const now = Date.parse('2026-03-01T10:00:00Z');
  const pk = 'repository-ids#octo-org#policy';
  const expiresAt = Math.floor(now / 1000);
  await dynamo.client.send(new PutCommand({ TableName: table, Item: { pk, repositoryId: 7, expiresAt } }));
  const state = createStateStore({ client: dynamo.client, table, now: () => now, read });
  const shared = await Promise.all([
    state.repositoryIds.getPolicy('Octo-Org'),
    state.lineage.getLineage(1, 2),
    state.rateLimits.holdOf(3),
    state.ledger.getDispatch('absent'),
  ]);
  expect(shared).toEqual([null, null, { rateLimitedUntil: null, outage: null }, null]);
  expect(names()).toEqual(['BatchGetItemCommand']);
});
