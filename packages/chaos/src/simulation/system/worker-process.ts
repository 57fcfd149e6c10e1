import { setImmediate } from 'node:timers/promises';

/** Where faults are injected: at calls to the injected ports, or at each request that leaves the process below them. */
export type Level = 'ports' | 'wire';
export type Moment = 'before' | 'after';
/**
 * `crash`: no code of the process runs afterwards (SIGKILL). `suspend`: the rest runs only once the process is resumed
 * (SIGSTOP, SIGCONT). The others happen outside the process, which continues: see {@link Intervention}.
 */
export type FaultKind = 'crash' | 'suspend' | Intervention;

/**
 * `pause`: an operator pauses all dispatches, and resumes them later. `withdraw`: the targets withdraw their consent.
 * `lose-plan`: the stored plans are lost. `change-plan`: the stored plans deny their routes.
 */
export const interventions = ['pause', 'withdraw', 'lose-plan', 'change-plan'] as const;
export type Intervention = (typeof interventions)[number];

export function isIntervention(kind: FaultKind): kind is Intervention {
  return kind !== 'crash' && kind !== 'suspend';
}

/** Rounds of the event loop, more than a worker needs between a response and its next request. */
const roundsUntilIdle = 10;

/** Waits until the code that received a response has sent its next request, or waits for something else. */
async function untilIdle(): Promise<void> {
  for (let round = 0; round < roundsUntilIdle; round += 1) await setImmediate();
}

/** Decides at each fault point what happens to the process that reached it. */
export interface FaultPlan {
  readonly level: Level;
  /** Returns null if the process continues. */
  faultAt(call: string, moment: Moment): FaultKind | null;
  /** Carries out what happens outside the process. A plan without interventions needs no such function. */
  intervene?(kind: Intervention): Promise<void>;
}

export type InvocationResult<T> =
  | { readonly state: 'completed'; readonly value: T }
  | { readonly state: 'crashed' }
  /** In progress, and frozen until the process is resumed. */
  | { readonly state: 'suspended' };

type Call = (...given: never[]) => unknown;

/**
 * One execution environment. It wraps everything through which a worker reaches the outside, so that a crash is not an
 * error that the worker's own code could catch, but a call that never returns.
 */
export class WorkerProcess<T> {
  readonly #plan: FaultPlan;
  #alive = true;
  /** The request that left the process last. */
  #request: Promise<unknown> = Promise.resolve();
  /** Settles once the requests so far have their responses, and the next one may leave the process. */
  #earlier: Promise<unknown> = Promise.resolve();
  #fault = Promise.withResolvers<FaultKind>();
  #suspension: PromiseWithResolvers<void> | null = null;
  #invocation: Promise<T> | null = null;

  constructor(plan: FaultPlan) {
    this.#plan = plan;
  }

  /** Wraps every function of an injected port with two fault points, before and after it. */
  wrapPort<P extends object>(name: string, target: P): P {
    return new Proxy(target, {
      get: (from, property, receiver) => {
        const member: unknown = Reflect.get(from, property, receiver);
        if (typeof member !== 'function' || typeof property !== 'string') return member;
        return this.wrapCall('ports', `${name}.${property}`, (member as Call).bind(from));
      },
    });
  }

  /**
   * Wraps one function with two fault points, before and after it. Requests leave the process one after another, in the order
   * of their calls: otherwise the order in which GitHub's responses arrive would decide what concurrent messages do next, and
   * a history could not be replayed.
   */
  wrapCall<F extends Call>(level: Level, name: string, work: F): F {
    const wrapped = async (...given: Parameters<F>): Promise<unknown> => {
      await this.#untilResumed();
      const call = (): Promise<unknown> => this.#call(level, name, () => work(...given));
      const result = await (level === 'wire' ? this.#afterEarlier(call) : call());
      await this.#untilResumed();
      return result;
    };
    return wrapped as F;
  }

  async #call(level: Level, name: string, work: () => unknown): Promise<unknown> {
    await this.#reach(level, name, 'before');
    // After a crash at a concurrent call, this request must not leave the process.
    if (!this.#alive) return new Promise(() => {});
    const pending = Promise.resolve(work());
    // Only requests are awaited after a crash: a port that contains the fault would never return.
    if (level === 'wire') this.#request = pending;
    const result = await pending;
    await this.#reach(level, name, 'after');
    return result;
  }

  /** Waits while the process is suspended, and for ever once it has crashed. */
  async #untilResumed(): Promise<void> {
    while (this.#suspension !== null) await this.#suspension.promise;
    // A new promise each time: a shared one would retain the memory of every crashed process.
    if (!this.#alive) await new Promise(() => {});
  }

  /** Calls once the calls before it are finished, and what received their results has gone on. */
  async #afterEarlier<T>(call: () => Promise<T>): Promise<T> {
    const result = this.#earlier.then(call);
    this.#earlier = result.then(untilIdle, untilIdle);
    return result;
  }

  /** Waits until no request is in progress. So a timer of the process ends at the same point in every replay. */
  async untilIdle(): Promise<void> {
    await untilIdle();
    let earlier: Promise<unknown>;
    do {
      earlier = this.#earlier;
      await earlier;
    } while (earlier !== this.#earlier);
  }

  /** Runs one invocation until it completes, or until a fault is injected into its process. */
  invoke(work: () => Promise<T>): Promise<InvocationResult<T>> {
    this.#invocation = work();
    return this.#watch(this.#invocation);
  }

  /** Continues the invocation in which the process was suspended. */
  resume(): Promise<InvocationResult<T>> {
    if (this.#invocation === null)
      throw new Error('Only a process that was suspended in an invocation can be resumed.');
    this.#fault = Promise.withResolvers();
    this.#suspension?.resolve();
    this.#suspension = null;
    return this.#watch(this.#invocation);
  }

  async #watch(invocation: Promise<T>): Promise<InvocationResult<T>> {
    const result = await Promise.race([
      invocation.then((value) => ({ state: 'completed', value }) as const),
      this.#fault.promise.then((kind) => ({ state: kind === 'crash' ? 'crashed' : 'suspended' }) as const),
    ]);
    // What was sent before the fault still arrives. Of the requests that wait for the response of an earlier one, a crash loses
    // all. A suspension between ports loses none: the process has sent them, at a time when it was allowed to.
    if (result.state === 'crashed') await Promise.allSettled([this.#request]);
    if (result.state === 'suspended' && this.#plan.level === 'ports') await this.#earlier;
    return result;
  }

  /** Has happen what the plan says at this point, if the faults are of this level. */
  async #reach(level: Level, name: string, moment: Moment): Promise<void> {
    if (!this.#alive || level !== this.#plan.level || this.#suspension !== null) return;
    const kind = this.#plan.faultAt(name, moment);
    if (kind === null) return;
    if (isIntervention(kind)) return this.#plan.intervene?.(kind);
    if (kind === 'crash') this.#alive = false;
    else this.#suspension = Promise.withResolvers();
    this.#fault.resolve(kind);
    return this.#untilResumed();
  }
}
