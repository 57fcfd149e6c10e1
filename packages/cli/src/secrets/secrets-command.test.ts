import { writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Emulator, exampleSeed, startEmulator } from '@dispatcher/github-emulator';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { entryNames } from '../context/secret-entries.ts';
import { newPrivateKey, testPrivateKey } from '../testing/private-key.ts';
import { type FakeSecretsManager, startFakeSecretsManager } from '../testing/fake-secrets-manager.ts';
import { run, type TestContext, createTestContext } from '../testing/test-context.ts';
import { secretsCommand } from './secrets-command.ts';

const old = 'the-webhook-secret-before';
const entry = (name: string) => `dispatcher-dev/${name}`;

let emulator: Emulator;
let aws: FakeSecretsManager;
let context: TestContext;
beforeEach(async () => {
  emulator = await startEmulator({ seed: exampleSeed({ key: testPrivateKey, webhookSecret: old }) });
  aws = await startFakeSecretsManager(entryNames.map(entry));
  context = createTestContext();
  context.client = aws.client;
  context.env = { GITHUB_API_URL: emulator.url, GITHUB_APP_ID: '1' };
});
afterEach(async () => {
  await emulator.close();
  await aws.close();
  context.remove();
});

const secrets = (...args: string[]) => run(secretsCommand(context), [...args, '--name', 'dispatcher-dev']);

