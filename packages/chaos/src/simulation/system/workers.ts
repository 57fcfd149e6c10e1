import { DynamoDBPersistenceLayer } from '@aws-lambda-powertools/idempotency/dynamodb';
import type { EventBridgeClient } from '@aws-sdk/client-eventbridge';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { Fact, RouteDecided, type RunCompleted, RunsMessage } from '@dispatcher/contracts';
import { actOnDecision } from '@dispatcher/dispatch/src/act-on-decision.ts';
import { pacesOf } from '@dispatcher/dispatch/src/pace.ts';
import { recordBatch } from '@dispatcher/facts/src/record.ts';
import { createGitHubApp, type RunAt, type SendEvent, type StartedRuns, type StartWorkflow } from '@dispatcher/github';
import {
  createBatchConsumer,
  createBudgetReport,
  createBus,
  createConsumer,
  createFailedAuthenticationLimiter,
  createKeyCheck,
  guardRailsOf,
  guardRailVariables,
  type Meter,
  readConfiguration,
  type StepLog,
} from '@dispatcher/lambda';
import { busName, type FunctionName, functionTimeouts, type QueueName } from '@dispatcher/topology';
import { createCompileCache } from '@dispatcher/planning/src/plan/compile-cache.ts';
import type {
  DispatchApiRequest as DoorRequest,
  DispatchApiResponse as Answer,
} from '@dispatcher/planning/src/dispatch-api/http.ts';
import { receive } from '@dispatcher/planning/src/dispatch-api/receive.ts';
import { createOnce } from '@dispatcher/planning/src/plan/plan-once.ts';
import { replayRun } from '@dispatcher/planning/src/plan/replay-run.ts';
import { planRun } from '@dispatcher/planning/src/plan/plan-run.ts';
import { deferOnRateLimit as deferringOnRateLimit } from '@dispatcher/planning/src/plan/rate-limit.ts';
import { createAccessStore, createFactStore, createStateStore, isLiveKey, planPersistence } from '@dispatcher/store';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import * as z from 'zod/mini';
import type { Clock } from './clock.ts';
import type { MutationCounter } from './mutation-counter.ts';
import { createClient, type SimulatedDynamoDb, tableName } from './simulated-dynamodb.ts';
import { queueUrl } from './simulated-sqs.ts';
import type { WorkerProcess } from './worker-process.ts';

/** What outlives every worker process. */
export interface SimulatedServices {
  readonly clock: Clock;
  readonly mutations: MutationCounter;
  readonly dynamoDb: SimulatedDynamoDb;
  readonly sqs: Pick<SQSClient, 'send'>;
  readonly eventBridge: Pick<EventBridgeClient, 'send'>;
  readonly github: { readonly url: string; readonly appId: string; readonly slug: string; readonly privateKey: string };
  readonly log: StepLog;
  readonly maxAttempts: number;
}

export type WorkerName = Extract<FunctionName, 'planning' | 'dispatch' | 'facts'>;
/** What Lambda invokes. */
export interface Worker {
  readonly handle: (event: SQSEvent) => Promise<SQSBatchResponse>;
  /** Responds to `POST /dispatch`, which only planning serves. */
  readonly respond?: (request: DoorRequest) => Promise<Answer>;
}

/** Applies the response of an invocation. */
export type Completion = () => void;

export const defaultMaxAttempts = 6;
const meter: Meter = { count: () => {}, milliseconds: () => {} };

/** A cold start: what `dependencies.ts` builds of the real clients is built here of ports that the process can be struck at. */
export function startWorker(name: WorkerName, process: WorkerProcess<Completion>, services: SimulatedServices): Worker {
  return { planning: startPlanning, dispatch: startDispatch, facts: startFacts }[name](process, services);
}

function shared(process: WorkerProcess<Completion>, services: SimulatedServices, queue: QueueName, worker: WorkerName) {
  const { clock, dynamoDb, log } = services;
  const call = process.wrapCall('wire', 'dynamodb', dynamoDb.call);
  const client = createClient(call);
  const pause = async (ms: number) => clock.advanceBy(ms);
  const state = createStateStore({ client, table: tableName('state'), now: clock.now, pause });
  const eventBridge = {
    send: process.wrapCall('wire', 'eventbridge.send', services.eventBridge.send.bind(services.eventBridge)),
  };
  const bus = process.wrapPort('bus', createBus(eventBridge, busName));
  const consumer = {
    queue,
    queueUrl: queueUrl(queue),
    deadLetterQueueUrl: queueUrl(`${queue}-dead-letters`),
    sqs: process.wrapPort('sqs', { send: process.wrapCall('wire', 'sqs.send', services.sqs.send) }),
    version: 1,
    maxAttempts: services.maxAttempts,
    attempts: process.wrapPort('attempts', state.attempts),
    bus,
    log,
    meter,
    now: clock.now,
    random: () => 0.5,
  };
  const context = {
    functionName: worker,
    awsRequestId: 'crash',
    getRemainingTimeInMillis: () => functionTimeouts[worker] * 1_000,
  } as Context;
  return { client, state, bus, consumer, context };
}

function startGitHub(
  process: WorkerProcess<Completion>,
  { clock, mutations, github, log }: SimulatedServices,
  { state, bus }: Pick<ReturnType<typeof shared>, 'state' | 'bus'>,
) {
  const { appId, privateKey, url: apiUrl } = github;
  const limits = process.wrapPort('rateLimits', state.rateLimits);
  const budgets = createBudgetReport({ claims: limits, bus, meter, log, now: clock.now });
  const send = process.wrapCall('wire', 'github', (...given: Parameters<typeof fetch>) => {
    // GitHub's log of requests is judged: each of them counts, the reading ones too.
    mutations.increment();
    return fetch(...given);
  });
  const app = createGitHubApp({
    appId,
    privateKey,
    apiUrl,
    fetch: send,
    now: clock.now,
    limits,
    onRateLimit: budgets.seen,
  });
  return { github: app, budgets, rateLimits: limits };
}

