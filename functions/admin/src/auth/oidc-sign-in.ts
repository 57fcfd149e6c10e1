import { ProblemError, type Secret } from '@dispatcher/lambda';
import * as client from 'openid-client';
import { isTrustedUrl } from '@dispatcher/lambda';
import { NoRoleError, type OidcSettings, principalOfClaims } from './oidc.ts';
import { readCallback } from './read-callback.ts';
import { type RedirectProvider, type SignedInPerson, SignInRefusedError } from './sign-in-method.ts';

export interface OidcSignInOptions {
  readonly settings: OidcSettings;
  readonly clientId: string;
  /** Null for a public client, which proves itself by PKCE alone. */
  readonly clientSecret: Secret | null;
  /** Words separated by spaces; `openid` must be among them. */
  readonly scope: string;
  /** Timeout of one request to the provider. */
  readonly timeoutMs?: number;
}

/** The provider and the client as the provider knows it. */
type Configuration = client.Configuration;

/**
 * Signs people in with the code flow of OpenID Connect and PKCE. The role comes from the ID token, else from the response
 * about the user. The provider's tokens are not kept.
 */
export function createOidcSignIn(options: OidcSignInOptions): RedirectProvider {
  const configurationOf = createDiscovery(options);
  return {
    label: labelOf(options.settings),
    begin: async (redirectUri, choosesAccount) => {
      const configuration = await configurationOf().catch(refuseUnreachable);
      const verifier = client.randomPKCECodeVerifier();
      const pending = { state: client.randomState(), nonce: client.randomNonce(), verifier };
      const url = client.buildAuthorizationUrl(configuration, {
        redirect_uri: redirectUri,
        scope: options.scope,
        state: pending.state,
        nonce: pending.nonce,
        code_challenge: await client.calculatePKCECodeChallenge(verifier),
        code_challenge_method: 'S256',
        ...(choosesAccount ? { prompt: accountPromptOf(configuration) } : {}),
      });
      return { url: url.href, pending };
    },
    complete: async (callbackUrl, pending) => {
      readCallback(callbackUrl, pending, 'the identity provider');
      const configuration = await configurationOf().catch(refuseUnreachable);
      const tokens = await client
        .authorizationCodeGrant(configuration, callbackUrl, {
          pkceCodeVerifier: pending.verifier,
          expectedState: pending.state,
          expectedNonce: pending.nonce ?? '',
          idTokenExpected: true,
        })
        .catch(refuse);
      const claims = tokens.claims();
      if (claims === undefined) throw notConfirmed(new Error('The provider issued no ID token.'));
      return personOf(options.settings, claims, () =>
        client.fetchUserInfo(configuration, tokens.access_token, claims.sub),
      );
    },
  };
}

/**
 * Returns how to let the person choose an account (OpenID Connect Core 3.1.2.1). A provider may refuse a value that it does
 * not support. Few list what they support; nearly all support `login`, which asks for the password, and Google does not:
 * https://developers.google.com/identity/openid-connect/openid-connect#prompt
 */
function accountPromptOf(configuration: Configuration): 'login' | 'select_account' {
  const { issuer, prompt_values_supported: supported } = configuration.serverMetadata();
  const isListed = Array.isArray(supported) && supported.includes('select_account');
  return isListed || issuer === 'https://accounts.google.com' ? 'select_account' : 'login';
}

const labelOf = ({ issuer }: OidcSettings): string => new URL(issuer).hostname;

/**
 * Returns the person of the claims; reads the user's own claims only where the ID token grants no role. The endpoint for them
 * is optional, and a provider may refuse it: then the ID token decides.
 */
async function personOf(
  settings: OidcSettings,
  claims: client.IDToken,
  readUserInfo: () => Promise<client.UserInfoResponse>,
): Promise<SignedInPerson> {
  const person = personOrRefusal(settings, claims);
  if (!(person instanceof SignInRefusedError)) return person;
  const userInfo = await readUserInfo().catch((error: unknown) => {
    if (isOutage(error) && !isRefusal(error)) refuseUnreachable(error);
    throw Object.assign(person, { cause: error });
  });
  const more = personOrRefusal(settings, { ...claims, ...userInfo });
  if (more instanceof SignInRefusedError) throw more;
  return more;
}

function personOrRefusal(
  settings: OidcSettings,
  claims: Readonly<Record<string, unknown>>,
): SignedInPerson | SignInRefusedError {
  try {
    const principal = principalOfClaims(settings, claims);
    if (principal === null) return notConfirmed(new Error('The subject is missing or too long.'));
    const { name, account, role } = principal;
    return { kind: 'oidc', name, account, role };
  } catch (error) {
    if (error instanceof NoRoleError && error.person !== null) {
      return new SignInRefusedError(
        403,
        `You are signed in at ${labelOf(settings)} as ${error.person}, which grants no Dispatcher role. Ask an administrator for \`viewer\` or \`operator\`.`,
        { hasNoRole: true },
      );
    }
    if (error instanceof ProblemError) return new SignInRefusedError(403, error.message, { hasNoRole: true });
    throw error;
  }
}

/** Returns a function that reads the provider's discovery document once it succeeded. */
function createDiscovery(options: OidcSignInOptions): () => Promise<Configuration> {
  const { settings, clientId, clientSecret, timeoutMs = 3_000 } = options;
  let cached: { readonly secret: string | null; readonly configuration: Promise<Configuration> } | null = null;
  return async () => {
    const secret = clientSecret === null ? null : await clientSecret();
    // A rotated secret needs no restart.
    if (cached === null || cached.secret !== secret) {
      const isLoopback = settings.issuer.startsWith('http:') && isTrustedUrl(settings.issuer);
      const configuration = client.discovery(
        new URL(settings.issuer),
        clientId,
        undefined,
        secret === null ? client.None() : client.ClientSecretPost(secret),
        { timeout: timeoutMs / 1_000, ...(isLoopback ? { execute: [client.allowInsecureRequests] } : {}) },
      );
      cached = { secret, configuration };
      configuration.catch(() => {
        cached = null;
      });
    }
    return cached.configuration;
  };
}

function refuse(error: unknown): never {
  if (isOutage(error)) return refuseUnreachable(error);
  throw notConfirmed(error);
}

/** Codes of a provider that does not respond, or responds with another status than the protocol allows. */
const outageCodes = new Set<unknown>(['OAUTH_TIMEOUT', 'OAUTH_RESPONSE_IS_NOT_CONFORM']);

function isOutage(error: unknown): boolean {
  // `fetch` fails with this error where there was no response.
  if (error instanceof TypeError && error.message === 'fetch failed') return true;
  return error instanceof client.ClientError && (outageCodes.has(error.code) || isOutage(error.cause));
}

/** Whether the provider refused the request: its response, with a status such as 403, is a cause of the error. */
function isRefusal(error: unknown): boolean {
  if (error instanceof Response) return error.status >= 400 && error.status < 500 && error.status !== 429;
  return error instanceof Error && isRefusal(error.cause);
}

function notConfirmed(cause: unknown): SignInRefusedError {
  return new SignInRefusedError(400, 'The identity provider did not confirm this sign-in. Sign in again.', { cause });
}

function refuseUnreachable(cause: unknown): never {
  const problem = new ProblemError(503, 'The identity provider does not respond. Try again in a few seconds.', {
    'retry-after': '5',
  });
  throw Object.assign(problem, { cause });
}
