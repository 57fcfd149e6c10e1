import { afterAll, beforeAll, describe, expect, test } from '@jest/globals';
import { execFileSync, spawn, spawnSync } from 'node:child_process';
import {
  chmodSync,
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  readFileSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { delimiter, dirname, join } from 'node:path';
import { text } from 'node:stream/consumers';
import { fileURLToPath } from 'node:url';

// Packs the published package and installs it into an empty folder without a registry, then runs it with every supported
// Node that this machine has: the one of the tests, those on the PATH, and those of NODES (directories with a `node`). In CI
// a job for each version sets NODES.

const root = fileURLToPath(new URL('../..', import.meta.url));
const directory = mkdtempSync(join(tmpdir(), 'package-'));
const installed = join(directory, 'empty');

function versionOf(node: string): string {
  return execFileSync(node, ['--version'], { encoding: 'utf8' }).trim().slice(1);
}

/** Returns the executables by major version, from 20 on. */
function findNodes(): readonly (readonly [string, string])[] {
  const places = [
    process.execPath,
    ...`${process.env['NODES'] ?? ''}${delimiter}${process.env['PATH'] ?? ''}${delimiter}/usr/bin`
      .split(delimiter)
      .filter((place) => place !== '')
      .map((place) => join(place, 'node'))
      .filter((file) => existsSync(file)),
  ];
  const byMajor = new Map(places.map((file) => [versionOf(file).split('.')[0] ?? '', file] as const).toReversed());
  return [...byMajor]
    .filter(([major]) => Number(major) >= 20)
    .toSorted(([one], [other]) => Number(one) - Number(other));
}

const nodes = findNodes();
let packed: string;
let server: Server;
let url: string;
const requests: string[] = [];

beforeAll(async () => {
  const contents = join(directory, 'contents');
  const env = { ...process.env, GITHUB_REPOSITORY: 'Octo-Org/dispatcher', GITHUB_SERVER_URL: 'https://github.example' };
  packed = execFileSync(process.execPath, [join(root, 'scripts/package/package-cli.ts'), contents, 'v1.2.3'], {
    env,
    encoding: 'utf8',
  });
  execFileSync('npm', ['pack', '--silent', '--pack-destination', directory], { cwd: contents });
  mkdirSync(installed);
  writeFileSync(join(installed, 'package.json'), '{}');
  const archive = readdirSync(directory).find((file) => file.endsWith('.tgz')) ?? '';
  execFileSync('npm', ['install', '--offline', '--no-audit', '--no-fund', '--silent', join(directory, archive)], {
    cwd: installed,
  });
  server = createServer((request, response) => {
    requests.push(`${request.method} ${request.url} ${String(request.headers['x-api-key'])}`);
    response.writeHead(403, { 'content-type': 'application/problem+json' });
    response.end(JSON.stringify({ title: 'Forbidden', status: 403, detail: 'the fake has no data' }));
  });
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve);
  });
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(() => {
  server.close();
  rmSync(directory, { recursive: true });
});

async function run(node: string, args: readonly string[], env: NodeJS.ProcessEnv = {}) {
  const child = spawn(join(installed, 'node_modules/.bin/dispatcher'), args, {
    cwd: installed,
    stdio: ['ignore', 'pipe', 'pipe'],
    // Only this Node, and no variable of this process.
    env: { PATH: [dirname(node), '/usr/bin', '/bin'].join(delimiter), ...env },
  });
  const ended = new Promise<number | null>((resolve) => {
    child.once('close', resolve);
  });
  const [out, err, code] = await Promise.all([text(child.stdout), text(child.stderr), ended]);
  return { code, out, err };
}

describe('actions/validate', () => {
  const validate = (env: NodeJS.ProcessEnv) => {
    const script = join(root, 'actions/validate/validate.sh');
    const cli = join(installed, 'node_modules/@octo-org/dispatcher/dispatcher.mjs');
    const path = [dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter);
    return spawnSync('bash', [script], { cwd: installed, encoding: 'utf8', env: { PATH: path, CLI: cli, ...env } });
  };

  test('runs that one file, annotates errors, and fails', () => {
    writeFileSync(join(installed, 'wrong.yml'), 'outbound:\n  - sauce: ci.yml\n');
    const { status, stdout } = validate({ FILES: 'wrong.yml' });
    expect(status).toBe(1);
    expect(stdout).toMatch(/^Dispatcher \d+\.\d+\.\d+\n::error file=wrong\.yml,line=2,col=5/);
  });

  test('accepts several files on several lines, and fails for a warning with strict', () => {
    const files = ['app.yml', 'deploy.yml'].map((file) => join(root, 'docs/examples', file)).join('\n');
    expect(validate({ FILES: files })).toMatchObject({ status: 0 });
    writeFileSync(join(installed, 'nothing.yml'), '');
    expect(validate({ FILES: 'nothing.yml' })).toMatchObject({
      status: 0,
      stdout: expect.stringContaining('::warning'),
    });
    expect(validate({ FILES: 'nothing.yml', STRICT: 'true' })).toMatchObject({ status: 1 });
  });

  test('downloads the file of the release that its ref names, or else of the newest', () => {
    const bin = join(directory, 'bin');
    mkdirSync(bin, { recursive: true });
    const curl = join(bin, 'curl');
    writeFileSync(curl, '#!/bin/sh\necho "$@" >>"$DOWNLOADED"; exit 22\n');
    chmodSync(curl, 0o755);
    const DOWNLOADED = join(directory, 'downloaded');
    const PATH = [bin, dirname(process.execPath), '/usr/bin', '/bin'].join(delimiter);
    for (const VERSION of ['v1.2.3', 'main']) {
      const { status, stdout } = validate({
        CLI: '',
        ACTION_REPOSITORY: 'octo-org/dispatcher',
        VERSION,
        PATH,
        DOWNLOADED,
      });
      expect({ status, stdout }).toMatchObject({ status: 2, stdout: expect.stringContaining('::error ') });
    }
    const addresses = readFileSync(DOWNLOADED, 'utf8').match(/https:\S+/g);
    expect(addresses).toEqual([
      'https://github.com/octo-org/dispatcher/releases/download/v1.2.3/dispatcher.mjs',
      'https://github.com/octo-org/dispatcher/releases/latest/download/dispatcher.mjs',
    ]);
  });
});

