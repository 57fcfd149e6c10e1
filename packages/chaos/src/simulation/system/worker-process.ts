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
  readonly #requests = new Set<Promise<unknown>>();
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

  /** Wraps one function with two fault points, before and after it. */
  wrapCall<F extends Call>(level: Level, name: string, work: F): F {
    const wrapped = async (...given: Parameters<F>): Promise<unknown> => {
      // Awaited only if something happens there: of several concurrent requests, one must have been sent when the next one
      // reaches its point. Otherwise they would be lost or sent all together.
      const before = this.#reach(level, name, 'before');
      if (before !== null) await before;
      // After a fault at a concurrent call, this request must not leave the process, or only once the process is resumed.
      while (this.#suspension !== null) await this.#suspension.promise;
      if (!this.#alive) return new Promise(() => {});
      // Only requests are awaited after a fault: a port that contains the fault would never return.
      const result = await (level === 'wire' ? this.#track(work(...given)) : work(...given));
      const after = this.#reach(level, name, 'after');
      if (after !== null) await after;
      return result;
    };
    return wrapped as F;
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
    // A request that had left the process before the fault still arrives.
    if (result.state !== 'completed') await Promise.allSettled(this.#requests);
    return result;
  }

  async #track(result: unknown): Promise<unknown> {
    const pending = Promise.resolve(result);
    this.#requests.add(pending);
    try {
      return await pending;
    } finally {
      this.#requests.delete(pending);
    }
  }

  /** Returns null if the process continues at once. */
  #reach(level: Level, name: string, moment: Moment): Promise<unknown> | null {
    let intervention: Promise<void> | null = null;
    if (this.#alive && level === this.#plan.level && this.#suspension === null) {
      const kind = this.#plan.faultAt(name, moment);
      if (kind === 'crash') this.#alive = false;
      if (kind === 'suspend') this.#suspension = Promise.withResolvers();
      if (kind !== null && isIntervention(kind)) intervention = this.#plan.intervene?.(kind) ?? null;
      else if (kind !== null) this.#fault.resolve(kind);
    }
    // A new promise each time: a shared one would retain the memory of every crashed process.
    if (!this.#alive) return new Promise(() => {});
    return this.#suspension?.promise ?? intervention;
  }
}
