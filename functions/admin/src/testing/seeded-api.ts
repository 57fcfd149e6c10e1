import type { PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Fact } from '@dispatcher/contracts';
import { hashSecret, generateApiKey, type NewApiKey } from '@dispatcher/lambda';
import { consentGraph } from '@dispatcher/rules';
import {
  type ApiKeyRecord,
  type ConsentIndex,
  createAccessStore,
  createBudgetStore,
  createDocumentClient,
  createFactStore,
  createFileStore,
  createStateStore,
  createSweepProgressStore,
} from '@dispatcher/store';
import { putPlan, startDynamo } from '@dispatcher/store/testing';
import type { FastifyInstance } from 'fastify';
import { createAdminApp } from '../app.ts';
import { createBasicAuthentication } from '../auth/basic.ts';
import type { Authentication } from '../auth/principal.ts';
import type { Clients } from '../dependencies.ts';
import { type DynamoProxy, startDynamoProxy } from './dynamo-proxy.ts';
import { seedDeadLetters, withoutLongPolls } from './seed-dead-letters.ts';
import { advanceBulkReplay } from '../bulk-replays/advance-bulk-replay.ts';
import { seedBulkReplays } from './seed-bulk-replays.ts';
import { seedKeys } from './seed-keys.ts';
import { seedSchedules } from './seed-schedules.ts';
import { seedWebhooks } from './seed-webhooks.ts';
import { seedBudgets, seedFacts, seedPlans, seedSamples, seedSweeps, timeAt } from './seed-facts.ts';
import { createTestDependencies, createTestEnvironment } from './test-dependencies.ts';

export interface SeededApi {
  readonly app: FastifyInstance;
  /** Creates an app over the same data with another authentication; it is closed with the first. */
  appWith(authentication: Authentication): FastifyInstance;
  /** Between the app and its database. */
  readonly proxy: DynamoProxy;
  /** An operator's API key. */
  readonly credentials: { readonly 'x-api-key': string };
  readonly accessTable: string;
  /** Does what the schedule of the bulk replays does. */
  advanceBulkReplay(): Promise<void>;
  close(): Promise<void>;
}

/** When all seeded facts are less than an hour old. */
const rollUpTime = Date.parse(timeAt(600));

/** A file that a plan was decided on. */
export const seededFile = { blobId: 'b'.repeat(40), text: 'outbound: []\n' };

const credentials = { accessKeyId: 'test', secretAccessKey: 'test' };

/** Starts the API with authentication on, over a database with the seeded facts and queues with dead letters. */
export async function startSeededApi(): Promise<SeededApi> {
  const dynamo = await startDynamo();
  const tables = await dynamo.createTables();
  const { facts: table, projections: projectionsTable, access: accessTable } = tables;
  const store = createFactStore({ client: dynamo.client, table, projectionsTable });
  for (const batch of batchesOf(seedFacts())) await store.recordFacts(batch);
  await store.rollUp.fold();
  await store.rollUp.setQueues(rollUpTime, seedSamples);
  const budgets = createBudgetStore({ client: dynamo.client, table: projectionsTable });
  for (const budget of seedBudgets()) await budgets.setBudget(budget);
  const progress = createSweepProgressStore({ client: dynamo.client, table: projectionsTable });
  for (const sweep of seedSweeps()) await progress.setProgress(sweep);
  for (const plan of seedPlans()) await putPlan(dynamo.client, tables.plans, plan);
  await createFileStore({ client: dynamo.client, table: tables.plans }).put(seededFile);
  await putGraph(store.consentIndex);
  await store.rollUp.setSummaries(rollUpTime);
  await store.rollUp.setDeadLetterSummary(rollUpTime, new Map([['runs', 5]]));
  await store.rollUp.setStatus(rollUpTime);
  const state = createStateStore({ client: dynamo.client, table: tables.state });
  await state.repositoryIds.putIds(
    { source: 'octo-partner/app', target: 'octo-org/deploy' },
    {
      source: { repositoryId: 1, replacement: { repositoryId: 2, blobId: 'b' } },
      target: { repositoryId: 3, replacement: null },
    },
    null,
  );
  await state.pause.putPause({
    paused: false,
    changedAt: '2026-11-03T14:00:00.000Z',
    operator: 'ada',
    reason: 'The release is fixed.',
  });
  const environment = createTestEnvironment(tables, dynamo.url);
  const sqs = new SQSClient({ endpoint: dynamo.url, region: 'us-east-1', credentials });
  await seedDeadLetters(sqs, environment);
  const key = generateApiKey();
  const access = createAccessStore({ client: dynamo.client, table: accessTable });
  await access.keys.create(recordOf(key), 0);
  await seedKeys(access.keys);
  await seedSchedules(access.schedules);
  await seedWebhooks(access.webhooks);
  await seedBulkReplays(access.bulkReplays, rollUpTime);
  const proxy = await startDynamoProxy(dynamo.url);
  const dynamodb = createDocumentClient({ endpoint: proxy.url, region: 'us-east-1', credentials });
  const dependencies = createTestDependencies(environment, {
    dynamodb,
    sqs,
    deadLetterSqs: withoutLongPolls(sqs),
    eventBridge: acceptingEventBridge,
    webhookSecrets: { create: async () => {}, put: async () => {}, delete: async () => {} },
  });
  const apps: FastifyInstance[] = [];
  const appWith = (authentication: Authentication): FastifyInstance => {
    const deadLetters = { ...dependencies.deadLetters, timeLimitMs: 120_000 };
    const created = createAdminApp({ ...dependencies, authentication, deadLetters });
    apps.push(created);
    return created;
  };
  return {
    app: appWith(createBasicAuthentication('ada', async () => 'correct horse')),
    appWith,
    proxy,
    advanceBulkReplay: () => advanceBulkReplay(dependencies.bulkReplays),
    credentials: { 'x-api-key': key.text },
    accessTable,
    close: async () => {
      for (const app of apps) await app.close();
      dynamodb.destroy();
      sqs.destroy();
      await proxy.close();
      await dynamo.close();
    },
  };
}

/** Computes the consent graph, as the facts function does. */
async function putGraph(index: ConsentIndex): Promise<void> {
  const versions = await index.versions();
  const graph = consentGraph(await index.configs());
  const builtAt = timeAt(600);
  const owners = graph.owners.map((owner) => ({ ...owner, builtAt }));
  const candidates = graph.candidates.map((each) => ({ ...each, builtAt }));
  await index.putGraph({ repositories: graph.repositories, owners, candidates }, versions);
}

/** Accepts every event and discards it. */
const acceptingEventBridge = {
  send: async ({ input }: PutEventsCommand) => ({ Entries: (input.Entries ?? []).map(() => ({ EventId: 'event' })) }),
} as unknown as Clients['eventBridge'];

function recordOf({ keyId, secret }: NewApiKey): ApiKeyRecord {
  const times = { createdAt: '2026-11-03T14:00:00.000Z', expiresAt: null, revokedAt: null };
  return {
    keyId,
    name: 'test',
    role: 'operator',
    targets: [],
    secretHash: hashSecret(secret),
    createdBy: 'ada',
    ...times,
  };
}

/** Splits the facts into batches of the size that the facts function receives. */
function batchesOf(facts: readonly Fact[]): Fact[][] {
  const size = 45;
  const count = Math.ceil(facts.length / size);
  return Array.from({ length: count }, (_, index) => facts.slice(index * size, (index + 1) * size));
}
