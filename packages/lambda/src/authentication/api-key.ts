import { createHash, randomBytes, timingSafeEqual } from 'node:crypto';

export interface NewApiKey {
  /** 16 hex digits: identifies the key in logs, facts and responses. */
  readonly keyId: string;
  /** 32 random bytes as base64url. Only its hash is stored; see {@link hashSecret}. */
  readonly secret: string;
  /** The text that is shown once, and that callers send as `x-api-key`. */
  readonly text: string;
}

/** Generates a new API key. */
export function generateApiKey(): NewApiKey {
  const keyId = randomBytes(8).toString('hex');
  const secret = randomBytes(32).toString('base64url');
  return { keyId, secret, text: `dsp_${keyId}_${secret}` };
}

/** Parses the text of an API key; null for any other text. */
export function parseApiKey(text: string): { readonly keyId: string; readonly secret: string } | null {
  const [, keyId, secret] = /^dsp_([0-9a-f]{16})_([A-Za-z0-9_-]{43})$/.exec(text) ?? [];
  return keyId === undefined || secret === undefined ? null : { keyId, secret };
}

/** Returns the SHA-256 hash of a secret, as hex. */
export function hashSecret(secret: string): string {
  return createHash('sha256').update(secret).digest('hex');
}

/** Compares a secret with a key's stored hash, in constant time. Does not check whether the key is still valid. */
export function keyMatches({ secretHash }: { readonly secretHash: string }, secret: string): boolean {
  const stored = Buffer.from(secretHash, 'hex');
  const given = Buffer.from(hashSecret(secret), 'hex');
  return stored.length === given.length && timingSafeEqual(stored, given);
}

export interface KeyCheckOptions<Key> {
  /** Returns the record of a key; null if it does not exist. */
  readonly find: (keyId: string) => Promise<Key | null>;
  /** @param at milliseconds since the epoch */
  readonly isLive: (key: Key, at: number) => boolean;
  readonly now?: () => number;
}

/**
 * Creates a function that returns the key that a text authenticates, or null. Every text in the form of a key takes one
 * lookup and one comparison, so that response times do not reveal which keys exist.
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
    const matches = keyMatches(found ?? unmatchable, parsed.secret);
    return found !== null && matches && isLive(found, now()) ? found : null;
  };
}

/** The longest time for which a revoked key can still read. */
export const maxKeyCacheMs = 60_000;
const maxCachedKeys = 1_000;

export interface CachedKeyOptions<Key> extends Pick<KeyCheckOptions<Key>, 'isLive' | 'now'> {
  /** The function that {@link createKeyCheck} returns. */
  readonly check: (text: string) => Promise<Key | null>;
}

/**
 * Creates a key check that caches its results in memory for one minute, for callers that read often. The cache key is
 * the whole text, so a wrong secret is looked up each time. Requests that change something pass `fresh`: a revoked key
 * must not start or change anything from the moment of its revocation.
 */
export function createCachedKeyCheck<Key>({
  check,
  isLive,
  now = Date.now,
}: CachedKeyOptions<Key>): (text: string, options: { readonly fresh: boolean }) => Promise<Key | null> {
  const cache = new Map<string, { readonly key: Key; readonly until: number }>();
  return async (text, { fresh }) => {
    const hash = hashSecret(text);
    const cached = cache.get(hash);
    const checkedAt = now();
    if (!fresh && cached !== undefined && checkedAt < cached.until) {
      return isLive(cached.key, checkedAt) ? cached.key : null;
    }
    cache.delete(hash);
    const key = await check(text);
    if (key !== null) cache.set(hash, { key, until: checkedAt + maxKeyCacheMs });
    const [oldest] = cache.keys();
    if (cache.size > maxCachedKeys && oldest !== undefined) cache.delete(oldest);
    return key;
  };
}

/** The hash of no secret. */
const unmatchable = { secretHash: '0'.repeat(64) };
