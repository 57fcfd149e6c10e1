import { createRemoteJWKSet, errors, type JWTVerifyGetKey } from 'jose';
import * as z from 'zod/mini';
import { isTrustedUrl } from './trusted-url.ts';

/** A signing key that the provider has withdrawn is still accepted for this long. */
const maxKeyCacheMs = 10 * 60_000;

/** The issuer of a token, or its keys, could not be read. */
export class IssuerUnreachableError extends Error {
  override readonly name = 'IssuerUnreachableError';
}

const Discovery = z.object({ issuer: z.string(), jwks_uri: z.string() });

/**
 * Finds the provider's keys through its discovery document. Both are cached; failures are not. Anybody can cause a failure by a
 * token with an invented key while the provider does not respond, so keys that were read remain.
 * @throws IssuerUnreachableError
 */
export function createIssuerKeys(issuer: string, cooldownDuration: number, timeoutDuration: number): JWTVerifyGetKey {
  let known: { readonly url: string; readonly keys: JWTVerifyGetKey } | null = null;
  const discover = async (): Promise<JWTVerifyGetKey> => {
    const url = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
    const response = await fetch(url, { signal: AbortSignal.timeout(timeoutDuration), redirect: 'error' });
    if (!response.ok) throw new Error(`${url} responded with status ${response.status}.`);
    const document = Discovery.parse(await response.json());
    if (document.issuer !== issuer) throw new Error(`${url} names another issuer: ${document.issuer}.`);
    if (!isTrustedUrl(document.jwks_uri)) throw new Error(`${url} has a jwks_uri that is not https.`);
    if (known?.url !== document.jwks_uri) {
      const options = { timeoutDuration, cooldownDuration, cacheMaxAge: maxKeyCacheMs };
      known = { url: document.jwks_uri, keys: createRemoteJWKSet(new URL(document.jwks_uri), options) };
    }
    return known.keys;
  };
  let cached: Promise<JWTVerifyGetKey> | null = null;
  const keys = () => {
    cached ??= discover().catch((error: unknown) => {
      cached = null;
      if (known === null) throw error;
      return known.keys;
    });
    return cached;
  };
  return async (header, token) => {
    try {
      return await (await keys())(header, token);
    } catch (cause) {
      if (isTokenError(cause)) throw cause;
      // The keys may have moved; read the discovery document again next time.
      cached = null;
      throw new IssuerUnreachableError('The identity provider’s keys could not be read.', { cause });
    }
  };
}

function isTokenError(error: unknown): boolean {
  return (
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys ||
    error instanceof errors.JOSENotSupported
  );
}
