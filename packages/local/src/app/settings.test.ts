import { execFile } from 'node:child_process';
import { generateKeyPairSync } from 'node:crypto';
import { mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { parseEnv, promisify } from 'node:util';
import { describe, expect, test } from '@jest/globals';
import { sourceFile } from '../lambda/child-process.ts';
import { readSettings } from './settings.ts';

const { privateKey } = generateKeyPairSync('rsa', {
  modulusLength: 2048,
  privateKeyEncoding: { type: 'pkcs1', format: 'pem' },
  publicKeyEncoding: { type: 'spki', format: 'pem' },
});
const app = {
  GITHUB_APP_ID: '1',
  GITHUB_APP_SLUG: 'app',
  GITHUB_APP_PRIVATE_KEY: privateKey,
  GITHUB_WEBHOOK_SECRET: 'secret',
};

function messageOf(env: NodeJS.ProcessEnv): string {
  try {
    readSettings(env);
  } catch (error) {
    return (error as Error).message;
  }
  throw new Error('The environment was accepted.');
}

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

  test.each(['web', '-1', '70000', '3e3', ' 80'])('with PORT=%s are rejected', (PORT) => {
    expect(() => readSettings({ PORT })).toThrow(`PORT is "${PORT}": write a whole number from 0 to 65535`);
  });

  test.each([
    ['MAX_TARGETS_PER_RUN', 'many', 'write a whole number'],
    ['MAX_DISPATCH_DEPTH', '0', 'write a whole number from 1'],
    ['MAX_ATTEMPTS', '-2', 'write a whole number'],
    ['LEASE_SECONDS', '1.5', 'write a whole number'],
    ['RECONCILE_WINDOW_SECONDS', '1m', 'write a whole number'],
    ['UNREADABLE_GIVE_UP_SECONDS', '900000', 'write at most 259200'],
    ['LOG_LEVEL', 'loud', 'write debug, info, warn or error.'],
    ['DISPATCH_PAUSED', 'yes', 'write true or false.'],
    ['DRY_RUN', '1', 'write true or false.'],
    ['REQUIRE_POLICY', 'octo/app', 'is not the name of an owner'],
    ['SOURCE_REPO_ALLOWLIST', '*', 'matches no repository: write owner/name.'],
    ['TARGET_REPO_ALLOWLIST', 'acme', 'matches no repository: write owner/name.'],
    ['SOURCE_WORKFLOW_ALLOWLIST', 'acme/app:ci.yml', 'matches no workflow'],
    ['DEFAULT_DISPATCH_REF', 'a..b', 'write the name of a branch or tag'],
    ['GITHUB_API_URL', 'api.github.com', 'write a URL such as https://api.github.com.'],
    ['GITHUB_API_URL', 'ftp://api.github.com', 'write a URL such as https://api.github.com.'],
    ['SMEE_URL', 'smee', 'write the URL of a channel'],
    ['WEBHOOK_PROXY_URL', 'file:///x', 'write the URL of a channel'],
  ])('with %s=%s are rejected, and the message has the name, the value and what to write', (name, value, remedy) => {
    const message = messageOf({ [name]: value });
    expect(message).toMatch(new RegExp(`^${name} is ${JSON.stringify(value).replaceAll(/[.*]/g, '[$&]')}: `));
    expect(message).toContain(remedy);
  });

  test('with several errors are rejected with one line for each', () => {
    const lines = messageOf({ PORT: 'web', LOG_LEVEL: 'loud', GITHUB_APP_ID: '1', DISPATCH_MAX_RETRIES: '3' }).split(
      '\n',
    );
    expect(lines.map((line) => line.split(' ')[0])).toEqual(['DISPATCH_MAX_RETRIES', 'The', 'LOG_LEVEL', 'PORT']);
  });

  test.each([
    ['GITHUB_APP_ID', 'my-app', 'GITHUB_APP_ID is "my-app": write the App’s numeric id.'],
    ['GITHUB_APP_PRIVATE_KEY', 'hunter2', 'GITHUB_APP_PRIVATE_KEY is not a valid PEM private key.'],
    ['GITHUB_APP_PRIVATE_KEY', '-----BEGIN RSA PRIVATE KEY-----', 'GITHUB_APP_PRIVATE_KEY has only its first line'],
  ])('with the App’s %s=%s are rejected, and no secret is shown', (name, value, sentence) => {
    expect(messageOf({ ...app, [name]: value })).toContain(sentence);
    expect(messageOf({ ...app, [name]: value })).not.toContain('hunter2');
  });

  test('with the private key on one line are accepted', () => {
    expect(readSettings({ ...app, GITHUB_APP_PRIVATE_KEY: privateKey.replaceAll('\n', '\\n') }).mode).toBe('app');
  });
});
