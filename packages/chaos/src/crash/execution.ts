import type { EventBridgeClient, PutEventsCommand } from '@aws-sdk/client-eventbridge';
import { createEventBridge } from '@dispatcher/local/event-bridge';
import { eventRules, eventSources, type QueueName, queues as descriptions } from '@dispatcher/local/topology';
import { storedCounters } from '@dispatcher/store/testing';
import type { SQSBatchResponse, SQSEvent } from 'aws-lambda';
import { readFactLog } from '../fact-log.ts';
import { endRun, type RunEnd, seedOf, sourceWorkflow, type TestRoute } from '../routes.ts';
import type { CompletedRun, Evidence } from '../verdict.ts';
import { createClient, openDatabase, tableName } from './database.ts';
import type { Laboratory } from './laboratory.ts';
import { type Fate, type Outcome, Process } from './process.ts';
import { createQueues, type Queues } from './queues.ts';
import { type Invocation, startWorker, type Surroundings, type WorkerName } from './workers.ts';

/** One history of the system, from an empty start until everything has come to rest. */
export interface Execution {
  readonly queues: Queues;
  /** Lets a run of the source complete at GitHub; its webhook is taken in. */
  complete(source: string): Promise<CompletedRun>;
  /** Works until no message is left anywhere. @throws Error where that does not come to an end. */
  drain(): Promise<unknown>;
  /** Works until a process was struck. @throws Error where everything comes to rest before. */
  untilStruck(): Promise<void>;
  /** Lets every run that was started end like this; their webhooks are taken in. */
  endStarted(how: RunEnd): Promise<void>;
  evidence(): Promise<Evidence>;
  /** Dead letters, of which a history without permanent trouble has none. */
  leftovers(): readonly string[];
  close(): Promise<void>;
}

/** Longer than any lease, window and visibility time-out together. */
const stoppedMs = 20 * 60_000;
/** Far more than the longest history that ends takes. */
const mostInvocations = 20_000;

const workers: Readonly<Record<QueueName, WorkerName>> = { runs: 'planning', decisions: 'dispatch', facts: 'facts' };

interface Sleeper {
  readonly process: Process<SQSBatchResponse>;
  readonly queue: QueueName;
  readonly event: SQSEvent;
  readonly wakeAt: number;
}

export async function startExecution(
  laboratory: Laboratory,
  routes: readonly TestRoute[],
  fate: Fate,
): Promise<Execution> {
  const { clock, emulator, app } = laboratory;
  // Nothing of an earlier execution is in force any more: no token, no rate limit.
  clock.leap(24 * 60 * 60_000);
  await emulator.control.replaceSeed(seedOf(routes, app));
  await emulator.control.clearRequests();
  await emulator.control.clearFaults();
  await emulator.control.changeSettings({ dispatchApi: 'github.com', runListLagMs: 0 });
  for (const { target, workflow } of routes.filter(({ end }) => end === 'refused')) {
    await emulator.control.setWorkflowState(target, workflow, 'disabled_manually');
  }
  const database = await openDatabase(clock);
  const queues = createQueues(clock);
  laboratory.deliverTo(queues);
  const around: Surroundings = {
    clock,
    database,
    sqs: queues.client,
    eventBridge: busTo(queues, clock.now),
    github: { url: emulator.url, appId: String(app.id), slug: app.slug, privateKey: app.privateKey },
    log: laboratory.log,
  };
  const crew = new Crew(around, queues, fate);
  const reader = createClient(database.call);
  return {
    queues,
    complete: async (source) => {
      const { run, delivery } = await emulator.control.run({ repository: source, workflow: sourceWorkflow });
      if (delivery?.statusCode !== 202)
        throw new Error(`The delivery of run ${run.id} was answered ${delivery?.statusCode}.`);
      return { repository: source, repositoryId: run.repositoryId, runId: run.id, attempt: run.attempt };
    },
    drain: () => crew.work(() => false),
    untilStruck: async () => {
      if (!(await crew.work(() => crew.struck))) throw new Error('Everything came to rest, and no process was struck.');
    },
    endStarted: async (how) => {
      for (const { id, startedByInstallation, status } of await emulator.control.runs()) {
        if (startedByInstallation !== null && status !== 'completed') await endRun(emulator.control, id, how);
      }
    },
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
    close: () => database.close(),
  };
}

