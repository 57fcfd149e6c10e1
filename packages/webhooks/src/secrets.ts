import { randomBytes } from 'node:crypto';
import type { Verification } from './verification.ts';

/** Generates a secret of 256 random bits, in the form that the scheme writes it in. */
export function generateSecret({ scheme }: Pick<Verification, 'scheme'>): string {
  if (scheme === 'standard-webhooks') return `whsec_${randomBytes(32).toString('base64')}`;
  return randomBytes(32).toString(scheme === 'token' ? 'base64url' : 'hex');
}

/** Returns what is wrong with a secret that the sender generated, or null. */
export function problemOfSecret({ scheme }: Pick<Verification, 'scheme'>, secret: string): string | null {
  if (scheme === 'standard-webhooks') {
    const [, encoded = ''] = /^(?:whsec_)?([A-Za-z0-9+/]+={0,2})$/.exec(secret) ?? [];
    // Standard Webhooks requires 24 to 64 bytes.
    return Buffer.from(encoded, 'base64').length >= 24 ? null : 'write whsec_ and at least 24 bytes in base64';
  }
  if (scheme === 'token') return /^[\w-]{32,200}$/.test(secret) ? null : 'write 32 to 200 letters, digits, `_` or `-`';
  return /^[\x21-\x7e]{16,200}$/.test(secret) ? null : 'write 16 to 200 printable characters without spaces';
}
