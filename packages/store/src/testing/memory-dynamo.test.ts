import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { expect, test } from '@jest/globals';
import { createMemoryDynamo } from './memory-dynamo.ts';

// The limit of DynamoDB, which the model enforces so that an item that grows without a limit fails a test.

const tableName = 'plans';
const Key = { pk: 'p', sk: 's' };
const add = (members: readonly string[]) =>
  new UpdateCommand({
    TableName: tableName,
    Key,
    UpdateExpression: 'ADD members :members',
    ExpressionAttributeValues: { ':members': new Set(members) },
  });

test('an item of 400 KB is stored, and a larger one is refused', async () => {
  const client = createMemoryDynamo().newClient();
  const put = (bytes: number) =>
    client.send(new PutCommand({ TableName: tableName, Item: { ...Key, data: 'x'.repeat(bytes) } }));
  const others = 'pk'.length + 'p'.length + 'sk'.length + 's'.length + 'data'.length;
  await put(400 * 1024 - others);
  await expect(put(400 * 1024 - others + 1)).rejects.toThrow('maximum allowed size');
});

test('a set that grows beyond 400 KB is refused, and stays as it was', async () => {
  const client = createMemoryDynamo().newClient();
  const members = Array.from({ length: 20_000 }, (_, index) => `123456789-${20_000_000_000 + index}-1`);
  await client.send(add(members.slice(0, 10_000)));
  await expect(client.send(add(members.slice(10_000)))).rejects.toThrow('maximum allowed size');
  const { Item: item } = await client.send(new GetCommand({ TableName: tableName, Key }));
  expect(item).toMatchObject({ members: new Set(members.slice(0, 10_000)) });
});
