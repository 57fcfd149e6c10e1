import { App } from '@octokit/app';
import { Octokit } from '@octokit/core';
import * as z from 'zod/mini';
import { createJwtSigner } from './app-jwt.ts';
import { cancelledError } from './cancellation.ts';
import { GitHubPermanentError, GitHubTransientError } from './errors.ts';
import { type Headers, invalidResponseError, type RequestContext, toGitHubError } from './error-mapping.ts';
import type { GitHubAppOptions, RateLimitStatus } from './options.ts';

const repeatableTimeoutMs = 8_000;
const onceTimeoutMs = 10_000;

/** The version of GitHub's REST API that this package uses. Octokit sends none by default. */
const apiVersion = '2022-11-28';

interface GitHubResponse<Data> {
  readonly status: number;
  readonly headers: Headers;
  readonly data: Data;
}

/** Octokit's `request` option. */
export interface OctokitRequestOptions {
  readonly signal: AbortSignal;
}

export interface Transport {
  /** Authenticates with the App's JWT. */
  readonly app: Octokit;
  /** Sends no credentials of its own: pass the installation token of each request as `headers: { authorization }`. */
  readonly installation: Octokit;
  /**
   * As `installation`, and follows GitHub's redirect from the former name of a repository. For requests whose token is limited
   * to one repository, and which are meant for it whatever its name.
   */
  readonly following: Octokit;
  readonly graphqlUrl: string;
  readonly now: () => number;
  /**
   * Sends one request with a timeout and converts every failure into a GitHubError. A response that does not match the
   * schema, for example because it was cut off, counts as missing.
   */
  send<Data>(
    context: RequestContext,
    schema: z.ZodMiniType<Data>,
    request: (options: OctokitRequestOptions) => Promise<GitHubResponse<unknown>>,
  ): Promise<GitHubResponse<Data>>;
}

/** Without an App, the client `app` sends no credentials. */
type TransportOptions = Omit<GitHubAppOptions, 'appId' | 'privateKey'> & Partial<GitHubAppOptions>;

export function createTransport(options: TransportOptions): Transport {
  const now = options.now ?? Date.now;
  const { app, installation, following } = createClients(options, now);

  const timeoutOf = (effect: RequestContext['effect']): number =>
    options.requestTimeoutMs ?? (effect === 'once' ? onceTimeoutMs : repeatableTimeoutMs);

  const send: Transport['send'] = async (context, schema, request) => {
    // A worker that was paused past its deadline must not send: another worker may have taken over.
    if (context.responseDeadline !== undefined && now() + timeoutOf(context.effect) > context.responseDeadline) {
      throw new GitHubTransientError('Not sent: too little time was left for GitHub to respond.', null);
    }
    if (context.signal?.aborted === true) throw cancelledError();
    const timeout = AbortSignal.timeout(timeoutOf(context.effect));
    const signal = context.signal === undefined ? timeout : AbortSignal.any([timeout, context.signal]);
    const response = await request({ signal }).catch((cause: unknown) => {
      report(headersOf(cause), context);
      throw toGitHubError(cause, context, now());
    });
    report(response.headers, context);
    const { status, headers } = response;
    if (status >= 300) throw new GitHubPermanentError('The repository or its owner was renamed.', status);
    const parsed = z.safeParse(schema, response.data);
    if (!parsed.success) throw invalidResponseError(context, status);
    return { status, headers, data: parsed.data };
  };

  function report(headers: Headers | null, context: RequestContext): void {
    const seen = headers === null ? null : rateLimitStatus(headers, context.installationId);
    if (seen !== null) options.onRateLimit?.(seen);
  }

  return { app, installation, following, graphqlUrl: graphqlUrlOf(installation), now, send };
}

/**
 * Creates Octokit clients without plugins: no retries (a repeated POST starts a second run), no throttling (it sleeps),
 * no logging. They do not follow redirects: `fetch` would repeat a POST at the new location, or turn it into a GET
 * whose 200 looks like success.
 */
function createClients(
  options: TransportOptions,
  now: () => number,
): Pick<Transport, 'app' | 'installation' | 'following'> {
  const common = {
    userAgent: 'dispatcher',
    ...(options.apiUrl === undefined ? {} : { baseUrl: options.apiUrl.replace(/\/+$/, '') }),
    request: { redirect: 'manual' as const, ...(options.fetch === undefined ? {} : { fetch: options.fetch }) },
  };
  const installation = new Octokit(common);
  const following = new Octokit(common);
  following.hook.wrap('request', async (send, request) => {
    const response = await send(request);
    const { location } = response.headers;
    const isMoved = response.status >= 300 && location !== undefined && isMove(location, request.baseUrl);
    // GitHub has not carried out what it redirects, so this repeats no effect.
    return isMoved ? send(redirected(request, location)) : response;
  });
  const { appId, privateKey } = options;
  const isApp = appId !== undefined && privateKey !== undefined;
  const app = isApp ? createAppClient({ appId, privateKey }, common, now) : new Octokit(common);
  for (const { hook } of [app, installation, following]) {
    hook.before('request', (request) => {
      request.headers['x-github-api-version'] = apiVersion;
    });
  }
  return { app, installation, following };
}

/**
 * Returns the request at the address to which GitHub redirects it: the same repository under its id. The parameters of the
 * path are in that address already.
 */
function redirected<Request extends { readonly url: string }>(request: Request, location: string): Request {
  const inPath = new Set([...request.url.matchAll(/\{(\w+)\}/g)].map(([, name]) => name));
  const others = Object.entries(request).filter(([name]) => !inPath.has(name));
  return { ...(Object.fromEntries(others) as Request), url: location };
}

/** Returns whether an address is that of a repository by its id, at the same GitHub. */
function isMove(location: string, baseUrl: string): boolean {
  return location.startsWith(`${baseUrl}/repositories/`);
}

function createAppClient(
  { appId, privateKey }: Pick<GitHubAppOptions, 'appId' | 'privateKey'>,
  common: object,
  now: () => number,
): Octokit {
  const sign = createJwtSigner(appId, privateKey, now);
  // `App` has no option for the signer, and the JWTs of its default one have no `jti`. Replace it through the defaults.
  const auth = {
    appId,
    createJwt: (_: unknown, timeDifference?: number) => Promise.resolve(sign(timeDifference)),
  };
  const AppOctokit = Octokit.defaults((options: object) => ({ ...options, ...common, auth }));
  return new App({ appId, privateKey, Octokit: AppOctokit }).octokit;
}

/** GitHub Enterprise Server serves GraphQL at `/api/graphql`, not below `/api/v3`. */
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

function rateLimitStatus(headers: Headers, installationId: number | null): RateLimitStatus | null {
  const number = (name: string) => Number(headers[`x-ratelimit-${name}`]);
  const seen = { limit: number('limit'), remaining: number('remaining'), resetsAt: number('reset') * 1000 };
  if (!Object.values(seen).every(Number.isFinite)) return null;
  return { installationId, resource: String(headers['x-ratelimit-resource'] ?? 'core'), ...seen };
}
