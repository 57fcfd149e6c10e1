import { RequestError } from '@octokit/request-error';
import {
  type GitHubError,
  GitHubPermanentError,
  GitHubRateLimitedError,
  GitHubTransientError,
  GitHubUnknownOutcomeError,
} from './errors.ts';

export type Headers = Readonly<Record<string, string | number | undefined>>;

/** What must be known of a request to say what its failure means. */
export interface RequestContext {
  /** Whose budget it is counted against; null for the App itself. */
  readonly installationId: number | null;
  /** `once`: sent twice it takes effect twice, so that a lost answer is an unknown outcome. */
  readonly effect: 'repeatable' | 'once';
  /** Milliseconds since the epoch: not sent unless its time-out ends before. Absent: whenever. */
  readonly answerBy?: number | undefined;
  /** Cancels the request. */
  readonly signal?: AbortSignal | undefined;
}

/** GitHub's documentation asks for at least a minute where a limit names no time. */
const unnamedLimitMs = 60_000;

/** Failures before any byte of the request could reach GitHub. */
const unsentCodes = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'ENETUNREACH',
  'EHOSTUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
]);

/** Turns what Octokit threw into the error class that says what to do next. `now` in milliseconds. */
export function toGitHubError(cause: unknown, context: RequestContext, now: number): GitHubError {
  if (!(cause instanceof RequestError) || cause.response === undefined) return withoutAnswer(cause, context);
  const { status, headers, data } = cause.response;
  const message = sentence(data) ?? `GitHub answered ${status} without a message. Check https://www.githubstatus.com.`;
  const limit = rateLimit(status, headers, message, now);
  if (limit !== null)
    return new GitHubRateLimitedError(message, status, { ...limit, installationId: context.installationId });
  if (refusesCredentials(status, message)) {
    const advice = `${message}. If this stays so, check the App's id and private key.`;
    return new GitHubTransientError(advice, status, { credentials: true });
  }
  if (status >= 500 || status === 408) {
    return context.effect === 'once'
      ? new GitHubUnknownOutcomeError(message, status)
      : new GitHubTransientError(message, status);
  }
  return new GitHubPermanentError(message, status);
}

/**
 * Octokit wraps what `fetch` threw; an answer that Octokit itself cannot take in is thrown bare, and is no answer
 * either.
 */
function withoutAnswer(error: unknown, context: RequestContext): GitHubError {
  const cause = error instanceof RequestError ? error.cause : error;
  const code = networkCode(cause);
  const cancelled = context.signal?.aborted === true;
  // The caller's reason for cancelling may be any value: it says nothing of what was sent.
  const unsent = !cancelled && code !== null && unsentCodes.has(code);
  const message = noAnswerMessage(cause, cancelled);
  return context.effect === 'once' && !unsent
    ? new GitHubUnknownOutcomeError(message, null, { cause })
    : new GitHubTransientError(message, null, { cause });
}

function noAnswerMessage(cause: unknown, cancelled: boolean): string {
  if (cancelled) return 'Cancelled by the caller before GitHub responded.';
  if (isObject(cause) && cause['name'] === 'TimeoutError') return 'GitHub did not answer in time.';
  return `GitHub could not be reached: ${networkCode(cause) ?? String(cause)}.`;
}

/** A JWT of an App id that does not exist is answered with 404: it must not pass for an installation that is gone. */
function refusesCredentials(status: number, message: string): boolean {
  return status === 401 || (status === 404 && message.startsWith('Integration not found'));
}

/** GitHub said yes, but what it said besides did not arrive. */
export function lostAnswer(context: RequestContext, status: number): GitHubError {
  const message = 'GitHub’s answer was empty, cut off or not of the shape its schema says. Is GITHUB_API_URL right?';
  return context.effect === 'once'
    ? new GitHubUnknownOutcomeError(message, status)
    : new GitHubTransientError(message, status);
}

/** `fetch` wraps the socket's error, and that one may wrap one per address that was tried. */
function networkCode(error: unknown): string | null {
  if (!isObject(error)) return null;
  if (typeof error['code'] === 'string') return error['code'];
  if (Array.isArray(error['errors'])) return networkCode(error['errors'][0]);
  return networkCode(error['cause']);
}

/**
 * A limit comes as 429, or as 403 with `retry-after`, with nothing remaining, or with a sentence about it. Any other
 * 403 is a permission. (GitHub's "rate limits for the REST API".)
 */
function rateLimit(
  status: number,
  headers: Headers,
  message: string,
  now: number,
): { retryAfterMs: number; scope: 'primary' | 'secondary' } | null {
  if (status !== 403 && status !== 429) return null;
  const spent = String(headers['x-ratelimit-remaining']) === '0';
  const named = headers['retry-after'] !== undefined || /rate limit|abuse detection/i.test(message);
  if (status === 403 && !spent && !named) return null;
  const secondary = /secondary|abuse detection/i.test(message) || !spent;
  return { retryAfterMs: retryAfterMs(headers, now), scope: secondary ? 'secondary' : 'primary' };
}

/** How long GitHub asks to wait: `retry-after` (seconds), else until the spent budget's reset, else a minute. */
export function retryAfterMs(headers: Headers, now: number): number {
  const seconds = Number(headers['retry-after']);
  if (Number.isFinite(seconds) && seconds >= 0) return Math.max(1000, seconds * 1000);
  const reset = Number(headers['x-ratelimit-reset']);
  const spent = String(headers['x-ratelimit-remaining']) === '0';
  return spent && Number.isFinite(reset) ? Math.max(1000, reset * 1000 - now) : unnamedLimitMs;
}

/** GitHub's own sentence, with those of its `errors` (a 422 says there which field is wrong). */
function sentence(data: unknown): string | null {
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
