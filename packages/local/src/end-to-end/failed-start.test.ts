import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { once } from 'node:events';
import { cpSync, existsSync, mkdirSync, readFileSync, realpathSync, symlinkSync, writeFileSync } from 'node:fs';
import { mkdtemp, rm } from 'node:fs/promises';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { readRunningFile, repositoryRoot } from '../app/running-file.ts';
import { exitOf, inTerminal, killStarted, type StartOptions, startProgram } from '../testing/process.ts';
import { until } from '../testing/until.ts';

// A start that fails ends by itself, with the sentence that says why. These tests have no time limit of their own: a
// process that hangs exceeds jest's.

let directory: string;
beforeEach(async () => {
  directory = realpathSync(await mkdtemp(join(tmpdir(), 'failed-start-')));
});
afterEach(async () => {
  await killStarted();
  await rm(directory, { recursive: true, maxRetries: 10, retryDelay: 500 });
});

const places = [
  ['in a terminal', inTerminal],
  ['without a terminal', (command: readonly string[]) => command],
] as const;

describe.each(places)('%s', (_, wrap) => {
  async function failedStart(env: Readonly<Record<string, string>>, launcher = 'launch.mjs'): Promise<string> {
    const options: StartOptions = { env: { DISPATCHER_DATA_DIR: join(directory, 'data'), ...env }, wrap };
    const started = startProgram(launcher, options);
    const [code] = await exitOf(started);
    const output = started.output().replaceAll('\r', '');
    expect({ code, output }).toMatchObject({ code: 1 });
    return output;
  }

  test('a port in use ends the start with 1 and a message that names PORT', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as AddressInfo;
    expect(await failedStart({ PORT: String(port) })).toBe(
      `Port ${port} is already in use. Set PORT to a free port, or stop the process that uses it.\n`,
    );
    other.close();
  });

  test('an invalid PORT ends the start with 1 and its value', async () => {
    expect(await failedStart({ PORT: 'web' })).toBe(
      'PORT is "web": write a whole number from 0 to 65535; 0 takes any free port.\n',
    );
  });

  test('a partly configured App ends the start with 1 and the names of the missing variables', async () => {
    expect(await failedStart({ GITHUB_APP_ID: '1' })).toContain(
      'GITHUB_APP_SLUG, GITHUB_APP_PRIVATE_KEY, GITHUB_WEBHOOK_SECRET are missing',
    );
  });

  test('a variable that only functions refuse ends the start with 1 and one sentence', async () => {
    expect(await failedStart({ CREATE_ISSUES: 'maybe' })).toBe(
      'CREATE_ISSUES is "maybe": write true, false or all. (dispatch)\n',
    );
  });

  test('a malformed .env ends the start with 1 and the number of the line', async () => {
    const root = copyOfTheRepository();
    writeFileSync(join(root, '.env'), 'PORT=0\nGITHUB_APP_PRIVATE_KEY=-----BEGIN RSA PRIVATE KEY-----\nabc\nxyz\n');
    expect(await failedStart({}, join(root, 'packages/local/src/launch.mjs'))).toBe(
      `${root}/.env: line 3 is not NAME=value. Put a value of several lines in double quotes.\n`,
    );
  });

  test('an .env that cannot be read ends the start with 1 and its path', async () => {
    const root = copyOfTheRepository();
    mkdirSync(join(root, '.env'));
    expect(await failedStart({}, join(root, 'packages/local/src/launch.mjs'))).toMatch(
      /^Cannot read .*\/\.env: EISDIR.* delete it to use the emulator\.\n$/,
    );
  });

  test('a data directory that is a file, or below one, ends the start with 1 and the reason', async () => {
    const file = join(directory, 'file');
    writeFileSync(file, '');
    const remedy = 'Make it writable, or set DISPATCHER_DATA_DIR to another directory.';
    expect(await failedStart({ DISPATCHER_DATA_DIR: file })).toBe(
      `Cannot write to the data directory ${file}: it is a file (EEXIST). ${remedy}\n`,
    );
    expect(await failedStart({ DISPATCHER_DATA_DIR: `${file}/data` })).toBe(
      `Cannot write to the data directory ${file}/data: a part of this path is a file (ENOTDIR). ${remedy}\n`,
    );
  });

  test('a parent that admits no folders ends the start with 1', async () => {
    // Node's recursive mkdir never ends there. /proc is on Linux only; elsewhere this user may not write to /.
    expect(await failedStart({ DISPATCHER_DATA_DIR: '/proc/dispatcher/data' })).toMatch(
      /^Cannot write to the data directory .*Make it writable, or set DISPATCHER_DATA_DIR to another directory\.\n$/,
    );
  });

  test('a damaged store ends the start with 1 and the directory', async () => {
    const data = join(directory, 'data');
    mkdirSync(join(data, 'aws/dynamodb'), { recursive: true });
    writeFileSync(join(data, 'aws/dynamodb/CURRENT'), 'damaged');
    expect(await failedStart({})).toMatch(
      /^Cannot open the stored messages and items in .*\/data\/aws: .*DISPATCHER_DATA_DIR/,
    );
  });

  test('a second start is refused with the address of the first, which deliver still finds', async () => {
    const env = { DISPATCHER_DATA_DIR: join(directory, 'data') };
    const first = startProgram('launch.mjs', { env });
    await until(() => first.output().includes('Stop         Ctrl-C') || first.child.exitCode !== null);
    const running = await readRunningFile(env.DISPATCHER_DATA_DIR);
    expect(await failedStart({ PORT: new URL(running.url).port })).toBe(
      `Dispatcher is already running at ${running.url} (process ${running.pid}), with the data directory ` +
        `${env.DISPATCHER_DATA_DIR}. Stop it first, or set both PORT and DISPATCHER_DATA_DIR to other values to run a second one.\n`,
    );
    expect(await readRunningFile(env.DISPATCHER_DATA_DIR)).toEqual(running);
    expect(existsSync(join(env.DISPATCHER_DATA_DIR, 'environment'))).toBe(true);
    const delivered = startProgram('demo/deliver.ts', { env, args: ['--conclusion', 'failure'] });
    expect(await exitOf(delivered)).toEqual([0, null]);
    expect(delivered.output()).toContain('status 202');
  });

  /** Returns a root with a copy of this package, so that a test can write its `.env`. */
  function copyOfTheRepository(): string {
    const root = join(directory, 'repository');
    for (const folder of ['packages/local/src', 'scripts/node-24.mjs']) {
      cpSync(join(repositoryRoot, folder), join(root, folder), { recursive: true });
    }
    writeFileSync(join(root, 'package.json'), readFileSync(join(repositoryRoot, 'package.json')));
    symlinkSync(join(repositoryRoot, 'node_modules'), join(root, 'node_modules'));
    return root;
  }
});
