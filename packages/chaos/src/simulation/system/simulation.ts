import type { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { FaultRule, RequestEntry, SettingsChange } from '@dispatcher/github-emulator';
import { createEventBridge } from '@dispatcher/local/event-bridge';
import { eventRules, type QueueName, queues as descriptions, schedules } from '@dispatcher/topology';
import { createFactStore } from '@dispatcher/store';
import { storedCounters } from '@dispatcher/store/testing';
import type { CompletedRun, Evidence } from '../../checker/evidence.ts';
import { findEarlyPasses, readChecks } from '../../checker/check-gates.ts';
import { describeDifferences, readFactLog } from '../../checker/fact-log.ts';
import { createRandom } from '../../workload/random.ts';
import {
  dispatchingFile,
  dispatchingFiles,
  endRun,
  type RunEnd,
  seedOf,
  sourceWorkflow,
  type TestRequest,
  type TestRoute,
} from '../../workload/test-routes.ts';
import {
  type ApiResponse,
  createApiKey,
  redriveAll,
  type ReplayRequest,
  requestDispatch,
  requestReplay,
} from './actors.ts';
import type { Harness } from './harness.ts';
import { Scheduler } from './scheduler.ts';
import { type Call, createClient, openSimulatedDynamoDb, tableName } from './simulated-dynamodb.ts';
import { createSimulatedSqs, type SimulatedSqs } from './simulated-sqs.ts';
import { createInterventions, type RecordedIntervention } from './interventions.ts';
import type { FaultPlan, Intervention } from './worker-process.ts';
import { defaultMaxAttempts, type Observe, type SimulatedServices } from './workers.ts';

/** One history of the system, from an empty start until it is idle. */
export interface Simulation {
  readonly sqs: SimulatedSqs;
  /** Completes a run of the source at GitHub and delivers its webhook. */
  complete(source: string, workflow?: string): Promise<CompletedRun>;
  /** Runs the workers until no message is left. @throws Error if messages are left after many invocations */
  drain(): Promise<unknown>;
  /** Invokes planning or dispatch for one of their schedules, by its name. */
  tick(schedule: string): Promise<void>;
  /** Runs the workers until a fault was injected. @throws Error if the system is idle before */
  runUntilFault(): Promise<void>;
  /** Pushes the `dispatching.yml` of every repository, so that the consent index lists who allows whom. */
  pushFiles(): Promise<void>;
  /** Sends a request to the dispatch API until it receives a final response. @throws Error if it receives none */
  request(request: TestRequest): Promise<ApiResponse>;
  /** Enables the workflow whose dispatch GitHub rejected. */
  repair(target: string, workflow: string): Promise<void>;
  /** Replays a run as an operator. */
  replay(replay: ReplayRequest): void;
  /** Changes something outside the workers, now. */
  intervene(kind: Intervention): Promise<void>;
  /** Withdraws the consent of every target after that time. */
  withdrawAfter(ms: number): void;
  /** The interventions so far, in order. */
  readonly interventions: readonly RecordedIntervention[];
  /** Clicks "Re-run" at a check run, and delivers the webhook. */
  rerequest(check: string): Promise<void>;
  /** Redrives every dead letter as an operator. */
  redrive(): Promise<void>;
  /** Ends every started run like this and delivers the webhooks. */
  endStartedRuns(end: RunEnd): Promise<void>;
  evidence(): Promise<Evidence>;
  /** Returns GitHub's log of requests. */
  requests(): Promise<readonly RequestEntry[]>;
  /** Describes the dead letters. A history without a permanent fault has none. */
  deadLetters(): readonly string[];
  /** Calls DynamoDB outside the workers. */
  readonly dynamoDb: Call;
  close(): Promise<void>;
}

const dayMs = 24 * 60 * 60_000;

/** The queue whose process runs the schedules of a function. */
const queuesOfSchedules: ReadonlyMap<string, QueueName> = new Map([
  ['planning', 'runs'],
  ['dispatch', 'decisions'],
]);

/** The initial state of a history. */
export interface SimulationSetup {
  readonly routes: readonly TestRoute[];
  readonly requests?: readonly TestRequest[];
  /** Attempts on a message before it becomes a dead letter. Default: the configuration's default. */
  readonly maxAttempts?: number;
  /** Environment variables of the functions that differ from their defaults. */
  readonly variables?: Readonly<Record<string, string>>;
  /** Faults of GitHub. */
  readonly gitHubFaults?: readonly FaultRule[];
  readonly settings?: Pick<SettingsChange, 'dispatchApi' | 'runListLagMs' | 'checkListLagMs'>;
  readonly batchSizes?: SimulatedServices['batchSizes'];
  /** Whether the roll-up runs a minute after facts. Default: true. */
  readonly rollUps?: boolean;
  readonly observe?: Observe;
}

export async function startSimulation(
  harness: Harness,
  plan: FaultPlan,
  {
    routes,
    requests = [],
    maxAttempts = defaultMaxAttempts,
    variables = {},
    gitHubFaults = [],
    settings = {},
    batchSizes = {},
    rollUps = true,
    observe = (_request, perform) => perform(),
  }: SimulationSetup,
): Promise<Simulation> {
  const { clock, mutations, emulator, app } = harness;
  // Expires every token and rate limit of earlier simulations. Starts at a full day, because times are rounded to seconds
  // and another offset would lead to a different history.
  clock.advanceTo(Math.ceil(clock.now() / dayMs + 1) * dayMs);
  await emulator.control.replaceSeed(seedOf(routes, app, requests));
  await emulator.control.clearRequests();
  await emulator.control.setFaults(gitHubFaults);
  await emulator.control.changeSettings({
    dispatchApi: 'github.com',
    runListLagMs: 0,
    checkListLagMs: 0,
    ...settings,
  });
  for (const { target, workflow } of routes.filter(({ outcome }) => outcome === 'refused' || outcome === 'repaired')) {
    await emulator.control.setWorkflowState(target, workflow, 'disabled_manually');
  }
  const earlyPasses: string[] = [];
  /** Looks at the required checks after every write of a check run, so that none passes for a moment. */
  const watchChecks: Observe = async (request, perform) => {
    try {
      return await observe(request, perform);
    } finally {
      if (
        request.service === 'github' &&
        request.operation !== 'GET' &&
        String(request.input['url']).includes('/check-runs')
      ) {
        const [runs, checks] = await Promise.all([emulator.control.runs(), readChecks(emulator.control, app.id)]);
        earlyPasses.push(...findEarlyPasses({ runs, checks }, routes));
      }
    }
  };
  const dynamoDb = await openSimulatedDynamoDb(clock, mutations);
  const sqs = createSimulatedSqs(clock, mutations);
  harness.deliverTo(sqs);
  let processes = 0;
  const services: SimulatedServices = {
    clock,
    mutations,
    dynamoDb,
    sqs: sqs.client,
    eventBridge: createEventBridgeClient(harness, sqs),
    github: { url: emulator.url, appId: String(app.id), slug: app.slug, privateKey: app.privateKey },
    log: harness.log,
    maxAttempts,
    variables,
    batchSizes,
    rollUps,
    startRandom: () => {
      processes += 1;
      const random = createRandom(processes);
      return () => random.next();
    },
    observe: watchChecks,
  };
  const scheduler = new Scheduler(services, sqs, plan);
  const client = createClient(dynamoDb.call);
  const apiKey = requests.length === 0 ? '' : await createApiKey(client, requests, clock);
  const { intervene, recorded } = createInterventions({
    client,
    clock,
    mutations,
    schedule: (at, work) => scheduler.schedule(at, work),
    withdraw: async () => {
      for (const target of new Set(routes.map((route) => route.target))) {
        // Nobody may start anything there any more.
        const text = dispatchingFile([], [{ ...anyRoute, target, outcome: 'denied' }]);
        await emulator.control.push(target, { files: { 'dispatching.yml': text } });
      }
    },
  });
  return {
    sqs,
    intervene,
    interventions: recorded,
    withdrawAfter: (ms) => scheduler.schedule(clock.now() + ms, () => intervene('withdraw')),
    complete: async (source, workflow = sourceWorkflow) => {
      const { run, delivery } = await emulator.control.run({ repository: source, workflow });
      if (delivery?.statusCode !== 202) {
        throw new Error(`The delivery of run ${run.id} received status ${delivery?.statusCode}, expected 202.`);
      }
      return { repository: source, repositoryId: run.repositoryId, runId: run.id, attempt: run.attempt };
    },
    pushFiles: async () => {
      for (const [name, text] of dispatchingFiles(routes)) {
        await emulator.control.push(name, { files: { 'dispatching.yml': `${text}# Pushed.\n` } });
      }
    },
    request: (request) => requestDispatch(scheduler, request, apiKey, clock),
    repair: (target, workflow) => emulator.control.setWorkflowState(target, workflow, 'active'),
    replay: (replay) => requestReplay(sqs, replay, clock),
    rerequest: async (check) => {
      const shown = (await emulator.control.checkRuns()).find(({ name }) => name === `Dispatcher / ${check}`);
      if (shown === undefined) throw new Error(`There is no check run ${check}.`);
      await emulator.control.rerequestCheckRun(shown.id);
    },
    redrive: () => redriveAll(services, sqs),
    drain: () => scheduler.run(() => false),
    tick: (schedule) => {
      const described = schedules.find(({ name }) => name === schedule);
      const queue = queuesOfSchedules.get(described?.function ?? '');
      if (described === undefined || queue === undefined) throw new Error(`No worker has the schedule ${schedule}.`);
      return scheduler.tick(queue, schedule);
    },
    runUntilFault: async () => {
      if (!(await scheduler.run(() => scheduler.hasFault))) {
        throw new Error('The system is idle, and no fault was injected.');
      }
    },
    endStartedRuns: async (end) => {
      for (const { id, startedByInstallation, status } of await emulator.control.runs()) {
        if (startedByInstallation !== null && status !== 'completed') await endRun(emulator.control, id, end);
      }
    },
    deadLetters: () =>
      descriptions.flatMap(({ deadLetterQueue }) =>
        sqs.bodies(deadLetterQueue).map((body) => `a dead letter is in ${deadLetterQueue}: ${body.slice(0, 200)}`),
      ),
    evidence: async () => {
      const store = createFactStore({
        client,
        table: tableName('facts'),
        projectionsTable: tableName('projections'),
        now: clock.now,
      });
      return {
        runs: await emulator.control.runs(),
        issues: await emulator.control.issues(),
        checks: await readChecks(emulator.control, app.id),
        earlyPasses,
        facts: await readFactLog(client, tableName('facts')),
        totals: await storedCounters(client, tableName('projections'), 'all'),
        differences: await describeDifferences(store),
      };
    },
    requests: async () => (await emulator.control.requests()).requests,
    dynamoDb: dynamoDb.call,
    close: () => dynamoDb.close(),
  };
}

/** A route whose only use is the file of its target. */
const anyRoute: TestRoute = {
  name: 'none',
  source: 'octo-org/none',
  target: 'octo-org/none',
  workflow: 'cd.yml',
  ref: 'main',
  outcome: 'denied',
};

function createEventBridgeClient(
  { clock: { now }, mutations }: Harness,
  sqs: SimulatedSqs,
): Pick<EventBridgeClient, 'send'> {
  const putEvents = createEventBridge({
    rules: eventRules,
    now,
    send: async (queue, body) => sqs.send(queue as QueueName, body),
  });
  const send = async ({ input }: PutEventsCommand) => {
    mutations.increment();
    // The JSON protocol carries times as seconds.
    const entries = (input.Entries ?? []).map((entry) => ({
      ...entry,
      Time: (entry.Time?.getTime() ?? now()) / 1_000,
    }));
    return putEvents({ Entries: entries });
  };
  return { send };
}
