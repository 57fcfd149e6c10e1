import { ConfigurationError } from '@dispatcher/lambda';
import { expect, test } from '@jest/globals';
import { authenticationOf } from './auth/authentication.ts';
import { readAdminConfiguration } from './configuration.ts';

const tables = {
  ACCESS_TABLE: 'access',
  FACTS_TABLE: 'facts',
  PROJECTIONS_TABLE: 'projections',
  BUS_NAME: 'bus',
  RUNS_QUEUE_URL: 'runs',
  RUNS_DEAD_LETTER_QUEUE_URL: 'runs-dead-letters',
  DECISIONS_QUEUE_URL: 'decisions',
  DECISIONS_DEAD_LETTER_QUEUE_URL: 'decisions-dead-letters',
  FACTS_QUEUE_URL: 'facts',
  FACTS_DEAD_LETTER_QUEUE_URL: 'facts-dead-letters',
  UNDELIVERED_EVENTS_QUEUE_URL: 'undelivered',
};

const provider = {
  ADMIN_AUTHENTICATION: 'oidc',
  OIDC_ISSUER: 'https://id.example.com',
  OIDC_AUDIENCE: 'dispatcher',
  OIDC_OPERATOR_VALUE: 'operators',
};

test.each([
  ['no mode', {}, 'ADMIN_AUTHENTICATION'],
  ['an unknown mode', { ADMIN_AUTHENTICATION: 'none' }, 'disabled, basic or oidc'],
  ['disabled, without a word about the address', { ADMIN_AUTHENTICATION: 'disabled' }, 'ADMIN_LISTENS_ON'],
  ['disabled on every address', { ADMIN_AUTHENTICATION: 'disabled', ADMIN_LISTENS_ON: '0.0.0.0' }, 'one machine only'],
  ['basic without a user', { ADMIN_AUTHENTICATION: 'basic', ADMIN_BASIC_PASSWORD: 'p' }, 'ADMIN_BASIC_USER'],
  [
    'basic whose user reads as a key',
    { ADMIN_AUTHENTICATION: 'basic', ADMIN_BASIC_USER: 'key:nightly', ADMIN_BASIC_PASSWORD: 'p' },
    'colon',
  ],
  ['oidc with nothing', { ADMIN_AUTHENTICATION: 'oidc' }, 'OIDC_ISSUER, OIDC_AUDIENCE, OIDC_OPERATOR_VALUE'],
  ['oidc without TLS', { ...provider, OIDC_ISSUER: 'http://id.example.com' }, 'https'],
  ['oidc of no address', { ...provider, OIDC_ISSUER: 'id.example.com' }, 'https'],
  ['viewers who are operators', { ...provider, OIDC_VIEWER_VALUE: 'operators' }, 'every viewer'],
])('%s does not start, and says what to set', (_, env, sentence) => {
  expect(() => readAdminConfiguration({ ...tables, ...env })).toThrow(ConfigurationError);
  expect(() => readAdminConfiguration({ ...tables, ...env })).toThrow(sentence);
});

test('basic without a password does not start', () => {
  const configuration = readAdminConfiguration({ ...tables, ADMIN_AUTHENTICATION: 'basic', ADMIN_BASIC_USER: 'ada' });
  expect(() => authenticationOf(configuration, silent())).toThrow('ADMIN_BASIC_PASSWORD');
});

test('with a provider nobody is asked for a password, and the provider is not asked before the first token', () => {
  const configuration = readAdminConfiguration({ ...tables, ...provider });
  expect(configuration).toMatchObject({ OIDC_ROLE_CLAIM: 'roles', OIDC_NAME_CLAIM: 'sub' });
  expect(authenticationOf(configuration, silent()).mode).toBe('oidc');
});

test('disabled on the loopback address starts with a warning', () => {
  const env = { ...tables, ADMIN_AUTHENTICATION: 'disabled', ADMIN_LISTENS_ON: '127.0.0.1' };
  const warnings: string[] = [];
  const { mode } = authenticationOf(readAdminConfiguration(env), silent(warnings));
  expect(mode).toBe('disabled');
  expect(warnings).toEqual([expect.stringContaining('open to everybody')]);
});

function silent(warnings: string[] = []) {
  const log = {
    info: () => undefined,
    warn: (step: string) => void warnings.push(step),
    error: () => undefined,
    with: () => log,
  };
  return log;
}
