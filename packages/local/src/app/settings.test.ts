import { describe, expect, test } from '@jest/globals';
import { readSettings } from './settings.ts';

const app = {
  GITHUB_APP_ID: '1',
  GITHUB_APP_SLUG: 'app',
  GITHUB_APP_PRIVATE_KEY: 'key',
  GITHUB_WEBHOOK_SECRET: 'secret',
};

describe('the environment of a start', () => {
  test('without a GitHub App means the emulator, on port 3000', () => {
    expect(readSettings({ GITHUB_APP_ID: '' })).toMatchObject({ mode: 'emulator', port: 3000, functions: {} });
  });

  test('with a whole App means that App', () => {
    expect(readSettings({ ...app, SMEE_URL: 'https://smee.example/x' })).toMatchObject({
      mode: 'app',
      apiUrl: 'https://api.github.com',
      smeeUrl: 'https://smee.example/x',
      functions: app,
    });
  });

  test('with half an App is refused with every name that is missing', () => {
    expect(() => readSettings({ GITHUB_APP_ID: '1' })).toThrow(
      'GITHUB_APP_SLUG, GITHUB_APP_PRIVATE_KEY, GITHUB_WEBHOOK_SECRET are missing',
    );
    expect(() => readSettings({ ...app, GITHUB_APP_ID: '' })).toThrow('GITHUB_APP_ID is missing');
  });

  test('hands guard rails on to the functions and nothing it does not know', () => {
    expect(readSettings({ MAX_TARGETS_PER_RUN: '3', HOME: '/home' }).functions).toEqual({ MAX_TARGETS_PER_RUN: '3' });
  });

  test.each(['web', '-1', '70000'])('a PORT of %s is refused', (PORT) => {
    expect(() => readSettings({ PORT })).toThrow('PORT must be a number');
  });
});
