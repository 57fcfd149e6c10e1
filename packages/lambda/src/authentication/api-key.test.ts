import { beforeEach, describe, expect, test } from '@jest/globals';
import {
  createCachedKeyCheck,
  createKeyCheck,
  hashSecret,
  maxKeyCacheMs,
  keyMatches,
  generateApiKey,
  parseApiKey,
} from './api-key.ts';

test('the text of a new key parses, and its secret matches its own hash only', () => {
  const { keyId, secret, text } = generateApiKey();
  expect(text).toBe(`dsp_${keyId}_${secret}`);
  expect(parseApiKey(text)).toEqual({ keyId, secret });
  expect(keyMatches({ secretHash: hashSecret(secret) }, secret)).toBe(true);
  expect(keyMatches({ secretHash: hashSecret(generateApiKey().secret) }, secret)).toBe(false);
});

test('generated keys are unique', () => {
  const texts = Array.from({ length: 50 }, () => generateApiKey());
  expect(new Set(texts.map(({ keyId }) => keyId)).size).toBe(50);
  expect(new Set(texts.map(({ secret }) => secret)).size).toBe(50);
});

test.each([
  ['an empty text', ''],
  ['another prefix', `ghp_${'0'.repeat(16)}_${'a'.repeat(43)}`],
  ['an id that is too short', `dsp_${'0'.repeat(15)}_${'a'.repeat(43)}`],
  ['an id in upper case', `dsp_${'A'.repeat(16)}_${'a'.repeat(43)}`],
  ['a truncated secret', `dsp_${'0'.repeat(16)}_${'a'.repeat(42)}`],
  ['a trailing character', `dsp_${'0'.repeat(16)}_${'a'.repeat(43)}\n`],
])('%s is not a key', (_, text) => {
  expect(parseApiKey(text)).toBeNull();
});

test('a record with an invalid hash matches no secret', () => {
  expect(keyMatches({ secretHash: '' }, 'a'.repeat(43))).toBe(false);
  expect(keyMatches({ secretHash: 'none' }, 'a'.repeat(43))).toBe(false);
});

describe('key lookups', () => {
  const { keyId, secret, text } = generateApiKey();
  const other = generateApiKey().secret;
  let now: number;
  let lookups: string[];
  let stored: { secretHash: string; until: number } | null;
  let check: (text: string) => Promise<object | null>;
  let cachedCheck: ReturnType<typeof createCachedKeyCheck<object>>;
  const read = (given: string) => cachedCheck(given, { fresh: false });
  const change = (given: string) => cachedCheck(given, { fresh: true });
  beforeEach(() => {
    now = 1_000_000;
    lookups = [];
    stored = { secretHash: hashSecret(secret), until: now + 90_000 };
    const isLive = ({ until }: { secretHash: string; until: number }, at: number) => at < until;
    const clock = () => now;
    const find = async (id: string) => {
      lookups.push(id);
      return stored;
    };
    const checkKey = createKeyCheck({ find, isLive, now: clock });
    check = checkKey;
    cachedCheck = createCachedKeyCheck({ check: checkKey, isLive, now: clock }) as typeof cachedCheck;
  });

  test('a key that was deleted or has expired is refused at once', async () => {
    expect(await check(text)).toBe(stored);
    now += 90_000;
    expect(await check(text)).toBeNull();
    now -= 1;
    expect(await check(text)).not.toBeNull();
    stored = null;
    expect(await check(text)).toBeNull();
    expect(lookups).toHaveLength(4);
  });

  test('a key is cached for reads for one minute', async () => {
    expect(await read(text)).toBe(stored);
    stored = null;
    now += maxKeyCacheMs - 1;
    expect(await read(text)).not.toBeNull();
    expect(lookups).toEqual([keyId]);
    now += 1;
    expect(await read(text)).toBeNull();
    expect(lookups).toEqual([keyId, keyId]);
  });

  test('a cached key that was revoked cannot change anything, and is removed from the cache', async () => {
    await read(text);
    stored = null;
    expect(await change(text)).toBeNull();
    expect(await read(text)).toBeNull();
    expect(lookups).toHaveLength(3);
  });

  test('a key that changed something is cached for reads', async () => {
    for (const _ of [1, 2]) expect(await change(text)).toBe(stored);
    expect(await read(text)).toBe(stored);
    expect(lookups).toHaveLength(2);
  });

  test('a key that expires while it is cached authenticates nothing', async () => {
    stored = { secretHash: hashSecret(secret), until: now + 10 };
    expect(await read(text)).not.toBeNull();
    now += 10;
    expect(await read(text)).toBeNull();
  });

  test('a wrong secret is looked up each time, even if the right one is cached', async () => {
    await read(text);
    for (const _ of [1, 2]) expect(await read(`dsp_${keyId}_${other}`)).toBeNull();
    expect(lookups).toHaveLength(3);
  });

  test('a text that is not a key is not looked up', async () => {
    expect(await check('secret')).toBeNull();
    expect(await read('secret')).toBeNull();
    expect(lookups).toEqual([]);
  });

  test('a failed lookup is not cached', async () => {
    let fails = true;
    const failing = createCachedKeyCheck({
      check: async () => {
        if (fails) throw new Error('the table is unavailable');
        return stored;
      },
      isLive: () => true,
      now: () => now,
    });
    await expect(failing(text, { fresh: false })).rejects.toThrow('unavailable');
    fails = false;
    expect(await failing(text, { fresh: false })).toBe(stored);
  });
});
