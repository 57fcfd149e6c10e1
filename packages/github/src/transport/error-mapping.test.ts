import { describe, expect, test } from '@jest/globals';
import { RequestError } from '@octokit/request-error';
import { GitHubRateLimitedError } from './errors.ts';
import { retryAfterMs, toGitHubError } from './error-mapping.ts';

const now = 1_800_000_000_000;
const read = { installationId: 7, effect: 'repeatable' } as const;
const write = { installationId: 7, effect: 'once' } as const;
const request = { method: 'POST' as const, url: 'https://api.github.com/x', headers: {} };

function responseError(status: number, message: string, headers: Record<string, string> = {}): RequestError {
  const response = { status, url: request.url, headers, data: { message } };
  return new RequestError(message, status, { request, response });
}

function noResponseError(cause: Error): RequestError {
  const error = new RequestError(cause.message, 500, { request });
  error.cause = cause;
  return error;
}

function socketError(code: string): Error {
  return new TypeError('fetch failed', { cause: Object.assign(new Error(code), { code }) });
}

describe('an error response', () => {
  test.each([
    [404, 'Not Found', 'permanent'],
    [403, 'Resource not accessible by integration', 'permanent'],
    [410, 'Issues has been disabled in this repository.', 'permanent'],
    [422, 'No ref found for: x', 'permanent'],
    [401, 'Bad credentials', 'transient'],
    [408, 'Request Timeout', 'transient'],
    [500, 'Server Error', 'transient'],
    [503, 'Service Unavailable', 'transient'],
    [429, 'Too many requests', 'rate-limited'],
  ])('%i %s to a read is %s', (status, message, kind) => {
    const error = toGitHubError(responseError(status, message), read, now);
    expect(error).toMatchObject({ kind, status });
    expect(error.message).toContain(message);
  });

  test.each([
    [401, 'A JSON web token could not be decoded', true],
    [404, 'Integration not found', true],
    [404, 'Not Found', undefined],
    [503, 'Service Unavailable', false],
  ])('%i %s means that the App’s credentials were refused: %s', (status, message, credentials) => {
    expect(Object(toGitHubError(responseError(status, message), read, now))).toMatchObject(
      credentials === undefined ? { kind: 'permanent' } : { kind: 'transient', credentials },
    );
  });

  test.each([500, 502, 503, 504, 408])('%i to a write leaves an unknown outcome', (status) => {
    expect(toGitHubError(responseError(status, 'x'), write, now).kind).toBe('unknown-outcome');
  });

  test('that refuses a write means that it took no effect', () => {
    expect(toGitHubError(responseError(422, 'x'), write, now).kind).toBe('permanent');
    expect(toGitHubError(responseError(401, 'x'), write, now).kind).toBe('transient');
    expect(toGitHubError(responseError(429, 'x'), write, now).kind).toBe('rate-limited');
  });

  test('with details has them in its message', () => {
    const response = {
      status: 422,
      url: request.url,
      headers: {},
      data: { message: 'Validation Failed', errors: [{ message: 'title is too long' }, 'body is too long'] },
    };
    const error = toGitHubError(new RequestError('x', 422, { request, response }), write, now);
    expect(error.message).toBe('Validation Failed: title is too long: body is too long');
  });
});

describe('a missing response', () => {
  test.each(['ECONNRESET', 'EPIPE', 'UND_ERR_SOCKET'])(
    'because of %s leaves the outcome of a write unknown',
    (code) => {
      expect(toGitHubError(noResponseError(socketError(code)), write, now).kind).toBe('unknown-outcome');
      expect(toGitHubError(noResponseError(socketError(code)), read, now).kind).toBe('transient');
    },
  );

  test.each(['ECONNREFUSED', 'ENOTFOUND', 'EAI_AGAIN', 'UND_ERR_CONNECT_TIMEOUT'])(
    'because of %s means that a write was not sent',
    (code) => {
      expect(toGitHubError(noResponseError(socketError(code)), write, now).kind).toBe('transient');
    },
  );

  test('because every address of the host refused the connection means that a write was not sent', () => {
    const each = Object.assign(new Error('refused'), { code: 'ECONNREFUSED' });
    const cause = new TypeError('fetch failed', { cause: new AggregateError([each, each]) });
    expect(toGitHubError(noResponseError(cause), write, now).kind).toBe('transient');
  });

  test('because of a timeout says so', () => {
    const error = toGitHubError(noResponseError(new DOMException('aborted', 'TimeoutError')), write, now);
    expect(error).toMatchObject({ kind: 'unknown-outcome', status: null, message: 'GitHub did not respond in time.' });
  });

  test('because Octokit could not read it leaves the outcome of a write unknown', () => {
    expect(toGitHubError(new TypeError('invalid media type'), write, now).kind).toBe('unknown-outcome');
  });
});

describe('rate limits', () => {
  const inTwoMinutes = String(now / 1000 + 120);

  test.each([
    ['429 with retry-after', responseError(429, 'x', { 'retry-after': '17' }), 'secondary', 17_000],
    ['403 with retry-after', responseError(403, 'x', { 'retry-after': '17' }), 'secondary', 17_000],
    [
      '403 with no requests remaining',
      responseError(403, 'API rate limit exceeded', {
        'x-ratelimit-remaining': '0',
        'x-ratelimit-reset': inTwoMinutes,
      }),
      'primary',
      120_000,
    ],
    [
      '403 whose message names a limit',
      responseError(403, 'You have exceeded a secondary rate limit.'),
      'secondary',
      60_000,
    ],
    [
      'a secondary limit while requests remain',
      responseError(429, 'x', { 'x-ratelimit-remaining': '4000', 'x-ratelimit-reset': inTwoMinutes }),
      'secondary',
      60_000,
    ],
  ] as const)('%s', (_, error, scope, retryAfter) => {
    const limited = toGitHubError(error, write, now);
    expect(limited).toBeInstanceOf(GitHubRateLimitedError);
    expect(limited).toMatchObject({ scope, retryAfterMs: retryAfter, installationId: 7 });
  });

  test('with a reset in the past wait one second', () => {
    const past = { 'x-ratelimit-remaining': '0', 'x-ratelimit-reset': String(now / 1000 - 5) };
    expect(retryAfterMs(past, now)).toBe(1000);
  });
});
