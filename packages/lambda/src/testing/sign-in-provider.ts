import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair } from 'jose';
import { Provider } from 'oidc-provider';

/** A local OpenID provider with pages to sign in: the unmodified package `oidc-provider`. */
export interface SignInProvider {
  readonly issuer: string;
  /** Paths of the requests to its token and user endpoints. */
  readonly requests: string[];
  /** Signs a user in on the provider's pages. Returns the address that the provider sends the browser back to. */
  authorize(authorizationUrl: string, user: string): Promise<URL>;
  close(): Promise<void>;
}

export const clientId = 'dispatcher-dashboard';
export const clientSecret = 'a secret of the test client, long enough';

export interface SignInProviderOptions {
  /** The users with their claims, besides the usual ones. */
  readonly users: Readonly<Record<string, Readonly<Record<string, unknown>>>>;
  /** Where browsers are sent back to. `http://127.0.0.1` stands for each port of this machine. */
  readonly redirectUri: string;
  /** Whether the ID token has the claims of the user; else only the response about the user has them. */
  readonly claimsInIdToken: boolean;
  /** Whether it has an endpoint for the claims of the user, which is optional. Default: it has one. */
  readonly hasUserInfo?: boolean;
  /** The status with which that endpoint refuses every request. Default: it responds. */
  readonly userInfoStatus?: number;
}

export async function startSignInProvider(options: SignInProviderOptions): Promise<SignInProvider> {
  const { users, redirectUri, claimsInIdToken, hasUserInfo = true, userInfoStatus } = options;
  const { privateKey } = await generateKeyPair('RS256', { extractable: true });
  const server = createServer({ keepAliveTimeout: 0 });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const requests: string[] = [];
  const provider = new Provider(issuer, {
    jwks: { keys: [{ ...(await exportJWK(privateKey)), kid: 'first', alg: 'RS256', use: 'sig' }] },
    cookies: { keys: ['a key of the test'] },
    clients: [
      {
        client_id: clientId,
        client_secret: clientSecret,
        application_type: redirectUri.startsWith('https:') ? 'web' : 'native',
        redirect_uris: [redirectUri],
        response_types: ['code'],
        grant_types: ['authorization_code'],
        token_endpoint_auth_method: 'client_secret_post',
      },
    ],
    pkce: { required: () => true },
    conformIdTokenClaims: !claimsInIdToken,
    claims: { openid: ['sub'], profile: ['roles', 'nickname'], email: ['email'] },
    findAccount: (_context, id) => ({ accountId: id, claims: () => ({ sub: id, ...users[id] }) }),
    features: { devInteractions: { enabled: true }, userinfo: { enabled: hasUserInfo } },
  });
  const respond = provider.callback();
  server.on('request', (request, response) => {
    if (/^\/(token|me)/.test(request.url ?? '')) requests.push(request.url ?? '');
    if (userInfoStatus !== undefined && request.url?.startsWith('/me') === true) {
      response.writeHead(userInfoStatus).end();
      return;
    }
    // Koa reports its errors in the response.
    void respond(request, response);
  });
  return {
    issuer,
    requests,
    authorize: (authorizationUrl, user) => walkThrough(authorizationUrl, user, redirectUri),
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Follows redirects and submits the provider's forms, with its cookies, until it sends the browser back. */
async function walkThrough(start: string, user: string, redirectUri: string): Promise<URL> {
  const cookies = new Map<string, string>();
  const visit = async (url: string, form?: URLSearchParams): Promise<Response> => {
    const response = await fetch(url, {
      redirect: 'manual',
      headers: { cookie: [...cookies].map(([name, value]) => `${name}=${value}`).join('; ') },
      ...(form === undefined ? {} : { method: 'POST', body: form }),
    });
    for (const line of response.headers.getSetCookie()) {
      const [, name = '', value = ''] = /^([^=]+)=([^;]*)/.exec(line) ?? [];
      cookies.set(name, value);
    }
    return response;
  };
  let url = start;
  let response = await visit(url);
  for (let step = 0; step < 12; step += 1) {
    const location = response.headers.get('location');
    if (location !== null) {
      const next = new URL(location, url);
      if (next.href.startsWith(redirectUri)) return next;
      url = next.href;
      response = await visit(url);
      continue;
    }
    const page = await response.text();
    const [, prompt] = /name="prompt" value="(\w+)"/.exec(page) ?? [];
    if (prompt === undefined) throw new Error(`The provider's page has no form (${response.status}): ${page}`);
    response = await visit(url, new URLSearchParams({ prompt, login: user, password: 'any' }));
  }
  throw new Error('The provider did not send the browser back.');
}
