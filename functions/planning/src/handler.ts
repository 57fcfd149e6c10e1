import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import { type RunCompleted, RunsMessage } from '@dispatcher/contracts';
import { createGitHubApp } from '@dispatcher/github';
import {
  createBudgetReport,
  createBus,
  createConsumer,
  createGuesses,
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
import type {
  APIGatewayProxyEventV2,
  APIGatewayProxyStructuredResultV2,
  Context,
  SQSBatchResponse,
  SQSEvent,
} from 'aws-lambda';
import { checkDeliveries } from './check-deliveries.ts';
import { createCompileCache } from './compile-cache.ts';
import { Configuration } from './configuration.ts';
import { asDoorRequest, asResult } from './door/answer.ts';
import { receive } from './door/receive.ts';
import { planAgain } from './plan-again.ts';
import { createOnce } from './plan-once.ts';
import { planRun } from './plan-run.ts';
import { deferringOnRateLimit } from './rate-limit.ts';

const environment = readConfiguration(Configuration);
const client = createDocumentClient();
const state = createStateStore({ client, table: environment.STATE_TABLE });
const bus = createBus(new EventBridgeClient(), environment.BUS_NAME);
const meter = createMeter('planning');
const log = createLogger('planning', environment.LOG_LEVEL);
const budgets = createBudgetReport({ claims: state.rateLimits, bus, meter, log });
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
const sqs = new SQSClient();
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
  turns: state.turns,
  bus,
  meter,
  now: Date.now,
};
const consumer = {
  queue: 'runs',
  queueUrl: environment.RUNS_QUEUE_URL,
  deadLetterQueueUrl: environment.RUNS_DEAD_LETTER_QUEUE_URL,
  sqs,
  schema: RunsMessage,
  version: 1,
  maxAttempts: environment.MAX_ATTEMPTS,
  attempts: state.attempts,
  bus,
  log,
  meter,
};

const checking = {
  deliveries: github.deliveries,
  check: state.deliveryCheck,
  isPlanned: async (runKey: string) => (await state.plans.find(runKey, 0)) !== null,
  bus,
  log,
  meter,
  now: Date.now,
};

const door = {
  keyOf: createKeyCheck({ find: (keyId) => keys.find(keyId), isLive: isLiveKey }),
  guesses: createGuesses(Date.now),
  log,
};

/** What the schedule hands over; the queue's events have `Records`, those of the HTTP API a `rawPath`. */
export interface ScheduledEvent {
  readonly scheduled: 'check-deliveries';
}

// A page of the log with a hundred failed deliveries takes some ten seconds.
const longestPageMs = 15_000;

export async function handler(
  event: SQSEvent | ScheduledEvent | APIGatewayProxyEventV2,
  context: Context,
): Promise<SQSBatchResponse | APIGatewayProxyStructuredResultV2 | void> {
  if ('scheduled' in event) return checkDeliveries(checking, () => context.getRemainingTimeInMillis() > longestPageMs);
  // One reader an invocation: what runs handled together ask for is one request, and no reading outlives the batch.
  const deps = { ...shared, reader: github.createReader(), once: createOnce(persistence, context) };
  if ('rawPath' in event) {
    const answer = await receive({ ...deps, ...door }, asDoorRequest(event));
    await budgets.publish();
    return asResult(answer);
  }
  const answer = await createConsumer(consumer, (message: RunsMessage, attempt) =>
    deferringOnRateLimit(deps, message, () =>
      message.type === 'run.again' ? planAgain(deps, message, attempt) : planRun(deps, message, attempt),
    ),
  )(event, context);
  await budgets.publish();
  return answer;
}
