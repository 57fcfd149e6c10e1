import * as z from 'zod/mini';
import { GitHubPermanentError, GitHubUnreachableError } from '../transport/errors.ts';

export interface UserAuthorizationOptions {
  /** The App's client id, which is not its id. */
  readonly clientId: string;
  readonly clientSecret: () => Promise<string>;
  /** `GITHUB_API_URL`. Default: `https://api.github.com`. */
  readonly apiUrl?: string | undefined;
  readonly fetch?: typeof fetch | undefined;
  /** Timeout of one request. Default: 5 s. */
  readonly requestTimeoutMs?: number | undefined;
}

export interface AuthorizationRequest {
  /** One of the App's callback URLs, character by character. */
  readonly redirectUri: string;
  readonly state: string;
  /** The S256 challenge of PKCE. */
  readonly codeChallenge: string;
}

export interface AuthorizationCode {
  readonly code: string;
  readonly redirectUri: string;
  /** The verifier that the challenge was made of. */
  readonly verifier: string;
}

export interface AuthorizedUser {
  /** Never changes, unlike the login. */
  readonly id: number;
  readonly login: string;
}

/** The user authorization of a GitHub App (the web application flow), used only to learn who a user is. */
export interface UserAuthorization {
  /** Returns the address of GitHub's page on which a user authorizes the App. Sends nothing. */
  authorizeUrl(request: AuthorizationRequest): string;
  /**
   * Exchanges a code for a token, reads whose it is, and ends the token.
   * @throws GitHubPermanentError if GitHub refuses the code; its message is for the log
   * @throws GitHubUnreachableError
   */
  userOf(code: AuthorizationCode): Promise<AuthorizedUser>;
}

const Token = z.union([
  z.object({ access_token: z.string() }),
  z.object({ error: z.string(), error_description: z.optional(z.string()) }),
]);
const User = z.object({ id: z.int(), login: z.string() });

/** Returns the address of GitHub's pages: GitHub Enterprise Server has its API at `/api/v3`, GHE.com at `api.SUBDOMAIN`. */
export function webUrlOf(apiUrl = 'https://api.github.com'): string {
  const { origin, protocol, host } = new URL(apiUrl);
  return /^api\.(?:github\.com|[\w-]+\.ghe\.com)$/.test(host) ? `${protocol}//${host.slice('api.'.length)}` : origin;
}

export function createUserAuthorization(options: UserAuthorizationOptions): UserAuthorization {
  const { clientId, clientSecret, apiUrl = 'https://api.github.com', requestTimeoutMs = 5_000 } = options;
  const webUrl = webUrlOf(apiUrl);
  const send = async (
    url: string,
    init: Omit<RequestInit, 'headers'> & { readonly headers?: Readonly<Record<string, string>> },
  ): Promise<Response> => {
    const signal = AbortSignal.timeout(requestTimeoutMs);
    const headers = { accept: 'application/json', 'user-agent': 'dispatcher', ...init.headers };
    const response = await (options.fetch ?? fetch)(url, { ...init, headers, signal, redirect: 'manual' }).catch(
      (cause: unknown) => {
        throw new GitHubUnreachableError('GitHub did not respond to a sign-in.', null, { cause });
      },
    );
    if (response.status >= 500 || response.status === 429) {
      throw new GitHubUnreachableError(`GitHub responded to a sign-in with ${response.status}.`, response.status);
    }
    return response;
  };
  return {
    authorizeUrl: ({ redirectUri, state, codeChallenge }) => {
      const query = new URLSearchParams({
        client_id: clientId,
        redirect_uri: redirectUri,
        state,
        code_challenge: codeChallenge,
        code_challenge_method: 'S256',
      });
      return `${webUrl}/login/oauth/authorize?${query.toString()}`;
    },
    userOf: async ({ code, redirectUri, verifier }) => {
      const secret = await clientSecret();
      const exchange = await send(`${webUrl}/login/oauth/access_token`, {
        method: 'POST',
        body: new URLSearchParams({
          client_id: clientId,
          client_secret: secret,
          code,
          redirect_uri: redirectUri,
          code_verifier: verifier,
        }),
      });
      const token = await read(Token, exchange);
      if ('error' in token) {
        const { error, error_description: description = '' } = token;
        throw new GitHubPermanentError(
          `GitHub refused the code of a sign-in: ${error}. ${description}`,
          exchange.status,
        );
      }
      const authorization = `Bearer ${token.access_token}`;
      const user = await read(User, await send(`${apiUrl.replace(/\/+$/, '')}/user`, { headers: { authorization } }));
      await endToken(token.access_token, secret);
      return { id: user.id, login: user.login };
    },
  };

  /** Nothing needs the token any more. If it cannot be ended, it ends by itself after eight hours. */
  async function endToken(token: string, secret: string): Promise<void> {
    const credentials = Buffer.from(`${clientId}:${secret}`).toString('base64');
    await send(`${apiUrl.replace(/\/+$/, '')}/applications/${encodeURIComponent(clientId)}/token`, {
      method: 'DELETE',
      headers: { authorization: `Basic ${credentials}`, 'content-type': 'application/json' },
      body: JSON.stringify({ access_token: token }),
    }).catch(() => undefined);
  }
}

async function read<Data>(schema: z.ZodMiniType<Data>, response: Response): Promise<Data> {
  const body: unknown = await response.json().catch(() => null);
  const { success, data } = z.safeParse(schema, body);
  if (success) return data;
  throw new GitHubPermanentError(
    `GitHub responded to a sign-in with ${response.status} and no result.`,
    response.status,
  );
}
