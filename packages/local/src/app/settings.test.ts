import { describe, expect, test } from '@jest/globals';
import { readSettings } from './settings.ts';

const app = {
  GITHUB_APP_ID: '1',
  GITHUB_APP_SLUG: 'app',
  GITHUB_APP_PRIVATE_KEY: 'key',
  GITHUB_WEBHOOK_SECRET: 'secret',
};

describe('the environment variables', () => {
  test('without a GitHub App select the emulator, on port 3000', () => {
    expect(readSettings({ GITHUB_APP_ID: '' })).toMatchObject({ mode: 'emulator', port: 3000, functions: {} });
  });

  test('with a complete App select that App', () => {
    expect(readSettings({ ...app, SMEE_URL: 'https://smee.example/x' })).toMatchObject({
      mode: 'app',
      apiUrl: 'https://api.github.com',
      smeeUrl: 'https://smee.example/x',
      functions: app,
    });
  });

  test('with a partly configured App are rejected with every missing name', () => {
    expect(() => readSettings({ GITHUB_APP_ID: '1' })).toThrow(
      'GITHUB_APP_SLUG, GITHUB_APP_PRIVATE_KEY, GITHUB_WEBHOOK_SECRET are missing',
    );
    expect(() => readSettings({ ...app, GITHUB_APP_ID: '' })).toThrow('GITHUB_APP_ID is missing');
  });

  test('of the guard rails are passed to the functions, and unknown ones are not', () => {
    expect(readSettings({ MAX_TARGETS_PER_RUN: '3', HOME: '/home' }).functions).toEqual({ MAX_TARGETS_PER_RUN: '3' });
  });

  test.each(['web', '-1', '70000'])('with PORT=%s are rejected', (PORT) => {
    expect(() => readSettings({ PORT })).toThrow('PORT must be a number');
  });
});
