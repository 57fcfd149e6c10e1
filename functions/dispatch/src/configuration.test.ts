import { describe, expect, test } from '@jest/globals';
import { readConfiguration } from '@dispatcher/lambda';
import { checkLease, Configuration } from './configuration.ts';

const needed = {
  GITHUB_APP_ID: '1',
  GITHUB_APP_SLUG: 'dispatcher',
  DECISIONS_QUEUE_URL: 'queue',
  DECISIONS_DEAD_LETTER_QUEUE_URL: 'dead-letters',
  BUS_NAME: 'bus',
  STATE_TABLE: 'state',
  PROJECTIONS_TABLE: 'projections',
  PLANS_TABLE: 'plans',
  ACCESS_TABLE: 'access',
};
const read = (more: Record<string, string> = {}) => readConfiguration(Configuration, { ...needed, ...more });

describe('the configuration of the dispatch function', () => {
  test.each([
    ['', 'problems'],
    ['true', 'problems'],
    ['false', 'none'],
    ['all', 'all'],
  ])('CREATE_ISSUES=%s means %s', (value, expected) => {
    expect(read({ CREATE_ISSUES: value }).CREATE_ISSUES).toBe(expected);
  });

  test('any other value of CREATE_ISSUES is refused, and the message lists the valid ones', () => {
    expect(() => read({ CREATE_ISSUES: 'no' })).toThrow('write true, false or all');
  });

  test('a lease that is too short for a token request and a POST is refused; the defaults are accepted', () => {
    expect(() => checkLease(read())).not.toThrow();
    expect(() => checkLease(read({ LEASE_SECONDS: '15' }))).toThrow('LEASE_SECONDS is 15 and must be at least twice');
    expect(() => checkLease(read({ LEASE_SECONDS: '4', GITHUB_TIMEOUT_SECONDS: '2' }))).not.toThrow();
  });
});
