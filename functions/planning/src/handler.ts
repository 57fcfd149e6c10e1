import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { RunCompleted } from '@dispatcher/contracts';
import { createGitHubApp } from '@dispatcher/github';
import {
  createBus,
  createConsumer,
  createLogger,
  createMeter,
  createSecret,
  guardRailsOf,
  readConfiguration,
} from '@dispatcher/lambda';
import { createDocumentClient, createStateStore, planPersistence } from '@dispatcher/store';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { createCompileCache } from './compile-cache.ts';
import { Configuration } from './configuration.ts';
import { createOnce } from './plan-once.ts';
import { planRun } from './plan-run.ts';
import { deferringOnRateLimit } from './rate-limit.ts';

const environment = readConfiguration(Configuration);
const client = createDocumentClient();
const state = createStateStore({ client, table: environment.STATE_TABLE });
const github = createGitHubApp({
  appId: environment.GITHUB_APP_ID,
  privateKey: await createSecret({
    name: 'GITHUB_APP_PRIVATE_KEY',
    value: environment.GITHUB_APP_PRIVATE_KEY,
    arn: environment.GITHUB_APP_PRIVATE_KEY_ARN,
  })(),
  apiUrl: environment.GITHUB_API_URL,
});
const persistence = new DynamoDBPersistenceLayer({
  tableName: environment.STATE_TABLE,
  awsSdkV3Client: client,
  ...planPersistence,
});
const sqs = new SQSClient();
const bus = createBus(new EventBridgeClient(), environment.BUS_NAME);
const meter = createMeter('planning');
const shared = {
  cache: createCompileCache(),
  startedBy: ({ repository, run }: RunCompleted) => state.lineage.find(repository.id, run.id),
  appSlug: environment.GITHUB_APP_SLUG,
  guardRails: guardRailsOf(environment),
  bus,
  meter,
  now: Date.now,
};
const consumer = {
  queue: 'runs',
  queueUrl: environment.RUNS_QUEUE_URL,
  deadLetterQueueUrl: environment.RUNS_DEAD_LETTER_QUEUE_URL,
  sqs,
  schema: RunCompleted,
  version: 1,
  maxAttempts: environment.MAX_ATTEMPTS,
  attempts: state.attempts,
  bus,
  log: createLogger('planning', environment.LOG_LEVEL),
  meter,
};

export async function handler(event: SQSEvent, context: Context): Promise<SQSBatchResponse> {
  // One reader an invocation: what runs handled together ask for is one request, and no reading outlives the batch.
  const deps = { ...shared, reader: github.createReader(), once: createOnce(persistence, context) };
  return createConsumer(consumer, (run: RunCompleted, attempt) =>
    deferringOnRateLimit(() => planRun(deps, run, attempt)),
  )(event, context);
}
