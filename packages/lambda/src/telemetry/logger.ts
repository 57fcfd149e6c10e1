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

/** Keys that every line has. */
type ReservedKey = 'level' | 'message' | 'service' | 'timestamp';
type Details = Readonly<Record<string, unknown>> & { readonly [key in ReservedKey]?: never };

/** A log that adds fields to each of its lines. `with` returns a new log, so that no field leaks into another message. */
export interface StepLog {
  info(step: string, details?: Details): void;
  warn(step: string, details?: Details): void;
  error(step: string, details?: Details): void;
  with(fields: LogFields): StepLog;
}

const levels = ['debug', 'info', 'warn', 'error'] as const;
export type LogLevel = (typeof levels)[number];

/**
 * Creates a log of JSON lines: `info` on standard output, `warn` and `error` on standard error. Tokens and keys are redacted in
 * messages and in every text field.
 */
export function createLogger(service: string, level: LogLevel = 'info'): StepLog {
  return bind(service, levels.indexOf(level), {});
}

function bind(service: string, minimum: number, fields: LogFields): StepLog {
  const logAt = (level: Exclude<LogLevel, 'debug'>) => (message: string, details?: Details) => {
    if (levels.indexOf(level) < minimum) return;
    const head = { level: level.toUpperCase(), message, timestamp: new Date().toISOString(), service };
    process[level === 'info' ? 'stdout' : 'stderr'].write(`${toLine(head, { ...fields, ...details })}\n`);
  };
  return {
    info: logAt('info'),
    warn: logAt('warn'),
    error: logAt('error'),
    with: (more) => bind(service, minimum, { ...fields, ...more }),
  };
}

type Values = Readonly<Record<string, unknown>>;

/** Never throws: what a line cannot show must not fail the work that it reports. */
function toLine(head: Values, details: Values): string {
  try {
    return toJson({ ...head, ...details });
  } catch (error) {
    return toJson({ ...head, unreadable: String(error) });
  }
}

/** Most lines consist of texts and numbers. Calling a replacer for each of their fields takes longer than all else. */
function toJson(values: Values): string {
  const hasOnlyTexts = Object.values(values).every((value) => typeof value !== 'object' && typeof value !== 'bigint');
  if (!hasOnlyTexts) return JSON.stringify(values, toLogValue);
  const line: Record<string, unknown> = {};
  for (const name in values) line[name] = toLogValue(name, values[name]);
  return JSON.stringify(line);
}

function toLogValue(_name: string, value: unknown): unknown {
  if (typeof value === 'string') return redact(value);
  if (typeof value === 'bigint') return String(value);
  if (!(value instanceof Error)) return value;
  // An Error has no enumerable properties, so it would be logged as {}.
  const { name, message, stack, cause } = value;
  return cause instanceof Error ? { name, message, stack, cause } : { name, message, stack };
}
