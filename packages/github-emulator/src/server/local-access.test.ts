import { request } from 'node:http';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import type { Emulator } from '../emulator.ts';
import { startExample } from '../testing/example-emulator.ts';

let emulator: Emulator;
beforeEach(async () => {
  emulator = await startExample();
});
afterEach(() => emulator.close());

/** Sends a request whose `Host` is any text; `fetch` sets its own. */
function send(
  path: string,
  headers: Record<string, string>,
  method = 'GET',
): Promise<{ status: number; body: string }> {
  return new Promise((resolve, reject) => {
    const sent = request(`${emulator.url}${path}`, { method, headers }, (response) => {
      let body = '';
      response.on('data', (chunk: Buffer) => (body += chunk.toString()));
      response.on('end', () => resolve({ status: response.statusCode ?? 0, body }));
    });
    sent.on('error', reject).end();
  });
}

const port = () => new URL(emulator.url).port;

test('a page whose host name resolves to this machine is refused on every path, even with the token', async () => {
  const authorization = `Bearer ${emulator.controlToken}`;
  for (const host of [
    `evil.example:${port()}`,
    'evil.example',
    'localhost.evil.example',
    `127.0.0.1.evil.example:${port()}`,
  ]) {
    for (const path of [
      '/_emulator/runs',
      '/app',
      '/graphql',
      '/settings/apps/new',
      '/octo-org/app/actions/runs/1',
      '/nothing',
    ]) {
      const { status, body } = await send(path, { host, authorization });
      expect({ host, path, status }).toEqual({ host, path, status: 403 });
      expect(body).toContain('127.0.0.1');
    }
  }
});

test.each(['127.0.0.1', 'localhost', '[::1]', 'LOCALHOST'])('the loopback name %s is accepted', async (name) => {
  const headers = { host: `${name}:${port()}`, authorization: `Bearer ${emulator.controlToken}` };
  expect((await send('/_emulator/runs', headers)).status).toBe(200);
});

test('another user of this machine cannot use the control API without the token', async () => {
  const attempts = [
    {},
    { authorization: '' },
    { authorization: 'Bearer ' },
    { authorization: `Bearer ${'0'.repeat(40)}` },
  ];
  for (const headers of attempts) {
    for (const [method, path] of [
      ['GET', '/runs'],
      ['POST', '/runs'],
      ['PUT', '/seed'],
      ['PATCH', '/webhook'],
      ['DELETE', '/tokens'],
    ] as const)
      expect((await send(`/_emulator${path}`, headers, method)).status).toBe(401);
  }
  expect(await emulator.control.runs()).toEqual([]);
});

test('each emulator has its own token', async () => {
  const other = await startExample();
  expect(other.controlToken).not.toBe(emulator.controlToken);
  await other.close();
});
