import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { mkdirSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createTestContext, run, type TestContext } from '../testing/test-context.ts';
import { listCommand } from '../lists/list-commands.ts';
import { deliveries } from '../lists/list-definitions.ts';

// The failures of an API, which a running system does not show on request. The commands run against it in
// read-commands.e2e.test.ts.

type Respond = (request: IncomingMessage, response: ServerResponse) => void;

let server: Server;
let respond: Respond;
let requests: IncomingMessage[];
let context: TestContext;
let url: string;
beforeEach(async () => {
  requests = [];
  server = createServer({ keepAliveTimeout: 0 }, (request, response) => {
    requests.push(request);
    respond(request, response);
  });
  await new Promise<void>((listening) => server.listen(0, '127.0.0.1', listening));
  url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
  context = createTestContext();
  context.env['DISPATCHER_URL'] = url;
});
afterEach(async () => {
  server.closeAllConnections();
  await new Promise((closed) => server.close(closed));
  context.remove();
});

const problem =
  (status: number, detail: string, headers: Record<string, string> = {}): Respond =>
  (_, response) =>
    response
      .writeHead(status, { 'content-type': 'application/problem+json', ...headers })
      .end(JSON.stringify({ type: 'about:blank', title: 'x', status, detail }));

const page: Respond = (_, response) =>
  response.writeHead(200, { 'content-type': 'application/json' }).end('{"deliveries":[],"cursor":null}');

const list = (...args: string[]) =>
  run(listCommand(deliveries, { ...context, stopped: () => new AbortController().signal }), args);

test('a list reads on over pages without rows, up to the last one', async () => {
  const row = { kind: 'dead-lettered', deliveryId: 'delivery-9', time: '2026-11-03T14:00:00Z', runKey: '1-2-1' };
  const pages = [
    { deliveries: [], cursor: 'a' },
    { deliveries: [row], cursor: 'b' },
    { deliveries: [], cursor: 'c' },
    { deliveries: [], cursor: null },
  ];
  respond = (_, response) =>
    response
      .writeHead(200, { 'content-type': 'application/json' })
      .end(JSON.stringify(pages[requests.length - 1] ?? {}));
  const { code, out } = await list();
  expect(code).toBe(0);
  expect(out).toContain('delivery-9');
  const cursors = requests.map(({ url: path = '' }) => new URL(path, url).searchParams.get('cursor'));
  expect(cursors).toEqual([null, 'a', 'b', 'c']);
});

describe('a response of the API in plain words', () => {
  test.each([
    [401, 'Authentication failed: credentials are missing or invalid.', 'Set DISPATCHER_API_KEY'],
    [404, 'Nothing is recorded for this.', 'Nothing is recorded for this.\n'],
    [400, 'limit: must be at most 100', 'limit: must be at most 100.'],
    [500, 'Internal error. See the log for request req-1.', 'See the log for request req-1.'],
  ])('%i prints the detail, and what to do', async (status, detail, remedy) => {
    respond = problem(status, detail);
    const { code, out, err } = await list();
    expect({ code, out }).toEqual({ code: 1, out: '' });
    expect(err).toContain(detail);
    expect(err).toContain(remedy);
    expect(requests).toHaveLength(1);
  });

  test('401 with a key names its variable and does not print the key', async () => {
    context.env['DISPATCHER_API_KEY'] = 'dsp_secret';
    respond = problem(401, 'Authentication failed: credentials are missing or invalid.');
    const { err } = await list();
    expect(err).toContain(
      'The credentials are those of DISPATCHER_API_KEY. Replace its value; `dispatcher keys create`',
    );
    expect(err).not.toContain('dsp_secret');
    expect(requests[0]?.headers['x-api-key']).toBe('dsp_secret');
  });

  test('401 with a token says to set the token again', async () => {
    context.env['DISPATCHER_TOKEN'] = 'expired';
    respond = problem(401, 'Authentication failed: credentials are missing or invalid.');
    expect((await list()).err).toContain('The credentials are those of DISPATCHER_TOKEN. Set it again.');
  });

  test('403 prints the detail of Dispatcher alone, and asks for a role only without one', async () => {
    respond = problem(403, 'Use this API under localhost or 127.0.0.1.');
    expect((await list()).err).toBe('Use this API under localhost or 127.0.0.1.\n');
    respond = (_, response) => response.writeHead(403).end('Forbidden');
    expect((await list()).err).toContain('Ask an administrator for an API key or a role that may do this.');
  });

  test.each([429, 503])('%i is tried again after Retry-After, and the command says so', async (status) => {
    respond = (request, response) =>
      requests.length < 3
        ? problem(status, 'Too many.', { 'retry-after': '7' })(request, response)
        : page(request, response);
    const { code, err } = await list();
    expect(code).toBe(0);
    expect(context.waits).toEqual([7_000, 7_000]);
    expect(err).toContain('Trying again in 7 s.');
  });

  test('a Retry-After of several minutes is not waited for', async () => {
    respond = problem(429, 'Too many failed authentications.', { 'retry-after': '600' });
    const { code, err } = await list();
    expect({ code, waits: context.waits }).toEqual({ code: 1, waits: [] });
    expect(err).toContain('Too many failed authentications. Wait, then run the command again.');
  });

  test('503 without Retry-After is tried four times, with growing pauses', async () => {
    respond = problem(503, 'The table is not available.');
    const { code, err } = await list();
    expect({ code, waits: context.waits }).toEqual({ code: 1, waits: [1_000, 2_000, 4_000] });
    expect(err).toContain('--direct');
  });

  test('an address that belongs to something else is named', async () => {
    respond = (_, response) => response.writeHead(200, { 'content-type': 'text/html' }).end('<h1>Hello</h1>');
    const { code, err } = await list();
    expect(code).toBe(1);
    expect(err).toContain(`${url} answered GET /api/deliveries with 200, and not with a response of Dispatcher.`);
  });

  test('an address without a server names the cause and what to do', async () => {
    context.env['DISPATCHER_URL'] = 'http://127.0.0.1:1';
    const { code, err } = await list();
    expect(code).toBe(1);
    expect(err).toMatch(
      /^Could not reach Dispatcher at http:\/\/127\.0\.0\.1:1: .*(ECONNREFUSED|bad port).*DISPATCHER_URL/,
    );
  });
});

