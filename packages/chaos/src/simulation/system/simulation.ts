import type { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import type { FaultRule, RequestEntry, SettingsChange } from '@dispatcher/github-emulator';
import { createEventBridge } from '@dispatcher/local/event-bridge';
import { eventRules, type QueueName, queues as descriptions } from '@dispatcher/topology';
import type { Answer } from '@dispatcher/planning/src/door/answer.ts';
import { storedCounters } from '@dispatcher/store/testing';
import { readFactLog } from '../../checker/fact-log.ts';
import { endRun, type RunEnd, seedOf, sourceWorkflow, type TestRequest, type TestRoute } from '../../workload/test-routes.ts';
import type { CompletedRun, Evidence } from '../../checker/check-history.ts';
import { Crew } from './scheduler.ts';
import { createClient, openDatabase, tableName } from './simulated-dynamodb.ts';
import type { Laboratory } from './harness.ts';
import { type AskedAgain, askForAgain, askUntilAnswered, createKey, redriveAll } from './actors.ts';
import type { Fate } from './worker-process.ts';
import { createQueues, type Queues } from './simulated-sqs.ts';
import { shippedAttempts, type Surroundings } from './workers.ts';

/** One history of the system, from an empty start until everything has come to rest. */
export interface Execution {
  readonly queues: Queues;
  /** Lets a run of the source complete at GitHub; its webhook is taken in. */
  complete(source: string): Promise<CompletedRun>;
  /** Works until no message is left anywhere. @throws Error where that does not come to an end. */
  drain(): Promise<unknown>;
  /** Works until a process was struck. @throws Error where everything comes to rest before. */
  untilStruck(): Promise<void>;
  /** A key's request at the door, sent with its idempotency key until it is answered. @throws Error where it never is */
  ask(request: TestRequest): Promise<Answer>;
  /** GitHub starts the workflow again that it refused. */
  mend(target: string, workflow: string): Promise<void>;
  /** An operator asks for *again*. */
  again(asked: AskedAgain): void;
  /** An operator sends every dead letter back to its queue. */
  redrive(): Promise<void>;
  /** Lets every run that was started end like this; their webhooks are taken in. */
  endStarted(how: RunEnd): Promise<void>;
  evidence(): Promise<Evidence>;
  /** GitHub's log. */
  requests(): Promise<readonly RequestEntry[]>;
  /** No worker had two messages at once until now. */
  oneByOne(): boolean;
  /** Dead letters, of which a history without permanent trouble has none. */
  leftovers(): readonly string[];
  close(): Promise<void>;
}

const dayMs = 24 * 60 * 60_000;
/** What a history begins with. */
export interface ScenarioSetup {
  readonly routes: readonly TestRoute[];
  readonly requests?: readonly TestRequest[];
  /** Of a message, before it is a dead letter; as shipped where it is absent. */
  readonly maxAttempts?: number;
  /** What is wrong at GitHub. */
  readonly faults?: readonly FaultRule[];
  readonly settings?: Pick<SettingsChange, 'dispatchApi' | 'runListLagMs'>;
}

export async function startExecution(
  laboratory: Laboratory,
  fate: Fate,
  { routes, requests = [], maxAttempts = shippedAttempts, faults = [], settings = {} }: ScenarioSetup,
): Promise<Execution> {
  const { clock, changes, emulator, app } = laboratory;
  // Nothing of an earlier execution is in force any more: no token, no rate limit. At a full day, or the same history
  // would meet other roundings to a second each time.
  clock.leapTo(Math.ceil(clock.now() / dayMs + 1) * dayMs);
  await emulator.control.replaceSeed(seedOf(routes, app, requests));
  await emulator.control.clearRequests();
  await emulator.control.setFaults(faults);
  await emulator.control.changeSettings({ dispatchApi: 'github.com', runListLagMs: 0, ...settings });
  for (const { target, workflow } of routes.filter(({ end }) => end === 'refused' || end === 'mended')) {
    await emulator.control.setWorkflowState(target, workflow, 'disabled_manually');
  }
  const database = await openDatabase(clock, changes);
  const queues = createQueues(clock, changes);
  laboratory.deliverTo(queues);
  const around: Surroundings = {
    clock,
    changes,
    database,
    sqs: queues.client,
    eventBridge: busTo(laboratory, queues),
    github: { url: emulator.url, appId: String(app.id), slug: app.slug, privateKey: app.privateKey },
    log: laboratory.log,
    maxAttempts,
  };
  const crew = new Crew(around, queues, fate);
  const reader = createClient(database.call);
  const apiKey = requests.length === 0 ? '' : await createKey(reader, requests, clock);
  return {
    queues,
    complete: async (source) => {
      const { run, delivery } = await emulator.control.run({ repository: source, workflow: sourceWorkflow });
      if (delivery?.statusCode !== 202)
        throw new Error(`The delivery of run ${run.id} was answered ${delivery?.statusCode}.`);
      return { repository: source, repositoryId: run.repositoryId, runId: run.id, attempt: run.attempt };
    },
    ask: (request) => askUntilAnswered(crew, request, apiKey, clock),
    mend: (target, workflow) => emulator.control.setWorkflowState(target, workflow, 'active'),
    again: (asked) => askForAgain(queues, asked, clock),
    redrive: () => redriveAll(around, queues),
    drain: () => crew.work(() => false),
    untilStruck: async () => {
      if (!(await crew.work(() => crew.struck))) throw new Error('Everything came to rest, and no process was struck.');
    },
    endStarted: async (how) => {
      for (const { id, startedByInstallation, status } of await emulator.control.runs()) {
        if (startedByInstallation !== null && status !== 'completed') await endRun(emulator.control, id, how);
      }
    },
    oneByOne: () => crew.oneByOne,
    leftovers: () =>
      descriptions.flatMap(({ deadLetterQueue }) =>
        queues.bodies(deadLetterQueue).map((body) => `a dead letter is in ${deadLetterQueue}: ${body.slice(0, 200)}`),
      ),
    evidence: async () => {
      return {
        runs: await emulator.control.runs(),
        issues: await emulator.control.issues(),
        facts: await readFactLog(reader, tableName('facts')),
        totals: await storedCounters(reader, tableName('projections'), 'all'),
      };
    },
    requests: async () => (await emulator.control.requests()).requests,
    close: () => database.close(),
  };
}

function busTo({ clock: { now }, changes }: Laboratory, queues: Queues): Pick<EventBridgeClient, 'send'> {
  const putEvents = createEventBridge({
    rules: eventRules,
    now,
    send: async (queue, body) => queues.send(queue as QueueName, body),
  });
  const send = async ({ input }: PutEventsCommand) => {
    changes.note();
    // On its way a time becomes seconds.
    const entries = (input.Entries ?? []).map((entry) => ({
      ...entry,
      Time: (entry.Time?.getTime() ?? now()) / 1_000,
    }));
    return putEvents({ Entries: entries });
  };
  return { send };
}
