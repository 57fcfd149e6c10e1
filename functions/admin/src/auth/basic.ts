import { createHash, timingSafeEqual } from 'node:crypto';
import type { Authentication } from './principal.ts';

/** @param password is asked for at each request, so that a rotated secret needs no restart. */
export function basicAuthentication(user: string, password: () => Promise<string>): Authentication {
  return {
    mode: 'basic',
    challenge: 'Basic realm="Dispatcher", charset="UTF-8"',
    principalOf: async ({ headers }) => {
      const isRight = sameText(credentialsOf(headers.authorization), `${user}:${await password()}`);
      return isRight ? { name: user, kind: 'basic', account: user, role: 'operator' } : null;
    },
  };
}

function credentialsOf(header = ''): string {
  const [, encoded = ''] = /^basic +([A-Za-z0-9+/=]+) *$/i.exec(header) ?? [];
  return Buffer.from(encoded, 'base64').toString();
}

// Digests have one length whatever the texts', so neither where they differ nor how long they are shows in the time.
function sameText(given: string, expected: string): boolean {
  return timingSafeEqual(digest(given), digest(expected));
}

function digest(text: string): Buffer {
  return createHash('sha256').update(text).digest();
}
