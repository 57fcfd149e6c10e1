import { setTimeout as delay } from 'node:timers/promises';
import type { System } from '@dispatcher/local/system';
import type { Blow } from './experiment-plan.ts';
import { stoppedMs } from './live-system.ts';

export interface Blows {
  /** How many fell, by their kind. */
  readonly fallen: { killed: number; stopped: number };
  /** Wakes whoever is stopped, and resolves when nobody is any more. */
  end(): Promise<void>;
  fall(blow: Blow): void;
}

/** Signals to the real processes that run the shipped bundles. */
export function createBlows(system: System): Blows {
  const fallen = { killed: 0, stopped: 0 };
  const ending = new AbortController();
  const sleeping = new Set<Promise<void>>();

  function fall(blow: Blow): void {
    const pids = system.processes(blow.function);
    const pid = pids[Math.floor(blow.which * pids.length)];
    if (pid === undefined || !signal(pid, blow.how === 'killed' ? 'SIGKILL' : 'SIGSTOP')) return;
    fallen[blow.how] += 1;
    if (blow.how === 'killed') return;
    const sleep = delay(stoppedMs, undefined, { signal: ending.signal })
      .catch(() => undefined)
      .then(() => void signal(pid, 'SIGCONT'))
      .finally(() => sleeping.delete(sleep));
    sleeping.add(sleep);
  }

  return {
    fallen,
    fall,
    end: async () => {
      ending.abort();
      await Promise.all(sleeping);
    },
  };
}

/** False where the process has ended by itself. */
export function signal(pid: number, name: NodeJS.Signals): boolean {
  try {
    return process.kill(pid, name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ESRCH') return false;
    throw error;
  }
}