describe('the published package', () => {
  test('is one file without dependencies, with the licences of what is in it and an identified schema', () => {
    const folder = join(installed, 'node_modules/@octo-org/dispatcher');
    expect(readdirSync(folder).toSorted()).toEqual([
      'LICENSE',
      'README.md',
      'THIRD-PARTY-LICENSES.md',
      'dispatcher.mjs',
      'dispatching.schema.json',
      'package.json',
    ]);
    const manifest = JSON.parse(readFileSync(join(folder, 'package.json'), 'utf8')) as object;
    expect(manifest).toMatchObject({ name: '@octo-org/dispatcher', version: '1.2.3', engines: { node: '>=20.12' } });
    expect(manifest).not.toHaveProperty('dependencies');
    expect(readFileSync(join(folder, 'dispatching.schema.json'), 'utf8')).toContain(
      '"$id": "https://github.example/Octo-Org/dispatcher/releases/latest/download/dispatching.schema.json"',
    );
    const licenses = readFileSync(join(folder, 'THIRD-PARTY-LICENSES.md'), 'utf8');
    for (const name of ['yaml', 'commander', 'zod']) expect(licenses).toContain(`## ${name}\n`);
    // Licences that a company can use without asking a lawyer: those of ci.yml's dependency review.
    const allowed = /^(?:Apache-2\.0|MIT|MIT-0|ISC|BSD-[23]-Clause|0BSD|BlueOak-1\.0\.0|CC0-1\.0|Unlicense)$/;
    const listed = [...licenses.matchAll(/^\| \S+ \| \S+ \| (\S+) \|$/gm)].map(([, license = '']) => license);
    expect(listed.length).toBeGreaterThan(20);
    expect(listed.filter((license) => !allowed.test(license))).toEqual(['licence', '---']);
    expect(packed).toMatch(/^package: @octo-org\/dispatcher 1\.2\.3, \d+ KB, \d+ packages: /);
  });

  test('the Node of the tests is among those that run it', () => {
    expect(nodes.map(([major]) => major)).toContain(process.versions.node.split('.')[0]);
  });
});

describe.each(nodes)('on Node %s', (_major, node) => {
  test('validate accepts a valid file, and prints an annotation for an invalid one', async () => {
    writeFileSync(join(installed, 'dispatching.yml'), readFileSync(join(root, 'docs/examples/app.yml')));
    expect(await run(node, ['validate'])).toMatchObject({ code: 0, err: '' });
    writeFileSync(join(installed, 'wrong.yml'), 'outbound:\n  - sauce: ci.yml\n');
    const { code, out } = await run(node, ['validate', '--format', 'github', 'wrong.yml']);
    expect(code).toBe(1);
    expect(out).toMatch(/^::error file=wrong\.yml,line=2,col=5.*::unknown key/m);
  });

  test('explain decides a run from files, without a connection', async () => {
    const { code, out, err } = await run(node, [
      'explain',
      '--source',
      `octo-org/app=${join(root, 'docs/examples/app.yml')}`,
      '--target',
      `octo-org/deploy=${join(root, 'docs/examples/deploy.yml')}`,
      '--run',
      join(root, 'docs/examples/run.json'),
    ]);
    expect(err).toBe('');
    expect(code).toBe(0);
    expect(out).toContain('octo-org/deploy');
  });

  test.each([
    ['why', ['why', '1-2-1']],
    ['status', ['status']],
    ['replay', ['replay', '1-2-1', '--reason', 'a test']],
  ])('%s asks the API with the key, and reports its problem', async (_name, args) => {
    requests.length = 0;
    const { code, err } = await run(node, args, { DISPATCHER_URL: url, DISPATCHER_API_KEY: 'k' });
    expect({ code, sent: requests.length > 0 }).toEqual({ code: 1, sent: true });
    expect(requests.every((request) => request.endsWith(' k'))).toBe(true);
    expect(err).toContain('the fake has no data');
  });

  test('--version prints the version', async () => {
    expect((await run(node, ['--version'])).out).toMatch(/^\d+\.\d+\.\d+\n$/);
  });

  test('app create finds .env in the current directory', async () => {
    writeFileSync(
      join(installed, '.env'),
      'GITHUB_APP_ID=7\nGITHUB_APP_SLUG=s\nGITHUB_WEBHOOK_SECRET=w\nGITHUB_APP_PRIVATE_KEY=k\n',
    );
    const { code, err } = await run(node, ['app', 'create', '--org', 'octo-org']);
    rmSync(join(installed, '.env'));
    expect(code).toBe(2);
    expect(err).toContain(`${join(installed, '.env')} already has GITHUB_APP_ID`);
  });
});
