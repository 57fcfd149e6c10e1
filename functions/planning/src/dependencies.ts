import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { SQSClient } from '@aws-sdk/client-sqs';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { HintsMessage, type RunCompleted, RunsMessage } from '@dispatcher/contracts';
import { createGitHubApp, type RunRepository } from '@dispatcher/github';
import {
  type CallOptions,
  createBudgetReport,
  createBus,
  createQueue,
  createFailedAuthenticationLimiter,
  createKeyCheck,
  createKeyUseRecorder,
  guardRailsOf,
  type Runtime,
} from '@dispatcher/lambda';
import { createCompileCache } from '@dispatcher/rules';
import {
  createAccessStore,
  createBudgetStore,
  createCandidateStore,
  createCombinedReads,
  createFileCheckStore,
  createFileStore,
  createPlanStore,
  createStateStore,
  createSweepProgressStore,
  isLiveKey,
  type RequesterReference,
  type TokenUse,
} from '@dispatcher/store';
import type { Context } from 'aws-lambda';
import type { Environment } from './configuration.ts';
import type { CheckChangeDependencies, RepeatedCheck } from './hints/check-change.ts';
import { createObserver } from './hints/create-observer.ts';
import type { HintDependencies } from './hints/handle-hint.ts';
import type { CountableRun, EndedRun } from './plan/completion.ts';
import type { VerifyJobToken } from './dispatch-api/job-token.ts';
import { repositoriesPerRequest, requestSweep, type SweepDependencies } from './observe/sweep.ts';
import { createConfigObserver } from './observe/config-observer.ts';
import { createDeferral, refuseDuringOutage } from './plan/outage.ts';
import { createOnce } from './plan/plan-once.ts';
import { PlanPersistence } from './plan/plan-persistence.ts';

/** What the planning function reaches other systems through. */
export interface Clients extends Runtime {
  readonly dynamodb: DynamoDBDocumentClient;
  readonly sqs: Pick<SQSClient, 'send'>;
  readonly eventBridge: Pick<EventBridgeClient, 'send'>;
  /** The private key of the GitHub App, as PEM. */
  readonly gitHubPrivateKey: string;
  /** Sends the requests to GitHub. */
  readonly fetch: typeof fetch;
}

/** The GraphQL points that GitHub allows an installation an hour, until a response states the limit. */
const minPointLimit = 5_000;

export type Dependencies = ReturnType<typeof createDependencies>;

/** Creates everything that the handler works with, once per execution environment. Makes no request. */
export function createDependencies(environment: Environment, clients: Clients) {
  const shared = createShared(environment, clients);
  return {
    ...consumerOptions(environment, clients, shared),
    hints: hintDependencies(clients, shared),
    planning: planningDependencies(environment, clients, shared),
    dispatchApi: dispatchApiDependencies(environment, clients, shared),
    ...scheduledDependencies(environment, clients, shared),
    /** One reader per invocation: messages handled together share requests, and no snapshot outlives its batch. */
    createReader: () => shared.github.createReader(),
    /** Idempotency of one invocation, which ends at the time that its context states. */
    createOnce: (context: Context) =>
      createOnce(() => new PlanPersistence({ client: clients.dynamodb, table: environment.PLANS_TABLE }), context),
    /** Published at the end of each invocation. */
    budgets: shared.budgets,
  };
}

type Shared = ReturnType<typeof createShared>;

