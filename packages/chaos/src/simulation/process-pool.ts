import { type ChildProcess, fork } from 'node:child_process';
import type { RunScenario, ScenarioResult } from './run-scenario.ts';
import type { Scenario } from './scenarios.ts';
import type { PlannedFault } from './system/fault-plan.ts';
import type { Level } from './system/worker-process.ts';

/** A history to run, as it is sent to a process of the pool. */
export interface Job {
  readonly id: number;
  readonly scenario: Scenario;
  readonly level: Level;
  readonly faults: readonly PlannedFault[];
}

export type JobResult = { readonly id: number } & ({ readonly result: ScenarioResult } | { readonly error: string });

export interface ProcessPool {
  /** Runs histories in the order of the calls, on the next free process. */
  readonly runScenario: RunScenario;
  close(): Promise<void>;
}

interface PendingJob extends Job, PromiseWithResolvers<ScenarioResult> {}

/** Starts `size` processes, each with its own harness: `Date.now` belongs to a process, so harnesses cannot share one. */
export function startProcessPool(size: number): ProcessPool {
  const pending: PendingJob[] = [];
  const children = Array.from({ length: size }, () => startPoolProcess(pending));
  let ids = 0;
  return {
    runScenario: (scenario, level, faults) => {
      ids += 1;
      const job = { id: ids, scenario, level, faults, ...Promise.withResolvers<ScenarioResult>() };
      pending.push(job);
      for (const child of children) child.next();
      return job.promise;
    },
    close: async () => {
      await Promise.all(children.map((child) => child.close()));
    },
  };
}

function startPoolProcess(pending: PendingJob[]) {
  const child: ChildProcess = fork(new URL('pool-process.ts', import.meta.url));
  const exited = Promise.withResolvers<void>();
  let current: PendingJob | null = null;
  let exitMessage: string | null = null;
  const next = () => {
    if (current !== null) return;
    current = pending.shift() ?? null;
    if (current === null) return;
    const { id, scenario, level, faults } = current;
    if (exitMessage === null) child.send({ id, scenario, level, faults } satisfies Job);
    else current.reject(new Error(exitMessage));
  };
  child.on('message', (message: JobResult) => {
    if ('result' in message) current?.resolve(message.result);
    else current?.reject(new Error(message.error));
    current = null;
    next();
  });
  child.once('exit', (code, signal) => {
    exitMessage = `A process that runs simulations ended (${signal ?? code}).`;
    current?.reject(new Error(exitMessage));
    exited.resolve();
  });
  return {
    next,
    close: () => {
      if (child.connected) child.disconnect();
      return exited.promise;
    },
  };
}
