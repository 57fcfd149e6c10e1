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
import { createDeferral, refuseDuringOutage } from '@dispatcher/planning/src/plan/outage.ts';
import { createOnce } from '@dispatcher/planning/src/plan/plan-once.ts';
import { replayRun } from '@dispatcher/planning/src/plan/replay-run.ts';
import { planRun } from '@dispatcher/planning/src/plan/plan-run.ts';
import { deferOnRateLimit as deferringOnRateLimit } from '@dispatcher/planning/src/plan/rate-limit.ts';
import { createAccessStore, createFactStore, createStateStore, isLiveKey, planPersistence } from '@dispatcher/store';
import type { Context, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import * as z from 'zod/mini';
import type { Changes } from './changes.ts';
import type { Clock } from './clock.ts';
import { createClient, type Database, tableName } from './database.ts';
import type { Process } from './process.ts';
import { queueUrl } from './queues.ts';

/** What the three workers share, whichever of them is restarted. */
export interface Surroundings {
  readonly clock: Clock;
  readonly changes: Changes;
  readonly database: Database;
  readonly sqs: Pick<SQSClient, 'send'>;
  readonly eventBridge: Pick<EventBridgeClient, 'send'>;
  readonly github: { readonly url: string; readonly appId: string; readonly slug: string; readonly privateKey: string };
  readonly log: StepLog;
  readonly maxAttempts: number;
}

export type WorkerName = Extract<FunctionName, 'planning' | 'dispatch' | 'facts'>;
/** What Lambda invokes. */
export interface Worker {
  readonly take: (event: SQSEvent) => Promise<SQSBatchResponse>;
  /** `POST /dispatch`, which planning alone serves. */
  readonly answer?: (request: DoorRequest) => Promise<Answer>;
}

/** An invocation ends with what is left to do about its answer. */
export type Ending = () => void;

export const shippedAttempts = 6;
const meter: Meter = { count: () => {}, milliseconds: () => {} };

/** A cold start: what `dependencies.ts` builds of the real clients is built here of ports that the process can be struck at. */
export function startWorker(name: WorkerName, process: Process<Ending>, around: Surroundings): Worker {
  return { planning: startPlanning, dispatch: startDispatch, facts: startFacts }[name](process, around);
}

function shared(process: Process<Ending>, around: Surroundings, queue: QueueName, worker: WorkerName) {
  const { clock, database, log } = around;
  const call = process.call('wire', 'dynamodb', database.call);
  const client = createClient(call);
  const pause = async (ms: number) => clock.leap(ms);
  const state = createStateStore({ client, table: tableName('state'), now: clock.now, pause });
  const eventBridge = {
    send: process.call('wire', 'eventbridge.send', around.eventBridge.send.bind(around.eventBridge)),
  };
  const bus = process.port('bus', createBus(eventBridge, busName));
  const consumer = {
    queue,
    queueUrl: queueUrl(queue),
    deadLetterQueueUrl: queueUrl(`${queue}-dead-letters`),
    sqs: process.port('sqs', { send: process.call('wire', 'sqs.send', around.sqs.send) }),
    version: 1,
    maxAttempts: around.maxAttempts,
    attempts: process.port('attempts', state.attempts),
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
  process: Process<Ending>,
  { clock, changes, github, log }: Surroundings,
  { state, bus }: Pick<ReturnType<typeof shared>, 'state' | 'bus'>,
) {
  const { appId, privateKey, url: apiUrl } = github;
  const limits = process.port('rateLimits', state.rateLimits);
  const budgets = createBudgetReport({ claims: limits, bus, meter, log, now: clock.now });
  const send = process.call('wire', 'github', (...given: Parameters<typeof fetch>) => {
    // GitHub's log of requests is judged: each of them counts, the reading ones too.
    changes.note();
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
export const windowMs = 60_000;
const paces = pacesOf({ writesPerMinute: 160, contentPerMinute: 70, contentPerHour: 450 });

function startPlanning(process: Process<Ending>, around: Surroundings): Worker {
  const ground = shared(process, around, 'runs', 'planning');
  const { client, state, bus, consumer, context } = ground;
  const { github, budgets } = startGitHub(process, around, ground);
  const persistence = new DynamoDBPersistenceLayer({
    tableName: tableName('state'),
    awsSdkV3Client: client,
    ...planPersistence,
  });
  const lineage = process.port('lineage', state.lineage);
  const { jobCount } = process.port('github', { jobCount: (at: RunAt) => github.jobCount(at) });
  const ledger = process.port('ledger', state.ledger);
  const fairnessQueue = process.port('turns', state.fairnessQueue);
  const giveUpAfterMs = 6 * 60 * 60_000;
  const lasting = {
    cache: createCompileCache(),
    isBeingStarted: async ({ repository: { id: repositoryId }, workflow, run: { headBranch: ref } }: RunCompleted) =>
      ref !== null && (await ledger.isHeld({ repositoryId, workflow, ref })),
    startedBy: ({ repository, run }: RunCompleted) => lineage.find(repository.id, run.id),
    jobCount: ({ installationId, repository: { id: repositoryId, owner, name }, run }: RunCompleted) =>
      jobCount({ installationId, repositoryId, owner, name, workflowRunId: run.id }),
    permissionsOf: (installationId: number) => github.permissionsOf(installationId),
    findKey: () => Promise.reject(new Error('No key asks in this world.')),
    lineageWithinMs: leaseMs + 2 * windowMs,
    plans: process.port('plans', state.plans),
    fairnessQueue,
    giveUpAfterMs,
    deferDuringOutage: createDeferral({
      delays: process.port('delays', state.delays),
      fairnessQueue,
      bus,
      meter,
      log: around.log,
      now: around.clock.now,
      giveUpAfterMs,
    }),
    appSlug: around.github.slug,
    guardRails: guardRailsOf(readConfiguration(z.object(guardRailVariables), {})),
    bus,
    meter,
    now: around.clock.now,
  };
  const keys = process.port('keys', createAccessStore({ client, table: tableName('access') }).keys);
  const door = {
    keyOf: createKeyCheck({ find: (keyId) => keys.find(keyId), isLive: isLiveKey, now: around.clock.now }),
    failedAuthentications: createFailedAuthenticationLimiter(around.clock.now),
    log: around.log,
    deferDuringOutage: refuseDuringOutage(around.clock.now),
  };
  const ofInvocation = () => ({
    ...lasting,
    reader: process.port('reader', github.createReader()),
    once: process.call('ports', 'once', createOnce(persistence, context)),
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
  return { take, answer };
}

function startDispatch(process: Process<Ending>, around: Surroundings): Worker {
  const ground = shared(process, around, 'decisions', 'dispatch');
  const { state, bus, consumer, context } = ground;
  const { github, budgets, rateLimits } = startGitHub(process, around, ground);
  const deps = {
    ledger: process.port('ledger', state.ledger),
    lineage: process.port('lineage', state.lineage),
    rateLimits,
    fairnessQueue: process.port('turns', state.fairnessQueue),
    trackingIssues: process.port('trackingIssues', state.issues),
    github: process.port('github', {
      startWorkflow: (request: StartWorkflow) => github.startWorkflow(request),
      sendEvent: (request: SendEvent) => github.sendEvent(request),
      startedRuns: (request: StartedRuns) => github.startedRuns(request),
    }),
    issues: process.port('issues', github.issues),
    createIssues: 'problems' as const,
    docsUrl: null,
    leaseMs,
    windowMs,
    paces,
    bus,
    meter,
    now: around.clock.now,
    random: () => 0.5,
  };
  const consume = createConsumer({ ...consumer, schema: RouteDecided }, (decided, attempt) =>
    actOnDecision(deps, decided, attempt),
  );
  return {
    take: async (event) => {
      const answer = await consume(event, context);
      await budgets.publish();
      return answer;
    },
  };
}

function startFacts(process: Process<Ending>, around: Surroundings): Worker {
  const { client, consumer, context } = shared(process, around, 'facts', 'facts');
  const { clock, log } = around;
  const store = createFactStore({
    client,
    table: tableName('facts'),
    projectionsTable: tableName('projections'),
    pause: async (ms) => clock.leap(ms),
  });
  const deps = { store: process.port('facts', store), log, meter, now: clock.now };
  const consume = createBatchConsumer({ ...consumer, schema: Fact }, (facts) => recordBatch(deps, facts));
  return { take: (event) => consume(event, context) };
}
