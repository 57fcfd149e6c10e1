import { execFile } from 'node:child_process';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv, promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { sourceFile } from '../lambda/child-process.ts';
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

  test('of an earlier dispatcher are rejected with their replacements', () => {
    expect(() => readSettings({ DISPATCH_MAX_TARGETS_PER_RUN: '3', ADMIN_IP_ALLOWLIST: '10.0.0.0/8' })).toThrow(
      /^ADMIN_IP_ALLOWLIST .*ADMIN_AUTHENTICATION.*\nDISPATCH_MAX_TARGETS_PER_RUN .*MAX_TARGETS_PER_RUN/,
    );
  });

  test('of an earlier dispatcher end npm start at once, with their replacements', async () => {
    const dataDir = mkdtempSync(join(tmpdir(), 'dispatcher-settings-'));
    const env = {
      PATH: process.env['PATH'],
      DISPATCHER_DATA_DIR: dataDir,
      ALLOWED_SOURCE_CONCLUSIONS: 'success,failure',
    };
    const started = promisify(execFile)(process.execPath, [sourceFile('start.ts')], { env });
    await expect(started).rejects.toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/ALLOWED_SOURCE_CONCLUSIONS is not .* `conclusions`/),
    });
    rmSync(dataDir, { recursive: true });
  });

  test('with a misspelled name are a warning', () => {
    expect(readSettings({ TARGET_REPOS_ALLOWLIST: 'acme/*', HOME: '/home' }).warnings).toEqual([
      expect.stringMatching(/^TARGET_REPOS_ALLOWLIST .*TARGET_REPO_ALLOWLIST/),
    ]);
    expect(readSettings(app).warnings).toEqual([]);
  });

  test('include every variable of .env.example: one that is missing here would be called misspelled, or not passed on', () => {
    const text = readFileSync(new URL('../../../../.env.example', import.meta.url), 'utf8');
    for (const name of Object.keys(parseEnv(text))) {
      expect(readSettings({ [`${name}X`]: '1', ...app }).warnings).toEqual(
        name.length < 8 ? [] : [expect.stringContaining(`If you mean ${name},`)],
      );
    }
  });

  test.each(['web', '-1', '70000'])('with PORT=%s are rejected', (PORT) => {
    expect(() => readSettings({ PORT })).toThrow('PORT must be a number');
  });
});
