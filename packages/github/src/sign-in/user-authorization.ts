import { foldName } from '@dispatcher/contracts';
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
  /** Whether GitHub asks with which account, although one is signed in. */
  readonly choosesAccount?: boolean;
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

/** A user with the repositories that the user may read, among those that the App is installed on. */
export interface AuthorizedReader extends AuthorizedUser {
  /** `owner/name` in lower case. Without public repositories in which the user has no role. */
  readonly repositories: readonly string[];
}

/** Number of repositories of a user that are read. A session holds them, and is read with every request. */
export const maxReadableRepositories = 10_000;

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
  /**
   * Like {@link userOf}, and reads which repositories the user may read, at most {@link maxReadableRepositories}.
   * @throws GitHubPermanentError @throws GitHubUnreachableError
   */
  readerOf(code: AuthorizationCode): Promise<AuthorizedReader>;
}

const Token = z.union([
  z.object({ access_token: z.string() }),
  z.object({ error: z.string(), error_description: z.optional(z.string()) }),
]);
const User = z.object({ id: z.int(), login: z.string() });
const Installations = z.object({ installations: z.array(z.object({ id: z.int() })) });
const Repositories = z.object({ repositories: z.array(z.object({ full_name: z.string() })) });

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
    authorizeUrl: ({ redirectUri, state, codeChallenge, choosesAccount = false }) => {
      const query = new URLSearchParams({
        client_id: clientId,
        redirect_uri: redirectUri,
        state,
        code_challenge: codeChallenge,
        code_challenge_method: 'S256',
        ...(choosesAccount ? { prompt: 'select_account' } : {}),
      });
      return `${webUrl}/login/oauth/authorize?${query.toString()}`;
    },
    userOf: (code) => withToken(code, readUser),
    readerOf: (code) =>
      withToken(code, async (get) => ({ ...(await readUser(get)), repositories: await readRepositories(get) })),
  };

  /** Exchanges a code for a token, uses the token, and ends it. */
  async function withToken<Result>(
    { code, redirectUri, verifier }: AuthorizationCode,
    use: (get: Get) => Promise<Result>,
  ): Promise<Result> {
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
      throw new GitHubPermanentError(`GitHub refused the code of a sign-in: ${error}. ${description}`, exchange.status);
    }
    const authorization = `Bearer ${token.access_token}`;
    try {
      return await use(async (schema, path) =>
        read(schema, await send(`${apiUrl.replace(/\/+$/, '')}${path}`, { headers: { authorization } })),
      );
    } finally {
      await endToken(token.access_token, secret);
    }
  }

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

type Get = <Data>(schema: z.ZodMiniType<Data>, path: string) => Promise<Data>;

async function readUser(get: Get): Promise<AuthorizedUser> {
  const { id, login } = await get(User, '/user');
  return { id, login };
}

/** Reads the repositories of every installation that the user has access to. */
async function readRepositories(get: Get): Promise<string[]> {
  const installations = await readPages(async (page) => {
    const { installations: some } = await get(Installations, `/user/installations${pageQuery(page)}`);
    return some.map(({ id }) => id);
  }, maxReadableRepositories);
  const names: string[] = [];
  for (const id of installations) {
    const more = await readPages(async (page) => {
      const { repositories } = await get(Repositories, `/user/installations/${id}/repositories${pageQuery(page)}`);
      return repositories.map(({ full_name: name }) => foldName(name));
    }, maxReadableRepositories - names.length);
    names.push(...more);
  }
  return names;
}

const perPage = 100;
const pageQuery = (page: number): string => `?per_page=${perPage}&page=${page}`;

/** Reads pages until one is not full, and returns at most so many items. */
async function readPages<Item>(readPage: (page: number) => Promise<readonly Item[]>, max: number): Promise<Item[]> {
  const items: Item[] = [];
  for (let page = 1; items.length < max; page += 1) {
    const some = await readPage(page);
    items.push(...some);
    if (some.length < perPage) break;
  }
  return items.slice(0, max);
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
