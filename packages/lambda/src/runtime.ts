import { setTimeout } from 'node:timers/promises';
import { createLogger, type LogLevel, type StepLog } from './telemetry/logger.ts';
import { createMeter, type Meter } from './telemetry/metrics.ts';

/**
 * What a function takes from the process it runs in. Each function's `createDependencies` receives it with its clients,
 * so that a test or a fault injection can replace the clock and record the log.
 */
export interface Runtime {
  readonly log: StepLog;
  readonly meter: Meter;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** At least 0 and less than 1. */
  readonly random: () => number;
  /** Resolves after so many milliseconds. */
  readonly pause: (milliseconds: number) => Promise<unknown>;
}

/** Creates the runtime of a Lambda function: log and metrics on standard output, the system's clock and timers. */
export function createRuntime(service: string, level?: LogLevel, metricsNamespace?: string): Runtime {
  return {
    log: createLogger(service, level),
    meter: createMeter(service, metricsNamespace),
    now: Date.now,
    random: Math.random,
    pause: setTimeout,
  };
}
