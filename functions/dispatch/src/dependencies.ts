import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import {
  type CallOptions,
  createGitHubApp,
  type SendEvent,
  type StartedRunsQuery,
  type StartWorkflow,
} from '@dispatcher/github';
import { createBudgetReport, createBus, guardRailsOf, type Runtime } from '@dispatcher/lambda';
import { createCompileCache } from '@dispatcher/rules';
import {
  createBudgetStore,
  createCheckReads,
  createDispatchReads,
  createFileCheckStore,
  createOpenChecks,
  createPlanStore,
  createStateStore,
} from '@dispatcher/store';
import { DecisionsMessage } from './act-on-message.ts';
import { checkLease, type Environment } from './configuration.ts';
import { createWriteLimits } from './rate-limits/rate-limiter.ts';

/** The clients through which the dispatch function reaches other systems. */
export interface Clients extends Runtime {
  readonly dynamodb: DynamoDBDocumentClient;
  readonly sqs: Pick<SQSClient, 'send'>;
  readonly eventBridge: Pick<EventBridgeClient, 'send'>;
  /** The private key of the GitHub App, as PEM. */
  readonly gitHubPrivateKey: string;
  /** Sends the requests to GitHub. */
  readonly fetch: typeof fetch;
}

export type Dependencies = ReturnType<typeof createDependencies>;

/**
 * Creates everything that the handler works with, once per execution environment. Makes no request.
 * @throws ConfigurationError if the lease is too short for a POST
 */
export function createDependencies(environment: Environment, clients: Clients) {
  checkLease(environment);
  const { dynamodb, sqs, eventBridge, fetch, log, meter, now, random, pause } = clients;
  const state = createStateStore({ client: dynamodb, table: environment.STATE_TABLE, now, pause });
  const bus = createBus(eventBridge, environment.BUS_NAME);
  const gauges = createBudgetStore({ client: dynamodb, table: environment.PROJECTIONS_TABLE });
  const budgets = createBudgetReport({ gauges, meter, log, now });
  const github = createGitHubApp({
    appId: environment.GITHUB_APP_ID,
    privateKey: clients.gitHubPrivateKey,
    apiUrl: environment.GITHUB_API_URL,
    requestTimeoutMs: environment.GITHUB_TIMEOUT_SECONDS * 1000,
    fetch,
    now,
    pause,
    limits: state.rateLimits,
    onRateLimit: budgets.seen,
  });
  return {
    /** The options of the consumer of the `decisions` queue. */
    consumer: {
      queue: 'decisions',
      queueUrl: environment.DECISIONS_QUEUE_URL,
      deadLetterQueueUrl: environment.DECISIONS_DEAD_LETTER_QUEUE_URL,
      sqs,
      schema: DecisionsMessage,
      version: 1,
      maxAttempts: environment.MAX_ATTEMPTS,
      attempts: state.attempts,
      bus,
      log,
      meter,
      now,
      random,
    },
    /** For carrying out decisions and reporting them. */
    dispatch: {
      isPausedByConfiguration: environment.DISPATCH_PAUSED,
      ledger: state.ledger,
      lineage: state.lineage,
      plans: createPlanStore({ client: dynamodb, table: environment.PLANS_TABLE, now }),
      reads: createDispatchReads({
        client: dynamodb,
        tables: {
          state: environment.STATE_TABLE,
          plans: environment.PLANS_TABLE,
          access: environment.ACCESS_TABLE,
        },
        rateLimits: state.rateLimits,
        now,
        pause,
      }),
      planProblems: state.planProblems,
      repositoryIds: state.repositoryIds,
      createReader: () => github.createReader(),
      cache: createCompileCache(),
      guardRails: guardRailsOf(environment),
      decisionMaxAgeMs: environment.DECISION_MAX_AGE * 1000,
      rateLimits: state.rateLimits,
      fairnessQueue: state.fairnessQueue,
      trackingIssues: state.issues,
      github: {
        startWorkflow: (request: StartWorkflow, options?: CallOptions) => github.startWorkflow(request, options),
        sendEvent: (request: SendEvent, options?: CallOptions) => github.sendEvent(request, options),
        startedRuns: (request: StartedRunsQuery, options?: CallOptions) => github.startedRuns(request, options),
      },
      issues: github.issues,
      fileChecks: createFileCheckStore({ client: dynamodb, table: environment.PLANS_TABLE, now }),
      checkRecords: state.checks,
      openChecks: createOpenChecks({ client: dynamodb, table: environment.PLANS_TABLE }),
      checkReads: createCheckReads({
        client: dynamodb,
        tables: { state: environment.STATE_TABLE, plans: environment.PLANS_TABLE },
        now,
        pause,
      }),
      checks: github.checks,
      runs: github.runs,
      withoutChecks: new Map<string, number>(),
      writeLimits: createWriteLimits({
        writesPerMinute: environment.GITHUB_WRITES_PER_MINUTE,
        contentPerMinute: environment.GITHUB_CONTENT_PER_MINUTE,
        contentPerHour: environment.GITHUB_CONTENT_PER_HOUR,
      }),
      leaseMs: environment.LEASE_SECONDS * 1000,
      windowMs: environment.RECONCILE_WINDOW_SECONDS * 1000,
      giveUpAfterMs: environment.UNREADABLE_GIVE_UP_SECONDS * 1000,
      createIssues: environment.CREATE_ISSUES,
      createChecks: environment.CREATE_CHECKS,
      docsUrl: environment.DOCS_URL ?? null,
      publicUrl: environment.PUBLIC_URL ?? null,
      bus,
      meter,
      now,
      random,
    },
    /** Published at the end of each invocation. */
    budgets,
  };
}
