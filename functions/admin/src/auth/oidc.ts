import { ProblemError, type StepLog } from '@dispatcher/lambda';
import { createIssuerKeys, IssuerUnreachableError } from '@dispatcher/lambda/oidc';
import { errors, type JWTPayload, jwtVerify } from 'jose';
import type { Authentication, Principal } from './principal.ts';
import type { SignInMethod } from './sign-in-method.ts';

export interface OidcSettings {
  /** Exactly as in the provider's discovery document and in the `iss` claim. */
  readonly issuer: string;
  readonly audience: string;
  /** The claim with the roles, or a path of claims joined by dots. */
  readonly roleClaim: string;
  readonly operatorValue: string;
  /** Null: no token grants the role `viewer`. */
  readonly viewerValue: string | null;
  readonly nameClaim: string;
}

export interface OidcOptions {
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  /** Minimum time between two fetches of the keys: a token with an invented key id would otherwise cause one each. */
  readonly cooldownMs?: number;
  /** Timeout of one request to the provider. */
  readonly timeoutMs?: number;
  /** How people sign in with a browser. Default: not at all. */
  readonly signIn?: SignInMethod;
}

// Asymmetric algorithms only: with HS256, the provider's public key could be used as the shared secret of a forged token.
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
/** The limit of OpenID Connect. */
const maxSubjectLength = 255;
/** The limit of `operator` in the message `run.replay`. */
const maxNameLength = 200;

/** Accepts bearer tokens of an OpenID provider: JWTs, verified with its published keys. */
export function createOidcAuthentication(
  settings: OidcSettings,
  log: Pick<StepLog, 'error'>,
  { now = Date.now, cooldownMs = 30_000, timeoutMs = 3_000, signIn = { kind: 'none' } }: OidcOptions = {},
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
      if (!(error instanceof IssuerUnreachableError)) throw error;
      log.error('identity provider unreachable', { issuer: settings.issuer, error });
      throw new ProblemError(503, 'The identity provider is unreachable. Try again in a few seconds.', {
        'retry-after': '5',
      });
    }
  };
  return {
    mode: 'oidc',
    signIn,
    challenge: 'Bearer realm="Dispatcher"',
    principalOf: async ({ headers }) => {
      const [, token] = /^bearer +(\S+) *$/i.exec(headers.authorization ?? '') ?? [];
      const payload = token === undefined ? null : await payloadOf(token);
      return payload === null ? null : principalOfClaims(settings, payload);
    },
  };
}

/** The claims of a verified token grant no role. */
export class NoRoleError extends ProblemError {
  /** The name of the person; null if the claims have none that can be recorded. */
  readonly person: string | null;

  constructor(person: string | null) {
    super(403, 'Your token is valid but grants no Dispatcher role. Ask an administrator for `viewer` or `operator`.');
    this.person = person;
  }
}

/**
 * Returns the principal of the claims of a verified token. Null where its subject is missing or too long.
 * @throws NoRoleError if the token grants no role
 * @throws ProblemError 403 if it has no usable name
 */
export function principalOfClaims(
  settings: OidcSettings,
  payload: Readonly<Record<string, unknown>>,
): Principal | null {
  const account = payload['sub'];
  if (typeof account !== 'string' || account === '' || account.length > maxSubjectLength) return null;
  const { operatorValue, viewerValue, roleClaim, nameClaim } = settings;
  const values = valuesOf(claimOf(payload, roleClaim));
  const isViewer = viewerValue !== null && values.includes(viewerValue);
  const role = values.includes(operatorValue) ? 'operator' : isViewer ? 'viewer' : null;
  const name = nameOf(claimOf(payload, nameClaim)) ?? nameOf(account);
  if (role === null) throw new NoRoleError(name);
  if (name === null) {
    throw new ProblemError(
      403,
      'Your token is valid but has no name that can be recorded. Ask an administrator to check its name claim.',
    );
  }
  return { name, kind: 'oidc', account, role };
}

/** Looks for the whole name first: some providers require claims named like URLs, which contain dots. */
function claimOf(payload: object, path: string): unknown {
  return memberOf(payload, path) ?? path.split('.').reduce<unknown>(memberOf, payload);
}

function memberOf(from: unknown, name: string): unknown {
  return typeof from === 'object' && from !== null && Object.hasOwn(from, name) ? Reflect.get(from, name) : undefined;
}

/** Returns the values of a list, or of a space-separated string such as `scope`. */
function valuesOf(claim: unknown): readonly unknown[] {
  if (Array.isArray(claim)) return claim;
  return typeof claim === 'string' ? [claim, ...claim.split(' ')] : [];
}

/** Characters that are invisible or that change how others are displayed: controls, formats, unassigned, line separators. */
const unprintable = /[\p{C}\p{Zl}\p{Zp}\p{Default_Ignorable_Code_Point}]/u;

/**
 * Returns the claim in Unicode's form NFKC if it can be recorded as a name, else null. A name must not imitate that of an
 * API key, or of a user who re-ran a check on GitHub, also not with compatibility characters such as full-width text; must not
 * contain characters that are not displayed or change how others are displayed; and must fit into the messages that carry it:
 * planning would otherwise refuse a message that the API has accepted.
 */
function nameOf(claim: unknown): string | null {
  // Before normalizing, too: NFKC makes a text up to 18 times as long.
  if (typeof claim !== 'string' || claim.length > maxNameLength) return null;
  const name = claim.normalize('NFKC');
  const isPrintable = name.trim() !== '' && !unprintable.test(claim) && !unprintable.test(name);
  return isPrintable && name.length <= maxNameLength && !/^\s*(?:key|github)\s*:/i.test(name) ? name : null;
}
