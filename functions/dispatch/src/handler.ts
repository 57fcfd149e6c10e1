import { RouteDecided } from '@dispatcher/contracts';
import { createGitHubApp, type StartWorkflow } from '@dispatcher/github';
import {
  createBus,
  createConsumer,
  createLogger,
  createMeter,
  createSecret,
  readConfiguration,
} from '@dispatcher/lambda';
import { createDocumentClient, createStateStore } from '@dispatcher/store';
import { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import { SQSClient } from '@aws-sdk/client-sqs';
import { actOnDecision } from './act-on-decision.ts';
import { Configuration } from './configuration.ts';

const environment = readConfiguration(Configuration);
const state = createStateStore({ client: createDocumentClient(), table: environment.STATE_TABLE });
const github = createGitHubApp({
  appId: environment.GITHUB_APP_ID,
  privateKey: await createSecret({
    name: 'GITHUB_APP_PRIVATE_KEY',
    value: environment.GITHUB_APP_PRIVATE_KEY,
    arn: environment.GITHUB_APP_PRIVATE_KEY_ARN,
  })(),
  apiUrl: environment.GITHUB_API_URL,
});
const bus = createBus(new EventBridgeClient(), environment.BUS_NAME);
const meter = createMeter('dispatch');
const deps = {
  ledger: state.ledger,
  rateLimits: state.rateLimits,
  startWorkflow: (request: StartWorkflow) => github.startWorkflow(request),
  createIssues: environment.CREATE_ISSUES,
  trackingIssues: state.issues,
  issues: github.issues,
  bus,
  meter,
  now: Date.now,
};

export const handler = createConsumer(
  {
    queue: 'decisions',
    queueUrl: environment.DECISIONS_QUEUE_URL,
    deadLetterQueueUrl: environment.DECISIONS_DEAD_LETTER_QUEUE_URL,
    sqs: new SQSClient(),
    schema: RouteDecided,
    version: 1,
    maxAttempts: environment.MAX_ATTEMPTS,
    attempts: state.attempts,
    bus,
    log: createLogger('dispatch', environment.LOG_LEVEL),
    meter,
  },
  (decided, attempt) => actOnDecision(deps, decided, attempt),
);
