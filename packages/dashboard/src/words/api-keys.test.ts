import { expect, test } from '@jest/globals';
import { parseTargets, problemsOfKey, sortKeys, stateOfKey } from './api-keys.ts';

const now = Date.parse('2026-11-28T09:00:00Z');
const inDays = (days: number) => new Date(now + days * 86_400_000).toISOString();

test('the state of a key: revoked counts before expired', () => {
  const word = (expiresAt: string | null, revokedAt: string | null = null) =>
    stateOfKey({ expiresAt, revokedAt }, now).word;
  expect([word(null), word(inDays(15)), word(inDays(14)), word(inDays(0)), word(inDays(-1), inDays(-2))]).toEqual([
    'Active',
    'Active',
    'Expires soon',
    'Expired',
    'Revoked',
  ]);
});

test('usable keys stand first, and of two with one name the newer', () => {
  const key = (keyId: string, name: string, createdAt: string, revokedAt: string | null = null) => ({
    keyId,
    name,
    createdAt,
    expiresAt: null,
    revokedAt,
  });
  const keys = [
    key('1', 'a', inDays(-9), inDays(-1)),
    key('2', 'b', inDays(-5)),
    key('3', 'a', inDays(-8)),
    key('4', 'b', inDays(-2)),
  ];
  expect(sortKeys(keys, now).map(({ keyId }) => keyId)).toEqual(['3', '4', '2', '1']);
});

test('targets are written one a line or with commas, and count once', () => {
  expect(parseTargets(' acme/deploy:cd.yml,\nacme/docs#changed\nacme/deploy:cd.yml ')).toEqual([
    'acme/deploy:cd.yml',
    'acme/docs#changed',
  ]);
});

test('the form says what is wrong before it is sent', () => {
  const form = { name: 'ci', role: 'dispatch', targets: 'acme/deploy:cd.yml', reason: 'release' } as const;
  expect(problemsOfKey(form)).toEqual({});
  expect(problemsOfKey({ ...form, name: 'CI bot' })).toHaveProperty('name');
  expect(problemsOfKey({ ...form, targets: '' })).toHaveProperty('targets');
  expect(problemsOfKey({ ...form, targets: 'acme' }).targets).toContain('“acme”');
  expect(problemsOfKey({ ...form, role: 'viewer', targets: '' })).toEqual({});
  expect(problemsOfKey({ ...form, reason: ' ' })).toHaveProperty('reason');
});
