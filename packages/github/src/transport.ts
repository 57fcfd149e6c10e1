import { App } from '@octokit/app';
import { Octokit } from '@octokit/core';
import * as z from 'zod/mini';
import { createJwtSigner } from './app-jwt.ts';
import { cancelledError } from './cancellation.ts';
import { GitHubPermanentError, GitHubTransientError } from './errors.ts';
import { type Headers, lostAnswer, type RequestContext, toGitHubError } from './failures.ts';
import type { GitHubAppOptions, RateLimitSeen } from './types.ts';

const repeatableTimeoutMs = 8_000;
const onceTimeoutMs = 10_000;

/** The one version of GitHub's REST API this code is written for; Octokit names none by itself. */
const apiVersion = '2022-11-28';

interface Answer<Data> {
  readonly status: number;
  readonly headers: Headers;
  readonly data: Data;
}

/** What a request hands to Octokit as its `request` option. */
export interface RequestLimits {
  readonly signal: AbortSignal;
}

export interface Transport {
  /** Authenticates with the App's JWT. */
  readonly app: Octokit;
  /** Authenticates with nothing: give each request its token as `headers: { authorization }`. */
  readonly installation: Octokit;
  readonly graphqlUrl: string;
  readonly now: () => number;
  /**
   * Sends one request, with its time-out, and turns every failure into a GitHubError. An answer that does not fit the
   * schema, as one that was cut off on its way, is a lost one.
   */
  send<Data>(
    context: RequestContext,
    schema: z.ZodMiniType<Data>,
    request: (limits: RequestLimits) => Promise<Answer<unknown>>,
  ): Promise<Answer<Data>>;
}

export function createTransport(options: GitHubAppOptions): Transport {
  const now = options.now ?? Date.now;
  const { app, installation } = createClients(options, now);

  const timeoutOf = (effect: RequestContext['effect']): number =>
    options.requestTimeoutMs ?? (effect === 'once' ? onceTimeoutMs : repeatableTimeoutMs);

  const send: Transport['send'] = async (context, schema, request) => {
    // A worker that was stopped in between and woken must not send any more: somebody else may be doing it by now.
    if (context.answerBy !== undefined && now() + timeoutOf(context.effect) > context.answerBy) {
      throw new GitHubTransientError('Not sent: too little time was left for GitHub’s answer.', null);
    }
    if (context.signal?.aborted === true) throw cancelledError();
    const timeout = AbortSignal.timeout(timeoutOf(context.effect));
    const signal = context.signal === undefined ? timeout : AbortSignal.any([timeout, context.signal]);
    const answer = await request({ signal }).catch((cause: unknown) => {
      report(headersOf(cause), context);
      throw toGitHubError(cause, context, now());
    });
    report(answer.headers, context);
    const { status, headers } = answer;
    if (status >= 300) throw new GitHubPermanentError('Moved: the repository or its owner was renamed.', status);
    const parsed = z.safeParse(schema, answer.data);
    if (!parsed.success) throw lostAnswer(context, status);
    return { status, headers, data: parsed.data };
  };

  function report(headers: Headers | null, context: RequestContext): void {
    const seen = headers === null ? null : rateLimitSeen(headers, context.installationId);
    if (seen !== null) options.onRateLimit?.(seen);
  }

  return { app, installation, graphqlUrl: graphqlUrlOf(installation), now, send };
}

/**
 * Octokit without plugins: no retries (a repeated POST starts a second run), no throttling (it sleeps), no logging.
 * Redirects are not followed: `fetch` would repeat a POST at the new place, or turn it into a GET whose 200 looks like
 * success.
 */
function createClients(options: GitHubAppOptions, now: () => number): { app: Octokit; installation: Octokit } {
  const sign = createJwtSigner(options.appId, options.privateKey, now);
  const common = {
    userAgent: 'dispatcher',
    ...(options.apiUrl === undefined ? {} : { baseUrl: options.apiUrl.replace(/\/+$/, '') }),
    request: { redirect: 'manual' as const, ...(options.fetch === undefined ? {} : { fetch: options.fetch }) },
  };
  // `App` passes only its id and key to the authentication, whose own JWTs have no `jti`: put our signer in their
  // place.
  const auth = {
    appId: options.appId,
    createJwt: (_: unknown, timeDifference?: number) => Promise.resolve(sign(timeDifference)),
  };
  const AppOctokit = Octokit.defaults((given: object) => ({ ...given, ...common, auth }));
  const { octokit: app } = new App({ appId: options.appId, privateKey: options.privateKey, Octokit: AppOctokit });
  const installation = new Octokit(common);
  for (const { hook } of [app, installation]) {
    hook.before('request', (request) => {
      request.headers['x-github-api-version'] = apiVersion;
    });
  }
  return { app, installation };
}

/** GitHub Enterprise Server has GraphQL beside the version of its REST API, not below it. */
function graphqlUrlOf(octokit: Octokit): string {
  const { baseUrl } = octokit.request.endpoint.DEFAULTS;
  return baseUrl.endsWith('/api/v3') ? baseUrl.replace(/v3$/, 'graphql') : `${baseUrl}/graphql`;
}

function headersOf(error: unknown): Headers | null {
  if (!(error instanceof Error) || !('response' in error)) return null;
  const { response } = error;
  return typeof response === 'object' && response !== null && 'headers' in response
    ? (response.headers as Headers)
    : null;
}

function rateLimitSeen(headers: Headers, installationId: number | null): RateLimitSeen | null {
  const number = (name: string) => Number(headers[`x-ratelimit-${name}`]);
  const seen = { limit: number('limit'), remaining: number('remaining'), resetsAt: number('reset') * 1000 };
  if (!Object.values(seen).every(Number.isFinite)) return null;
  return { installationId, resource: String(headers['x-ratelimit-resource'] ?? 'core'), ...seen };
}
