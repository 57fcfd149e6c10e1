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
  HINTS_QUEUE_URL: 'hints',
  HINTS_DEAD_LETTER_QUEUE_URL: 'hints-dead-letters',
  DECISIONS_QUEUE_URL: 'decisions',
  DECISIONS_DEAD_LETTER_QUEUE_URL: 'decisions-dead-letters',
  FACTS_QUEUE_URL: 'facts',
  FACTS_DEAD_LETTER_QUEUE_URL: 'facts-dead-letters',
  UNDELIVERED_EVENTS_QUEUE_URL: 'undelivered',
  WEBHOOK_SECRETS_PREFIX: 'webhooks/',
};

const provider = {
  ADMIN_AUTHENTICATION: 'oidc',
  OIDC_ISSUER: 'https://id.example.com',
  OIDC_AUDIENCE: 'dispatcher',
  OIDC_OPERATOR_VALUE: 'operators',
};

const gitHub = {
  ADMIN_AUTHENTICATION: 'github',
  GITHUB_APP_ID: '1',
  GITHUB_APP_PRIVATE_KEY: 'PEM',
  GITHUB_CLIENT_ID: 'Iv23liExample',
  GITHUB_CLIENT_SECRET: 'secret',
  ADMIN_OPERATORS: 'repo:acme/ops',
  PUBLIC_URL: 'https://dispatcher.example',
};

test.each([
  ['no mode', {}, 'ADMIN_AUTHENTICATION'],
  ['an unknown mode', { ADMIN_AUTHENTICATION: 'none' }, 'disabled, basic, github or oidc'],
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
  [
    'github without settings',
    { ADMIN_AUTHENTICATION: 'github' },
    'GITHUB_APP_ID, GITHUB_CLIENT_ID, GITHUB_APP_PRIVATE_KEY, GITHUB_CLIENT_SECRET, ADMIN_OPERATORS, PUBLIC_URL',
  ],
  ['github with the App ID as the client id', { ...gitHub, GITHUB_CLIENT_ID: '12345' }, 'begins with Iv'],
  ['github with an operator without a kind', { ...gitHub, ADMIN_OPERATORS: 'repo:acme/ops,acme/ops' }, '"acme/ops"'],
  [
    'github with a team without its organization',
    { ...gitHub, ADMIN_VIEWERS: 'team:platform' },
    'team:ORGANIZATION/SLUG',
  ],
  ['github without a secret', { ...gitHub, GITHUB_CLIENT_SECRET: '' }, 'GITHUB_CLIENT_SECRET'],
  ['an http address', { ...gitHub, PUBLIC_URL: 'http://dispatcher.example' }, 'https address'],
  ['an address with a path', { ...gitHub, PUBLIC_URL: 'https://dispatcher.example/x' }, 'without a path'],
  ['a browser client without an address', { ...provider, OIDC_CLIENT_ID: 'dashboard' }, 'PUBLIC_URL'],
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

test('github needs no address on this machine, and takes its secrets by their ARNs', () => {
  const { PUBLIC_URL: _, GITHUB_CLIENT_SECRET: __, ...rest } = gitHub;
  const env = {
    ...tables,
    ...rest,
    GITHUB_CLIENT_SECRET_ARN: 'arn:aws:secretsmanager:::x',
    ADMIN_LISTENS_ON: '127.0.0.1',
  };
  const configuration = readAdminConfiguration(env);
  expect(configuration).toMatchObject({ ADMIN_OPERATORS: ['repo:acme/ops'], ADMIN_VIEWERS: [] });
  expect(createAuthentication(configuration, { log: createRecordingLog() })).toMatchObject({
    mode: 'github',
    signIn: { kind: 'redirect' },
  });
});

test('a slash at the end of the address does not count', () => {
  const { PUBLIC_URL: address } = readAdminConfiguration({
    ...tables,
    ...gitHub,
    PUBLIC_URL: 'https://dispatcher.example/',
  });
  expect(address).toBe('https://dispatcher.example');
});

test('disabled on the loopback address: the function starts with a warning', () => {
  const env = { ...tables, ADMIN_AUTHENTICATION: 'disabled', ADMIN_LISTENS_ON: '127.0.0.1' };
  const log = createRecordingLog();
  const { mode } = createAuthentication(readAdminConfiguration(env), { log });
  expect(mode).toBe('disabled');
  expect(log.lines.map(({ step }) => step)).toEqual([expect.stringContaining('authentication is disabled')]);
});

test('only a sign-in by GitHub can say which repositories a person may read', () => {
  const visibility = { REPOSITORY_VISIBILITY: 'github' };
  expect(readAdminConfiguration({ ...tables, ...gitHub, ...visibility })).toMatchObject(visibility);
  const disabled = { ADMIN_AUTHENTICATION: 'disabled', ADMIN_LISTENS_ON: '127.0.0.1' };
  expect(() => readAdminConfiguration({ ...tables, ...disabled, ...visibility })).toThrow(
    'REPOSITORY_VISIBILITY=github needs ADMIN_AUTHENTICATION=github',
  );
  expect(readAdminConfiguration({ ...tables, ...disabled })).toMatchObject({ REPOSITORY_VISIBILITY: 'all' });
  expect(() => readAdminConfiguration({ ...tables, ...gitHub, REPOSITORY_VISIBILITY: 'some' })).toThrow(
    'write all or github',
  );
});
