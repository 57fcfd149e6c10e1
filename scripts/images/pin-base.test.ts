import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { execFile } from 'node:child_process';
import { once } from 'node:events';
import { cpSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { createServer, type RequestListener, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';

// Runs against a registry that requires a token, as public registries do.

const digest = `sha256:${'c'.repeat(64)}`;
let directory: string;
let registry: Server;
let address: string;

beforeEach(async () => {
  directory = mkdtempSync(join(tmpdir(), 'pin-base-'));
  mkdirSync(join(directory, 'scripts/images'), { recursive: true });
  cpSync(fileURLToPath(new URL('pin-base.ts', import.meta.url)), join(directory, 'scripts/images/pin-base.ts'));
  writeFileSync(join(directory, 'package.json'), '{"type":"module"}');
});
afterEach(async () => {
  registry.close();
  await once(registry, 'close');
  rmSync(directory, { recursive: true });
});

async function serve(listener: RequestListener): Promise<void> {
  registry = createServer(listener).listen(0, '127.0.0.1');
  await once(registry, 'listening');
  address = `127.0.0.1:${(registry.address() as AddressInfo).port}`;
  writeFileSync(join(directory, 'Dockerfile'), `# The base\nFROM ${address}/lambda/nodejs:24\nARG FUNCTION\n`);
}

const withToken: RequestListener = ({ url = '', method, headers }, response) => {
  if (url.startsWith('/token')) {
    response.end(JSON.stringify({ token: new URL(url, 'http://registry').searchParams.get('scope') }));
  } else if (headers.authorization !== 'Bearer pull') {
    const challenge = `Bearer realm="http://${headers.host}/token",service="registry",scope="pull"`;
    response.writeHead(401, { 'www-authenticate': challenge }).end();
  } else if (method === 'HEAD' && url === '/v2/lambda/nodejs/manifests/24') {
    response.writeHead(200, { 'docker-content-digest': digest }).end();
  } else response.writeHead(404).end();
};

function pin(...args: string[]): Promise<{ failed: boolean; output: string }> {
  return new Promise((resolve) => {
    execFile(process.execPath, [join(directory, 'scripts/images/pin-base.ts'), ...args], (error, stdout, stderr) =>
      resolve({ failed: error !== null, output: stdout + stderr }),
    );
  });
}

const dockerfile = () => readFileSync(join(directory, 'Dockerfile'), 'utf8');

test('pinning writes the digest of the tag into the Dockerfile and changes nothing else', async () => {
  await serve(withToken);
  expect(await pin()).toMatchObject({ failed: false });
  expect(dockerfile()).toBe(`# The base\nFROM ${address}/lambda/nodejs:24@${digest}\nARG FUNCTION\n`);
  expect(await pin('--check')).toMatchObject({ failed: false });
});

test('pinning replaces an older digest', async () => {
  await serve(withToken);
  writeFileSync(join(directory, 'Dockerfile'), `FROM ${address}/lambda/nodejs:24@sha256:${'d'.repeat(64)}\n`);
  await pin();
  expect(dockerfile()).toBe(`FROM ${address}/lambda/nodejs:24@${digest}\n`);
});

test('the check of a base image that is not pinned fails with the command to run', async () => {
  await serve(withToken);
  const { failed, output } = await pin('--check');
  expect(failed).toBe(true);
  expect(output).toContain('npm run images:pin');
});

test('the Dockerfile stays unchanged if the registry does not have the image', async () => {
  await serve((_request, response) => response.writeHead(404).end());
  const before = dockerfile();
  expect(await pin()).toMatchObject({ failed: true });
  expect(dockerfile()).toBe(before);
});
