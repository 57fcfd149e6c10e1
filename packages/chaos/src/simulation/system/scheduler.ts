import { eventSources, type QueueName } from '@dispatcher/topology';
import type { Answer, DoorRequest } from '@dispatcher/planning/src/door/answer.ts';
import type { SQSEvent } from 'aws-lambda';
import { type Fate, type Outcome, Process } from './worker-process.ts';
import type { Queues } from './simulated-sqs.ts';
import { type Ending, startWorker, type Surroundings, type Worker, type WorkerName } from './workers.ts';

/** Longer than any lease, window and visibility time-out together. */
const stoppedMs = 20 * 60_000;
/** Far more than the longest history that ends takes. */
const mostInvocations = 20_000;

const workers: Readonly<Record<QueueName, WorkerName>> = { runs: 'planning', decisions: 'dispatch', facts: 'facts' };

interface Sleeper {
  readonly process: Process<Ending>;
  readonly queue: QueueName;
  readonly wakeAt: number;
}

/** One process of each worker, replaced when it dies. They take turns, so that a history can be told again. */
export class Crew {
  readonly #around: Surroundings;
  readonly #queues: Queues;
  readonly #fate: Fate;
  readonly #running = new Map<QueueName, { process: Process<Ending>; worker: Worker }>();
  #sleepers: Sleeper[] = [];
  #struck = false;
  #oneByOne = true;

  constructor(around: Surroundings, queues: Queues, fate: Fate) {
    this.#around = around;
    this.#queues = queues;
    this.#fate = fate;
  }

  /** Whether any process was, until now. */
  get struck(): boolean {
    return this.#struck;
  }

  /** Whether planning and dispatch had one message at a time, until now. A batch of facts is handled as one. */
  get oneByOne(): boolean {
    return this.#oneByOne;
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
    if (queue !== 'facts' && event.Records.length > 1) this.#oneByOne = false;
    await this.#invoke(queue, async (worker) => {
      const answer = await worker.take(event);
      return () => this.#queues.settle(queue, event, answer);
    });
  }

  /** Null where nobody answers: the process was struck. */
  async ask(request: DoorRequest): Promise<Answer | null> {
    let answered: Answer | null = null;
    await this.#invoke('runs', async (worker) => {
      const given = await doorOf(worker)(request);
      return () => {
        answered = given;
      };
    });
    return answered;
  }

  async #invoke(queue: QueueName, work: (worker: Worker) => Promise<Ending>): Promise<void> {
    this.#around.changes.note();
    const { process, worker } = this.#running.get(queue) ?? this.#start(queue);
    this.#after(queue, process, await process.invoke(() => work(worker)));
  }

  #start(queue: QueueName) {
    const process = new Process<Ending>(this.#fate);
    const started = { process, worker: startWorker(workers[queue], process, this.#around) };
    this.#running.set(queue, started);
    return started;
  }

  #after(queue: QueueName, process: Process<Ending>, outcome: Outcome<Ending>): void {
    if (outcome.state === 'ended') {
      outcome.value();
      return;
    }
    this.#struck = true;
    if (this.#running.get(queue)?.process === process) this.#running.delete(queue);
    if (outcome.state === 'died') return;
    this.#sleepers.push({ process, queue, wakeAt: this.#around.clock.now() + stoppedMs });
  }

  async #wakeDue(): Promise<boolean> {
    const due = this.#sleepers.find(({ wakeAt }) => wakeAt <= this.#around.clock.now());
    if (due === undefined) return false;
    this.#sleepers = this.#sleepers.filter((sleeper) => sleeper !== due);
    this.#after(due.queue, due.process, await due.process.wake());
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

function doorOf(worker: Worker): (request: DoorRequest) => Promise<Answer> {
  const { answer } = worker;
  if (answer === undefined) throw new Error('This worker has no door.');
  return answer;
}
