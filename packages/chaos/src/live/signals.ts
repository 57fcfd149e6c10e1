import { setTimeout as delay } from 'node:timers/promises';
import type { System } from '@dispatcher/local/system';
import type { ProcessFault } from './experiment-plan.ts';
import { suspensionMs } from './live-system.ts';

export interface ProcessFaultInjector {
  /** How many faults were injected, by kind. */
  readonly counts: { killed: number; suspended: number };
  /** Does nothing if the function has no process at the moment. */
  inject(fault: ProcessFault): void;
  /** Resumes every suspended process. */
  end(): Promise<void>;
}

/** Sends signals to the real processes that run the function bundles. */
export function createProcessFaultInjector(system: System): ProcessFaultInjector {
  const counts = { killed: 0, suspended: 0 };
  const ending = new AbortController();
  const suspensions = new Set<Promise<void>>();

  function inject(fault: ProcessFault): void {
    const pids = system.processes(fault.function);
    const pid = pids[Math.floor(fault.which * pids.length)];
    if (pid === undefined || !signal(pid, fault.kind === 'kill' ? 'SIGKILL' : 'SIGSTOP')) return;
    counts[fault.kind === 'kill' ? 'killed' : 'suspended'] += 1;
    if (fault.kind === 'kill') return;
    const suspension = delay(suspensionMs, undefined, { signal: ending.signal })
      .catch(() => undefined)
      .then(() => void signal(pid, 'SIGCONT'))
      .finally(() => suspensions.delete(suspension));
    suspensions.add(suspension);
  }

  return {
    counts,
    inject,
    end: async () => {
      ending.abort();
      await Promise.all(suspensions);
    },
  };
}

/** Returns false if the process has already exited. */
export function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}
