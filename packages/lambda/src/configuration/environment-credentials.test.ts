import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { defaultProvider } from './environment-credentials.ts';

const names = ['AWS_ACCESS_KEY_ID', 'AWS_SECRET_ACCESS_KEY', 'AWS_SESSION_TOKEN'] as const;
const before = names.map((name) => [name, process.env[name]] as const);
beforeEach(() => {
  for (const name of names) delete process.env[name];
});
afterEach(() => {
  for (const [name, value] of before) {
    if (value === undefined) delete process.env[name];
    else process.env[name] = value;
  }
});

describe('credentials of a bundled function', () => {
  test('are read from the environment variables that Lambda sets, with the session token', async () => {
    Object.assign(process.env, {
      AWS_ACCESS_KEY_ID: 'id',
      AWS_SECRET_ACCESS_KEY: 'secret',
      AWS_SESSION_TOKEN: 'session',
    });
    const credentials = { accessKeyId: 'id', secretAccessKey: 'secret', sessionToken: 'session' };
    await expect(defaultProvider()()).resolves.toMatchObject(credentials);
  });

  test('are reported as missing if the environment variables are unset', async () => {
    await expect(defaultProvider()()).rejects.toThrow(/environment variable/);
  });
});
