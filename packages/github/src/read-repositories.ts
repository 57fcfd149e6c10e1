import type { RepositorySnapshot, TargetRequest } from '@dispatcher/contracts';
import { Answer, isTooLarge, rateLimitIn, readingsOf } from './answer.ts';
import { GitHubError, GitHubPermanentError, GitHubRateLimitedError, GitHubTransientError } from './errors.ts';
import { retryAfterMs } from './failures.ts';
import { repositoriesQuery } from './query.ts';
import { chunksOf, keyOf, mergeByRepository } from './target-requests.ts';
import type { Tokens } from './tokens.ts';
import type { Transport } from './transport.ts';

/** GitHub ends a query after 10 s; ten repositories with their files stay far below. */
const repositoriesPerRequest = 10;

export interface RepositoryDependencies {
  readonly transport: Transport;
  readonly tokens: Tokens;
}

/**
 * Answers requests in their order, asking for each repository once, by one GraphQL request for each ten of them.
 * Throws only what concerns the whole installation: a rate limit, and refused credentials.
 */
export async function readRepositories(
  dependencies: RepositoryDependencies,
  installationId: number,
  requests: readonly TargetRequest[],
): Promise<RepositorySnapshot[]> {
  const merged = mergeByRepository(requests);
  const read = await Promise.all(
    chunksOf(merged, repositoriesPerRequest).map((chunk) => readChunk(dependencies, installationId, chunk)),
  );
  const readings = new Map(read.flat());
  return requests.map((request) => readings.get(keyOf(request)) ?? unknown('It was not read'));
}

type KeyedReading = readonly [key: string, reading: RepositorySnapshot];

async function readChunk(
  dependencies: RepositoryDependencies,
  installationId: number,
  requests: readonly TargetRequest[],
): Promise<KeyedReading[]> {
  const all = (reading: RepositorySnapshot) => requests.map((request) => [keyOf(request), reading] as const);
  const answered = await askGitHub(dependencies, installationId, requests).catch((error: unknown) =>
    isInstallationGone(error) ? absent : unknown(reasonUnlessWhole(error)),
  );
  if ('state' in answered) return all(answered);
  if (isTooLarge(answered) && requests.length > 1) {
    const halves = chunksOf(requests, Math.ceil(requests.length / 2));
    return (await Promise.all(halves.map((half) => readChunk(dependencies, installationId, half)))).flat();
  }
  const readings = readingsOf(answered, requests, installationId);
  return requests.map((request, at) => [keyOf(request), readings[at] ?? unknown('It was not read')]);
}

/** One GraphQL request. Throws on every failure that is not about single repositories. */
async function askGitHub(
  { transport, tokens }: RepositoryDependencies,
  installationId: number,
  requests: readonly TargetRequest[],
): Promise<Answer> {
  // As text: Octokit would take variables of some names for its own options, and its serializer changes some values.
  const body = JSON.stringify(repositoriesQuery(requests));
  return tokens.use({ installationId }, async (authorization) => {
    const { status, headers, data } = await transport.send(
      { installationId, effect: 'repeatable' },
      Answer,
      (request) =>
        transport.installation.request(`POST ${transport.graphqlUrl}`, {
          headers: { authorization },
          data: body,
          request,
        }),
    );
    const limit = rateLimitIn(data);
    if (limit === null) return data;
    const spent = String(headers['x-ratelimit-remaining']) === '0';
    throw new GitHubRateLimitedError(limit, status, {
      retryAfterMs: retryAfterMs(headers, transport.now()),
      scope: spent ? 'primary' : 'secondary',
      installationId,
    });
  });
}

const absent: RepositorySnapshot = { state: 'absent' };

function unknown(reason: string): RepositorySnapshot {
  return { state: 'unknown', reason };
}

/** Uninstalled (404) or suspended (403): the App sees nothing of it any more. */
function isInstallationGone(error: unknown): boolean {
  return error instanceof GitHubPermanentError && error.code === 'target-not-installed' && error.status !== 422;
}

/** A rate limit and refused credentials concern every repository of the installation, so they are thrown on. */
export function reasonUnlessWhole(error: unknown): string {
  if (!(error instanceof GitHubError) || error instanceof GitHubRateLimitedError) throw error;
  if (error instanceof GitHubTransientError && error.credentials) throw error;
  return error.message;
}