test('a connection that ends in the middle of a response is reported as unreachable', async () => {
  respond = (_, response) => {
    response.writeHead(200, { 'content-type': 'application/json', 'content-length': 100 });
    response.write('{"deliveries":', () => response.destroy());
  };
  const { code, err } = await list();
  expect(code).toBe(1);
  expect(err).toMatch(/^Could not reach Dispatcher at http:\/\/127\.0\.0\.1:\d+: .*DISPATCHER_URL/);
});

describe('the address of the API', () => {
  test('http to another machine is refused: the key would be sent unencrypted', async () => {
    context.env['DISPATCHER_URL'] = 'http://dispatcher.example';
    expect(await list()).toMatchObject({ code: 2, err: expect.stringContaining('DISPATCHER_URL') });
  });

  test('without DISPATCHER_URL and without a running system, the command says what to set', async () => {
    delete context.env['DISPATCHER_URL'];
    expect(await list()).toMatchObject({ code: 2, err: expect.stringMatching(/DISPATCHER_URL.*npm start/) });
  });

  test('running.json of a system that has ended does not count', async () => {
    delete context.env['DISPATCHER_URL'];
    mkdirSync(join(context.root, '.dispatcher'));
    writeFileSync(join(context.root, '.dispatcher', 'running.json'), JSON.stringify({ pid: 2 ** 30, url }));
    expect(await list()).toMatchObject({ code: 2, err: expect.stringContaining('none runs on this machine') });
  });

  test('running.json of this machine is found, with the password of .env', async () => {
    delete context.env['DISPATCHER_URL'];
    respond = page;
    mkdirSync(join(context.root, '.dispatcher'));
    writeFileSync(join(context.root, '.dispatcher', 'running.json'), JSON.stringify({ pid: process.pid, url }));
    writeFileSync(join(context.root, '.env'), 'ADMIN_BASIC_USER=ada\nADMIN_BASIC_PASSWORD=lovelace\n');
    expect((await list()).code).toBe(0);
    expect(requests[0]?.headers.authorization).toBe(`Basic ${Buffer.from('ada:lovelace').toString('base64')}`);
  });
});

describe('a filter', () => {
  const openApi =
    (...names: string[]): Respond =>
    (request, response) => {
      if (request.url !== '/api/openapi.json') return page(request, response);
      const parameters = names.map((name) => ({ name, in: 'query' }));
      return response
        .writeHead(200, { 'content-type': 'application/json' })
        .end(JSON.stringify({ openapi: '3.1.0', paths: { '/api/deliveries': { get: { parameters } } } }));
    };

  test('that this Dispatcher has is sent; an age becomes a time', async () => {
    respond = openApi('outcome', 'since');
    expect((await list('--outcome', 'no-match', '--since', '2h')).code).toBe(0);
    const query = new URL(requests.at(-1)?.url ?? '', url).searchParams;
    expect(query.get('outcome')).toBe('no-match');
    expect(Date.parse(query.get('since') ?? '')).toBe(context.now() - 7_200_000);
  });

  test('that an older Dispatcher does not have is refused, and never ignored', async () => {
    respond = openApi('cursor');
    expect(await list('--outcome', 'no-match')).toMatchObject({
      code: 2,
      err: expect.stringContaining('no filter outcome'),
    });
    expect(requests).toHaveLength(1);
  });

  test.each(['soon', '2w', '2026-13-01'])('--since %s is a usage error', async (since) => {
    expect(await list('--since', since)).toMatchObject({ code: 2, err: expect.stringContaining('--since') });
  });
});
