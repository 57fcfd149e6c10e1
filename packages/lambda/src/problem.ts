import { STATUS_CODES } from 'node:http';

/** The media type of a problem document (RFC 9457). */
export const problemMediaType = 'application/problem+json';

/**
 * Returns an RFC 9457 problem document. `type` is `about:blank`, so the title is the status's own; the other members
 * follow in the order given.
 */
export function problemDocument(status: number, members: Readonly<Record<string, unknown>> = {}) {
  return { type: 'about:blank', title: STATUS_CODES[status] ?? 'Error', status, ...members } as const;
}

/**
 * An error response. The message becomes the problem document's `detail`: it says what to do next, and reveals nothing
 * about other users' data.
 */
export class ProblemError extends Error {
  override readonly name = 'ProblemError';
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  constructor(status: number, detail: string, headers: Readonly<Record<string, string>> = {}) {
    super(detail);
    this.status = status;
    this.headers = headers;
  }
}

/** 405: the path exists, but not for this method. @param request the method and the path */
export function methodNotAllowed(request: string, allowed: readonly string[]): ProblemError {
  const methods = allowed.join(', ');
  return new ProblemError(405, `There is no route ${request}. This path supports ${methods}.`, { allow: methods });
}

/** 429: the failed-authentication limiter blocks the client's address for this many seconds. */
export function tooManyFailedAuthentications(seconds: number): ProblemError {
  const detail = `Too many failed authentications from your address. Try again in ${seconds} seconds.`;
  return new ProblemError(429, detail, { 'retry-after': String(seconds) });
}

/** Returns whether the text can be an `Idempotency-Key`: 1 to 100 visible ASCII characters. */
export function isIdempotencyKey(text: string): boolean {
  return /^[\x21-\x7e]{1,100}$/.test(text);
}

/** 400: the `Idempotency-Key` header has the wrong form. */
export function invalidIdempotencyKey(): ProblemError {
  return new ProblemError(400, 'The Idempotency-Key must be 1 to 100 visible ASCII characters, without spaces.');
}

/** 409: another request with the same `Idempotency-Key` is still in progress. */
export function idempotencyKeyInProgress(): ProblemError {
  const detail = 'Another request with this Idempotency-Key is in progress. Try again in a moment.';
  return new ProblemError(409, detail, { 'retry-after': '1' });
}

/** 422: the `Idempotency-Key` was used for a different request. */
export function idempotencyKeyReused(): ProblemError {
  const detail = 'This Idempotency-Key was used for a different request. Choose a new key for each request.';
  return new ProblemError(422, detail);
}
