import { beforeEach, describe, expect, test } from '@jest/globals';
import {
  createCachedKeyCheck,
  createKeyCheck,
  hashSecret,
  keyCacheMs,
  keyMatches,
  newApiKey,
  parseApiKey,
} from './api-key.ts';

test('a new key is read back from its text, and opens what its hash closes', () => {
  const { keyId, secret, text } = newApiKey();
  expect(text).toBe(`dsp_${keyId}_${secret}`);
  expect(parseApiKey(text)).toEqual({ keyId, secret });
  expect(keyMatches({ secretHash: hashSecret(secret) }, secret)).toBe(true);
  expect(keyMatches({ secretHash: hashSecret(newApiKey().secret) }, secret)).toBe(false);
});

test('no two keys are the same', () => {
  const texts = Array.from({ length: 50 }, () => newApiKey());
  expect(new Set(texts.map(({ keyId }) => keyId)).size).toBe(50);
  expect(new Set(texts.map(({ secret }) => secret)).size).toBe(50);
});

test.each([
  ['nothing', ''],
  ['another prefix', `ghp_${'0'.repeat(16)}_${'a'.repeat(43)}`],
  ['an id that is too short', `dsp_${'0'.repeat(15)}_${'a'.repeat(43)}`],
  ['an id in capitals', `dsp_${'A'.repeat(16)}_${'a'.repeat(43)}`],
  ['a secret that is cut', `dsp_${'0'.repeat(16)}_${'a'.repeat(42)}`],
  ['something behind it', `dsp_${'0'.repeat(16)}_${'a'.repeat(43)}\n`],
])('%s is no key', (_, text) => {
  expect(parseApiKey(text)).toBeNull();
});

test('a record whose hash is unreadable opens for nobody', () => {
  expect(keyMatches({ secretHash: '' }, 'a'.repeat(43))).toBe(false);
  expect(keyMatches({ secretHash: 'none' }, 'a'.repeat(43))).toBe(false);
});

describe('looking keys up', () => {
  const { keyId, secret, text } = newApiKey();
  const other = newApiKey().secret;
  let now: number;
  let looked: string[];
  let stored: { secretHash: string; until: number } | null;
  let check: (text: string) => Promise<object | null>;
  let keptCheck: ReturnType<typeof createCachedKeyCheck<object>>;
  const read = (given: string) => keptCheck(given, { fresh: false });
  const change = (given: string) => keptCheck(given, { fresh: true });
  beforeEach(() => {
    now = 1_000_000;
    looked = [];
    stored = { secretHash: hashSecret(secret), until: now + 90_000 };
    const isLive = ({ until }: { secretHash: string; until: number }, at: number) => at < until;
    const clock = () => now;
    const find = async (id: string) => {
      looked.push(id);
      return stored;
    };
    const checkKey = createKeyCheck({ find, isLive, now: clock });
    check = checkKey;
    keptCheck = createCachedKeyCheck({ check: checkKey, isLive, now: clock }) as typeof keptCheck;
  });

  test('a key that is gone, or whose time is over, opens nothing from that moment on', async () => {
    expect(await check(text)).toBe(stored);
    now += 90_000;
    expect(await check(text)).toBeNull();
    now -= 1;
    expect(await check(text)).not.toBeNull();
    stored = null;
    expect(await check(text)).toBeNull();
    expect(looked).toHaveLength(4);
  });

  test('for reading a key is kept for a minute, and no longer', async () => {
    expect(await read(text)).toBe(stored);
    stored = null;
    now += keyCacheMs - 1;
    expect(await read(text)).not.toBeNull();
    expect(looked).toEqual([keyId]);
    now += 1;
    expect(await read(text)).toBeNull();
    expect(looked).toEqual([keyId, keyId]);
  });

  test('a key that is kept changes nothing any more, and that it is gone is not forgotten', async () => {
    await read(text);
    stored = null;
    expect(await change(text)).toBeNull();
    expect(await read(text)).toBeNull();
    expect(looked).toHaveLength(3);
  });

  test('a key that changed something is kept for reading', async () => {
    for (const _ of [1, 2]) expect(await change(text)).toBe(stored);
    expect(await read(text)).toBe(stored);
    expect(looked).toHaveLength(2);
  });

  test('a key that expires while it is kept opens nothing', async () => {
    stored = { secretHash: hashSecret(secret), until: now + 10 };
    expect(await read(text)).not.toBeNull();
    now += 10;
    expect(await read(text)).toBeNull();
  });

  test('a wrong secret is looked up each time, also where the right one is kept', async () => {
    await read(text);
    for (const _ of [1, 2]) expect(await read(`dsp_${keyId}_${other}`)).toBeNull();
    expect(looked).toHaveLength(3);
  });

  test('what is no key is not looked up', async () => {
    expect(await check('secret')).toBeNull();
    expect(await read('secret')).toBeNull();
    expect(looked).toEqual([]);
  });

  test('a look-up that fails is not kept', async () => {
    let fails = true;
    const failing = createCachedKeyCheck({
      check: async () => {
        if (fails) throw new Error('the table is gone');
        return stored;
      },
      isLive: () => true,
      now: () => now,
    });
    await expect(failing(text, { fresh: false })).rejects.toThrow('gone');
    fails = false;
    expect(await failing(text, { fresh: false })).toBe(stored);
  });
});
