import { describe, expect, test } from '@jest/globals';
import type { EventPattern } from '@dispatcher/topology';
import { matchesPattern } from './event-pattern.ts';

const event = {
  source: 'dispatcher',
  'detail-type': 'route.decided',
  detail: { effect: 'deny', code: null, depth: 3, labels: ['a', 'b'], route: { id: 'x' } },
};

describe('an event matches', () => {
  test.each<[string, EventPattern]>([
    ['an exact value', { source: ['other', 'dispatcher'] }],
    ['null', { detail: { code: [null] } }],
    ['a prefix', { 'detail-type': [{ prefix: 'route.' }] }],
    ['anything but another value', { source: [{ 'anything-but': ['other', 'nobody'] }] }],
    ['a range', { detail: { depth: [{ numeric: ['>', 0, '<=', 3] }] } }],
    ['an absent field', { 'replay-name': [{ exists: false }] }],
    ['a present field', { detail: { effect: [{ exists: true }] } }],
    ['one element of an array', { detail: { labels: ['b'] } }],
    ['a nested field', { detail: { route: { id: ['x'] } } }],
    ['one of several patterns', { source: ['dispatcher'], $or: [{ source: ['x'] }, { detail: { depth: [3] } }] }],
  ])('%s', (_, pattern) => {
    expect(matchesPattern(pattern, event)).toBe(true);
  });
});

describe('an event does not match', () => {
  test.each<[string, EventPattern]>([
    ['another value', { source: ['other'] }],
    ['a number where the pattern has a string', { detail: { depth: ['3'] } }],
    ['the value that is excluded', { source: [{ 'anything-but': 'dispatcher' }] }],
    ['outside the range', { detail: { depth: [{ numeric: ['>', 0, '<', 3] }] } }],
    ['a present field that must be absent', { detail: { effect: [{ exists: false }] } }],
    ['an absent field that must differ', { region: [{ 'anything-but': 'x' }] }],
    ['a nested field of a value that is not an object', { source: { id: ['x'] } }],
    ['none of several patterns', { $or: [{ source: ['x'] }, { detail: { depth: [4] } }] }],
    ['one of several patterns, but not the field beside them', { source: ['x'], $or: [{ detail: { depth: [3] } }] }],
    ['one of two fields only', { source: ['dispatcher'], 'detail-type': ['run.planned'] }],
  ])('%s', (_, pattern) => {
    expect(matchesPattern(pattern, event)).toBe(false);
  });
});

test('an unsupported matcher throws instead of never matching', () => {
  expect(() => matchesPattern({ source: [{ wildcard: '*' }] as never }, event)).toThrow(
    'does not implement the matcher',
  );
});
