import { eventSources, type QueueName } from '@dispatcher/topology';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { SimulatedSqs } from './simulated-sqs.ts';
import { type FaultPlan, type InvocationResult, WorkerProcess } from './worker-process.ts';
import { type Completion, type SimulatedServices, startWorker, type Worker, type WorkerName } from './workers.ts';

/** Longer than any lease, window and visibility timeout together. */
const suspensionMs = 20 * 60_000;
/** The interval of the roll-up's schedule. */
const rollUpIntervalMs = 60_000;
/** Far more than the longest history that ends needs. */
const maxInvocations = 20_000;

/** A process is started for each queue, and one for the schedule of the roll-up. */
type Source = QueueName | 'roll-up';

const workers: Readonly<Record<Source, WorkerName>> = {
  runs: 'planning',
  hints: 'planning',
  decisions: 'dispatch',
  facts: 'facts',
  'roll-up': 'roll-up',
};

interface SuspendedProcess {
  readonly process: WorkerProcess<Completion>;
  readonly source: Source;
  readonly resumeAt: number;
}

/**
 * Runs one process of each worker, and replaces it after a fault. Only one worker runs at a time, so that a history can be
 * replayed.
 */
export class Scheduler {
  readonly #services: SimulatedServices;
  readonly #sqs: SimulatedSqs;
  readonly #plan: FaultPlan;
  readonly #running = new Map<Source, { process: WorkerProcess<Completion>; worker: Worker }>();
  #suspended: SuspendedProcess[] = [];
  #timers: { readonly at: number; readonly work: () => Promise<void> }[] = [];
  /** When the schedule starts the roll-up. Null while no fact was recorded since: a history must end. */
  #rollUpAt: number | null = null;
  #hasFault = false;

  constructor(services: SimulatedServices, sqs: SimulatedSqs, plan: FaultPlan) {
    this.#services = services;
    this.#sqs = sqs;
    this.#plan = plan;
  }

  /** True once a fault was injected into any process. */
  get hasFault(): boolean {
    return this.#hasFault;
  }

  /** Does the work at that time, between two invocations. */
  schedule(at: number, work: () => Promise<void>): void {
    this.#timers.push({ at, work });
  }

  /** Runs the workers until `isDone`. Returns false if no work was left before that. */
  async run(isDone: () => boolean): Promise<boolean> {
    for (let invocations = 0; invocations < maxInvocations; invocations += 1) {
      if (isDone()) return true;
      if ((await this.#actDue()) || (await this.#resumeDue())) continue;
      if (await this.#rollUpDue()) continue;
      const [queue, event] = this.#receive();
      if (event !== null) await this.#handle(queue, event);
      else if (!this.#advanceClock()) return false;
    }
    const left = eventSources.map(({ queue }) => `${queue}: ${this.#sqs.bodies(queue).length}`);
    throw new Error(`Messages are left after ${maxInvocations} invocations (${left.join(', ')}).`);
  }

  #receive(): [QueueName, SQSEvent] | ['runs', null] {
    for (const { queue, batchSize } of eventSources) {
      const event = this.#sqs.receive(queue, this.#services.batchSizes[queue] ?? batchSize);
      if (event !== null) return [queue, event];
    }
    return ['runs', null];
  }

  async #handle(queue: QueueName, event: SQSEvent): Promise<void> {
    if (queue === 'facts') this.#scheduleRollUp();
    await this.#invoke(queue, async (worker) => {
      const response = (await worker(event)) as SQSBatchResponse;
      return () => this.#sqs.settle(queue, event, response);
    });
  }

  /** Sends a request to the dispatch API. Returns null if a fault prevented the response. */
  async request(request: APIGatewayProxyEventV2): Promise<APIGatewayProxyStructuredResultV2 | null> {
    let received: APIGatewayProxyStructuredResultV2 | null = null;
    await this.#invoke('runs', async (worker) => {
      const response = (await worker(request)) as APIGatewayProxyStructuredResultV2;
      return () => {
        received = response;
      };
    });
    return received;
  }

  /** Invokes the function that handles the queue for one of its schedules. */
  async tick(queue: QueueName, scheduled: string): Promise<void> {
    await this.#invoke(queue, async (worker) => {
      await worker({ scheduled });
      return () => {};
    });
  }

  async #invoke(source: Source, work: (worker: Worker) => Promise<Completion>): Promise<void> {
    this.#services.mutations.increment();
    const { process, worker } = this.#running.get(source) ?? this.#start(source);
    this.#finish(source, process, await process.invoke(() => work(worker)));
  }

  #start(source: Source) {
    const process = new WorkerProcess<Completion>(this.#plan);
    const started = { process, worker: startWorker(workers[source], process, this.#services) };
    this.#running.set(source, started);
    return started;
  }

  #finish(source: Source, process: WorkerProcess<Completion>, result: InvocationResult<Completion>): void {
    if (result.state === 'completed') {
      result.value();
      return;
    }
    this.#hasFault = true;
    if (this.#running.get(source)?.process === process) this.#running.delete(source);
    if (result.state === 'crashed') return;
    this.#suspended.push({ process, source, resumeAt: this.#services.clock.now() + suspensionMs });
  }

  #scheduleRollUp(): void {
    const { clock, rollUps } = this.#services;
    if (!rollUps) return;
    this.#rollUpAt ??= (Math.floor(clock.now() / rollUpIntervalMs) + 1) * rollUpIntervalMs;
  }

  /** Runs the roll-up at its time. After a fault, the schedule starts it again a minute later. */
  async #rollUpDue(): Promise<boolean> {
    if (this.#rollUpAt === null || this.#rollUpAt > this.#services.clock.now()) return false;
    this.#rollUpAt = null;
    let isCompleted = false;
    await this.#invoke('roll-up', async (worker) => {
      await worker({ scheduled: 'roll-up' });
      return () => {
        isCompleted = true;
      };
    });
    if (!isCompleted) this.#scheduleRollUp();
    return true;
  }

  async #actDue(): Promise<boolean> {
    const due = this.#timers.find(({ at }) => at <= this.#services.clock.now());
    if (due === undefined) return false;
    this.#timers = this.#timers.filter((timer) => timer !== due);
    this.#services.mutations.increment();
    await due.work();
    return true;
  }

  async #resumeDue(): Promise<boolean> {
    const due = this.#suspended.find(({ resumeAt }) => resumeAt <= this.#services.clock.now());
    if (due === undefined) return false;
    this.#suspended = this.#suspended.filter((suspended) => suspended !== due);
    if (due.source === 'facts') this.#scheduleRollUp();
    this.#finish(due.source, due.process, await due.process.resume());
    return true;
  }

  /** Advances to the next time at which a message becomes visible, a process is resumed, or somebody acts. Returns false if there is none. */
  #advanceClock(): boolean {
    const times = [
      this.#sqs.nextVisibleAt(),
      ...this.#suspended.map(({ resumeAt }) => resumeAt),
      ...this.#timers.map(({ at }) => at),
      this.#rollUpAt,
    ];
    const next = times.filter((time) => time !== null);
    if (next.length === 0) return false;
    this.#services.clock.advanceTo(Math.min(...next));
    return true;
  }
}
