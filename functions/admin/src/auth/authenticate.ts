import { createFailedAuthenticationLimiter, createCachedKeyCheck, createKeyCheck } from '@dispatcher/lambda';
import { type ApiKeyRecord, type ApiKeys, isLiveKey } from '@dispatcher/store';
import type { FastifyRequest } from 'fastify';
import { type Authentication, isMutation, type Principal } from './principal.ts';
import { Problem } from '../http/problem.ts';

export interface DoorOptions {
  readonly authentication: Authentication;
  readonly keys: Pick<ApiKeys, 'find'>;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
}

/**
 * Who may come in: by API key where one is given, else as the configured authentication says. What was wrong is not
 * told, so that nobody learns which keys there are.
 * @throws Problem 401; 429 after many wrong credentials from one address
 */
export function createDoor({
  authentication,
  keys,
  now,
}: DoorOptions): (request: FastifyRequest) => Promise<Principal> {
  const failedAuthentications = createFailedAuthenticationLimiter(now);
  const check = createKeyCheck({ find: (keyId) => keys.find(keyId), isLive: isLiveKey, now });
  const checkKey = createCachedKeyCheck({ check, isLive: isLiveKey, now });
  return async (request) => {
    const { headers, ip } = request;
    const wait = failedAuthentications.secondsToWait(ip);
    // Only a password can be guessed. Keys and tokens are looked at all the same: whoever has a good one is not kept
    // out by a neighbour behind the same address.
    if (wait > 0 && isBasic(headers.authorization)) throw tooMany(wait);
    const key = headers['x-api-key'];
    // Where it is open, the name it was reached under is looked at all the same, with a key or without.
    const other =
      key === undefined || authentication.mode === 'disabled' ? await authentication.principalOf(request) : null;
    const principal =
      key === undefined ? other : principalOf(await checkKey(String(key), { fresh: isMutation(request) }));
    if (principal !== null) return principal;
    if (wait > 0) throw tooMany(wait);
    // Without credentials nothing was guessed: a browser begins so.
    if (key !== undefined || headers.authorization !== undefined) failedAuthentications.count(ip);
    throw new Problem(401, 'This needs credentials that are good here.', {
      'www-authenticate': authentication.challenge,
    });
  };
}

/** A key for `POST /dispatch` opens nothing here. */
function principalOf(key: ApiKeyRecord | null): Principal | null {
  if (key === null || key.role === 'dispatch') return null;
  // The name and not the id: a request that is repeated with the key that took the name over is still the same.
  return { name: `key:${key.name}`, kind: 'key', account: key.name, role: key.role };
}

function isBasic(header = ''): boolean {
  return /^basic\b/i.test(header);
}

function tooMany(seconds: number): Problem {
  return new Problem(429, `Too many wrong credentials came from your address. Wait ${seconds} s.`, {
    'retry-after': String(seconds),
  });
}
