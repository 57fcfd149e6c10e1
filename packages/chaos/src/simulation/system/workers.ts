import type { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { SQSClient } from '@aws-sdk/client-sqs';
import { Configuration as DispatchConfiguration } from '@dispatcher/dispatch/src/configuration.ts';
import { createHandler as createDispatchHandler } from '@dispatcher/dispatch/src/create-handler.ts';
import { createDependencies as createDispatchDependencies } from '@dispatcher/dispatch/src/dependencies.ts';
import { Configuration as FactsConfiguration } from '@dispatcher/facts/src/configuration.ts';
import { createHandler as createFactsHandler, type ScheduledEvent } from '@dispatcher/facts/src/create-handler.ts';
import { createDependencies as createFactsDependencies } from '@dispatcher/facts/src/dependencies.ts';
import { type Bus, type Meter, readConfiguration, type StepLog } from '@dispatcher/lambda';
import {
  busName,
  type FunctionName,
  functionTimeouts,
  publishedFacts,
  type QueueName,
  queues,
  undeliveredEventsQueue,
} from '@dispatcher/topology';
import { Configuration as PlanningConfiguration } from '@dispatcher/planning/src/configuration.ts';
import { createHandler as createPlanningHandler } from '@dispatcher/planning/src/create-handler.ts';
import {
  type Clients as PlanningClients,
  createDependencies as createPlanningDependencies,
} from '@dispatcher/planning/src/dependencies.ts';
import type {
  APIGatewayProxyEventV2,
  APIGatewayProxyStructuredResultV2,
  Context,
  SQSBatchResponse,
  SQSEvent,
} from 'aws-lambda';
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
  /** Settings that differ from their defaults. */
  readonly variables: Readonly<Record<string, string>>;
  /** The largest batch that a worker receives. Default: that of its event source. */
  readonly batchSizes: Partial<Readonly<Record<QueueName, number>>>;
  /** Whether the schedule of the roll-up runs. */
  readonly rollUps: boolean;
  /** Returns the random numbers of a new process: not those of another one, but the same ones in a replay. */
  readonly startRandom: () => () => number;
  /** Called with every request of a worker to AWS and GitHub, which it performs. */
  readonly observe: Observe;
}

/** A request of a worker: of an operation of DynamoDB, SQS or EventBridge with its input, or of GitHub. */
export interface WorkerRequest {
  readonly worker: WorkerName;
  readonly service: 'dynamodb' | 'sqs' | 'eventbridge' | 'github';
  readonly operation: string;
  readonly input: Readonly<Record<string, unknown>>;
}

export type Observe = <T>(request: WorkerRequest, perform: () => Promise<T>) => Promise<T>;

/** `roll-up` is the schedule of the facts function, which Lambda runs in a process of its own. */
export type WorkerName = Extract<FunctionName, 'planning' | 'dispatch' | 'facts'> | 'roll-up';

/**
 * A Lambda handler: planning, dispatch and facts handle batches of their queue and their schedules, planning also the
 * dispatch API.
 */
export type Worker = (
  event: SQSEvent | APIGatewayProxyEventV2 | { readonly scheduled: string },
) => Promise<SQSBatchResponse | APIGatewayProxyStructuredResultV2 | void>;

/** Applies the response of an invocation. */
export type Completion = () => void;

type Process = WorkerProcess<Completion>;

export const defaultMaxAttempts = 6;
const meter: Meter = { count: () => {}, milliseconds: () => {} };

/** Starts a worker as Lambda does in a cold start, with the function's own dependencies on clients of the simulation. */
export function startWorker(name: WorkerName, process: Process, services: SimulatedServices): Worker {
  const starts = { planning: startPlanning, dispatch: startDispatch, facts: startFacts, 'roll-up': startRollUp };
  const handler = starts[name](process, services);
  const functionName = functionOf(name);
  const context = {
    functionName,
    awsRequestId: 'simulated',
    getRemainingTimeInMillis: () => functionTimeouts[functionName] * 1_000,
  } as Context;
  return (event) => handler(event as SQSEvent & ScheduledEvent, context);
}

const functionOf = (name: WorkerName): FunctionName => (name === 'roll-up' ? 'facts' : name);

