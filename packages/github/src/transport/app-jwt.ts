import { createPrivateKey, createSign, type KeyObject, randomUUID } from 'node:crypto';

/** GitHub refuses a JWT issued in its future. */
const backdateSeconds = 60;
/** GitHub refuses a JWT that is valid for more than ten minutes. */
const validitySeconds = 9 * 60;

export interface SignedJwt {
  readonly jwt: string;
  readonly expiresAt: string;
}

/**
 * Creates the signer of the App's JWTs (RS256). Each JWT has a random `jti`: GitHub has refused the second of two equal
 * JWTs, which two signed within one second would be.
 * @throws Error immediately, not at the first request, when the private key is not a valid PEM key.
 */
export function createJwtSigner(
  appId: string,
  privateKey: string,
  now: () => number,
): (timeDifferenceSeconds?: number) => SignedJwt {
  const key = parsePrivateKey(privateKey);
  return (timeDifferenceSeconds = 0) => {
    const seconds = Math.floor(now() / 1000) + timeDifferenceSeconds;
    const expires = seconds + validitySeconds;
    const claims = { iat: seconds - backdateSeconds, exp: expires, iss: appId, jti: randomUUID() };
    const signed = `${encode({ alg: 'RS256', typ: 'JWT' })}.${encode(claims)}`;
    const signature = createSign('RSA-SHA256').update(signed).sign(key, 'base64url');
    return { jwt: `${signed}.${signature}`, expiresAt: new Date(expires * 1000).toISOString() };
  };
}

/** Environment variables often hold a PEM with its newlines escaped. */
function parsePrivateKey(privateKey: string): KeyObject {
  try {
    return createPrivateKey(privateKey.replaceAll('\\n', '\n').trim());
  } catch {
    // No `cause`: it may contain the key.
    throw new Error(
      'GITHUB_APP_PRIVATE_KEY is not a valid PEM private key. Set it to the whole content of the .pem file that GitHub generated.',
    );
  }
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
