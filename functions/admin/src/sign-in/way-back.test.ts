import { expect, test } from '@jest/globals';
import { wayBackOf } from './way-back.ts';

test.each([
  '/',
  '/runs/11-9000000001-1?tab=files&a=b%2Fc#decision',
  '/authors',
  '/apiary',
  '/runs/https://example.com',
])('a page of this site is the way back: %s', (path) => {
  expect(wayBackOf(path)).toBe(path);
});

test.each([
  'https://evil.example/',
  '//evil.example/',
  '/\\evil.example/',
  '\\\\evil.example',
  '/\t/evil.example',
  '/\n/evil.example',
  '/.//evil.example',
  '/a/..//evil.example',
  '/%2e//evil.example',
  'javascript:alert(1)',
  'runs',
  '',
  '/auth/sign-out',
  '/AUTH/start',
  '/x/../auth/start',
  '/api/runs',
  `/${'x'.repeat(2_000)}`,
  // Encoded it is three times as long, and browsers keep no such cookie.
  `/${'é'.repeat(1_000)}`,
  undefined,
  ['/a', '/b'],
])('anything else leads to the first page: %j', (value) => {
  expect(wayBackOf(value)).toBe('/');
});
