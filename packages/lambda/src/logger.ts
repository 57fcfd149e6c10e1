import { Logger } from '@aws-lambda-powertools/logger';

/** The names under which every function logs the same thing: a search by one of them finds all functions' lines. */
export interface LogFields {
  correlationId?: string | undefined;
  runKey?: string | undefined;
  dispatchId?: string | undefined;
  route?: string | undefined;
  queue?: string | undefined;
  messageId?: string | undefined;
  attempt?: number | undefined;
}

/** What is given under one of the logger's own keys it drops. */
type OwnKey = 'level' | 'message' | 'sampling_rate' | 'service' | 'timestamp';
type Details = Readonly<Record<string, unknown>> & { readonly [key in OwnKey]?: never };

/** A log that carries the fields of one record. A new one is made for each, so that no key reaches the next record. */
export interface StepLog {
  info(step: string, details?: Details): void;
  warn(step: string, details?: Details): void;
  error(step: string, details?: Details): void;
  with(fields: LogFields): StepLog;
}

// Both shapes of installation tokens (the long one has dots), App JWTs, other GitHub tokens, and PEM keys.
const secretShapes =
  /gh[a-z]_[A-Za-z0-9._-]{20,}|github_pat_\w{20,}|eyJ[\w-]{10,}\.[\w-]{10,}\.[\w-]{10,}|-----BEGIN [A-Z ]*PRIVATE KEY-----[\s\S]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g;

export function redact(text: string): string {
  return text.replace(secretShapes, '[redacted]');
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

// An Error has no enumerable properties: left as it is, it would be logged as {}.
function describeError(details: Details | undefined): Details {
  const error = details?.['error'];
  if (!(error instanceof Error)) return details ?? {};
  return { ...details, error: { name: error.name, message: error.message, stack: error.stack } };
}
