import { createRemoteJWKSet, errors, type JWTPayload, type JWTVerifyGetKey, jwtVerify } from 'jose';
import type { StepLog } from '@dispatcher/lambda';
import * as z from 'zod';
import type { Authentication, Principal } from './principal.ts';
import { Problem } from '../http/problem.ts';

export interface OidcSettings {
  /** As the provider's own document and its tokens say it, to the letter. */
  readonly issuer: string;
  readonly audience: string;
  /** Where the roles stand in a token: a claim, or a path of claims joined by dots. */
  readonly roleClaim: string;
  readonly operatorValue: string;
  /** Null: no token makes a viewer. */
  readonly viewerValue: string | null;
  readonly nameClaim: string;
}

export interface OidcTimes {
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  /** A key that is not known is looked for at the provider at most once in this time: a stranger can name any. */
  readonly cooldownMs?: number;
  /** How long the provider may take for one answer. */
  readonly timeoutMs?: number;
}

// With a shared secret (HS256) or none, the provider's public key would do to make a token.
const algorithms = [
  'RS256',
  'RS384',
  'RS512',
  'PS256',
  'PS384',
  'PS512',
  'ES256',
  'ES384',
  'ES512',
  'EdDSA',
  'Ed25519',
];
const clockToleranceSeconds = 30;
/** OpenID Connect makes no longer subject. */
const longestSubject = 255;
/** Of `operator` in `RunAgain`. */
const longestName = 200;
/** A signing key that the provider took back is still taken for this long. */
const keysKeptMs = 10 * 60_000;

/** Bearer tokens of an OpenID provider: JWTs, checked by its published keys. */
export function oidcAuthentication(
  settings: OidcSettings,
  log: Pick<StepLog, 'error'>,
  { now = Date.now, cooldownMs = 30_000, timeoutMs = 3_000 }: OidcTimes = {},
): Authentication {
  const keys = createIssuerKeys(settings.issuer, cooldownMs, timeoutMs);
  const payloadOf = async (token: string): Promise<JWTPayload | null> => {
    try {
      const { payload } = await jwtVerify(token, keys, {
        issuer: settings.issuer,
        audience: settings.audience,
        algorithms,
        clockTolerance: clockToleranceSeconds,
        currentDate: new Date(now()),
        requiredClaims: ['exp', 'sub'],
      });
      return payload;
    } catch (error) {
      if (error instanceof errors.JOSEError) return null;
      if (!(error instanceof IssuerUnreachable)) throw error;
      log.error('the identity provider cannot be asked', { issuer: settings.issuer, error });
      throw new Problem(503, 'The identity provider cannot be asked at the moment. Try again soon.', {
        'retry-after': '5',
      });
    }
  };
  return {
    mode: 'oidc',
    challenge: 'Bearer realm="Dispatcher"',
    principalOf: async ({ headers }) => {
      const [, token] = /^bearer +(\S+) *$/i.exec(headers.authorization ?? '') ?? [];
      const payload = token === undefined ? null : await payloadOf(token);
      return payload === null ? null : principalOf(settings, payload);
    },
  };
}

/**
 * Null where the token is nobody's.
 * @throws Problem 403 where it is good and makes nobody an operator or a viewer, or somebody whom no fact could name
 */
function principalOf(settings: OidcSettings, payload: JWTPayload): Principal | null {
  const account: unknown = payload.sub;
  if (typeof account !== 'string' || account === '' || account.length > longestSubject) return null;
  const { operatorValue, viewerValue, roleClaim, nameClaim } = settings;
  const values = valuesOf(claimOf(payload, roleClaim));
  const isViewer = viewerValue !== null && values.includes(viewerValue);
  const role = values.includes(operatorValue) ? 'operator' : isViewer ? 'viewer' : null;
  if (role === null) throw new Problem(403, 'You are known, and have no role here. Ask whoever runs this for one.');
  const name = nameOf(claimOf(payload, nameClaim)) ?? nameOf(account);
  if (name === null)
    throw new Problem(403, 'You are known, and your token has no name by which facts could tell of you.');
  return { name, kind: 'oidc', account, role };
}

/** By its whole name first, because providers ask for claims named like addresses, which have dots in them. */
function claimOf(payload: JWTPayload, path: string): unknown {
  return memberOf(payload, path) ?? path.split('.').reduce<unknown>(memberOf, payload);
}

function memberOf(from: unknown, name: string): unknown {
  return typeof from === 'object' && from !== null && Object.hasOwn(from, name) ? Reflect.get(from, name) : undefined;
}

/** A list of texts, or one text of words as in `scope`. */
function valuesOf(claim: unknown): readonly unknown[] {
  if (Array.isArray(claim)) return claim;
  return typeof claim === 'string' ? [claim, ...claim.split(' ')] : [];
}

/**
 * Null for what no fact should tell: nobody takes the name of an API key, or one that reads as another than it is. As
 * long as the messages that carry it take, or what was asked for would be refused where nobody sees it.
 */
function nameOf(claim: unknown): string | null {
  if (typeof claim !== 'string' || claim.length > longestName) return null;
  const isTold = claim.trim() !== '' && !/[\p{Cc}\p{Cs}\p{Zl}\p{Zp}\p{Bidi_Control}]/u.test(claim);
  return isTold && !/^\s*key:/i.test(claim) ? claim : null;
}

class IssuerUnreachable extends Error {
  override readonly name = 'IssuerUnreachable';
}

const Discovery = z.object({ issuer: z.string(), jwks_uri: z.url() });

/** The provider's keys, found through its own document. Both are kept; a failure is not. @throws IssuerUnreachable */
function createIssuerKeys(issuer: string, cooldownDuration: number, timeoutDuration: number): JWTVerifyGetKey {
  const discover = async (): Promise<JWTVerifyGetKey> => {
    const address = `${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`;
    const response = await fetch(address, { signal: AbortSignal.timeout(timeoutDuration), redirect: 'error' });
    if (!response.ok) throw new Error(`${address} answered ${response.status}.`);
    const document = Discovery.parse(await response.json());
    if (document.issuer !== issuer) throw new Error(`${address} is about another issuer, ${document.issuer}.`);
    if (!isSafe(document.jwks_uri)) throw new Error(`${address} names keys that are not behind https.`);
    const times = { timeoutDuration, cooldownDuration, cacheMaxAge: keysKeptMs };
    return createRemoteJWKSet(new URL(document.jwks_uri), times);
  };
  let known: Promise<JWTVerifyGetKey> | null = null;
  const keys = () => {
    known ??= discover().catch((error: unknown) => {
      known = null;
      throw error;
    });
    return known;
  };
  return async (header, token) => {
    try {
      return await (await keys())(header, token);
    } catch (cause) {
      if (isAboutTheToken(cause)) throw cause;
      // The keys may have moved, and only the provider's document says where to.
      known = null;
      throw new IssuerUnreachable('The identity provider’s keys could not be read.', { cause });
    }
  };
}

function isAboutTheToken(error: unknown): boolean {
  return (
    error instanceof errors.JWKSNoMatchingKey ||
    error instanceof errors.JWKSMultipleMatchingKeys ||
    error instanceof errors.JOSENotSupported
  );
}

/** Whether what is read there can be trusted: behind TLS, or on this machine. */
export function isSafe(address: string): boolean {
  if (!URL.canParse(address)) return false;
  const { protocol, hostname } = new URL(address);
  return protocol === 'https:' || (protocol === 'http:' && ['localhost', '127.0.0.1', '[::1]'].includes(hostname));
}
