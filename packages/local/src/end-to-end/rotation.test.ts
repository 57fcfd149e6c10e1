import { afterAll, beforeAll, expect, test } from '@jest/globals';
import { createHmac, randomUUID } from 'node:crypto';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { emulatorToken } from '../app/emulator-token.ts';
import { completeRun } from '../app/emulator.ts';
import { writeRunningFile } from '../app/running-file.ts';
import { startSystem, type System } from '../app/system.ts';
import { commandsOf, runInShell } from '../testing/shell.ts';
import { until } from '../testing/until.ts';

// Follows the rehearsals in the runbooks of the webhook secret and of the private key command by command.

let dataDir: string;
let system: System;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'rotation-'));
  system = await start();
});
afterAll(async () => {
  await system.close();
  await rm(dataDir, { recursive: true, maxRetries: 5 });
});

async function start(): Promise<System> {
  const started = await startSystem({ dataDir, port: 0, env: {} });
  const { url, emulatorUrl } = started;
  await writeRunningFile(dataDir, { pid: process.pid, url, emulatorUrl, emulatorToken });
  return started;
}

async function storedSecret(): Promise<string> {
  const { webhookSecret } = JSON.parse(await readFile(join(dataDir, 'app.json'), 'utf8')) as { webhookSecret: string };
  return webhookSecret;
}

/** Sends a ping that is signed with this secret. */
async function ping(secret: string): Promise<number> {
  const body = '{"zen":"x"}';
  const response = await fetch(`${system.url}/webhooks/github`, {
    method: 'POST',
    headers: {
      'content-type': 'application/json',
      'x-github-event': 'ping',
      'x-github-delivery': randomUUID(),
      'x-hub-signature-256': `sha256=${createHmac('sha256', secret).update(body).digest('hex')}`,
    },
    body,
  });
  return response.status;
}

test('the webhook secret is rotated without a refused delivery, and the old secret is refused at the end', async () => {
  const before = await storedSecret();
  expect(await ping(before)).toBeLessThan(300);
  const rehearsal = commandsOf('runbooks/rotate-webhook-secret.md').find((block) => block.includes('dispatcher-local'));
  const output = await runInShell(dataDir, rehearsal ?? '');
  expect(output).toContain('GitHub now signs with the new secret.');
  expect(output).toContain('A rotation of the webhook secret is in progress.');
  expect(output.match(/status 202/g)).toHaveLength(2);
  expect(output).toContain('The old secret is no longer accepted');
  const after = await storedSecret();
  expect(after).not.toBe(before);
  expect(await ping(after)).toBeLessThan(300);
  await until(async () => (await ping(before)) === 401);
});

test('after a restart the emulator signs with the rotated secret', async () => {
  const rotated = await storedSecret();
  await system.close();
  system = await start();
  expect(system.webhookSecret).toBe(rotated);
  const run = { repository: 'octo-org/app', workflow: 'ci.yml' };
  const { delivery } = await completeRun(system.emulatorUrl ?? '', run);
  expect(delivery?.statusCode).toBe(202);
});

test('the private key is rotated, and works after the old one was deleted', async () => {
  const [store = '', finish = ''] = commandsOf('runbooks/rotate-private-key.md').slice(-2);
  const variables = { TMPDIR: dataDir };
  expect(await runInShell(dataDir, store, variables)).toContain('dispatcher-local/private-key is set.');
  await system.close();
  system = await start();
  expect(await runInShell(dataDir, finish, variables)).toMatch(/only the key in[\s\S]*started +octo-org\/app:ci\.yml/);
  // The emulator keeps its state: the old key stays deleted.
  await system.close();
  system = await start();
  const { delivery } = await completeRun(system.emulatorUrl ?? '', { repository: 'octo-org/app', workflow: 'ci.yml' });
  expect(delivery?.statusCode).toBe(202);
});
