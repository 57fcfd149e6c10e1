import { createPrivateKey, createVerify } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { createJwtSigner } from './app-jwt.ts';
import { testPrivateKey, testPublicKey } from './testing/fake-github.ts';

const at = 1_800_000_000_000;

function claimsOf(jwt: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString());
}

describe('App JWTs', () => {
  test('one is signed with RS256 and lives less than ten minutes, from a minute ago', () => {
    const { jwt, expiresAt } = createJwtSigner('4711', testPrivateKey, () => at)();
    const [header = '', claims = '', signature = ''] = jwt.split('.');
    const verified = createVerify('RSA-SHA256')
      .update(`${header}.${claims}`)
      .verify(testPublicKey, signature, 'base64url');
    expect(verified).toBe(true);
    expect(JSON.parse(Buffer.from(header, 'base64url').toString())).toEqual({ alg: 'RS256', typ: 'JWT' });
    expect(claimsOf(jwt)).toMatchObject({ iss: '4711', iat: at / 1000 - 60, exp: at / 1000 + 540 });
    expect(expiresAt).toBe(new Date(at + 540_000).toISOString());
  });

  test('two signed within one second differ by their jti', () => {
    const sign = createJwtSigner('4711', testPrivateKey, () => at);
    expect(claimsOf(sign().jwt)['jti']).not.toBe(claimsOf(sign().jwt)['jti']);
  });

  test('a clock that GitHub says is wrong is corrected by the difference', () => {
    const { jwt } = createJwtSigner('4711', testPrivateKey, () => at)(-120);
    expect(claimsOf(jwt)['exp']).toBe(at / 1000 + 540 - 120);
  });

  test.each([
    ['escaped newlines', testPrivateKey.replaceAll('\n', '\\n')],
    ['PKCS#8', createPrivateKey(testPrivateKey).export({ type: 'pkcs8', format: 'pem' }).toString()],
  ])('a key with %s is taken', (_, key) => {
    expect(createJwtSigner('4711', key, () => at)().jwt.split('.')).toHaveLength(3);
  });

  test('a key that is none is refused with a sentence that does not quote it', () => {
    const cut = testPrivateKey.slice(0, 200);
    expect(() => createJwtSigner('4711', cut, () => at)).toThrow(/GITHUB_APP_PRIVATE_KEY is no PEM private key/);
    expect(() => createJwtSigner('4711', cut, () => at)).not.toThrow(/MII/);
  });
});