/** Creates what several kinds of invocations use, so that they share connections, caches and limits. */
function createShared(environment: Environment, clients: Clients) {
  const { dynamodb, eventBridge, fetch, log, meter, now, pause } = clients;
  const { PLANS_TABLE: plansTable } = environment;
  const stateTable = { client: dynamodb, table: environment.STATE_TABLE, pause };
  const state = createStateStore({ ...stateTable, now, read: createCombinedReads(stateTable) });
  const bus = createBus(eventBridge, environment.BUS_NAME);
  const gauges = createBudgetStore({ client: dynamodb, table: environment.PROJECTIONS_TABLE });
  const budgets = createBudgetReport({ gauges, meter, log, now });
  const pointLimits = new Map<number, number>();
  const github = createGitHubApp({
    appId: environment.GITHUB_APP_ID,
    privateKey: clients.gitHubPrivateKey,
    apiUrl: environment.GITHUB_API_URL,
    fetch,
    now,
    pause,
    limits: state.rateLimits,
    onRateLimit: (status) => {
      if (status.resource === 'graphql') pointLimits.set(status.installationId ?? 0, status.limit);
      budgets.seen(status);
    },
  });
  const cache = createCompileCache();
  /** For checking the file of a commit. */
  const fileCheck: CheckChangeDependencies = {
    readChange: github.readChange,
    createReader: () => github.createReader(),
    permissionsOf: (installationId, options) => github.permissionsOf(installationId, options),
    fileChecks: createFileCheckStore({ client: dynamodb, table: plansTable, now }),
    cache,
    bus,
    meter,
    log,
    now,
  };
  return {
    state,
    access: createAccessStore({ client: dynamodb, table: environment.ACCESS_TABLE, now }),
    plans: createPlanStore({ client: dynamodb, table: plansTable, now }),
    bus,
    budgets,
    github,
    pointLimitOf: (installationId: number) => pointLimits.get(installationId) ?? minPointLimit,
    cache,
    configs: createConfigObserver({ observations: state.observations, cache, bus, log, now }),
    fileCheck,
  };
}

function consumerOptions(environment: Environment, { sqs, log, meter, now, random }: Clients, { state, bus }: Shared) {
  const consumer = {
    sqs,
    version: 1,
    maxAttempts: environment.MAX_ATTEMPTS,
    attempts: state.attempts,
    bus,
    log,
    meter,
    now,
    random,
  };
  return {
    /** The options of the consumer of the `runs` queue. */
    consumer: {
      ...consumer,
      queue: 'runs',
      queueUrl: environment.RUNS_QUEUE_URL,
      deadLetterQueueUrl: environment.RUNS_DEAD_LETTER_QUEUE_URL,
      schema: RunsMessage,
      laneOf: (message: RunsMessage) => (message.type === 'run.completed' ? String(message.installationId) : undefined),
    },
    /** The options of the consumer of the `hints` queue. */
    hintsConsumer: {
      ...consumer,
      queue: 'hints',
      queueUrl: environment.HINTS_QUEUE_URL,
      deadLetterQueueUrl: environment.HINTS_DEAD_LETTER_QUEUE_URL,
      schema: HintsMessage,
      laneOf: (message: HintsMessage) => String(message.installationId),
    },
  };
}

/** For looking where hints say. */
function hintDependencies(
  { meter, now, random }: Clients,
  { state, github, configs, fileCheck }: Shared,
): HintDependencies {
  return {
    looks: state.looks,
    fairnessQueue: state.fairnessQueue,
    observer: createObserver({
      readRepository: (request, options) => github.createReader().readSource(request, options),
      configs,
      requestSweep: (installationId) => requestSweep({ sweeps: state.sweep, now }, installationId),
      now,
      checkChange: fileCheck,
    }),
    meter,
    now,
    random,
  };
}

