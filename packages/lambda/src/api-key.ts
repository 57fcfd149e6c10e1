import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

export interface NewApiKey {
  /** 16 hex digits: names the key wherever it is told of. */
  readonly keyId: string;
  /** 32 random bytes as base64url. Never stored: {@link hashSecret} is. */
  readonly secret: string;
  /** What its owner is shown once, and sends as `x-api-key`. */
  readonly text: string;
}

export function newApiKey(): NewApiKey {
  const keyId = randomBytes(8).toString('hex');
  const secret = randomBytes(32).toString('base64url');
  return { keyId, secret, text: `dsp_${keyId}_${secret}` };
}

/** Null where the text is no key of ours. */
export function parseApiKey(text: string): { readonly keyId: string; readonly secret: string } | null {
  const [, keyId, secret] = /^dsp_([0-9a-f]{16})_([A-Za-z0-9_-]{43})$/.exec(text) ?? [];
  return keyId === undefined || secret === undefined ? null : { keyId, secret };
}

/** SHA-256 as hex. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** In constant time. Whether the key is still live is another question. */
export function keyMatches({ secretHash }: { readonly secretHash: string }, secret: string): boolean {
  const stored = Buffer.from(secretHash, 'hex');
  const given = Buffer.from(hashSecret(secret), 'hex');
  return stored.length === given.length && timingSafeEqual(stored, given);
}

export interface KeyCheckOptions<Key> {
  /** Null where there is no such key. */
  readonly find: (keyId: string) => Promise<Key | null>;
  /** @param at milliseconds since the epoch */
  readonly isLive: (key: Key, at: number) => boolean;
  readonly now?: () => number;
}

/**
 * The key that a text opens at this moment, null where it opens none. Each text that has the form of a key takes the
 * time of one look-up and one comparison, so that how long an answer took does not tell which keys there are.
 */
export function createKeyCheck<Key extends { readonly secretHash: string }>({
  find,
  isLive,
  now = Date.now,
}: KeyCheckOptions<Key>): (text: string) => Promise<Key | null> {
  return async (text) => {
    const parsed = parseApiKey(text);
    if (parsed === null) return null;
    const found = await find(parsed.keyId);
    const matches = keyMatches(found ?? nobody, parsed.secret);
    return found !== null && matches && isLive(found, now()) ? found : null;
  };
}

/** So long, and no longer, a key may still read after it was revoked. */
export const keyCacheMs = 60_000;
const keptKeys = 1_000;

export interface CachedKeyOptions<Key> extends Pick<KeyCheckOptions<Key>, 'isLive' | 'now'> {
  /** As {@link createKeyCheck} makes it. */
  readonly check: (text: string) => Promise<Key | null>;
}

/**
 * The same for whoever asks often and only reads: what a text opened is kept in memory for a minute. It is kept by the
 * whole text, so that a wrong secret is looked up each time. What changes something asks with `fresh`: a revoked key
 * must not start or change anything from that moment on.
 */
export function createCachedKeyCheck<Key>({
  check,
  isLive,
  now = Date.now,
}: CachedKeyOptions<Key>): (text: string, how: { readonly fresh: boolean }) => Promise<Key | null> {
  const kept = new Map<string, { readonly key: Key; readonly until: number }>();
  return async (text, { fresh }) => {
    const name = hashSecret(text);
    const held = kept.get(name);
    const askedAt = now();
    if (!fresh && held !== undefined && askedAt < held.until) return isLive(held.key, askedAt) ? held.key : null;
    kept.delete(name);
    const key = await check(text);
    if (key !== null) kept.set(name, { key, until: askedAt + keyCacheMs });
    const [oldest] = kept.keys();
    if (kept.size > keptKeys && oldest !== undefined) kept.delete(oldest);
    return key;
  };
}

const nobody = { secretHash: '0'.repeat(64) };
