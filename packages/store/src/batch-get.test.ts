import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { batchGet } from './batch-get.ts';
import { startDynamo, type TestDynamo } from './testing/local-dynamo.ts';

let dynamo: TestDynamo;
let tables: Awaited<ReturnType<TestDynamo['createTables']>>;
beforeAll(async () => {
  dynamo = await startDynamo();
  tables = await dynamo.createTables();
  const put = (table: string, item: object) =>
    dynamo.client.send(new PutCommand({ TableName: table, Item: { ...item } }));
  for (const pk of ['a', 'b', 'c']) await put(tables.state, { pk, value: pk });
  await put(tables.plans, { pk: 'a', sk: '000000', value: 'plan' });
});
afterAll(() => dynamo.close());

const keys = () => ({
  [tables.state]: [{ pk: 'a' }, { pk: 'absent' }, { pk: 'b' }, { pk: 'c' }],
  [tables.plans]: [
    { pk: 'a', sk: '000000' },
    { pk: 'a', sk: '000001' },
  ],
  [tables.access]: [],
});

/** Returns a client that leaves all keys but the first of each table unprocessed, so many times. */
function overloaded(times: number) {
  const client = dynamo.newClient();
  let requests = 0;
  client.middlewareStack.add(
    (next) => async (given) => {
      requests += 1;
      if (requests > times) return next(given);
      const { RequestItems: items } = given.input as { RequestItems: Record<string, { Keys: object[] }> };
      const part = (pick: (list: object[]) => object[]) =>
        Object.fromEntries(
          Object.entries(items)
            .map(([table, request]) => [table, { ...request, Keys: pick(request.Keys) }] as const)
            .filter(([, { Keys }]) => Keys.length > 0),
        );
      const result = await next({ ...given, input: { RequestItems: part((list) => list.slice(0, 1)) } });
      const output = result.output as { UnprocessedKeys?: object };
      output.UnprocessedKeys = part((list) => list.slice(1));
      return result;
    },
    { step: 'initialize', priority: 'low', name: 'overload' },
  );
  return { client, requests: () => requests };
}

const valuesOf = async (client = dynamo.client, pauses: number[] = []) => {
  const items = await batchGet({ client, pause: async (ms) => pauses.push(ms) }, keys());
  return Object.values(items).map((list) => list.map((item) => item?.['value'] ?? null));
};
const expected = [['a', null, 'b', 'c'], ['plan', null], []];

test('items of several tables are returned in the order of their keys, null for what does not exist', async () => {
  expect(await valuesOf()).toEqual(expected);
});

test('keys that DynamoDB left unprocessed are read again and are not taken for absent', async () => {
  const { client, requests } = overloaded(3);
  const pauses: number[] = [];
  expect(await valuesOf(client, pauses)).toEqual(expected);
  expect(requests()).toBeGreaterThan(2);
  expect(pauses).toHaveLength(requests() - 1);
});

test('keys that DynamoDB left unprocessed are read again with the same projection', async () => {
  const { client } = overloaded(3);
  const items = await batchGet({ client, pause: async () => {} }, keys(), { attributes: [] });
  expect(Object.values(items)).toEqual([
    [{ pk: 'a' }, null, { pk: 'b' }, { pk: 'c' }],
    [{ pk: 'a', sk: '000000' }, null],
    [],
  ]);
});

test('keys that stay unprocessed are an error', async () => {
  await expect(valuesOf(overloaded(100).client)).resolves.toEqual(expected);
  const client = dynamo.newClient();
  client.middlewareStack.add(
    (next) => async (given) => {
      const result = await next(given);
      const { RequestItems } = given.input as { RequestItems: object };
      Object.assign(result.output as object, { Responses: {}, UnprocessedKeys: RequestItems });
      return result;
    },
    { step: 'initialize', priority: 'low', name: 'refuse' },
  );
  await expect(valuesOf(client)).rejects.toThrow(/unprocessed 6 times/);
});
