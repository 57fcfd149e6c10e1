import type { Code } from '@dispatcher/contracts';
import { LRUCache } from 'lru-cache';
import * as z from 'zod/mini';
import { waitForShared } from '../transport/cancellation.ts';
import {
  GitHubError,
  GitHubPermanentError,
  GitHubRateLimitedError,
  GitHubTransientError,
  GitHubUnknownOutcomeError,
  GitHubUnreachableError,
} from '../transport/errors.ts';
import type { CallOptions, InstallationHold, InstallationLimits } from '../transport/options.ts';
import type { Transport } from '../transport/transport.ts';

/** A token close to its expiry could expire while a request is in flight. */
const renewBeforeMs = 5 * 60_000;
/** GitHub's tokens are valid for an hour. One that expires within the margin is used for a single request. */
const minCacheMs = 1;
const maxTokens = 1000;

export type WritePermission = 'actions' | 'checks' | 'contents' | 'issues';

/** What a token grants: reading every repository of the installation, or one permission in one repository. */
export interface TokenScope {
  readonly installationId: number;
  /** Grants `actions: read` in the repository with this id. */
  readonly readActions?: number;
  /** Grants `checks: read` in the repository with this id. */
  readonly readChecks?: number;
  /** Grants reading who may do what in one repository (`metadata: read`), or who is in which team (`members: read`). */
  readonly readRoles?: { readonly repository: string } | 'members';
  /** Grants one write permission in one repository, given by its id, or by its name where the id is unknown. */
  readonly write?: { readonly permission: WritePermission; readonly repository: number | string };
}

export interface InstallationTokens {
  /**
   * Makes a request with an installation token for exactly this scope. A token is cached until five minutes before it
   * expires, and concurrent requests share its minting. Failures, and tokens that GitHub refuses (401), are not cached.
   * While the installation is known to be rate limited, nothing is sent: GitHubRateLimitedError with the scope `known`.
   * While GitHub is known to be unreachable, nothing is sent either: GitHubUnreachableError with `retryAfterMs`.
   * The signal ends the wait for the token; the request must be given the signal as well.
   * @throws GitHubPermanentError with code `target-not-installed` when the installation was removed or suspended or
   * does not cover the repository; with code `dispatch-forbidden` when the permission was not granted to it.
   */
  use<Result>(
    scope: TokenScope,
    request: (authorization: string) => Promise<Result>,
    options?: CallOptions,
  ): Promise<Result>;
}

const AccessToken = z.object({ token: z.string(), expires_at: z.string() });
type AccessToken = z.infer<typeof AccessToken>;

export function createInstallationTokens(
  transport: Transport,
  limits: InstallationLimits = noLimits,
): InstallationTokens {
  const cache = new LRUCache<string, AccessToken, TokenScope>({
    max: maxTokens,
    perf: { now: transport.now },
    // By default the cache reads the clock at most once per millisecond, and keeps a timer for that.
    ttlResolution: 0,
    fetchMethod: async (_key, _stale, { context, options }) => {
      const minted = await mintToken(transport, context);
      options.ttl = Math.max(minCacheMs, Date.parse(minted.expires_at) - transport.now() - renewBeforeMs);
      return minted;
    },
  });
  return {
    use: async (scope, request, { signal } = {}) => {
      const outage = await throwIfHeld(scope.installationId);
      try {
        const { token } = await waitForShared(() => cache.forceFetch(cacheKey(scope), { context: scope }), signal);
        const result = await request(`token ${token}`).catch((error: unknown) => {
          const refused = error instanceof GitHubTransientError && error.credentials;
          // Another request may have renewed the token or be renewing it: deleting that entry would abort its minting.
          if (refused && cache.peek(cacheKey(scope))?.token === token) cache.delete(cacheKey(scope));
          throw error;
        });
        await endOutage(scope.installationId, outage);
        return result;
      } catch (error) {
        throw await recordFailure(scope.installationId, error, { outage, isCancelled: signal?.aborted === true });
      }
    },
  };

  /** Returns the outage whose wait is over: this request shows whether GitHub has recovered. */
  async function throwIfHeld(installationId: number): Promise<InstallationHold['outage']> {
    const { rateLimitedUntil, outage } = await limits.holdOf(installationId);
    const now = transport.now();
    if (rateLimitedUntil !== null && rateLimitedUntil > now) {
      const message = `Installation ${installationId} is rate limited until ${new Date(rateLimitedUntil).toISOString()}.`;
      const retryAfterMs = Math.max(1, rateLimitedUntil - now);
      throw new GitHubRateLimitedError(message, null, { retryAfterMs, scope: 'known', installationId });
    }
    if (outage !== null && outage.until > now) {
      const [since, until] = [outage.since, outage.until].map((time) => new Date(time).toISOString());
      const message = `Could not reach GitHub for installation ${installationId} since ${since}; the next try is at ${until}.`;
      throw new GitHubUnreachableError(message, null, { retryAfterMs: outage.until - now });
    }
    return outage;
  }

  // The request succeeded, so a failure to record that must not fail it. The next request records it.
  async function endOutage(installationId: number, outage: InstallationHold['outage']): Promise<void> {
    if (outage !== null) await limits.endOutage(installationId, outage).catch(() => undefined);
  }

  /** Records what the failure says about the installation. Returns the error to throw. */
  async function recordFailure(
    installationId: number,
    error: unknown,
    { outage, isCancelled }: { outage: InstallationHold['outage']; isCancelled: boolean },
  ): Promise<unknown> {
    if (error instanceof GitHubUnreachableError && error.retryAfterMs === null) {
      const retryAfterMs = Math.max(1, (await limits.recordOutage(installationId)) - transport.now());
      return new GitHubUnreachableError(error.message, error.status, { cause: error, retryAfterMs });
    }
    if (error instanceof GitHubUnknownOutcomeError) {
      // The caller must learn that the outcome is unknown, whether the outage can be recorded or not.
      if (!isCancelled) await limits.recordOutage(installationId).catch(() => undefined);
      return error;
    }
    if (error instanceof GitHubRateLimitedError) {
      await limits.setDeferUntil(installationId, transport.now() + error.retryAfterMs);
    }
    if (error instanceof GitHubError && error.status !== null) await endOutage(installationId, outage);
    return error;
  }
}

