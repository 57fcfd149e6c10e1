import { createHash, timingSafeEqual } from 'node:crypto';
import type { Authentication } from './principal.ts';

/** @param password read for each request, so that a rotated secret needs no restart */
export function createBasicAuthentication(user: string, password: () => Promise<string>): Authentication {
  const person = { name: user, kind: 'basic', account: user, role: 'operator' } as const;
  return {
    mode: 'basic',
    signIn: {
      kind: 'password',
      check: async (givenUser, givenPassword) =>
        isSameText(`${givenUser}:${givenPassword}`, `${user}:${await password()}`) ? person : null,
    },
    challenge: 'Basic realm="Dispatcher", charset="UTF-8"',
    principalOf: async ({ headers }) => {
      const isValid = isSameText(credentialsOf(headers.authorization), `${user}:${await password()}`);
      return isValid ? person : null;
    },
  };
}

function credentialsOf(header = ''): string {
  const [, encoded = ''] = /^basic +([A-Za-z0-9+/=]+) *$/i.exec(header) ?? [];
  return Buffer.from(encoded, 'base64').toString();
}

// Digests have the same length, so the time reveals neither the first difference nor the length of the texts.
function isSameText(given: string, expected: string): boolean {
  return timingSafeEqual(digest(given), digest(expected));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
