import { createPublicKey } from 'node:crypto';
import { decodeProtectedHeader, errors, type JWTPayload, jwtVerify } from 'jose';
import { ApiError, badCredentials } from '../common/api-error.ts';
import type { Installation, Owner, Token } from '../state/entities.ts';
import { keysOf } from '../state/app-keys.ts';
import type { StateStore } from '../state/state-store.ts';

/** The caller of a request: the App itself (JWT), one of its installations or users (token), or an anonymous client. */
export type Caller =
  | { readonly kind: 'app' }
  | { readonly kind: 'installation'; readonly installation: Installation; readonly token: Token }
  | { readonly kind: 'user'; readonly user: Owner }
  | { readonly kind: 'anonymous' };

const MAX_JWT_VALIDITY_SECONDS = 600;
const CLOCK_SKEW_SECONDS = 60;

/** Returns the credential of an `Authorization` header. GitHub accepts the schemes `bearer` and `token`. */
export function credentialOf(header: string | undefined): string | null {
  return header?.match(/^(?:bearer|token)\s+(\S+)$/i)?.[1] ?? null;
}

/** Returns the caller of a credential. Throws 401 when it is expired, revoked, unknown or malformed. */
export async function authenticate(
  store: StateStore,
  usedJwts: UsedJwts | null,
  credential: string | null,
): Promise<Caller> {
  if (credential === null) {
    return { kind: 'anonymous' };
  }
  if (credential.startsWith('ghs_')) {
    return installationCaller(store, credential);
  }
  if (credential.startsWith('ghu_')) {
    return userCaller(store, credential);
  }
  if (credential.split('.').length !== 3) {
    throw badCredentials();
  }
  await verifyJwt(store, credential);
  usedJwts?.use(credential, store.now());
  return { kind: 'app' };
}

/**
 * Refuses a JWT that was used before. GitHub has been seen to refuse the second of two equal JWTs created within one
 * second. This rule is stricter (it refuses every second use), so that a client that sends no `jti` fails every time
 * instead of occasionally.
 */
export class UsedJwts {
  readonly #seen = new Map<string, number>();

  use(jwt: string, now: number): void {
    if (this.#seen.has(jwt)) {
      throw new ApiError(
        401,
        "A JSON web token could not be decoded: it was used before. Give each JWT a unique 'jti'.",
      );
    }
    for (const [old, at] of this.#seen) {
      if (now - at > MAX_JWT_VALIDITY_SECONDS * 1000) {
        this.#seen.delete(old);
      }
    }
    this.#seen.set(jwt, now);
  }
}

function installationCaller(store: StateStore, credential: string): Caller {
  const token = store.state.tokens[credential];
  const installation = token === undefined ? undefined : store.installation(token.installationId);
  if (token === undefined || installation === undefined || token.expiresAt <= store.now()) {
    throw badCredentials();
  }
  if (installation.suspendedAt !== null) {
    throw new ApiError(403, 'This installation has been suspended');
  }
  return { kind: 'installation', installation, token };
}

function userCaller(store: StateStore, credential: string): Caller {
  const token = store.state.userTokens?.[credential];
  const user = store.state.owners.find(({ id }) => id === token?.userId);
  if (token === undefined || user === undefined || token.expiresAt <= store.now()) {
    throw badCredentials();
  }
  return { kind: 'user', user };
}

async function verifyJwt(store: StateStore, jwt: string): Promise<void> {
  const { app } = store.state;
  const now = Math.floor(store.now() / 1000);
  const { iat, exp, iss } = await verifiedClaims(jwt, keysOf(app), store.now());
  if (typeof iat !== 'number' || iat > now + CLOCK_SKEW_SECONDS) {
    throw new ApiError(
      401,
      "'Issued at' claim ('iat') must be an Integer representing the time that the assertion was issued",
    );
  }
  if (typeof exp !== 'number') {
    throw expired();
  }
  if (exp > now + MAX_JWT_VALIDITY_SECONDS || exp - iat > MAX_JWT_VALIDITY_SECONDS + CLOCK_SKEW_SECONDS) {
    throw new ApiError(401, "'Expiration time' claim ('exp') is too far in the future");
  }
  if (String(iss) !== String(app.id) && iss !== app.clientId) {
    throw new ApiError(404, 'Integration not found');
  }
}

async function verifiedClaims(
  jwt: string,
  publicKeys: readonly string[],
  now: number,
): Promise<{ readonly iat?: unknown; readonly exp?: unknown; readonly iss?: unknown }> {
  try {
    if (decodeProtectedHeader(jwt).alg !== 'RS256') {
      throw new Error('GitHub accepts RS256 only.');
    }
    return await verifyWithAny(jwt, publicKeys, new Date(now));
  } catch (error) {
    if (error instanceof errors.JWTExpired) {
      throw expired();
    }
    throw new ApiError(401, 'A JSON web token could not be decoded');
  }
}

async function verifyWithAny(jwt: string, publicKeys: readonly string[], currentDate: Date): Promise<JWTPayload> {
  const [key = '', ...others] = publicKeys;
  try {
    return (await jwtVerify(jwt, createPublicKey(key), { algorithms: ['RS256'], currentDate })).payload;
  } catch (error) {
    if (!(error instanceof errors.JWSSignatureVerificationFailed) || others.length === 0) throw error;
    return verifyWithAny(jwt, others, currentDate);
  }
}

const expired = (): ApiError =>
  new ApiError(
    401,
    "'Expiration time' claim ('exp') must be a numeric value representing the future time at which the assertion expires",
  );
