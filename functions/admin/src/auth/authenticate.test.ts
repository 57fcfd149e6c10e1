import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { createFailedAuthenticationLimiter } from '@dispatcher/lambda';
import { createDisabledAuthentication } from './authentication.ts';
import { createBasicAuthentication } from './basic.ts';
import { ProblemDocument } from '../http/problem.ts';
import { startTime, startAdminHarness, type AdminHarness } from '../testing/admin-harness.ts';

let harness: AdminHarness;
let app: FastifyInstance;
const password = 'correct horse';
const authentication = createBasicAuthentication('ada', async () => password);
beforeAll(async () => {
  harness = await startAdminHarness();
});
beforeEach(() => {
  harness.now = startTime;
  // A new app for each test: it caches keys and counts failed authentications.
  app = harness.app({ authentication });
});
afterAll(() => harness.close());

const basic = (credentials: string) => ({ authorization: `Basic ${Buffer.from(credentials).toString('base64')}` });
const right = basic(`ada:${password}`);
const wrong = basic('ada:a wrong password');

async function ask(headers: Record<string, string>, address = '192.0.2.1', url = '/api/deliveries') {
  return app.inject({ url, headers, remoteAddress: address });
}

async function statuses(count: number, headers: Record<string, string>, address?: string): Promise<number[]> {
  const received: number[] = [];
  for (let each = 0; each < count; each += 1) received.push((await ask(headers, address)).statusCode);
  return received;
}

/** Returns every registered route. Fastify prints them as a tree, four characters for each level. */
async function routesOf(built: FastifyInstance): Promise<{ method: string; url: string }[]> {
  await built.ready();
  const parts: string[] = [];
  return built
    .printRoutes({ commonPrefix: false })
    .split('\n')
    .flatMap((line) => {
      const [, indent = '', part = '', methods = ''] = /^([│ ]*)[├└]── (\S*)(?: \(([A-Z, ]+)\))?/.exec(line) ?? [];
      parts.splice(indent.length / 4, Number.POSITIVE_INFINITY, part);
      return methods === '' ? [] : methods.split(', ').map((method) => ({ method, url: parts.join('') }));
    });
}

