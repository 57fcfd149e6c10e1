import { RouteDecided } from '@dispatcher/contracts';
import { createGitHubApp } from '@dispatcher/github';
import {
  createBudgetReport,
  createBus,
  createLogger,
  createMeter,
  createSecret,
  readConfiguration,
} from '@dispatcher/lambda';
import { createDocumentClient, createStateStore } from '@dispatcher/store';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import { checkLease, Configuration } from './configuration.ts';
import { pacesOf } from './rate-limits/rate-limiter.ts';

// What the function works with, made once for each of its environments.

const environment = readConfiguration(Configuration);
checkLease(environment);
const state = createStateStore({ client: createDocumentClient(), table: environment.STATE_TABLE });
const bus = createBus(new EventBridgeClient(), environment.BUS_NAME);
const meter = createMeter('dispatch');
const log = createLogger('dispatch', environment.LOG_LEVEL);
export const budgets = createBudgetReport({ claims: state.rateLimits, bus, meter, log });
const github = createGitHubApp({
  appId: environment.GITHUB_APP_ID,
  privateKey: await createSecret({
    name: 'GITHUB_APP_PRIVATE_KEY',
    value: environment.GITHUB_APP_PRIVATE_KEY,
    arn: environment.GITHUB_APP_PRIVATE_KEY_ARN,
  })(),
  apiUrl: environment.GITHUB_API_URL,
  requestTimeoutMs: environment.GITHUB_TIMEOUT_SECONDS * 1000,
  limits: state.rateLimits,
  onRateLimit: budgets.seen,
});

/** What a decision is acted on with. */
export const dependencies = {
  ledger: state.ledger,
  lineage: state.lineage,
  rateLimits: state.rateLimits,
  fairnessQueue: state.fairnessQueue,
  paces: pacesOf({
    writesPerMinute: environment.GITHUB_WRITES_PER_MINUTE,
    contentPerMinute: environment.GITHUB_CONTENT_PER_MINUTE,
    contentPerHour: environment.GITHUB_CONTENT_PER_HOUR,
  }),
  leaseMs: environment.LEASE_SECONDS * 1000,
  windowMs: environment.RECONCILE_WINDOW_SECONDS * 1000,
  github,
  createIssues: environment.CREATE_ISSUES,
  trackingIssues: state.issues,
  issues: github.issues,
  docsUrl: environment.DOCS_URL ?? null,
  bus,
  meter,
  now: Date.now,
  random: Math.random,
};

/** What the queue `decisions` is read with. */
export const consumer = {
  queue: 'decisions',
  queueUrl: environment.DECISIONS_QUEUE_URL,
  deadLetterQueueUrl: environment.DECISIONS_DEAD_LETTER_QUEUE_URL,
  sqs: new SQSClient(),
  schema: RouteDecided,
  version: 1,
  maxAttempts: environment.MAX_ATTEMPTS,
  attempts: state.attempts,
  bus,
  log,
  meter,
};
