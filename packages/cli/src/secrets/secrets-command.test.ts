import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Emulator, exampleSeed, startEmulator } from '@dispatcher/github-emulator';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { entryNames } from '../context/secret-entries.ts';
import { newPrivateKey, testPrivateKey } from '../testing/private-key.ts';
import { type SecretsEndpoint, startSecretsManager } from '../testing/fake-secrets-manager.ts';
import { run, type TestSurroundings, testSurroundings } from '../testing/test-context.ts';
import { secretsCommand } from './secrets-command.ts';

const old = 'the-webhook-secret-before';
const entry = (name: string) => `dispatcher-dev/${name}`;

let emulator: Emulator;
let aws: SecretsEndpoint;
let around: TestSurroundings;
beforeEach(async () => {
  emulator = await startEmulator({ seed: exampleSeed({ key: testPrivateKey, webhookSecret: old }) });
  aws = await startSecretsManager(entryNames.map(entry));
  around = testSurroundings();
  around.client = aws.client;
  around.env = { GITHUB_API_URL: emulator.url, GITHUB_APP_ID: '1' };
});
afterEach(async () => {
  await emulator.close();
  await aws.close();
  around.remove();
});

const secrets = (...args: string[]) => run(secretsCommand(around), [...args, '--name', 'dispatcher-dev']);

/** What GitHub signs with, asked of the emulator itself. */
async function githubSecret(): Promise<boolean[]> {
  const current = aws.values.get(entry('webhook-secret'));
  const seen: (string | null | undefined)[] = [old, current];
  const { createHmac } = await import('node:crypto');
  const { createServer } = await import('node:http');
  const { text } = await import('node:stream/consumers');
  const signed = Promise.withResolvers<boolean[]>();
  const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
    void (async () => {
      const body = await text(request);
      const signature = request.headers['x-hub-signature-256'];
      const by = (key: string) => `sha256=${createHmac('sha256', key).update(body).digest('hex')}`;
      signed.resolve(seen.map((key) => key != null && signature === by(key)));
      response.end();
    })();
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  const address = server.address();
  if (address === null || typeof address === 'string') throw new Error('The receiver has no port.');
  await emulator.control.setWebhook({ url: `http://127.0.0.1:${address.port}/` });
  await emulator.control.deliver({ event: 'ping', payload: {} });
  await new Promise((closed) => {
    server.close(closed);
    server.closeAllConnections();
  });
  return signed.promise;
}

describe('set', () => {
  test('the webhook secret fills both entries: without the previous one no delivery would be taken', async () => {
    around.input = `${old}\n`;
    const { code, out } = await secrets('set', 'webhook-secret');
    expect(code).toBe(0);
    expect(aws.writes).toEqual([entry('webhook-secret-previous'), entry('webhook-secret')]);
    expect(aws.values.get(entry('webhook-secret'))).toBe(old);
    expect(out).not.toContain(old);
  });

  test('a value is replaced only where it is asked for', async () => {
    around.input = old;
    await secrets('set', 'admin-password');
    around.input = 'another-password-of-somebody';
    expect(await secrets('set', 'admin-password')).toMatchObject({ code: 2, err: expect.stringContaining('--force') });
    expect((await secrets('set', 'admin-password', '--force')).code).toBe(0);
    expect(aws.values.get(entry('admin-password'))).toBe('another-password-of-somebody');
  });

  test('a private key is written once GitHub has taken it', async () => {
    const file = join(around.root, 'key.pem');
    writeFileSync(file, testPrivateKey);
    expect(await secrets('set', 'private-key', '--file', file)).toMatchObject({
      code: 0,
      out: expect.stringContaining('GitHub takes the key as one of the App org-repo-workflows-runner-alpha'),
    });
    writeFileSync(file, newPrivateKey());
    expect((await secrets('set', 'private-key', '--file', file, '--force')).code).toBe(1);
    expect(aws.values.get(entry('private-key'))).toBe(testPrivateKey.trim());
  });

  test('without an App id GitHub cannot be asked, and that is said', async () => {
    around.env = {};
    around.input = testPrivateKey;
    expect(await secrets('set', 'private-key')).toMatchObject({
      code: 0,
      out: expect.stringContaining('was not asked'),
    });
  });

  test.each([
    ['nothing', 'admin-password', ' \n', /empty/],
    ['a short one', 'webhook-secret', 'short', /at least 20/],
    ['two lines', 'webhook-secret', `${old}\n${old}`, /one word/],
    ['no key', 'private-key', old, /no private key/],
    ['an entry that is none', 'password', old, /Say which entry/],
  ])('a value that cannot work is 2: %s', async (_, name, input, message) => {
    around.input = input;
    expect(await secrets('set', name)).toMatchObject({ code: 2, err: expect.stringMatching(message) });
    expect(aws.writes).toEqual([]);
  });
});

