import {
  createCachedKeyCheck,
  type FailedAuthenticationLimiter,
  createKeyCheck,
  createKeyUseRecorder,
  ProblemError,
  type StepLog,
  tooManyFailedAuthentications,
} from '@dispatcher/lambda';
import { type ApiKeyRecord, type ApiKeys, isLiveKey } from '@dispatcher/store';
import type { FastifyRequest } from 'fastify';
import { isMutation } from './authorize.ts';
import type { Authentication, Principal } from './principal.ts';

export interface AuthenticatorOptions {
  readonly authentication: Authentication;
  /** Authenticates a request by its session; null where it has none. */
  readonly sessions: { principalOf(request: FastifyRequest): Promise<Principal | null> };
  readonly failedAuthentications: FailedAuthenticationLimiter;
  readonly keys: Pick<ApiKeys, 'getKey' | 'recordUse'>;
  readonly log: StepLog;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/**
 * Creates a function that authenticates a request: by its API key if it has one, else by the header of the configured
 * authentication, else by its session.
 * A 401 does not say what was wrong, so that nobody learns which keys exist.
 * @throws ProblemError 401; 429 after ten failed authentications from one address within a minute
 */
export function createAuthenticator({
  authentication,
  sessions,
  failedAuthentications,
  keys,
  log,
  now,
}: AuthenticatorOptions): (request: FastifyRequest) => Promise<Principal> {
  const check = createKeyCheck({ find: (keyId) => keys.getKey(keyId), isLive: isLiveKey, now });
  const checkKey = createCachedKeyCheck({ check, isLive: isLiveKey, now });
  const recordUse = createKeyUseRecorder({ recordUse: (keyId, at) => keys.recordUse(keyId, at), log, now });
  const personOf = (request: FastifyRequest) => {
    const byHeader = authentication.mode === 'disabled' || request.headers.authorization !== undefined;
    return byHeader ? authentication.principalOf(request) : sessions.principalOf(request);
  };
  return async (request) => {
    const { headers, ip } = request;
    const waitSeconds = failedAuthentications.secondsToWait(ip);
    // Only a password can be guessed. API keys and tokens are still checked, so that a valid one is not blocked by
    // another client behind the same address.
    if (waitSeconds > 0 && isBasic(headers.authorization)) throw tooManyFailedAuthentications(waitSeconds);
    const key = headers['x-api-key'];
    // With authentication disabled, the host name is checked for requests with an API key, too.
    const person = key === undefined || authentication.mode === 'disabled' ? await personOf(request) : null;
    const record = key === undefined ? null : await checkKey(String(key), { fresh: isMutation(request) });
    const principal = key === undefined ? person : principalOfKey(record);
    if (principal !== null) {
      if (record !== null) await recordUse(record);
      return principal;
    }
    if (waitSeconds > 0) throw tooManyFailedAuthentications(waitSeconds);
    // Requests without credentials are not counted: browsers send one first.
    if (key !== undefined || headers.authorization !== undefined) failedAuthentications.count(ip);
    throw new ProblemError(401, 'Authentication failed: credentials are missing or invalid.', {
      'www-authenticate': challengeFor(request, authentication),
    });
  };
}

/** Returns null for a key with the role `dispatch`: it is for `POST /dispatch` only. */
function principalOfKey(key: ApiKeyRecord | null): Principal | null {
  if (key === null || key.role === 'dispatch') return null;
  // The account is the name, not the id: after a rotation, a retry with the new key is still the same request.
  return { name: `key:${key.name}`, kind: 'key', account: key.name, role: key.role };
}

/**
 * Returns the challenge of a 401. A browser answers `Basic` with a prompt of its own, and `fetch` and `EventSource` of a page
 * wait for it without an end, so requests of a page get another one.
 */
function challengeFor({ headers, url }: FastifyRequest, { challenge }: Authentication): string {
  const mode = headers['sec-fetch-mode'];
  const isOfPage =
    headers['x-requested-with'] !== undefined ||
    (mode !== undefined && mode !== 'navigate') ||
    /^\/api\/stream(?:[/?#]|$)/i.test(url);
  return isOfPage && isBasic(challenge) ? sessionChallenge : challenge;
}

/** Not a registered scheme: it tells programs that the API expects a session, and browsers ignore it. */
export const sessionChallenge = 'Session realm="Dispatcher"';

function isBasic(header = ''): boolean {
  return /^basic\b/i.test(header);
}
