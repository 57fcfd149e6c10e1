import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { closeSync, openSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { type AddressInfo, connect, createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { completeRun, type RunningEmulator, startEmulator } from '../app/emulator.ts';
import { type LocalApp, loadLocalApp } from '../app/local-app.ts';
import { exitOf, killStarted, type Started, startProgram } from '../testing/process.ts';
import { until } from '../testing/until.ts';

// `npm start` with a complete .env. The emulator is the GitHub that cannot be reached at first.

const invitation = 'To see a dispatch, complete a workflow run';

let directory: string;
let log: number;
let app: LocalApp;
let emulator: RunningEmulator;
let proxy: Server;
beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'unreachable-'));
  log = openSync(join(directory, 'emulator.log'), 'a');
  app = await loadLocalApp(directory);
  emulator = await startEmulator({
    app,
    webhookUrl: 'http://127.0.0.1:9/',
    dataDir: directory,
    log,
    onExit: () => undefined,
  });
  proxy = createServer((from) => {
    const to = connect(Number(new URL(emulator.url).port), '127.0.0.1');
    from.pipe(to).pipe(from);
    for (const socket of [from, to]) socket.on('error', () => [from, to].forEach((each) => each.destroy()));
  });
});
afterEach(async () => {
  await killStarted();
  await emulator.stop();
  proxy.close();
  closeSync(log);
  await rm(directory, { recursive: true, maxRetries: 10, retryDelay: 500 });
});

function start(apiUrl: string, env: Readonly<Record<string, string>> = {}): Started {
  return startProgram('launch.mjs', {
    env: {
      DISPATCHER_DATA_DIR: join(directory, 'data'),
      GITHUB_APP_ID: String(app.id),
      GITHUB_APP_SLUG: app.slug,
      GITHUB_APP_PRIVATE_KEY: app.privateKey,
      GITHUB_WEBHOOK_SECRET: app.webhookSecret,
      GITHUB_API_URL: apiUrl,
      ...env,
    },
  });
}

/** Returns a port at which nothing listens. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as AddressInfo;
  server.close();
  await once(server, 'close');
  return port;
}

async function printed({ child, output }: Started, text: string | RegExp): Promise<void> {
  const matches = () => (typeof text === 'string' ? output().includes(text) : text.test(output()));
  await until(() => matches() || child.exitCode !== null).catch(() => undefined);
  expect(output()).toMatch(text);
}

test('with GitHub unreachable it names address and cause, tries with growing pauses, and invites once it is reachable', async () => {
  const port = await freePort();
  const url = `http://127.0.0.1:${port}`;
  const started = start(url);
  await printed(started, /Next try in 1 s[\s\S]*Next try in 2 s/);
  expect(started.output()).toContain(
    `GitHub cannot be reached at ${url}: 127.0.0.1:${port} refused the connection: nothing listens there (ECONNREFUSED). ` +
      'Dispatcher keeps trying, and starts no workflow until then. Next try in 1 s.',
  );
  expect(started.output()).not.toContain(invitation);

  proxy.listen(port, '127.0.0.1');
  await printed(started, invitation);
  expect(started.output()).toContain(`Connected: ${url} accepts the App’s credentials.`);

  await completeRun(emulator.url, { repository: 'octo-org/app', workflow: 'ci.yml' });
  const address = /running at (\S+)/.exec(started.output())?.[1];
  await until(async () => (await (await fetch(`${address}/api/deliveries`)).text()).includes('octo-org/app'));
  started.child.kill('SIGTERM');
  expect(await exitOf(started)).toEqual([0, null]);
});

test('a name without an address, and a server without TLS, are named as the cause', async () => {
  const unknown = start('https://github.invalid');
  await printed(
    unknown,
    /GitHub cannot be reached at https:\/\/github\.invalid: .*github\.invalid.* \((?:ENOTFOUND|EAI_AGAIN)\)/,
  );
  expect(unknown.output()).not.toContain(invitation);
  unknown.child.kill('SIGTERM');
  expect(await exitOf(unknown)).toEqual([0, null]);

  const plain = start(emulator.url.replace('http:', 'https:'));
  await printed(plain, /answered with something other than TLS.* \((?:ERR_SSL_\w+|EPROTO)\)/);
});

test('credentials that GitHub refuses are named, and invite to nothing', async () => {
  const { privateKey } = await loadLocalApp(await mkdtemp(join(directory, 'other-')));
  const started = start(emulator.url, { GITHUB_APP_PRIVATE_KEY: privateKey });
  await printed(
    started,
    /GitHub returned 401 for \/app\/hook\/deliveries: .* check GITHUB_APP_ID, GITHUB_APP_PRIVATE_KEY/,
  );
  expect(started.output()).not.toContain(invitation);
});

test('a smee channel that cannot be reached is named, and tried again', async () => {
  const channel = `http://127.0.0.1:${await freePort()}/channel`;
  const started = start(emulator.url, { SMEE_URL: channel });
  await printed(started, /Next try in 2 s/);
  expect(started.output()).toContain(`The channel ${channel} cannot be reached: `);
  expect(started.output()).not.toContain(invitation);
  started.child.kill('SIGTERM');
  expect(await exitOf(started)).toEqual([0, null]);
});