describe('every route', () => {
  // The steps of a sign-in make the credentials; sign-in/sessions.test.ts has what they refuse.
  const open = new Set(['/health', '/auth/sign-in', '/auth/password', '/auth/sign-out']);

  test('needs authentication, and each mutation the role operator', async () => {
    app.get('/api/tomorrow', async () => []);
    app.post('/tomorrow', async () => []);
    const viewer = { 'x-api-key': await harness.createKey({ role: 'viewer' }) };
    const routes = (await routesOf(app)).filter(({ url }) => !open.has(url));
    for (const method of ['POST', 'GET', 'HEAD']) expect(routes.map((route) => route.method)).toContain(method);
    expect(routes).toEqual(
      expect.arrayContaining([
        { method: 'GET', url: '/api/tomorrow' },
        { method: 'POST', url: '/tomorrow' },
        { method: 'POST', url: '/api/runs/:runKey/replay' },
        { method: 'GET', url: '/api/deliveries/:id' },
      ]),
    );
    for (const { method, url } of routes) {
      const request = { method: method as 'GET', url: url.replaceAll(/:\w+/g, '1-2-3') };
      const anonymous = await app.inject(request);
      const { statusCode } = await app.inject({ ...request, headers: viewer });
      const isMutation = method !== 'GET' && method !== 'HEAD';
      expect({ ...request, anonymous: anonymous.statusCode, isViewerForbidden: statusCode === 403 }).toEqual({
        ...request,
        anonymous: 401,
        isViewerForbidden: isMutation,
      });
      expect(app.hasRoute({ method, url })).toBe(true);
    }
  });

  test('an unknown path of the API needs authentication as well', async () => {
    for (const url of ['/api', '/api/nothing', '/auth/nothing', '/dispatch', '/webhooks/github']) {
      expect((await app.inject({ url })).statusCode).toBe(401);
    }
  });

  test('no response grants cross-origin access', async () => {
    const headers = { ...right, origin: 'https://evil.example' };
    const { headers: received } = await ask(headers);
    const preflight = await app.inject({
      method: 'OPTIONS',
      url: '/api/runs/1-2-3/replay',
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
    });
    expect(preflight.statusCode).toBe(401);
    for (const name of Object.keys({ ...received, ...preflight.headers })) expect(name).not.toMatch(/^access-control/);
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', undefined])(
    'a mutation with content type %s is refused: a form on another site could send it',
    async (type) => {
      const open = harness.app();
      const response = await open.inject({
        method: 'POST',
        url: '/api/runs/1-2-3/replay',
        headers: type === undefined ? {} : { 'content-type': type },
        payload: JSON.stringify({ mode: 'as-recorded', reason: 'a test' }),
      });
      expect(response.statusCode).toBe(415);
    },
  );
});

describe('API keys', () => {
  test('work in addition to basic authentication, with their own role', async () => {
    const viewer = await harness.createKey({ role: 'viewer' });
    expect((await ask({ 'x-api-key': viewer })).statusCode).toBe(200);
    const request = {
      method: 'POST',
      url: '/api/runs/1-2-3/replay',
      payload: { mode: 'as-recorded', reason: 'a test' },
    };
    const post = async (key: string) =>
      (await app.inject({ ...request, method: 'POST', headers: { 'x-api-key': key } })).statusCode;
    expect(await post(viewer)).toBe(403);
    expect(await post(await harness.createKey({ role: 'operator' }))).toBe(404);
  });

  test('keep their role with authentication disabled, and work only under a host name of this machine', async () => {
    app = harness.app({ authentication: createDisabledAuthentication() });
    const statusOf = async (headers: Record<string, string>) => {
      const payload = { mode: 'as-recorded', reason: 'a test' };
      const request = { method: 'POST', url: '/api/runs/1-2-3/replay', payload } as const;
      return (await app.inject({ ...request, headers: { host: 'localhost', ...headers } })).statusCode;
    };
    const viewer = await harness.createKey({ role: 'viewer' });
    expect(await statusOf({})).toBe(404);
    expect(await statusOf({ 'x-api-key': viewer })).toBe(403);
    expect(await statusOf({ 'x-api-key': `${viewer}x` })).toBe(401);
    expect(await statusOf({ 'x-api-key': await harness.createKey({ role: 'operator' }), host: 'evil.example' })).toBe(
      403,
    );
  });

  test('invalid keys all receive the same response', async () => {
    const good = await harness.createKey();
    const past = new Date(startTime - 1).toISOString();
    const keys = {
      unknown: `dsp_${'0'.repeat(16)}_${'a'.repeat(43)}`,
      'a wrong secret': `${good.slice(0, -1)}${good.endsWith('A') ? 'B' : 'A'}`,
      expired: await harness.createKey({ expiresAt: past }),
      revoked: await harness.createKey({ revokedAt: past }),
      'for dispatches only': await harness.createKey({ role: 'dispatch', targets: ['octo-org/deploy'] }),
      'no key': 'secret',
      empty: '',
    };
    for (const [name, key] of Object.entries(keys)) {
      const { statusCode, body, headers } = await ask({ 'x-api-key': key });
      expect({ name, statusCode, challenge: headers['www-authenticate'] }).toMatchObject({
        name,
        statusCode: 401,
        challenge: expect.stringContaining('Basic'),
      });
      expect(ProblemDocument.parse(JSON.parse(body)).detail).toBe(
        'Authentication failed: credentials are missing or invalid.',
      );
    }
    expect((await ask({ 'x-api-key': good })).statusCode).toBe(200);
  });

  test('an invalid key is refused even with a valid password', async () => {
    expect((await ask({ 'x-api-key': 'wrong', ...right })).statusCode).toBe(401);
  });

  test('are cached for a minute for reads: a revoked key reads until then, an expired key ends at once', async () => {
    const text = await harness.createKey({ expiresAt: new Date(startTime + 59_000).toISOString() });
    const other = await harness.createKey();
    const calls = await countCalls(async () => {
      for (let each = 0; each < 3; each += 1)
        expect((await ask({ 'x-api-key': text }, '192.0.2.1', '/api/x')).statusCode).toBe(404);
    });
    // One look-up, and one record of the use.
    expect(calls).toEqual(['GetItemCommand', 'UpdateItemCommand']);
    expect((await ask({ 'x-api-key': other })).statusCode).toBe(200);
    await harness.access.keys.revoke(other.split('_')[1] ?? '', new Date(startTime).toISOString());
    harness.now = startTime + 59_999;
    expect((await ask({ 'x-api-key': text })).statusCode).toBe(401);
    expect((await ask({ 'x-api-key': other })).statusCode).toBe(200);
    harness.now = startTime + 60_000;
    expect((await ask({ 'x-api-key': other })).statusCode).toBe(401);
  });

  test('cannot change anything once revoked, and a refused mutation ends their reads as well', async () => {
    const key = await harness.createKey({ role: 'operator' });
    const post = () =>
      app.inject({
        method: 'POST',
        url: '/api/runs/1-2-3/replay',
        headers: { 'x-api-key': key },
        payload: { mode: 'as-recorded', reason: 'a test' },
      });
    expect((await ask({ 'x-api-key': key })).statusCode).toBe(200);
    expect((await post()).statusCode).toBe(404);
    await harness.access.keys.revoke(key.split('_')[1] ?? '', new Date(startTime).toISOString());
    expect((await post()).statusCode).toBe(401);
    expect((await ask({ 'x-api-key': key })).statusCode).toBe(401);
  });
});

async function countCalls(work: () => Promise<void>): Promise<string[]> {
  const calls: string[] = [];
  const { middlewareStack } = harness.dynamo.client;
  middlewareStack.add(
    (next, { commandName = '' }) =>
      (args) => {
        calls.push(commandName);
        return next(args);
      },
    { step: 'finalizeRequest', name: 'countCalls' },
  );
  await work();
  middlewareStack.remove('countCalls');
  return calls;
}

describe('the failed-authentication limiter', () => {
  test('after ten wrong passwords from one address, even the right one is refused for the rest of the minute', async () => {
    expect(await statuses(10, wrong)).toEqual(Array.from({ length: 10 }, () => 401));
    harness.now += 20_000;
    const { statusCode, headers, body } = await ask(right);
    expect({ statusCode, wait: headers['retry-after'] }).toEqual({ statusCode: 429, wait: '40' });
    expect(ProblemDocument.parse(JSON.parse(body)).status).toBe(429);
    harness.now += 40_000;
    expect((await ask(right)).statusCode).toBe(200);
  });

  test('another address is not blocked, nor a valid key from the same address', async () => {
    const key = await harness.createKey();
    await statuses(10, wrong);
    expect((await ask(right, '192.0.2.2')).statusCode).toBe(200);
    expect((await ask({ 'x-api-key': key })).statusCode).toBe(200);
    expect((await ask({ 'x-api-key': 'wrong' })).statusCode).toBe(429);
  });

  test('requests without credentials are not counted', async () => {
    expect(await statuses(20, {})).toEqual(Array.from({ length: 20 }, () => 401));
    expect((await ask(right)).statusCode).toBe(200);
  });

  test('invalid keys are counted like wrong passwords', async () => {
    await statuses(10, { 'x-api-key': 'wrong' });
    expect((await ask(right)).statusCode).toBe(429);
  });

  test('the addresses of one IPv6 /64 network are counted together', async () => {
    for (let each = 1; each <= 10; each += 1) await ask(wrong, `2001:db8:0:7::${each.toString(16)}`);
    expect((await ask(right, '2001:db8:0:7:ffff:ffff:ffff:ffff')).statusCode).toBe(429);
    expect((await ask(right, '2001:db8::7:0:0:0:1')).statusCode).toBe(429);
    expect((await ask(right, '2001:db8:0:8::1')).statusCode).toBe(200);
    expect((await ask(right, '::ffff:192.0.2.9')).statusCode).toBe(200);
  });

  test('memory is bounded: the address whose last failure is oldest is forgotten', async () => {
    const failedAuthentications = createFailedAuthenticationLimiter(() => startTime);
    for (let each = 0; each < 10; each += 1) failedAuthentications.count('192.0.2.1');
    for (let each = 0; each < 999; each += 1)
      failedAuthentications.count(`198.51.${Math.floor(each / 250)}.${each % 250}`);
    expect(failedAuthentications.secondsToWait('192.0.2.1')).toBe(60);
    failedAuthentications.count('203.0.113.1');
    expect(failedAuthentications.secondsToWait('192.0.2.1')).toBe(0);
  });
});

test('the log names the principal, and no credentials', async () => {
  harness.log.lines.length = 0;
  const key = await harness.createKey();
  await ask({ 'x-api-key': key });
  await ask(right);
  await ask(wrong);
  expect(harness.log.lines.map(({ details }) => details)).toMatchObject([
    { principal: 'key:nightly', status: 200 },
    { principal: 'ada', status: 200 },
    { status: 401 },
  ]);
  for (const text of [key, password, 'a wrong password']) expect(JSON.stringify(harness.log.lines)).not.toContain(text);
});
