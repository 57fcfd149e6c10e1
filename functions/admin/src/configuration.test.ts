import { ConfigurationError } from '@dispatcher/lambda';
import { expect, test } from '@jest/globals';
import { createAuthentication } from './auth/authentication.ts';
import { readAdminConfiguration } from './configuration.ts';
import { createRecordingLog } from './testing/recording-log.ts';

const tables = {
  ACCESS_TABLE: 'access',
  FACTS_TABLE: 'facts',
  PROJECTIONS_TABLE: 'projections',
  STATE_TABLE: 'state',
  PLANS_TABLE: 'plans',
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
  ['disabled without an address', { ADMIN_AUTHENTICATION: 'disabled' }, 'ADMIN_LISTENS_ON'],
  ['disabled on every address', { ADMIN_AUTHENTICATION: 'disabled', ADMIN_LISTENS_ON: '0.0.0.0' }, 'one machine only'],
  ['basic without a user', { ADMIN_AUTHENTICATION: 'basic', ADMIN_BASIC_PASSWORD: 'p' }, 'ADMIN_BASIC_USER'],
  [
    'basic with a user named like an API key',
    { ADMIN_AUTHENTICATION: 'basic', ADMIN_BASIC_USER: 'key:nightly', ADMIN_BASIC_PASSWORD: 'p' },
    'colon',
  ],
  ['oidc without settings', { ADMIN_AUTHENTICATION: 'oidc' }, 'OIDC_ISSUER, OIDC_AUDIENCE, OIDC_OPERATOR_VALUE'],
  ['oidc with an http issuer', { ...provider, OIDC_ISSUER: 'http://id.example.com' }, 'https'],
  ['oidc with an issuer that is not a URL', { ...provider, OIDC_ISSUER: 'id.example.com' }, 'https'],
  ['the same value for viewers and operators', { ...provider, OIDC_VIEWER_VALUE: 'operators' }, 'every viewer'],
])('%s: the function does not start, and the error says what to set', (_, env, sentence) => {
  expect(() => readAdminConfiguration({ ...tables, ...env })).toThrow(ConfigurationError);
  expect(() => readAdminConfiguration({ ...tables, ...env })).toThrow(sentence);
});

test('basic without a password: the function does not start', () => {
  const configuration = readAdminConfiguration({ ...tables, ADMIN_AUTHENTICATION: 'basic', ADMIN_BASIC_USER: 'ada' });
  expect(() => createAuthentication(configuration, { log: createRecordingLog() })).toThrow('ADMIN_BASIC_PASSWORD');
});

test('oidc needs no password, and sends no request to the provider before the first token', () => {
  const configuration = readAdminConfiguration({ ...tables, ...provider });
  expect(configuration).toMatchObject({ OIDC_ROLE_CLAIM: 'roles', OIDC_NAME_CLAIM: 'sub' });
  expect(createAuthentication(configuration, { log: createRecordingLog() }).mode).toBe('oidc');
});

test('disabled on the loopback address: the function starts with a warning', () => {
  const env = { ...tables, ADMIN_AUTHENTICATION: 'disabled', ADMIN_LISTENS_ON: '127.0.0.1' };
  const log = createRecordingLog();
  const { mode } = createAuthentication(readAdminConfiguration(env), { log });
  expect(mode).toBe('disabled');
  expect(log.lines.map(({ step }) => step)).toEqual([expect.stringContaining('authentication is disabled')]);
});
