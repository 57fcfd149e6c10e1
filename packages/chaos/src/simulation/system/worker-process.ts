/** Which calls may be struck: those of the injected ports, or each single request that leaves the process below them. */
export type Level = 'ports' | 'wire';
export type Moment = 'before' | 'after';
/** `dies`: nothing after it runs. `stops`: everything after it runs, but only once the process is woken (SIGSTOP). */
export type Strike = 'dies' | 'stops';

/** Decides at every crash point what happens to the process that reached it; null: it goes on. */
export interface Fate {
  readonly level: Level;
  strike(call: string, moment: Moment): Strike | null;
}

export type Outcome<T> =
  | { readonly state: 'ended'; readonly value: T }
  | { readonly state: 'died' }
  /** Under way, and frozen: it goes on when the process is woken. */
  | { readonly state: 'stopped' };

type Call = (...given: never[]) => unknown;

/**
 * One execution environment. All that a worker reaches the world through is wrapped by it, so that its death is what a
 * death is: not an error that the worker's own code could catch, but calls that never return.
 */
export class Process<T> {
  readonly #fate: Fate;
  #alive = true;
  readonly #underWay = new Set<Promise<unknown>>();
  #struck = Promise.withResolvers<Strike>();
  #thaw: PromiseWithResolvers<void> | null = null;
  #invocation: Promise<T> | null = null;

  constructor(fate: Fate) {
    this.#fate = fate;
  }

  /** Every function of an injected port becomes two crash points, before and after it. */
  port<P extends object>(name: string, target: P): P {
    return new Proxy(target, {
      get: (from, property, receiver) => {
        const member: unknown = Reflect.get(from, property, receiver);
        if (typeof member !== 'function' || typeof property !== 'string') return member;
        return this.call('ports', `${name}.${property}`, (member as Call).bind(from));
      },
    });
  }

  /** As {@link port}, for a port that is one function. */
  call<F extends Call>(level: Level, name: string, work: F): F {
    const struck = async (...given: Parameters<F>): Promise<unknown> => {
      await this.#reach(level, name, 'before');
      // Struck at another call meanwhile: what had not left by then does not leave, or not before it is woken.
      while (this.#thaw !== null) await this.#thaw.promise;
      if (!this.#alive) return new Promise(() => {});
      // Only a request is waited for: a port that was struck inside would never return.
      const result = await (level === 'wire' ? this.#track(work(...given)) : work(...given));
      await this.#reach(level, name, 'after');
      return result;
    };
    return struck as F;
  }

  /** Runs one invocation until it ends, or until its process is struck. */
  invoke(work: () => Promise<T>): Promise<Outcome<T>> {
    this.#invocation = work();
    return this.#watch(this.#invocation);
  }

  /** SIGCONT, for a process that was stopped: what it was about is done now. */
  wake(): Promise<Outcome<T>> {
    if (this.#invocation === null) throw new Error('Only a process that was stopped in an invocation can be woken.');
    this.#struck = Promise.withResolvers();
    this.#thaw?.resolve();
    this.#thaw = null;
    return this.#watch(this.#invocation);
  }

  async #watch(invocation: Promise<T>): Promise<Outcome<T>> {
    const outcome = await Promise.race([
      invocation.then((value) => ({ state: 'ended', value }) as const),
      this.#struck.promise.then((strike) => ({ state: strike === 'dies' ? 'died' : 'stopped' }) as const),
    ]);
    // A request that had left before the process was struck arrives all the same.
    if (outcome.state !== 'ended') await Promise.allSettled(this.#underWay);
    return outcome;
  }

  async #track(result: unknown): Promise<unknown> {
    const pending = Promise.resolve(result);
    this.#underWay.add(pending);
    try {
      return await pending;
    } finally {
      this.#underWay.delete(pending);
    }
  }

  async #reach(level: Level, name: string, moment: Moment): Promise<void> {
    if (this.#alive && level === this.#fate.level && this.#thaw === null) {
      const strike = this.#fate.strike(name, moment);
      if (strike === 'dies') this.#alive = false;
      if (strike === 'stops') this.#thaw = Promise.withResolvers();
      if (strike !== null) this.#struck.resolve(strike);
    }
    // A promise of its own each time: one for all would keep all that every dead process knew.
    if (!this.#alive) return new Promise(() => {});
    if (this.#thaw !== null) await this.#thaw.promise;
    return undefined;
  }
}