function busTo(queues: Queues, now: () => number): Pick<EventBridgeClient, 'send'> {
  const putEvents = createEventBridge({
    rules: eventRules,
    now,
    send: async (queue, body) => queues.send(queue as QueueName, body),
  });
  const send = async ({ input }: PutEventsCommand) => {
    // On its way a time becomes seconds.
    const entries = (input.Entries ?? []).map((entry) => ({
      ...entry,
      Time: (entry.Time?.getTime() ?? now()) / 1_000,
    }));
    return putEvents({ Entries: entries });
  };
  return { send };
}

/** One process of each worker, replaced when it dies. They take turns, so that a history can be told again. */
class Crew {
  readonly #around: Surroundings;
  readonly #queues: Queues;
  readonly #fate: Fate;
  readonly #running = new Map<QueueName, { process: Process<SQSBatchResponse>; invoke: Invocation }>();
  #sleepers: Sleeper[] = [];
  #struck = false;

  constructor(around: Surroundings, queues: Queues, fate: Fate) {
    this.#around = around;
    this.#queues = queues;
    this.#fate = fate;
  }

  /** Whether any process was, until now. */
  get struck(): boolean {
    return this.#struck;
  }

  /** True where it ended because it was enough, false where there was nothing left to do. */
  async work(isEnough: () => boolean): Promise<boolean> {
    for (let invocations = 0; invocations < mostInvocations; invocations += 1) {
      if (isEnough()) return true;
      if (await this.#wakeDue()) continue;
      const [queue, event] = this.#receive();
      if (event !== null) await this.#handle(queue, event);
      else if (!this.#leap()) return false;
    }
    const left = eventSources.map(({ queue }) => `${queue}: ${this.#queues.bodies(queue).length}`);
    throw new Error(`After ${mostInvocations} invocations there are still messages (${left.join(', ')}).`);
  }

  #receive(): [QueueName, SQSEvent] | ['runs', null] {
    for (const { queue, batchSize } of eventSources) {
      const event = this.#queues.receive(queue, batchSize);
      if (event !== null) return [queue, event];
    }
    return ['runs', null];
  }

  async #handle(queue: QueueName, event: SQSEvent): Promise<void> {
    const { process, invoke } = this.#running.get(queue) ?? this.#start(queue);
    this.#after(queue, event, process, await process.invoke(() => invoke(event)));
  }

  #start(queue: QueueName) {
    const process = new Process<SQSBatchResponse>(this.#fate);
    const started = { process, invoke: startWorker(workers[queue], process, this.#around) };
    this.#running.set(queue, started);
    return started;
  }

  #after(
    queue: QueueName,
    event: SQSEvent,
    process: Process<SQSBatchResponse>,
    outcome: Outcome<SQSBatchResponse>,
  ): void {
    if (outcome.state === 'ended') {
      this.#queues.settle(queue, event, outcome.value);
      return;
    }
    this.#struck = true;
    if (this.#running.get(queue)?.process === process) this.#running.delete(queue);
    if (outcome.state === 'died') return;
    this.#sleepers.push({ process, queue, event, wakeAt: this.#around.clock.now() + stoppedMs });
  }

  async #wakeDue(): Promise<boolean> {
    const due = this.#sleepers.find(({ wakeAt }) => wakeAt <= this.#around.clock.now());
    if (due === undefined) return false;
    this.#sleepers = this.#sleepers.filter((sleeper) => sleeper !== due);
    this.#after(due.queue, due.event, due.process, await due.process.wake());
    return true;
  }

  /** Everybody waits: on to the next moment at which somebody need not. False where there is none. */
  #leap(): boolean {
    const times = [this.#queues.nextVisibleAt(), ...this.#sleepers.map(({ wakeAt }) => wakeAt)];
    const next = times.filter((time) => time !== null);
    if (next.length === 0) return false;
    this.#around.clock.leapTo(Math.min(...next));
    return true;
  }
}
