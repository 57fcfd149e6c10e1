import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';
import { type AdapterFactory, Provider } from 'oidc-provider';

/** Who gets a token, and the claims it carries beside the usual ones. */
export type People = Readonly<Record<string, Readonly<Record<string, unknown>>>>;

/** An OpenID provider on this machine: the package `oidc-provider`, as it is. */
export interface TestProvider {
  readonly issuer: string;
  /** A token for the API with this audience, of one of the people. */
  token(person: string, audience: string): Promise<string>;
  /** What it would sign if it were broken. */
  sign(claims: JWTPayload): Promise<string>;
  /** The public half of its signing key. */
  readonly publicKey: JWK;
  close(): Promise<void>;
}

export interface ProviderOptions {
  readonly people: People;
  readonly algorithm?: 'RS256' | 'ES256';
  /** Where it listens; any where it is left out. */
  readonly port?: number;
  readonly keyId?: string;
  /** Told of each request, by its path. */
  readonly onRequest?: (path: string) => void;
}

const secret = 'a secret of the test client, long enough';

// Its tokens are signed and stand for themselves, so nothing has to be kept.
const nothing = async () => undefined;
const keepsNothing: AdapterFactory = () => ({
  upsert: nothing,
  find: nothing,
  findByUserCode: nothing,
  findByUid: nothing,
  consume: nothing,
  destroy: nothing,
  revokeByGrantId: nothing,
});

export async function startProvider(options: ProviderOptions): Promise<TestProvider> {
  const { people, algorithm = 'RS256', port = 0, keyId = 'first', onRequest } = options;
  const { privateKey, publicKey } = await generateKeyPair(algorithm, { extractable: true });
  const key = { ...(await exportJWK(privateKey)), kid: keyId, alg: algorithm, use: 'sig' };
  const server = createServer({ keepAliveTimeout: 0 });
  await listen(server, port);
  const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  const provider = new Provider(issuer, {
    adapter: keepsNothing,
    jwks: { keys: [key] },
    ttl: { ClientCredentials: 600 },
    clients: Object.keys(people).map((id) => ({
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
    // The provider's subject for a machine is none; a person's is the name.
    extraTokenClaims: (_context, { clientId = '' }) => ({ sub: clientId, ...people[clientId] }),
  });
  const answer = provider.callback();
  server.on('request', (request, response) => {
    onRequest?.(request.url ?? '');
    // Koa tells its errors in the answer.
    void answer(request, response);
  });
  return {
    issuer,
    sign: (claims) => new SignJWT(claims).setProtectedHeader({ alg: algorithm, kid: keyId }).sign(privateKey),
    publicKey: { ...(await exportJWK(publicKey)), kid: keyId },
    token: async (person, audience) => {
      const response = await fetch(`${issuer}/token`, {
        method: 'POST',
        headers: {
          authorization: `Basic ${Buffer.from(`${person}:${encodeURIComponent(secret)}`).toString('base64')}`,
        },
        body: new URLSearchParams({ grant_type: 'client_credentials', resource: audience }),
      });
      const given = (await response.json()) as { access_token?: string };
      if (given.access_token === undefined) throw new Error(`The provider gave no token: ${JSON.stringify(given)}`);
      return given.access_token;
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