/** Environment variables of all functions. Those that are not set have their defaults. */
function variablesOf({ github, maxAttempts, variables }: SimulatedServices): Record<string, string> {
  return {
    ...Object.fromEntries(
      queues.flatMap(({ name }) => [
        [`${name.toUpperCase()}_QUEUE_URL`, queueUrl(name)],
        [`${name.toUpperCase()}_DEAD_LETTER_QUEUE_URL`, queueUrl(`${name}-dead-letters`)],
      ]),
    ),
    // Always empty, because EventBridge delivers every event.
    UNDELIVERED_EVENTS_QUEUE_URL: queueUrl(undeliveredEventsQueue.name),
    BUS_NAME: busName,
    STATE_TABLE: tableName('state'),
    PLANS_TABLE: tableName('plans'),
    FACTS_TABLE: tableName('facts'),
    PROJECTIONS_TABLE: tableName('projections'),
    ACCESS_TABLE: tableName('access'),
    MAX_ATTEMPTS: String(maxAttempts),
    MAX_TARGETS_PER_RUN: '100',
    GITHUB_APP_ID: github.appId,
    GITHUB_APP_SLUG: github.slug,
    GITHUB_API_URL: github.url,
    ...variables,
  };
}

/** Creates the clients of any worker. Their requests are the fault points of the level `wire`. */
function createClients(name: WorkerName, process: Process, services: SimulatedServices): PlanningClients {
  const { clock, mutations, github, log, observe } = services;
  const observed =
    <A extends readonly unknown[], R>(
      service: WorkerRequest['service'],
      describe: (...given: A) => Pick<WorkerRequest, 'operation' | 'input'>,
      send: (...given: A) => Promise<R>,
    ) =>
    (...given: A): Promise<R> =>
      observe({ worker: name, service, ...describe(...given) }, () => send(...given));
  const observedSend = <S>(service: WorkerRequest['service'], send: S): S =>
    observed(service, describeCommand, send as (command: object) => Promise<unknown>) as S;
  // The faults of the roll-up are enumerated by themselves, too.
  const prefix = name === 'roll-up' ? 'roll-up ' : '';
  return {
    log,
    meter,
    now: clock.now,
    random: services.startRandom(),
    pause: async (ms: number) => {
      await process.untilIdle();
      // The clock stays at whole seconds, because GitHub's log of requests has no others.
      clock.advanceBy(Math.floor(ms / 1_000) * 1_000);
    },
    dynamodb: createClient(
      process.wrapCall(
        'wire',
        `${prefix}dynamodb`,
        observed('dynamodb', (operation, input) => ({ operation, input }), services.dynamoDb.call),
      ),
    ),
    sqs: {
      send: process.wrapCall('wire', `${prefix}sqs.send`, observedSend('sqs', services.sqs.send)),
    },
    eventBridge: {
      send: process.wrapCall(
        'wire',
        'eventbridge.send',
        observedSend('eventbridge', permitOwnFacts(name, services.eventBridge.send)),
      ),
    },
    gitHubPrivateKey: github.privateKey,
    fetch: process.wrapCall(
      'wire',
      'github',
      observed(
        'github',
        (url, init) => ({
          operation: init?.method ?? 'GET',
          input: { url: url instanceof Request ? url.url : url.toString() },
        }),
        async (...given: Parameters<typeof fetch>) => {
          // The checker reads GitHub's log of requests, so every request counts as a mutation, also the reading ones.
          mutations.increment();
          const response = await fetch(...given);
          // Received whole before the next request leaves the process.
          await response.clone().arrayBuffer();
          return response;
        },
      ),
    ),
  };
}

/** Describes a command of an AWS client. */
function describeCommand(command: object): Pick<WorkerRequest, 'operation' | 'input'> {
  const { input } = command as { readonly input: WorkerRequest['input'] };
  return { operation: command.constructor.name.replace(/Command$/, ''), input };
}

/** Refuses facts that the role of the function may not publish. */
function permitOwnFacts(name: WorkerName, send: SimulatedServices['eventBridge']['send']): typeof send {
  const permitted: readonly string[] = publishedFacts[functionOf(name)];
  return ((command: PutEventsCommand) => {
    for (const { DetailType: type = '' } of command.input.Entries ?? []) {
      if (!permitted.includes(type)) throw new Error(`AccessDenied: ${name} may not publish ${type}.`);
    }
    return send(command);
  }) as typeof send;
}

/** Wraps the ports of a consumer of any queue. */
function wrapConsumer<
  C extends { readonly sqs: Pick<SQSClient, 'send'>; readonly attempts: object; readonly bus: Bus },
>(process: Process, consumer: C): C {
  return {
    ...consumer,
    sqs: process.wrapPort('sqs', consumer.sqs),
    attempts: process.wrapPort('attempts', consumer.attempts),
    bus: process.wrapPort('bus', consumer.bus),
  };
}

