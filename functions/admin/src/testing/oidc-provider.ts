import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';
import { type AdapterFactory, Provider } from 'oidc-provider';

/** The users with their claims, besides the usual ones. */
export type TestUsers = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** A local OpenID provider: the unmodified package `oidc-provider`. */
export interface TestOidcProvider {
  readonly issuer: string;
  /** Returns a token for one user and this audience. */
  token(user: string, audience: string): Promise<string>;
  /** Signs any claims, as a broken provider would. */
  sign(claims: JWTPayload): Promise<string>;
  /** The public part of its signing key. */
  readonly publicKey: JWK;
  close(): Promise<void>;
}

export interface OidcProviderOptions {
  readonly users: TestUsers;
  readonly algorithm?: 'RS256' | 'ES256';
  /** Any free port by default. */
  readonly port?: number;
  readonly keyId?: string;
  /** Called with the path of each request. */
  readonly onRequest?: (path: string) => void;
}

const secret = 'a secret of the test client, long enough';

// Tokens are self-contained JWTs, so nothing has to be stored.
const nothing = async () => undefined;
const emptyAdapter: AdapterFactory = () => ({
  upsert: nothing,
  find: nothing,
  findByUserCode: nothing,
  findByUid: nothing,
  consume: nothing,
  destroy: nothing,
  revokeByGrantId: nothing,
});

export async function startOidcProvider(options: OidcProviderOptions): Promise<TestOidcProvider> {
  const { users, algorithm = 'RS256', port = 0, keyId = 'first', onRequest } = options;
  const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true });
  const key = { ...(await exportJWK(privateKey)), kid: keyId, alg: algorithm, use: 'sig' };
  const server = createServer({ keepAliveTimeout: 0 });
  await listen(server, port);
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, {
    adapter: emptyAdapter,
    jwks: { keys: [key] },
    ttl: { ClientCredentials: 600 },
    clients: Object.keys(users).map((id) => ({
      client_id: id,
      client_secret: secret,
      grant_types: ['client_credentials'],
      redirect_uris: [],
      response_types: [],
      ...(algorithm === 'RS256' ? {} : { id_token_signed_response_alg: algorithm }),
    })),
    features: {
      devInteractions: { enabled: false },
      clientCredentials: { enabled: true },
      resourceIndicators: {
        enabled: true,
        getResourceServerInfo: (_context, audience) => ({
          scope: '',
          audience,
          accessTokenFormat: 'jwt',
          accessTokenTTL: 600,
          jwt: { sign: { alg: algorithm } },
        }),
      },
    },
    // The provider sets no subject for client credentials; the tests use the user's name.
    extraTokenClaims: (_context, { clientId = '' }) => ({ sub: clientId, ...users[clientId] }),
  });
  const respond = provider.callback();
  server.on('request', (request, response) => {
    onRequest?.(request.url ?? '');
    // Koa reports its errors in the response.
    void respond(request, response);
  });
  return {
    issuer,
    sign: (claims) => new SignJWT(claims).setProtectedHeader({ alg: algorithm, kid: keyId }).sign(privateKey),
    publicKey: { ...(await exportJWK(publicKey)), kid: keyId },
    token: async (user, audience) => {
      const response = await fetch(`${issuer}/token`, {
        method: 'POST',
        headers: {
          authorization: `Basic ${Buffer.from(`${user}:${encodeURIComponent(secret)}`).toString('base64')}`,
        },
        body: new URLSearchParams({ grant_type: 'client_credentials', resource: audience }),
      });
      const body = (await response.json()) as { access_token?: string };
      if (body.access_token === undefined) throw new Error(`The provider issued no token: ${JSON.stringify(body)}`);
      return body.access_token;
    },
    close: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function listen(server: Server, port: number): Promise<void> {
  return new Promise((resolve, reject) => {
    server.once('error', reject);
    server.listen(port, '127.0.0.1', resolve);
  });
}