describe('rotate-webhook', () => {
  beforeEach(() => {
    aws.values.set(entry('webhook-secret'), old);
    aws.values.set(entry('webhook-secret-previous'), old);
    aws.values.set(entry('private-key'), testPrivateKey);
  });
  const current = () => aws.values.get(entry('webhook-secret'));
  const previous = () => aws.values.get(entry('webhook-secret-previous'));

  test('the old secret is taken until GitHub has the new one, and until it is finished', async () => {
    const { code, out } = await secrets('rotate-webhook');
    expect(code).toBe(0);
    expect(current()).toMatch(/^[0-9a-f]{64}$/);
    expect(previous()).toBe(old);
    expect(around.waits).toEqual([360_000]);
    expect(await githubSecret()).toEqual([false, true]);
    expect(out).not.toContain(current());
    expect((await secrets('status')).out).toContain('is under way');
    expect((await secrets('finish-webhook')).code).toBe(0);
    expect(previous()).toBe(current());
    expect((await secrets('status')).out).not.toContain('is under way');
  });

  test('at no moment does GitHub sign with a secret that a function may not have read', async () => {
    around.wait = async () => {
      expect(previous()).toBe(old);
      expect(await githubSecret()).toEqual([true, false]);
    };
    await secrets('rotate-webhook');
    expect.assertions(2);
  });

  test('interrupted while it waited, it goes on with the same secret', async () => {
    around.wait = () => Promise.reject(new Error('interrupted'));
    await expect(secrets('rotate-webhook')).rejects.toThrow('interrupted');
    const begun = current();
    around.wait = async () => undefined;
    expect((await secrets('rotate-webhook')).code).toBe(0);
    expect(current()).toBe(begun);
    expect(previous()).toBe(old);
    expect(await githubSecret()).toEqual([false, true]);
  });

  test('finished after an interruption, GitHub has the new secret before the old one is refused', async () => {
    around.wait = () => Promise.reject(new Error('interrupted'));
    await expect(secrets('rotate-webhook')).rejects.toThrow('interrupted');
    await secrets('finish-webhook');
    expect(previous()).toBe(current());
    expect(await githubSecret()).toEqual([false, true]);
  });

  test('a GitHub that refuses the App: nothing is changed', async () => {
    aws.values.set(entry('private-key'), newPrivateKey());
    expect((await secrets('rotate-webhook')).code).toBe(1);
    expect(aws.writes).toEqual([]);
  });

  test('the key of .env is not used: it may be that of another App', async () => {
    around.env['GITHUB_APP_PRIVATE_KEY'] = testPrivateKey;
    aws.values.set(entry('private-key'), null);
    expect(await secrets('rotate-webhook')).toMatchObject({
      code: 2,
      err: expect.stringContaining('private-key is empty'),
    });
  });

  test('nothing under way: there is nothing to finish', async () => {
    expect(await secrets('finish-webhook')).toMatchObject({
      code: 0,
      out: expect.stringContaining('nothing to finish'),
    });
    expect(aws.writes).toEqual([]);
  });
});

test('status tells which entries have a value, and no value', async () => {
  aws.values.set(entry('webhook-secret'), old);
  const { code, out } = await secrets('status');
  expect(code).toBe(0);
  expect(out).toMatch(/dispatcher-dev\/webhook-secret +has a value\n/);
  expect(out).toMatch(/dispatcher-dev\/private-key +empty\n/);
  expect(out).not.toContain(old);
});

test('an entry that Terraform has not made: 1, and what to do', async () => {
  aws.values.delete(entry('admin-password'));
  expect(await secrets('status')).toMatchObject({ code: 1, err: expect.stringMatching(/admin-password.*Terraform/) });
});

test.each([
  ['no action', []],
  ['an action that is none', ['show']],
  ['a value on the command line', ['set', 'webhook-secret', old]],
])('bad input is 2: %s', async (_, args) => {
  expect((await secrets(...args)).code).toBe(2);
});

test('without a name of the entries: 2', async () => {
  expect((await run(secretsCommand(around), ['status'])).code).toBe(2);
});
