import type { Code } from '@dispatcher/contracts';
import { LRUCache } from 'lru-cache';
import * as z from 'zod/mini';
import { waitForShared } from './cancellation.ts';
import { GitHubPermanentError, GitHubRateLimitedError, GitHubTransientError } from './errors.ts';
import type { Transport } from './transport.ts';
import type { CallOptions, InstallationLimits } from './types.ts';

/** A token near its end could expire under way. */
const renewBeforeMs = 5 * 60_000;
/**
 * GitHub's tokens last an hour; one that would end sooner than the margin is used for the one request it was made for.
 */
const shortestLifeMs = 1;
const mostTokens = 1000;

export type WritePermission = 'actions' | 'contents' | 'issues';

/** What a token may do: read every repository of the installation, or one thing in one repository. */
export interface TokenScope {
  readonly installationId: number;
  /** Reads the runs of the repository of this id. */
  readonly readActions?: number;
  /** Absent: to read. The repository by its id, or by its name where the id is not known. */
  readonly write?: { readonly permission: WritePermission; readonly repository: number | string };
}

export interface Tokens {
  /**
   * Makes a request with an installation token for exactly this scope. The token is kept until five minutes before it
   * expires; requests that need the same one together share its minting; neither a failure nor a token that GitHub no
   * longer takes (401) is kept.
   * An installation that is known to be limited is not called: GitHubRateLimitedError, with the scope `known`.
   * The signal ends the wait for the token; the request itself must be given it as well.
   * @throws GitHubPermanentError with code `target-not-installed` where the installation is gone or suspended, or does
   * not cover the repository; `dispatch-forbidden` where it was not granted the permission.
   */
  use<Result>(
    scope: TokenScope,
    request: (authorization: string) => Promise<Result>,
    options?: CallOptions,
  ): Promise<Result>;
}

const Minted = z.object({ token: z.string(), expires_at: z.string() });
type Minted = z.infer<typeof Minted>;

export function createTokens(transport: Transport, limits: InstallationLimits = unlimited): Tokens {
  const cache = new LRUCache<string, Minted, TokenScope>({
    max: mostTokens,
    perf: { now: transport.now },
    // Otherwise the cache looks at the clock once per millisecond only, and keeps a timer for it.
    ttlResolution: 0,
    fetchMethod: async (_key, _stale, { context, options }) => {
      const minted = await mint(transport, context);
      options.ttl = Math.max(shortestLifeMs, Date.parse(minted.expires_at) - transport.now() - renewBeforeMs);
      return minted;
    },
  });
  return {
    use: async (scope, request, { signal } = {}) => {
      await refuseLimited(scope.installationId);
      try {
        const { token } = await waitForShared(() => cache.forceFetch(keyOf(scope), { context: scope }), signal);
        return await request(`token ${token}`).catch((error: unknown) => {
          const refused = error instanceof GitHubTransientError && error.credentials;
          // Another request may have renewed it since, or be about to: deleting would end that one's minting too.
          if (refused && cache.peek(keyOf(scope))?.token === token) cache.delete(keyOf(scope));
          throw error;
        });
      } catch (error) {
        if (error instanceof GitHubRateLimitedError) {
          await limits.setDeferUntil(scope.installationId, transport.now() + error.retryAfterMs);
        }
        throw error;
      }
    },
  };

  async function refuseLimited(installationId: number): Promise<void> {
    const until = await limits.deferUntil(installationId);
    if (until === null) return;
    const message = `Installation ${installationId} is rate limited until ${new Date(until).toISOString()}.`;
    const retryAfterMs = Math.max(1, until - transport.now());
    throw new GitHubRateLimitedError(message, null, { retryAfterMs, scope: 'known', installationId });
  }
}

const unlimited: InstallationLimits = { deferUntil: async () => null, setDeferUntil: async () => {} };

function keyOf({ installationId, write, readActions }: TokenScope): string {
  if (readActions !== undefined) return `${installationId}/actions:read/${readActions}`;
  return write === undefined ? `${installationId}` : `${installationId}/${write.permission}/${write.repository}`;
}

async function mint(transport: Transport, scope: TokenScope): Promise<Minted> {
  const { installationId } = scope;
  try {
    const answer = await transport.send({ installationId: null, effect: 'repeatable' }, Minted, (request) =>
      transport.app.request('POST /app/installations/{installation_id}/access_tokens', {
        installation_id: installationId,
        ...narrowing(scope),
        request,
      }),
    );
    return answer.data;
  } catch (error) {
    throw ofInstallation(error, installationId);
  }
}

function narrowing({ write, readActions }: TokenScope) {
  if (readActions !== undefined) return { permissions: { actions: 'read' as const }, repository_ids: [readActions] };
  if (write === undefined) return { permissions: { contents: 'read', metadata: 'read' } } as const;
  const { permission, repository } = write;
  const permissions: { [Permission in WritePermission]?: 'write' } = { [permission]: 'write' };
  return typeof repository === 'number'
    ? { permissions, repository_ids: [repository] }
    : { permissions, repositories: [repository] };
}

/**
 * Minting is counted against the App, but its failure stops this installation. GitHub answers 422 both to a repository
 * the installation does not cover and to a permission it was not granted.
 */
function ofInstallation(error: unknown, installationId: number): unknown {
  if (error instanceof GitHubRateLimitedError) {
    const { message, status, retryAfterMs, scope } = error;
    return new GitHubRateLimitedError(message, status, { retryAfterMs, scope, installationId });
  }
  if (!(error instanceof GitHubPermanentError)) return error;
  return new GitHubPermanentError(error.message, error.status, refusalCode(error));
}

/** Besides a suspension, 403 has been seen for an IP allow list: the installation is still there. */
function refusalCode({ status, message }: GitHubPermanentError): Code {
  if (status === 422 && /permission/i.test(message)) return 'dispatch-forbidden';
  if (status === 403 && !/suspended/i.test(message)) return 'dispatch-forbidden';
  return 'target-not-installed';
}
