import { type ChildProcess, fork } from 'node:child_process';
import type { Blow } from './system/fault-plan.ts';
import type { Level } from './system/worker-process.ts';
import type { Scenario } from './scenarios.ts';
import type { Tell, Told } from './run-scenario.ts';

export interface Order {
  readonly id: number;
  readonly scenario: Scenario;
  readonly level: Level;
  readonly blows: readonly Blow[];
}

export type Answer = { readonly id: number } & ({ readonly told: Told } | { readonly error: string });

export interface Pool {
  /** Histories are told in the order they are asked for, by whichever process is free. */
  readonly tell: Tell;
  close(): Promise<void>;
}

interface Waiting extends Order, PromiseWithResolvers<Told> {}

/** So many processes, each with a laboratory of its own: time and `Date.now` are a process's, so histories cannot share one. */
export function startPool(size: number): Pool {
  const waiting: Waiting[] = [];
  const children = Array.from({ length: size }, () => startTeller(waiting));
  let ids = 0;
  return {
    tell: (scenario, level, blows) => {
      ids += 1;
      const order = { id: ids, scenario, level, blows, ...Promise.withResolvers<Told>() };
      waiting.push(order);
      for (const child of children) child.next();
      return order.promise;
    },
    close: async () => {
      await Promise.all(children.map((child) => child.close()));
    },
  };
}

function startTeller(waiting: Waiting[]) {
  const child: ChildProcess = fork(new URL('pool-process.ts', import.meta.url));
  const gone = Promise.withResolvers<void>();
  let current: Waiting | null = null;
  let ended: string | null = null;
  const next = () => {
    if (current !== null) return;
    current = waiting.shift() ?? null;
    if (current === null) return;
    const { id, scenario, level, blows } = current;
    if (ended === null) child.send({ id, scenario, level, blows } satisfies Order);
    else current.reject(new Error(ended));
  };
  child.on('message', (answer: Answer) => {
    if ('told' in answer) current?.resolve(answer.told);
    else current?.reject(new Error(answer.error));
    current = null;
    next();
  });
  child.once('exit', (code, signal) => {
    ended = `A process that tells histories ended (${signal ?? code}).`;
    current?.reject(new Error(ended));
    gone.resolve();
  });
  return {
    next,
    close: () => {
      if (child.connected) child.disconnect();
      return gone.promise;
    },
  };
}