const noLimits: InstallationLimits = {
  holdOf: async () => ({ rateLimitedUntil: null, outage: null }),
  setDeferUntil: async () => {},
  recordOutage: async () => 0,
  endOutage: async () => {},
};

function cacheKey({ installationId, write, readActions, readChecks, readRoles }: TokenScope): string {
  if (readChecks !== undefined) return `${installationId}/checks:read/${readChecks}`;
  if (readRoles !== undefined) {
    return `${installationId}/${readRoles === 'members' ? 'members:read' : `metadata:read/${readRoles.repository}`}`;
  }
  if (readActions !== undefined) return `${installationId}/actions:read/${readActions}`;
  return write === undefined ? `${installationId}` : `${installationId}/${write.permission}/${write.repository}`;
}

async function mintToken(transport: Transport, scope: TokenScope): Promise<AccessToken> {
  const { installationId } = scope;
  try {
    const { data } = await transport.send({ installationId: null, effect: 'repeatable' }, AccessToken, (request) =>
      transport.app.request('POST /app/installations/{installation_id}/access_tokens', {
        installation_id: installationId,
        ...tokenRestrictions(scope),
        request,
      }),
    );
    return data;
  } catch (error) {
    throw toInstallationError(error, installationId);
  }
}

function tokenRestrictions({ write, readActions, readChecks, readRoles }: TokenScope) {
  if (readChecks !== undefined) return { permissions: { checks: 'read' as const }, repository_ids: [readChecks] };
  if (readRoles === 'members') return { permissions: { members: 'read' } } as const;
  if (readRoles !== undefined) {
    return { permissions: { metadata: 'read' as const }, repositories: [readRoles.repository] };
  }
  if (readActions !== undefined) return { permissions: { actions: 'read' as const }, repository_ids: [readActions] };
  if (write === undefined) return { permissions: { contents: 'read', metadata: 'read' } } as const;
  const { permission, repository } = write;
  const permissions: { [Permission in WritePermission]?: 'write' } = { [permission]: 'write' };
  return typeof repository === 'number'
    ? { permissions, repository_ids: [repository] }
    : { permissions, repositories: [repository] };
}

/**
 * GitHub counts the minting of a token against the App, but its failure stops the installation. GitHub responds with
 * 422 both when the installation does not cover the repository and when the permission was not granted.
 */
function toInstallationError(error: unknown, installationId: number): unknown {
  if (error instanceof GitHubRateLimitedError) {
    const { message, status, retryAfterMs, scope } = error;
    return new GitHubRateLimitedError(message, status, { retryAfterMs, scope, installationId });
  }
  if (!(error instanceof GitHubPermanentError)) return error;
  return new GitHubPermanentError(error.message, error.status, refusalCode(error));
}

/** GitHub has also responded with 403 because of an IP allow list; the installation still exists then. */
function refusalCode({ status, message }: GitHubPermanentError): Code {
  if (status === 422 && /permission/i.test(message)) return 'dispatch-forbidden';
  if (status === 403 && !/suspended/i.test(message)) return 'dispatch-forbidden';
  return 'target-not-installed';
}