/** As shipped: `configuration.ts` of planning and dispatch. */
const leaseMs = 30_000;
export const reconcileWindowMs = 60_000;
const paces = pacesOf({ writesPerMinute: 160, contentPerMinute: 70, contentPerHour: 450 });

function startPlanning(process: WorkerProcess<Completion>, services: SimulatedServices): Worker {
  const ground = shared(process, services, 'runs', 'planning');
  const { client, state, bus, consumer, context } = ground;
  const { github, budgets } = startGitHub(process, services, ground);
  const persistence = new DynamoDBPersistenceLayer({
    tableName: tableName('state'),
    awsSdkV3Client: client,
    ...planPersistence,
  });
  const lineage = process.wrapPort('lineage', state.lineage);
  const { jobCount } = process.wrapPort('github', { jobCount: (at: RunAt) => github.jobCount(at) });
  const ledger = process.wrapPort('ledger', state.ledger);
  const lasting = {
    cache: createCompileCache(),
    isBeingStarted: async ({ repository: { id: repositoryId }, workflow, run: { headBranch: ref } }: RunCompleted) =>
      ref !== null && (await ledger.isHeld({ repositoryId, workflow, ref })),
    startedBy: ({ repository, run }: RunCompleted) => lineage.find(repository.id, run.id),
    jobCount: ({ installationId, repository: { id: repositoryId, owner, name }, run }: RunCompleted) =>
      jobCount({ installationId, repositoryId, owner, name, workflowRunId: run.id }),
    permissionsOf: (installationId: number) => github.permissionsOf(installationId),
    findKey: () => Promise.reject(new Error('No key asks in this world.')),
    lineageWithinMs: leaseMs + 2 * reconcileWindowMs,
    plans: process.wrapPort('plans', state.plans),
    fairnessQueue: process.wrapPort('turns', state.fairnessQueue),
    appSlug: services.github.slug,
    guardRails: guardRailsOf(readConfiguration(z.object(guardRailVariables), {})),
    bus,
    meter,
    now: services.clock.now,
  };
  const keys = process.wrapPort('keys', createAccessStore({ client, table: tableName('access') }).keys);
  const door = {
    keyOf: createKeyCheck({ find: (keyId) => keys.find(keyId), isLive: isLiveKey, now: services.clock.now }),
    failedAuthentications: createFailedAuthenticationLimiter(services.clock.now),
    log: services.log,
  };
  const ofInvocation = () => ({
    ...lasting,
    reader: process.wrapPort('reader', github.createReader()),
    once: process.wrapCall('ports', 'once', createOnce(persistence, context)),
  });
  const take = async (event: SQSEvent): Promise<SQSBatchResponse> => {
    const deps = ofInvocation();
    const answer = await createConsumer({ ...consumer, schema: RunsMessage }, (message: RunsMessage, attempt) =>
      deferringOnRateLimit(deps, message, () =>
        message.type === 'run.replay' ? replayRun(deps, message, attempt) : planRun(deps, message, attempt),
      ),
    )(event, context);
    await budgets.publish();
    return answer;
  };
  const answer = async (request: DoorRequest): Promise<Answer> => {
    const answer = await receive({ ...ofInvocation(), ...door }, request);
    await budgets.publish();
    return answer;
  };
  return { handle: take, respond: answer };
}

function startDispatch(process: WorkerProcess<Completion>, services: SimulatedServices): Worker {
  const ground = shared(process, services, 'decisions', 'dispatch');
  const { state, bus, consumer, context } = ground;
  const { github, budgets, rateLimits } = startGitHub(process, services, ground);
  const deps = {
    ledger: process.wrapPort('ledger', state.ledger),
    lineage: process.wrapPort('lineage', state.lineage),
    rateLimits,
    fairnessQueue: process.wrapPort('turns', state.fairnessQueue),
    trackingIssues: process.wrapPort('trackingIssues', state.issues),
    github: process.wrapPort('github', {
      startWorkflow: (request: StartWorkflow) => github.startWorkflow(request),
      sendEvent: (request: SendEvent) => github.sendEvent(request),
      startedRuns: (request: StartedRuns) => github.startedRuns(request),
    }),
    issues: process.wrapPort('issues', github.issues),
    createIssues: 'problems' as const,
    docsUrl: null,
    leaseMs,
    windowMs: reconcileWindowMs,
    paces,
    bus,
    meter,
    now: services.clock.now,
    random: () => 0.5,
  };
  const consume = createConsumer({ ...consumer, schema: RouteDecided }, (decided, attempt) =>
    actOnDecision(deps, decided, attempt),
  );
  return {
    handle: async (event) => {
      const answer = await consume(event, context);
      await budgets.publish();
      return answer;
    },
  };
}

function startFacts(process: WorkerProcess<Completion>, services: SimulatedServices): Worker {
  const { client, consumer, context } = shared(process, services, 'facts', 'facts');
  const { clock, log } = services;
  const store = createFactStore({
    client,
    table: tableName('facts'),
    projectionsTable: tableName('projections'),
    pause: async (ms) => clock.advanceBy(ms),
  });
  const deps = { store: process.wrapPort('facts', store), log, meter, now: clock.now };
  const consume = createBatchConsumer({ ...consumer, schema: Fact }, (facts) => recordBatch(deps, facts));
  return { handle: (event) => consume(event, context) };
}
