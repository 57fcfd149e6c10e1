import type { RepositorySnapshot, TargetRequest, UnknownSnapshot } from '@dispatcher/contracts';
import type { InstallationTokens } from '../installations/installation-tokens.ts';
import { retryAfterMs } from '../transport/error-mapping.ts';
import {
  GitHubError,
  GitHubPermanentError,
  GitHubRateLimitedError,
  GitHubTransientError,
  GitHubUnreachableError,
} from '../transport/errors.ts';
import type { Transport } from '../transport/transport.ts';
import { exceedsResourceLimits, GraphqlResponse, parseSnapshots, rateLimitMessage } from './parse-response.ts';
import { type GraphqlQuery, repositoriesQuery } from './repositories-query.ts';
import { chunksOf, mergeByRepository, repositoryKey } from './target-requests.ts';

/** GitHub aborts a query after 10 s; ten repositories with their files take far less. */
const defaultPerRequest = 10;

export interface ReaderOptions {
  /** Repositories of one GraphQL request; 10 by default. A request is halved if GitHub finds it too expensive. */
  readonly repositoriesPerRequest?: number;
  /** Called before each GraphQL request. */
  readonly onRequest?: () => void;
}

export interface ReadDependencies extends ReaderOptions {
  readonly transport: Transport;
  readonly tokens: InstallationTokens;
}

/**
 * Returns the snapshots in the order of the requests. Reads each repository once, ten per GraphQL request.
 * Throws only failures that concern the whole installation: a rate limit, and refused credentials.
 */
export async function readRepositories(
  dependencies: ReadDependencies,
  installationId: number,
  requests: readonly TargetRequest[],
): Promise<RepositorySnapshot[]> {
  const merged = mergeByRepository(requests);
  const { repositoriesPerRequest = defaultPerRequest } = dependencies;
  const read = await Promise.all(
    chunksWithPolicies(merged, repositoriesPerRequest).map((chunk) => readChunk(dependencies, installationId, chunk)),
  );
  const snapshots = new Map(read.flat());
  return requests.map((request) => snapshots.get(repositoryKey(request)) ?? unknown(notRead));
}

/** A policy joins the first request: one more repository, and never one more request. An installation has one owner. */
function chunksWithPolicies(requests: readonly TargetRequest[], repositoriesPerRequest: number): TargetRequest[][] {
  const policies = requests.filter(({ policy }) => policy === 'only');
  const [first = [], ...others] = chunksOf(
    requests.filter(({ policy }) => policy !== 'only'),
    repositoriesPerRequest,
  );
  return [[...first, ...policies], ...others].filter((chunk) => chunk.length > 0);
}

type KeyedSnapshot = readonly [key: string, snapshot: RepositorySnapshot];

async function readChunk(
  dependencies: ReadDependencies,
  installationId: number,
  requests: readonly TargetRequest[],
): Promise<KeyedSnapshot[]> {
  const all = (snapshot: RepositorySnapshot) => requests.map((request) => [repositoryKey(request), snapshot] as const);
  const response = await postQuery(dependencies, installationId, repositoriesQuery(requests)).catch((error: unknown) =>
    isInstallationGone(error) ? absent : snapshotAfterFailure(error, dependencies.transport.now()),
  );
  if ('state' in response) return all(response);
  if (exceedsResourceLimits(response) && requests.length > 1) {
    const halves = chunksOf(requests, Math.ceil(requests.length / 2));
    return (await Promise.all(halves.map((half) => readChunk(dependencies, installationId, half)))).flat();
  }
  const snapshots = parseSnapshots(response, requests, installationId);
  return requests.map((request, at) => [repositoryKey(request), snapshots[at] ?? unknown(notRead)]);
}

/** Sends one GraphQL request. Throws every failure that does not concern single repositories. */
export async function postQuery(
  { transport, tokens, onRequest }: ReadDependencies,
  installationId: number,
  query: GraphqlQuery,
): Promise<GraphqlResponse> {
  // As text: Octokit would take some variable names for its own options, and its serializer changes some values.
  const body = JSON.stringify(query);
  return tokens.use({ installationId }, async (authorization) => {
    onRequest?.();
    const { status, headers, data } = await transport.send(
      { installationId, effect: 'repeatable' },
      GraphqlResponse,
      (request) =>
        transport.installation.request(`POST ${transport.graphqlUrl}`, {
          headers: { authorization },
          data: body,
          request,
        }),
    );
    const limit = rateLimitMessage(data);
    if (limit === null) return data;
    const exhausted = String(headers['x-ratelimit-remaining']) === '0';
    throw new GitHubRateLimitedError(limit, status, {
      retryAfterMs: retryAfterMs(headers, transport.now()),
      scope: exhausted ? 'primary' : 'secondary',
      installationId,
    });
  });
}

const notRead = 'GitHub’s response does not contain the repository';
const absent: RepositorySnapshot = { state: 'absent' };

function unknown(reason: string): UnknownSnapshot {
  return { state: 'unknown', reason };
}

/** Removed (404) or suspended (403): the App no longer has access to any of its repositories. */
export function isInstallationGone(error: unknown): boolean {
  return error instanceof GitHubPermanentError && error.code === 'target-not-installed' && error.status !== 422;
}

/**
 * Returns the `unknown` snapshot of a repository whose read failed. Rethrows a rate limit and refused credentials, which
 * concern every repository of the installation, and errors that are not GitHub's.
 */
export function snapshotAfterFailure(error: unknown, now: number): UnknownSnapshot {
  if (!(error instanceof GitHubError) || error instanceof GitHubRateLimitedError) throw error;
  if (error instanceof GitHubTransientError && error.credentials) throw error;
  const { message } = error;
  if (!(error instanceof GitHubUnreachableError)) return unknown(message);
  return {
    ...unknown(message),
    unreachable: { retryAt: error.retryAfterMs === null ? null : now + error.retryAfterMs },
  };
}
