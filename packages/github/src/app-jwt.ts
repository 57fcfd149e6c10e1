import { createPrivateKey, createSign, type KeyObject, randomUUID } from 'node:crypto';

/** GitHub refuses a JWT issued in its future, and one that lives longer than ten minutes. */
const backdatedSeconds = 60;
const livesSeconds = 9 * 60;

export interface SignedJwt {
  readonly jwt: string;
  readonly expiresAt: string;
}

/**
 * Signs the App's JWTs (RS256). Each carries a random `jti`: two equal JWTs, as two signed within one second would be,
 * have been refused in the field.
 * @throws Error at once, not at the first request, where the private key is no PEM key.
 */
export function createJwtSigner(
  appId: string,
  privateKey: string,
  now: () => number,
): (timeDifferenceSeconds?: number) => SignedJwt {
  const key = parsePrivateKey(privateKey);
  return (timeDifferenceSeconds = 0) => {
    const seconds = Math.floor(now() / 1000) + timeDifferenceSeconds;
    const expires = seconds + livesSeconds;
    const claims = { iat: seconds - backdatedSeconds, exp: expires, iss: appId, jti: randomUUID() };
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
    // The cause is left out: it may quote the key.
    throw new Error('GITHUB_APP_PRIVATE_KEY is no PEM private key: copy the whole .pem file GitHub gave you into it.');
  }
}

function encode(value: object): string {
  return Buffer.from(JSON.stringify(value)).toString('base64url');
}
