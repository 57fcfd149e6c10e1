import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { type RunCompleted, RunsMessage } from '@dispatcher/contracts';
import { createGitHubApp } from '@dispatcher/github';
import {
  createBudgetReport,
  createBus,
  createFailedAuthenticationLimiter,
  createKeyCheck,
  createLogger,
  createMeter,
  createSecret,
  guardRailsOf,
  readConfiguration,
} from '@dispatcher/lambda';
import {
  createAccessStore,
  createDocumentClient,
  createStateStore,
  isLiveKey,
  planPersistence,
} from '@dispatcher/store';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import type { Context } from 'aws-lambda';
import { createCompileCache } from './compile-cache.ts';
import { Configuration } from './configuration.ts';
import { createOnce } from './plan-once.ts';

// What the function works with, made once for each of its environments.

const environment = readConfiguration(Configuration);
const client = createDocumentClient();
const state = createStateStore({ client, table: environment.STATE_TABLE });
const bus = createBus(new EventBridgeClient(), environment.BUS_NAME);
const meter = createMeter('planning');
const log = createLogger('planning', environment.LOG_LEVEL);
export const budgets = createBudgetReport({ claims: state.rateLimits, bus, meter, log });
const github = createGitHubApp({
  appId: environment.GITHUB_APP_ID,
  privateKey: await createSecret({
    name: 'GITHUB_APP_PRIVATE_KEY',
    value: environment.GITHUB_APP_PRIVATE_KEY,
    arn: environment.GITHUB_APP_PRIVATE_KEY_ARN,
  })(),
  apiUrl: environment.GITHUB_API_URL,
  limits: state.rateLimits,
  onRateLimit: budgets.seen,
});
const persistence = new DynamoDBPersistenceLayer({
  tableName: environment.STATE_TABLE,
  awsSdkV3Client: client,
  ...planPersistence,
});
const { keys } = createAccessStore({ client, table: environment.ACCESS_TABLE });

const shared = {
  cache: createCompileCache(),
  startedBy: ({ repository, run }: RunCompleted) => state.lineage.find(repository.id, run.id),
  isBeingStarted: async ({ repository: { id: repositoryId }, workflow, run: { headBranch: ref } }: RunCompleted) =>
    ref !== null && (await state.ledger.isHeld({ repositoryId, workflow, ref })),
  jobCount: ({
    installationId,
    repository: { id: repositoryId, owner, name },
    run: { id: workflowRunId },
  }: RunCompleted) => github.jobCount({ installationId, repositoryId, owner, name, workflowRunId }),
  permissionsOf: (installationId: number) => github.permissionsOf(installationId),
  findKey: (keyId: string) => keys.find(keyId),
  lineageWithinMs: (environment.LEASE_SECONDS + 2 * environment.RECONCILE_WINDOW_SECONDS) * 1000,
  appSlug: environment.GITHUB_APP_SLUG,
  guardRails: guardRailsOf(environment),
  plans: state.plans,
  fairnessQueue: state.fairnessQueue,
  bus,
  meter,
  now: Date.now,
};
/** What the queue `runs` is read with. */
export const consumer = {
  queue: 'runs',
  queueUrl: environment.RUNS_QUEUE_URL,
  deadLetterQueueUrl: environment.RUNS_DEAD_LETTER_QUEUE_URL,
  sqs: new SQSClient(),
  schema: RunsMessage,
  version: 1,
  maxAttempts: environment.MAX_ATTEMPTS,
  attempts: state.attempts,
  bus,
  log,
  meter,
};

/** For the schedule that looks for missed deliveries. */
export const checking = {
  deliveries: github.deliveries,
  check: state.deliveryCheck,
  isPlanned: async (runKey: string) => (await state.plans.find(runKey, 0)) !== null,
  bus,
  log,
  meter,
  now: Date.now,
};

/** For `POST /dispatch`, beside what a run needs. */
export const door = {
  keyOf: createKeyCheck({ find: (keyId) => keys.find(keyId), isLive: isLiveKey }),
  failedAuthentications: createFailedAuthenticationLimiter(Date.now),
  log,
};

/** One reader an invocation: what runs handled together ask for is one request, and no reading outlives the batch. */
export function dependenciesOf(context: Context) {
  return { ...shared, reader: github.createReader(), once: createOnce(persistence, context) };
}
