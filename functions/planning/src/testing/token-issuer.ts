import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { exportJWK, generateKeyPair, type JWK, type JWTPayload, SignJWT } from 'jose';

/** An issuer of tokens on this machine, which signs any claims, as a broken or a malicious one would. */
export interface TokenIssuer {
  readonly issuer: string;
  /** The paths that were requested. */
  readonly requests: readonly string[];
  /** Signs claims, with `iss`, and times as GitHub sets them unless the claims say otherwise. */
  sign(claims: JWTPayload): Promise<string>;
  /** Signs with another key from now on, and publishes only that one. */
  rotate(): Promise<void>;
  /** Responds with this status to every request whose path ends so, by default to all; null: as it should. */
  fail(status: number | null, path?: string): void;
  close(): Promise<void>;
}

export async function startTokenIssuer(): Promise<TokenIssuer> {
  let key = await generateKey();
  let failure: { readonly status: number | null; readonly path: string } = { status: null, path: '' };
  const requests: string[] = [];
  const server = createServer({ keepAliveTimeout: 0 }, ({ url = '' }, response) => {
    requests.push(url);
    const body = url.endsWith('/jwks')
      ? { keys: [key.publicJwk] }
      : { issuer: issuer(), jwks_uri: `${issuer()}/.well-known/jwks` };
    const status = url.endsWith(failure.path) ? failure.status : null;
    response.writeHead(status ?? 200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const issuer = () => `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  return {
    issuer: issuer(),
    requests,
    sign: (claims) => {
      const seconds = Math.floor(Date.now() / 1000);
      const times = { iat: seconds, nbf: seconds - 600, exp: seconds + 300 };
      return new SignJWT({ iss: issuer(), ...times, ...claims })
        .setProtectedHeader({ alg: 'RS256', kid: key.kid })
        .sign(key.privateKey);
    },
    rotate: async () => {
      key = await generateKey();
    },
    fail: (status, path = '') => {
      failure = { status, path };
    },
    close: () => new Promise((resolve) => server.close(() => resolve())),
  };
}

let keys = 0;

async function generateKey() {
  keys += 1;
  const kid = `key-${keys}`;
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  const publicJwk: JWK = { ...(await exportJWK(publicKey)), kid, alg: 'RS256', use: 'sig' };
  return { kid, privateKey, publicJwk };
}