function startPlanning(process: Process, services: SimulatedServices) {
  const environment = readConfiguration(PlanningConfiguration, variablesOf(services));
  const dependencies = createPlanningDependencies(environment, createClients('planning', process, services));
  const { consumer, planning, dispatchApi, createReader, createOnce } = dependencies;
  return createPlanningHandler({
    ...dependencies,
    consumer: wrapConsumer(process, consumer),
    planning: {
      ...planning,
      startedBy: process.wrapCall('ports', 'lineage.find', planning.startedBy),
      isBeingStarted: process.wrapCall('ports', 'ledger.isHeld', planning.isBeingStarted),
      jobCount: process.wrapCall('ports', 'github.jobCount', planning.jobCount),
      permissionsOf: process.wrapCall('ports', 'github.permissionsOf', planning.permissionsOf),
      findRequester: process.wrapCall('ports', 'requesters.find', planning.findRequester),
      plans: process.wrapPort('plans', planning.plans),
      revisions: process.wrapPort('revisions', planning.revisions),
      withdrawals: process.wrapPort('withdrawals', planning.withdrawals),
      repositoryIds: process.wrapPort('repositoryIds', planning.repositoryIds),
      candidates: process.wrapPort('candidates', planning.candidates),
      commitRuns: process.wrapPort('commitRuns', planning.commitRuns),
      listRunsOfCommit: process.wrapCall('ports', 'github.listRunsOfCommit', planning.listRunsOfCommit),
      observer: process.wrapPort('observer', planning.observer),
      fairnessQueue: process.wrapPort('fairnessQueue', planning.fairnessQueue),
      bus: process.wrapPort('bus', planning.bus),
    },
    createReader: () => process.wrapPort('reader', createReader()),
    createOnce: (context) => process.wrapCall('ports', 'once', createOnce(context)),
    dispatchApi: { ...dispatchApi, keyOf: process.wrapCall('ports', 'keys.authenticate', dispatchApi.keyOf) },
  });
}

/** The default of the dispatch function's `RECONCILE_WINDOW_SECONDS`. */
export const reconcileWindowMs = 60_000;

function startDispatch(process: Process, services: SimulatedServices) {
  const environment = readConfiguration(DispatchConfiguration, variablesOf(services));
  const dependencies = createDispatchDependencies(environment, createClients('dispatch', process, services));
  const { consumer, dispatch } = dependencies;
  return createDispatchHandler({
    ...dependencies,
    consumer: wrapConsumer(process, consumer),
    dispatch: {
      ...dispatch,
      plans: process.wrapPort('plans', dispatch.plans),
      reads: process.wrapPort('reads', dispatch.reads),
      checkReads: process.wrapPort('checkReads', dispatch.checkReads),
      createReader: () => process.wrapPort('reader', dispatch.createReader()),
      ledger: process.wrapPort('ledger', dispatch.ledger),
      lineage: process.wrapPort('lineage', dispatch.lineage),
      rateLimits: process.wrapPort('rateLimits', dispatch.rateLimits),
      fairnessQueue: process.wrapPort('fairnessQueue', dispatch.fairnessQueue),
      trackingIssues: process.wrapPort('trackingIssues', dispatch.trackingIssues),
      github: process.wrapPort('github', dispatch.github),
      issues: process.wrapPort('issues', dispatch.issues),
      checkRecords: process.wrapPort('checkRecords', dispatch.checkRecords),
      openChecks: process.wrapPort('openChecks', dispatch.openChecks),
      checks: process.wrapPort('checks', dispatch.checks),
      runs: process.wrapPort('runs', dispatch.runs),
      bus: process.wrapPort('bus', dispatch.bus),
    },
  });
}

function startFacts(process: Process, services: SimulatedServices) {
  const environment = readConfiguration(FactsConfiguration, variablesOf(services));
  const dependencies = createFactsDependencies(environment, createClients('facts', process, services));
  const { consumer, recording } = dependencies;
  return createFactsHandler({
    ...dependencies,
    consumer: wrapConsumer(process, consumer),
    recording: { ...recording, store: process.wrapPort('facts', recording.store) },
  });
}

/** Starts the facts function for its schedule. */
function startRollUp(process: Process, services: SimulatedServices) {
  const environment = readConfiguration(FactsConfiguration, variablesOf(services));
  const dependencies = createFactsDependencies(environment, createClients('roll-up', process, services));
  const { rollUp } = dependencies;
  return createFactsHandler({
    ...dependencies,
    rollUp: {
      ...rollUp,
      store: process.wrapPort('rollUp', rollUp.store),
      sample: process.wrapCall('ports', 'queues.sample', rollUp.sample),
      // A real timer would end a fold early on a busy machine: a history must be the same each time.
      foldSignal: () => new AbortController().signal,
    },
  });
}
