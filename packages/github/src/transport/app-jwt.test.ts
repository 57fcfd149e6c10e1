import { createPrivateKey, createVerify } from 'node:crypto';
import { describe, expect, test } from '@jest/globals';
import { createJwtSigner } from './app-jwt.ts';
import { testPrivateKey, testPublicKey } from '../testing/fake-github.ts';

const at = 1_800_000_000_000;

function claimsOf(jwt: string): Record<string, unknown> {
  return JSON.parse(Buffer.from(jwt.split('.')[1] ?? '', 'base64url').toString());
}

describe('App JWTs', () => {
  test('are signed with RS256, issued one minute ago and valid for less than ten minutes', () => {
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

  test('that are signed within one second differ in their jti', () => {
    const sign = createJwtSigner('4711', testPrivateKey, () => at);
    expect(claimsOf(sign().jwt)['jti']).not.toBe(claimsOf(sign().jwt)['jti']);
  });

  test('are corrected by the time difference that GitHub reported', () => {
    const { jwt } = createJwtSigner('4711', testPrivateKey, () => at)(-120);
    expect(claimsOf(jwt)['exp']).toBe(at / 1000 + 540 - 120);
  });

  test.each([
    ['escaped newlines', testPrivateKey.replaceAll('\n', '\\n')],
    ['PKCS#8', createPrivateKey(testPrivateKey).export({ type: 'pkcs8', format: 'pem' }).toString()],
  ])('accept a private key with %s', (_, key) => {
    expect(createJwtSigner('4711', key, () => at)().jwt.split('.')).toHaveLength(3);
  });

  test('refuse an invalid private key without quoting it', () => {
    const cut = testPrivateKey.slice(0, 200);
    expect(() => createJwtSigner('4711', cut, () => at)).toThrow(
      /GITHUB_APP_PRIVATE_KEY is not a valid PEM private key/,
    );
    expect(() => createJwtSigner('4711', cut, () => at)).not.toThrow(/MII/);
  });
});
