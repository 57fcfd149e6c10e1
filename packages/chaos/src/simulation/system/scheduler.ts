import { eventSources, type QueueName } from '@dispatcher/topology';
import type { APIGatewayProxyEventV2, APIGatewayProxyStructuredResultV2, SQSBatchResponse, SQSEvent } from 'aws-lambda';
import type { SimulatedSqs } from './simulated-sqs.ts';
import { type FaultPlan, type InvocationResult, WorkerProcess } from './worker-process.ts';
import { type Completion, type SimulatedServices, startWorker, type Worker, type WorkerName } from './workers.ts';

/** Longer than any lease, window and visibility timeout together. */
const suspensionMs = 20 * 60_000;
/** Far more than the longest history that ends needs. */
const maxInvocations = 20_000;

const workers: Readonly<Record<QueueName, WorkerName>> = { runs: 'planning', decisions: 'dispatch', facts: 'facts' };

interface SuspendedProcess {
  readonly process: WorkerProcess<Completion>;
  readonly queue: QueueName;
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
  readonly #running = new Map<QueueName, { process: WorkerProcess<Completion>; worker: Worker }>();
  #suspended: SuspendedProcess[] = [];
  #timers: { readonly at: number; readonly work: () => Promise<void> }[] = [];
  #hasFault = false;
  #isSequential = true;

  constructor(services: SimulatedServices, sqs: SimulatedSqs, plan: FaultPlan) {
    this.#services = services;
    this.#sqs = sqs;
    this.#plan = plan;
  }

  /** True once a fault was injected into any process. */
  get hasFault(): boolean {
    return this.#hasFault;
  }

  /** True while planning and dispatch have received one message at a time. A batch of facts counts as one. */
  get isSequential(): boolean {
    return this.#isSequential;
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
    if (queue !== 'facts' && event.Records.length > 1) this.#isSequential = false;
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

  async #invoke(queue: QueueName, work: (worker: Worker) => Promise<Completion>): Promise<void> {
    this.#services.mutations.increment();
    const { process, worker } = this.#running.get(queue) ?? this.#start(queue);
    this.#finish(queue, process, await process.invoke(() => work(worker)));
  }

  #start(queue: QueueName) {
    const process = new WorkerProcess<Completion>(this.#plan);
    const started = { process, worker: startWorker(workers[queue], process, this.#services) };
    this.#running.set(queue, started);
    return started;
  }

  #finish(queue: QueueName, process: WorkerProcess<Completion>, result: InvocationResult<Completion>): void {
    if (result.state === 'completed') {
      result.value();
      return;
    }
    this.#hasFault = true;
    if (this.#running.get(queue)?.process === process) this.#running.delete(queue);
    if (result.state === 'crashed') return;
    this.#suspended.push({ process, queue, resumeAt: this.#services.clock.now() + suspensionMs });
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
    this.#finish(due.queue, due.process, await due.process.resume());
    return true;
  }

  /** Advances to the next time at which a message becomes visible, a process is resumed, or somebody acts. Returns false if there is none. */
  #advanceClock(): boolean {
    const times = [
      this.#sqs.nextVisibleAt(),
      ...this.#suspended.map(({ resumeAt }) => resumeAt),
      ...this.#timers.map(({ at }) => at),
    ];
    const next = times.filter((time) => time !== null);
    if (next.length === 0) return false;
    this.#services.clock.advanceTo(Math.min(...next));
    return true;
  }
}
