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
  /** Responds to every request with this status; null: as it should. */
  fail(status: number | null): void;
  close(): Promise<void>;
}

export async function startTokenIssuer(): Promise<TokenIssuer> {
  let key = await generateKey();
  let failure: number | null = null;
  const requests: string[] = [];
  const server = createServer({ keepAliveTimeout: 0 }, ({ url = '' }, response) => {
    requests.push(url);
    const body = url.endsWith('/jwks')
      ? { keys: [key.publicJwk] }
      : { issuer: issuer(), jwks_uri: `${issuer()}/.well-known/jwks` };
    response.writeHead(failure ?? 200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
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
    fail: (status) => {
      failure = status;
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
