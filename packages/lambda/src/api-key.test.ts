import { expect, test } from '@jest/globals';
import { hashSecret, keyMatches, newApiKey, parseApiKey } from './api-key.ts';

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
