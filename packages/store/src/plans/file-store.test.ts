import { randomBytes } from 'node:crypto';
import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { startDynamo, type TestDynamo } from '../testing/index.ts';
import { createFileReads, createFileStore, type FileReads } from './index.ts';

let dynamo: TestDynamo;
let table: string;
let reads: FileReads;
let now = Date.parse('2026-11-03T14:00:00.000Z');
beforeAll(async () => {
  dynamo = await startDynamo();
  ({ plans: table } = await dynamo.createTables());
  reads = createFileReads({ client: dynamo.client, table, now: () => now });
});
afterAll(() => dynamo.close());

const createStore = () => createFileStore({ client: dynamo.client, table, now: () => now });
const dayMs = 24 * 60 * 60 * 1000;

test('a content is found under its blob id, unchanged', async () => {
  const file = { blobId: 'a'.repeat(40), text: 'outbound:\n  - workflow: “ci”.yml\n' };
  await createStore().put(file);
  expect(await reads.file(file.blobId)).toEqual(file);
  expect(await reads.file('b'.repeat(40))).toBeNull();
});

test('a content outlives the plans that were decided on it, even if it is written only once a day', async () => {
  const file = { blobId: 'c'.repeat(40), text: 'inbound: []\n' };
  const start = now;
  const store = createStore();
  await store.put(file);
  now = start + dayMs - 1;
  await store.put(file);
  // A plan of this moment is stored for 100 days.
  now += 100 * dayMs;
  expect(await reads.file(file.blobId)).toEqual(file);
  now = start + 103 * dayMs;
  expect(await reads.file(file.blobId)).toBeNull();
  await store.put(file);
  expect(await reads.file(file.blobId)).toEqual(file);
});

test('a content that does not compress to a small item is left out', async () => {
  const file = { blobId: 'd'.repeat(40), text: randomBytes(96 * 1024).toString('base64') };
  await createStore().put(file);
  expect(await reads.file(file.blobId)).toBeNull();
});