/** Returns whether the emulator signs with the old and with the current secret. */
async function signingSecrets(): Promise<boolean[]> {
  const current = aws.values.get(entry('webhook-secret'));
  const candidates: (string | null | undefined)[] = [old, current];
  const { createHmac } = await import('node:crypto');
  const { createServer } = await import('node:http');
  const { text } = await import('node:stream/consumers');
  const signed = Promise.withResolvers<boolean[]>();
  const server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
    void (async () => {
      const body = await text(request);
      const signature = request.headers['x-hub-signature-256'];
      const by = (key: string) => `sha256=${createHmac('sha256', key).update(body).digest('hex')}`;
      signed.resolve(candidates.map((key) => key != null && signature === by(key)));
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
  test('the webhook secret sets both entries: without the previous one no delivery would be accepted', async () => {
    context.input = `${old}\n`;
    const { code, out } = await secrets('set', 'webhook-secret');
    expect(code).toBe(0);
    expect(aws.writes).toEqual([entry('webhook-secret-previous'), entry('webhook-secret')]);
    expect(aws.values.get(entry('webhook-secret'))).toBe(old);
    expect(out).not.toContain(old);
  });

  test('a value is replaced only with --force', async () => {
    context.input = old;
    await secrets('set', 'admin-password');
    context.input = 'another-long-password';
    expect(await secrets('set', 'admin-password')).toMatchObject({ code: 2, err: expect.stringContaining('--force') });
    expect((await secrets('set', 'admin-password', '--force')).code).toBe(0);
    expect(aws.values.get(entry('admin-password'))).toBe('another-long-password');
  });

  test('a private key is written only after GitHub accepted it', async () => {
    const file = join(context.root, 'key.pem');
    writeFileSync(file, testPrivateKey);
    expect(await secrets('set', 'private-key', '--file', file)).toMatchObject({
      code: 0,
      out: expect.stringContaining('GitHub accepts the key for the App org-repo-workflows-runner-alpha'),
    });
    writeFileSync(file, newPrivateKey());
    expect((await secrets('set', 'private-key', '--file', file, '--force')).code).toBe(1);
    expect(aws.values.get(entry('private-key'))).toBe(testPrivateKey.trim());
  });

  test('without an App id the key is not verified, and the output says so', async () => {
    context.env = {};
    context.input = testPrivateKey;
    expect(await secrets('set', 'private-key')).toMatchObject({
      code: 0,
      out: expect.stringContaining('was not verified'),
    });
  });

  test.each([
    ['nothing', 'admin-password', ' \n', /empty/],
    ['a short one', 'webhook-secret', 'short', /at least 20/],
    ['two lines', 'webhook-secret', `${old}\n${old}`, /use one word/],
    ['no key', 'private-key', old, /not a private key/],
    ['an unknown entry', 'password', old, /Choose an entry/],
  ])('an invalid value exits with 2: %s', async (_, name, input, message) => {
    context.input = input;
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

  test('the old secret is accepted until the rotation is finished', async () => {
    const { code, out } = await secrets('rotate-webhook');
    expect(code).toBe(0);
    expect(current()).toMatch(/^[0-9a-f]{64}$/);
    expect(previous()).toBe(old);
    expect(context.waits).toEqual([360_000]);
    expect(await signingSecrets()).toEqual([false, true]);
    expect(out).not.toContain(current());
    expect((await secrets('status')).out).toContain('is in progress');
    expect((await secrets('finish-webhook')).code).toBe(0);
    expect(previous()).toBe(current());
    expect((await secrets('status')).out).not.toContain('is in progress');
  });

  test('GitHub never signs with a secret that a function may not have read', async () => {
    context.wait = async () => {
      expect(previous()).toBe(old);
      expect(await signingSecrets()).toEqual([true, false]);
    };
    await secrets('rotate-webhook');
    expect.assertions(2);
  });

  test('interrupted while waiting, it continues with the same secret', async () => {
    context.wait = () => Promise.reject(new Error('interrupted'));
    await expect(secrets('rotate-webhook')).rejects.toThrow('interrupted');
    const begun = current();
    context.wait = async () => undefined;
    expect((await secrets('rotate-webhook')).code).toBe(0);
    expect(current()).toBe(begun);
    expect(previous()).toBe(old);
    expect(await signingSecrets()).toEqual([false, true]);
  });

  test('finished after an interruption, GitHub has the new secret before the old one is refused', async () => {
    context.wait = () => Promise.reject(new Error('interrupted'));
    await expect(secrets('rotate-webhook')).rejects.toThrow('interrupted');
    await secrets('finish-webhook');
    expect(previous()).toBe(current());
    expect(await signingSecrets()).toEqual([false, true]);
  });

  test('if GitHub refuses the App, nothing is changed', async () => {
    aws.values.set(entry('private-key'), newPrivateKey());
    expect((await secrets('rotate-webhook')).code).toBe(1);
    expect(aws.writes).toEqual([]);
  });

  test('the key in .env is not used: it may belong to another App', async () => {
    context.env['GITHUB_APP_PRIVATE_KEY'] = testPrivateKey;
    aws.values.set(entry('private-key'), null);
    expect(await secrets('rotate-webhook')).toMatchObject({
      code: 2,
      err: expect.stringContaining('private-key is empty'),
    });
  });

  test('without a rotation, there is nothing to finish', async () => {
    expect(await secrets('finish-webhook')).toMatchObject({
      code: 0,
      out: expect.stringContaining('nothing to finish'),
    });
    expect(aws.writes).toEqual([]);
  });
});

test('status prints which entries have a value, but no value', async () => {
  aws.values.set(entry('webhook-secret'), old);
  const { code, out } = await secrets('status');
  expect(code).toBe(0);
  expect(out).toMatch(/dispatcher-dev\/webhook-secret +has a value\n/);
  expect(out).toMatch(/dispatcher-dev\/private-key +empty\n/);
  expect(out).not.toContain(old);
});

test('a missing entry exits with 1 and says what to do', async () => {
  aws.values.delete(entry('admin-password'));
  expect(await secrets('status')).toMatchObject({ code: 1, err: expect.stringMatching(/admin-password.*Terraform/) });
});

test.each([
  ['no action', []],
  ['an unknown action', ['show']],
  ['a value on the command line', ['set', 'webhook-secret', old]],
])('invalid arguments exit with 2: %s', async (_, args) => {
  expect((await secrets(...args)).code).toBe(2);
});

test('without --name the command exits with 2', async () => {
  expect((await run(secretsCommand(context), ['status'])).code).toBe(2);
});
