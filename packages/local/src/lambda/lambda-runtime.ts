import { type ExecutionEnvironment, type FunctionDescription, startEnvironment } from './execution-environment.ts';
import type { Outcome } from './runtime-api.ts';

export type { FunctionDescription } from './execution-environment.ts';
export type { FunctionError, Outcome } from './runtime-api.ts';

export interface LambdaFunction {
  /** Never rejects: a bundle that cannot be loaded is a failed outcome. Waits while all environments are busy. */
  invoke(event: unknown): Promise<Outcome>;
  /** Returns the process ids of all environments, or only of those that handle an event. */
  processes(which?: 'busy'): number[];
  /** Waits for running invocations, then stops the processes. */
  close(): Promise<void>;
}

/**
 * Runs a function bundle under the Lambda Runtime API, in at most `concurrency` processes. A process that crashed or timed
 * out is replaced at the next invocation.
 * @throws Error with the function's own message if its first cold start fails
 */
export async function startFunction(description: FunctionDescription, concurrency: number): Promise<LambdaFunction> {
  const idle: ExecutionEnvironment[] = [await startEnvironment(description)];
  const busy = new Set<ExecutionEnvironment>();
  const slots = createSlots(concurrency);

  async function acquireEnvironment(): Promise<ExecutionEnvironment> {
    for (let next = idle.pop(); next !== undefined; next = idle.pop()) if (next.isAlive()) return next;
    return startEnvironment(description);
  }

  return {
    async invoke(event) {
      await slots.acquire();
      try {
        const environment = await acquireEnvironment();
        busy.add(environment);
        const outcome = await environment.invoke(event).finally(() => busy.delete(environment));
        if (environment.isAlive()) idle.push(environment);
        return outcome;
      } catch (error) {
        return { state: 'failed', error: { errorType: 'Runtime.InitError', errorMessage: (error as Error).message } };
      } finally {
        slots.release();
      }
    },
    processes: (which) =>
      [...(which === 'busy' ? [] : idle), ...busy].flatMap(({ isAlive, pid }) =>
        isAlive() && pid !== undefined ? [pid] : [],
      ),
    async close() {
      for (let slot = 0; slot < concurrency; slot += 1) await slots.acquire();
      await Promise.all(idle.map((environment) => environment.close()));
    },
  };
}

function createSlots(count: number) {
  const waiting: (() => void)[] = [];
  let free = count;
  return {
    async acquire(): Promise<void> {
      if (free > 0) free -= 1;
      else await new Promise<void>((resolve) => waiting.push(resolve));
    },
    release(): void {
      const next = waiting.shift();
      if (next === undefined) free += 1;
      else next();
    },
  };
}
