import { RequestError } from '@octokit/request-error';
import {
  type GitHubError,
  GitHubPermanentError,
  GitHubRateLimitedError,
  GitHubTransientError,
  GitHubUnknownOutcomeError,
  GitHubUnreachableError,
} from './errors.ts';

export type Headers = Readonly<Record<string, string | number | undefined>>;

/** What the client needs to know about a request to classify its failure. */
export interface RequestContext {
  /** The installation whose rate limit the request counts against; null for the App itself. */
  readonly installationId: number | null;
  /** `once`: repeating the request would repeat its effect, so a missing response is an unknown outcome. */
  readonly effect: 'repeatable' | 'once';
  /**
   * Milliseconds since the epoch. The request is sent only if its timeout ends before this time. Absent: it is always
   * sent.
   */
  readonly responseDeadline?: number | undefined;
  /** Cancels the request. */
  readonly signal?: AbortSignal | undefined;
}

/** GitHub's documentation asks clients to wait at least a minute when a rate limit names no time. */
const defaultRetryAfterMs = 60_000;

/** Error codes of failures before any byte of the request can have reached GitHub. */
const unsentCodes = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** Converts what Octokit threw into the GitHubError that says how to handle it. `now` is in milliseconds. */
export function toGitHubError(cause: unknown, context: RequestContext, now: number): GitHubError {
  if (!(cause instanceof RequestError) || cause.response === undefined) return noResponseError(cause, context);
  const { status, headers, data } = cause.response;
  const message =
    errorMessage(data) ?? `GitHub responded with ${status} and no message. Check https://www.githubstatus.com.`;
  const limit = rateLimit(status, headers, message, now);
  if (limit !== null)
    return new GitHubRateLimitedError(message, status, { ...limit, installationId: context.installationId });
  if (refusesCredentials(status, message)) {
    const advice = `${message}. If this persists, check the App's id and private key.`;
    return new GitHubTransientError(advice, status, { credentials: true });
  }
  if (status >= 500 || status === 408) {
    return context.effect === 'once'
      ? new GitHubUnknownOutcomeError(message, status)
      : new GitHubUnreachableError(message, status);
  }
  return new GitHubPermanentError(message, status);
}

/**
 * Octokit wraps what `fetch` threw in a RequestError, but rethrows an abort, and its own failure to read a response, as
 * they are.
 */
function noResponseError(error: unknown, context: RequestContext): GitHubError {
  const cause = error instanceof RequestError ? error.cause : error;
  const code = networkCode(cause);
  const cancelled = context.signal?.aborted === true;
  // The caller's abort reason can be any value, so its code does not prove that nothing was sent.
  const unsent = !cancelled && code !== null && unsentCodes.has(code);
  const message = noResponseMessage(cause, cancelled);
  if (context.effect === 'once' && !unsent) return new GitHubUnknownOutcomeError(message, null, { cause });
  return cancelled
    ? new GitHubTransientError(message, null, { cause })
    : new GitHubUnreachableError(message, null, { cause });
}

function noResponseMessage(cause: unknown, cancelled: boolean): string {
  if (cancelled) return 'Cancelled by the caller before GitHub responded.';
  if (isObject(cause) && cause['name'] === 'TimeoutError') return 'GitHub did not respond in time.';
  return `Could not reach GitHub: ${networkCode(cause) ?? String(cause)}.`;
}

/**
 * GitHub responds with 404 to a JWT whose App id does not exist. Without this check it would look like an installation
 * that was removed.
 */
function refusesCredentials(status: number, message: string): boolean {
  return status === 401 || (status === 404 && message.startsWith('Integration not found'));
}

/** Returns the error for a successful response whose body is missing, cut off or unexpected. */
export function invalidResponseError(context: RequestContext, status: number): GitHubError {
  const message =
    'GitHub’s response was empty, cut off, or did not match its schema. Check that GITHUB_API_URL is correct.';
  return context.effect === 'once'
    ? new GitHubUnknownOutcomeError(message, status)
    : new GitHubUnreachableError(message, status);
}

/** Returns the error code of the socket, which `fetch` wraps in an error that may hold one error per address tried. */
function networkCode(error: unknown): string | null {
  if (!isObject(error)) return null;
  if (typeof error['code'] === 'string') return error['code'];
  if (Array.isArray(error['errors'])) return networkCode(error['errors'][0]);
  return networkCode(error['cause']);
}

/**
 * A rate limit is a 429, or a 403 with `retry-after`, with `x-ratelimit-remaining: 0`, or with a message about it. Any
 * other 403 is a missing permission. See "Rate limits for the REST API" in GitHub's documentation.
 */
function rateLimit(
  status: number,
  headers: Headers,
  message: string,
  now: number,
): { retryAfterMs: number; scope: 'primary' | 'secondary' } | null {
  if (status !== 403 && status !== 429) return null;
  const exhausted = String(headers['x-ratelimit-remaining']) === '0';
  const named = headers['retry-after'] !== undefined || /rate limit|abuse detection/i.test(message);
  if (status === 403 && !exhausted && !named) return null;
  const secondary = /secondary|abuse detection/i.test(message) || !exhausted;
  return { retryAfterMs: retryAfterMs(headers, now), scope: secondary ? 'secondary' : 'primary' };
}

/**
 * Returns how long to wait: `retry-after` (seconds); else until the reset of an exhausted limit; else a minute. At
 * least one second.
 */
export function retryAfterMs(headers: Headers, now: number): number {
  const seconds = Number(headers['retry-after']);
  if (Number.isFinite(seconds) && seconds >= 0) return Math.max(1000, seconds * 1000);
  const reset = Number(headers['x-ratelimit-reset']);
  const exhausted = String(headers['x-ratelimit-remaining']) === '0';
  return exhausted && Number.isFinite(reset) ? Math.max(1000, reset * 1000 - now) : defaultRetryAfterMs;
}

/** Returns GitHub's message, followed by those of `errors`: a 422 names the invalid field there. */
function errorMessage(data: unknown): string | null {
  if (!isObject(data) || typeof data['message'] !== 'string') return null;
  const details = Array.isArray(data['errors']) ? data['errors'].map(detail).filter((text) => text !== null) : [];
  return [data['message'], ...details].join(': ');
}

function detail(error: unknown): string | null {
  if (typeof error === 'string') return error;
  return isObject(error) && typeof error['message'] === 'string' ? error['message'] : null;
}

export function isObject(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null;
}