/** For planning runs and requests, in addition to the reader and the idempotency of the invocation. */
function planningDependencies(
  environment: Environment,
  { dynamodb, log, meter, now }: Clients,
  { state, access, plans, bus, github, cache, configs, fileCheck }: Shared,
) {
  const { sessions, schedules, webhooks, requesters } = access;
  const { delays, fairnessQueue } = state;
  const giveUpAfterMs = environment.UNREADABLE_GIVE_UP_SECONDS * 1000;
  return {
    cache,
    observer: configs,
    startedBy: ({ repository, run }: EndedRun) => state.lineage.getLineage(repository.id, run.id),
    isBeingStarted: async ({ repository: { id: repositoryId }, workflow, run: { headBranch: ref } }: RunCompleted) =>
      ref !== null && (await state.ledger.hasSlot({ repositoryId, workflow, ref })),
    jobCount: (
      { installationId, repository: { id: repositoryId, owner, name }, run: { id: workflowRunId } }: CountableRun,
      options?: CallOptions,
    ) => github.jobCount({ installationId, repositoryId, owner, name, workflowRunId }, options),
    permissionsOf: (installationId: number, options?: CallOptions) => github.permissionsOf(installationId, options),
    findRequester: (requester: RequesterReference) => requesters.getRequester(requester),
    findSchedule: async (name: string) => (await schedules.getSchedule(name))?.schedule ?? null,
    findWebhook: async (name: string) => (await webhooks.getWebhook(name))?.webhook ?? null,
    maxLineageDelayMs: (environment.LEASE_SECONDS + 2 * environment.RECONCILE_WINDOW_SECONDS) * 1000,
    giveUpAfterMs,
    deferDuringOutage: createDeferral({ delays, fairnessQueue, bus, meter, log, now, giveUpAfterMs }),
    appSlug: environment.GITHUB_APP_SLUG,
    guardRails: guardRailsOf(environment),
    plans,
    ledger: state.ledger,
    checks: github.checks,
    recheckFile: async (check: RepeatedCheck, options: CallOptions) =>
      (await loadRareRequests()).recheckFile(fileCheck, check, options),
    files: createFileStore({ client: dynamodb, table: environment.PLANS_TABLE, now }),
    revisions: state.revisions,
    planProblems: state.planProblems,
    withdrawals: state.withdrawals,
    decisionMaxAgeMs: environment.DECISION_MAX_AGE * 1000,
    repositoryIds: state.repositoryIds,
    commitRuns: state.commitRuns,
    listRunsOfCommit: (at: RunRepository, headSha: string, options?: CallOptions) =>
      github.runs.listRunsOfCommit(at, headSha, options),
    rateLimits: state.rateLimits,
    candidates: createCandidateStore({ client: dynamodb, table: environment.PROJECTIONS_TABLE }),
    fairnessQueue,
    sessions,
    bus,
    meter,
    log,
    now,
  };
}

/** For `POST /dispatch`, in addition to what planning needs. */
function dispatchApiDependencies(
  environment: Environment,
  { log, now }: Clients,
  { state, access: { keys }, github }: Shared,
) {
  return {
    keyOf: createKeyCheck({ find: (keyId) => keys.getKey(keyId), isLive: isLiveKey, now }),
    recordKeyUse: createKeyUseRecorder({ recordUse: (keyId, at) => keys.recordUse(keyId, at), log, now }),
    failedAuthentications: createFailedAuthenticationLimiter(now),
    verifyJobToken: createVerification(environment, now),
    useToken: (use: TokenUse) => state.jobTokens.use(use),
    jobRuns: {
      installationOf: (owner: string) => github.installationOf(owner),
      getRun: (at: RunRepository, runId: number) => github.runs.getRun(at, runId),
    },
    deferDuringOutage: refuseDuringOutage(now),
    log,
  };
}

function scheduledDependencies(
  environment: Environment,
  { dynamodb, sqs, log, meter, now }: Clients,
  { state, access: { schedules }, plans, bus, github, pointLimitOf, configs }: Shared,
) {
  return {
    /** For the schedules that are due. */
    dueSchedules: { schedules, runs: createQueue(sqs, environment.RUNS_QUEUE_URL), bus, meter, log, now },
    /** For the scheduled sweep through every repository. */
    sweep: {
      sweeps: state.sweep,
      observations: state.observations,
      configs,
      inventory: github.inventory,
      createReader: (onRequest: () => void) => github.createReader({ repositoriesPerRequest, onRequest }),
      pointLimitOf,
      progress: createSweepProgressStore({ client: dynamodb, table: environment.PROJECTIONS_TABLE }),
      meter,
      log,
      now,
    } satisfies SweepDependencies,
    /** For the scheduled check of GitHub's delivery log. */
    deliveryCheck: {
      deliveries: github.deliveries,
      check: state.deliveryCheck,
      isPlanned: async (runKey: string) => (await plans.getPlan(runKey, 0)) !== null,
      bus,
      log,
      meter,
      now,
    },
  };
}

const loadRareRequests = () => import('./rare-requests.ts');

/** The keys of the issuers are kept, so all tokens are verified by what the first one created. */
function createVerification(
  { OIDC_ISSUERS: issuers, PUBLIC_URL: url }: Environment,
  now: () => number,
): VerifyJobToken {
  let verification: Promise<VerifyJobToken> | undefined;
  return async (token) => {
    verification ??= loadRareRequests().then(({ createJobTokens }) =>
      createJobTokens({ issuers, audience: url ?? null, now }),
    );
    return (await verification)(token);
  };
}
