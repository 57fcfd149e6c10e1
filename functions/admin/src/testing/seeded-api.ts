import type { Fact } from '@dispatcher/contracts';
import { hashSecret, newApiKey, type NewApiKey } from '@dispatcher/lambda';
import { type ApiKeyRecord, createAccessStore, createDocumentClient, createFactStore } from '@dispatcher/store';
import { startDynamo } from '@dispatcher/store/testing';
import type { FastifyInstance } from 'fastify';
import { createAdminApp } from '../app.ts';
import { basicAuthentication } from '../auth/authentication.ts';
import { type DynamoProxy, startDynamoProxy } from './dynamo-proxy.ts';
import { history, timeAt } from './seed-facts.ts';
import { startDeadLetters } from './seed-dead-letters.ts';
import { createTestLog } from './recording-log.ts';

export interface TestApi {
  readonly app: FastifyInstance;
  /** Between the app and its database. */
  readonly proxy: DynamoProxy;
  /** What gets in: an operator's API key. */
  readonly credentials: { readonly 'x-api-key': string };
  readonly accessTable: string;
  close(): Promise<void>;
}

/** While all of the history is less than an hour old. */
const rolledUpAt = Date.parse(timeAt(600));

/** The API with authentication on, over a database that holds the history. */
export async function startTestApi(): Promise<TestApi> {
  const dynamo = await startDynamo();
  const { facts: table, projections: projectionsTable, access: accessTable } = await dynamo.createTables();
  const store = createFactStore({ client: dynamo.client, table, projectionsTable });
  for (const batch of batchesOf(history())) await store.recordFacts(batch);
  await store.rollUp.setSummaries(rolledUpAt);
  await store.rollUp.setDeadLetterSummary(rolledUpAt, new Map([['runs', 5]]));
  const deadLetters = await startDeadLetters(dynamo.url);
  const key = newApiKey();
  await createAccessStore({ client: dynamo.client, table: accessTable }).keys.create(recordOf(key), 0);
  const proxy = await startDynamoProxy(dynamo.url);
  const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };
  const client = createDocumentClient({ endpoint: proxy.url, region: 'us-east-1', credentials });
  const app = createAdminApp({
    reads: createFactStore({ client, table, projectionsTable }),
    access: createAccessStore({ client, table: accessTable }),
    runs: { send: async () => undefined },
    deadLetters,
    authentication: basicAuthentication('ada', async () => 'correct horse'),
    version: '1.2.3',
    log: createTestLog(),
  });
  return {
    app,
    proxy,
    credentials: { 'x-api-key': key.text },
    accessTable,
    close: async () => {
      await app.close();
      client.destroy();
      deadLetters.close();
      await proxy.close();
      await dynamo.close();
    },
  };
}

function recordOf({ keyId, secret }: NewApiKey): ApiKeyRecord {
  const times = { createdAt: '2026-11-03T14:00:00.000Z', expiresAt: null, revokedAt: null };
  return {
    keyId,
    name: 'proof',
    role: 'operator',
    targets: [],
    secretHash: hashSecret(secret),
    createdBy: 'ada',
    ...times,
  };
}

/** As the queue hands them over. */
function batchesOf(facts: readonly Fact[]): Fact[][] {
  const size = 45;
  const count = Math.ceil(facts.length / size);
  return Array.from({ length: count }, (_, index) => facts.slice(index * size, (index + 1) * size));
}
