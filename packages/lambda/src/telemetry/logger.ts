import { Logger } from '@aws-lambda-powertools/logger';
import { redact } from '@dispatcher/contracts';

/**
 * The log fields that identify what a line is about. All functions use these names, so that a search by one of them finds
 * the lines of every function.
 */
export interface LogFields {
  /** The GUID of the delivery, or the id of the request. */
  correlationId?: string | undefined;
  runKey?: string | undefined;
  dispatchId?: string | undefined;
  routeId?: string | undefined;
  /** Name of the queue, such as `runs`. */
  queue?: string | undefined;
  /** SQS's id of the message. */
  messageId?: string | undefined;
  /** Number of the attempt at the message, from 1. */
  attempt?: number | undefined;
}

/** Keys that Powertools' logger sets itself; it drops values given under them. */
type ReservedKey = 'level' | 'message' | 'sampling_rate' | 'service' | 'timestamp';
type Details = Readonly<Record<string, unknown>> & { readonly [key in ReservedKey]?: never };

/** A log that adds fields to each of its lines. `with` returns a new log, so that no field leaks into another message. */
export interface StepLog {
  info(step: string, details?: Details): void;
  warn(step: string, details?: Details): void;
  error(step: string, details?: Details): void;
  with(fields: LogFields): StepLog;
}

export type LogLevel = 'debug' | 'info' | 'warn' | 'error';

/** Creates a log of JSON lines (Powertools). Tokens and keys are redacted in messages and in every text field. */
export function createLogger(service: string, level: LogLevel = 'info'): StepLog {
  const levels = { debug: 'DEBUG', info: 'INFO', warn: 'WARN', error: 'ERROR' } as const;
  const logger = new Logger({
    serviceName: service,
    logLevel: levels[level],
    jsonReplacerFn: (_key: string, value: unknown) => (typeof value === 'string' ? redact(value) : value),
  });
  return bind(logger, {});
}

function bind(logger: Logger, fields: LogFields): StepLog {
  const line = (details: Details | undefined) => ({ ...fields, ...describeError(details) });
  return {
    info: (step, details) => logger.info(redact(step), line(details)),
    warn: (step, details) => logger.warn(redact(step), line(details)),
    error: (step, details) => logger.error(redact(step), line(details)),
    with: (more) => bind(logger, { ...fields, ...more }),
  };
}

// An Error has no enumerable properties, so it would be logged as {}.
function describeError(details: Details | undefined): Details {
  const error = details?.['error'];
  if (!(error instanceof Error)) return details ?? {};
  return { ...details, error: { name: error.name, message: error.message, stack: error.stack } };
}
