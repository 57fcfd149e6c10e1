import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { basicAuthentication, withoutAuthentication } from './authentication.ts';
import { createFailedAuthenticationLimiter } from '@dispatcher/lambda';
import { ProblemDocument } from '../http/problem.ts';
import { startTime, startWorld, type World } from '../testing/admin-harness.ts';

let world: World;
let app: FastifyInstance;
const password = 'correct horse';
const authentication = basicAuthentication('ada', async () => password);
beforeAll(async () => {
  world = await startWorld();
});
beforeEach(() => {
  world.now = startTime;
  // A new one for each, because it remembers keys and wrong guesses.
  app = world.app({ authentication });
});
afterAll(() => world.close());

const basic = (credentials: string) => ({ authorization: `Basic ${Buffer.from(credentials).toString('base64')}` });
const right = basic(`ada:${password}`);
const wrong = basic('ada:a guess');

async function ask(headers: Record<string, string>, address = '192.0.2.1', url = '/api/deliveries') {
  return app.inject({ url, headers, remoteAddress: address });
}

async function statuses(count: number, headers: Record<string, string>, address?: string): Promise<number[]> {
  const answers: number[] = [];
  for (let each = 0; each < count; each += 1) answers.push((await ask(headers, address)).statusCode);
  return answers;
}

/** Every route that is registered, whoever did. Fastify prints them as a tree, four characters for each level. */
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
  const open = new Set(['/health']);

  test('asks for a principal, and those that change something for an operator', async () => {
    app.get('/api/tomorrow', async () => []);
    app.post('/tomorrow', async () => []);
    const viewer = { 'x-api-key': await world.newKey({ role: 'viewer' }) };
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
      const stranger = await app.inject(request);
      const { statusCode } = await app.inject({ ...request, headers: viewer });
      const isMutation = method !== 'GET' && method !== 'HEAD';
      expect({ ...request, stranger: stranger.statusCode, isViewerRefused: statusCode === 403 }).toEqual({
        ...request,
        stranger: 401,
        isViewerRefused: isMutation,
      });
      expect(app.hasRoute({ method, url })).toBe(true);
    }
  });

  test('and a path that is none does, too', async () => {
    for (const url of ['/', '/api', '/api/nothing', '/nothing', '/dispatch']) {
      expect((await app.inject({ url })).statusCode).toBe(401);
    }
  });

  test('no answer allows another site anything', async () => {
    const headers = { ...right, origin: 'https://evil.example' };
    const { headers: answered } = await ask(headers);
    const preflight = await app.inject({
      method: 'OPTIONS',
      url: '/api/runs/1-2-3/replay',
      headers: { origin: 'https://evil.example', 'access-control-request-method': 'POST' },
    });
    expect(preflight.statusCode).toBe(401);
    for (const name of Object.keys({ ...answered, ...preflight.headers })) expect(name).not.toMatch(/^access-control/);
  });

  test.each(['text/plain', 'application/x-www-form-urlencoded', 'multipart/form-data; boundary=x', undefined])(
    'a mutation as %s is refused: a form of another site could send it',
    async (type) => {
      const open = world.app();
      const answer = await open.inject({
        method: 'POST',
        url: '/api/runs/1-2-3/replay',
        headers: type === undefined ? {} : { 'content-type': type },
        payload: JSON.stringify({ mode: 'as-recorded', reason: 'a test' }),
      });
      expect(answer.statusCode).toBe(415);
    },
  );
});

describe('API keys', () => {
  test('open the API beside user and password, as the role they have', async () => {
    const viewer = await world.newKey({ role: 'viewer' });
    expect((await ask({ 'x-api-key': viewer })).statusCode).toBe(200);
    const asked = { method: 'POST', url: '/api/runs/1-2-3/replay', payload: { mode: 'as-recorded', reason: 'a test' } };
    const post = async (key: string) =>
      (await app.inject({ ...asked, method: 'POST', headers: { 'x-api-key': key } })).statusCode;
    expect(await post(viewer)).toBe(403);
    expect(await post(await world.newKey({ role: 'operator' }))).toBe(404);
  });

  test('are what they are also where the API is open, and only under a name of this machine', async () => {
    app = world.app({ authentication: withoutAuthentication() });
    const answerTo = async (headers: Record<string, string>) => {
      const payload = { mode: 'as-recorded', reason: 'a test' };
      const asked = { method: 'POST', url: '/api/runs/1-2-3/replay', payload } as const;
      return (await app.inject({ ...asked, headers: { host: 'localhost', ...headers } })).statusCode;
    };
    const viewer = await world.newKey({ role: 'viewer' });
    expect(await answerTo({})).toBe(404);
    expect(await answerTo({ 'x-api-key': viewer })).toBe(403);
    expect(await answerTo({ 'x-api-key': `${viewer}x` })).toBe(401);
    expect(await answerTo({ 'x-api-key': await world.newKey({ role: 'operator' }), host: 'evil.example' })).toBe(403);
  });

  test('none that is wrong is told from another', async () => {
    const good = await world.newKey();
    const past = new Date(startTime - 1).toISOString();
    const keys = {
      unknown: `dsp_${'0'.repeat(16)}_${'a'.repeat(43)}`,
      'a wrong secret': `${good.slice(0, -1)}${good.endsWith('A') ? 'B' : 'A'}`,
      expired: await world.newKey({ expiresAt: past }),
      revoked: await world.newKey({ revokedAt: past }),
      'for dispatches only': await world.newKey({ role: 'dispatch', targets: ['octo-org/deploy'] }),
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
      expect(ProblemDocument.parse(JSON.parse(body)).detail).toBe('This needs credentials that are good here.');
    }
    expect((await ask({ 'x-api-key': good })).statusCode).toBe(200);
  });

  test('a wrong key does not get in by a right password', async () => {
    expect((await ask({ 'x-api-key': 'wrong', ...right })).statusCode).toBe(401);
  });

  test('are looked up once a minute for reading: one that is revoked reads that long, one that expires ends at once', async () => {
    const text = await world.newKey({ expiresAt: new Date(startTime + 59_000).toISOString() });
    const other = await world.newKey();
    const calls = await countCalls(async () => {
      for (let each = 0; each < 3; each += 1)
        expect((await ask({ 'x-api-key': text }, '192.0.2.1', '/api/x')).statusCode).toBe(404);
    });
    expect(calls).toEqual(['GetItemCommand']);
    expect((await ask({ 'x-api-key': other })).statusCode).toBe(200);
    await world.access.keys.revoke(other.split('_')[1] ?? '', new Date(startTime).toISOString());
    world.now = startTime + 59_999;
    expect((await ask({ 'x-api-key': text })).statusCode).toBe(401);
    expect((await ask({ 'x-api-key': other })).statusCode).toBe(200);
    world.now = startTime + 60_000;
    expect((await ask({ 'x-api-key': other })).statusCode).toBe(401);
  });

  test('change nothing from the moment on in which they are revoked, and then read nothing here either', async () => {
    const key = await world.newKey({ role: 'operator' });
    const post = () =>
      app.inject({
        method: 'POST',
        url: '/api/runs/1-2-3/replay',
        headers: { 'x-api-key': key },
        payload: { mode: 'as-recorded', reason: 'a test' },
      });
    expect((await ask({ 'x-api-key': key })).statusCode).toBe(200);
    expect((await post()).statusCode).toBe(404);
    await world.access.keys.revoke(key.split('_')[1] ?? '', new Date(startTime).toISOString());
    expect((await post()).statusCode).toBe(401);
    expect((await ask({ 'x-api-key': key })).statusCode).toBe(401);
  });
});

async function countCalls(work: () => Promise<void>): Promise<string[]> {
  const calls: string[] = [];
  const { middlewareStack } = world.dynamo.client;
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

describe('guessing', () => {
  test('after ten wrong passwords from one address not even the right one is looked at, for the rest of a minute', async () => {
    expect(await statuses(10, wrong)).toEqual(Array.from({ length: 10 }, () => 401));
    world.now += 20_000;
    const { statusCode, headers, body } = await ask(right);
    expect({ statusCode, wait: headers['retry-after'] }).toEqual({ statusCode: 429, wait: '40' });
    expect(ProblemDocument.parse(JSON.parse(body)).status).toBe(429);
    world.now += 40_000;
    expect((await ask(right)).statusCode).toBe(200);
  });

  test('another address is not kept out, nor is a good key of the same one', async () => {
    const key = await world.newKey();
    await statuses(10, wrong);
    expect((await ask(right, '192.0.2.2')).statusCode).toBe(200);
    expect((await ask({ 'x-api-key': key })).statusCode).toBe(200);
    expect((await ask({ 'x-api-key': 'wrong' })).statusCode).toBe(429);
  });

  test('one who comes without credentials guesses nothing', async () => {
    expect(await statuses(20, {})).toEqual(Array.from({ length: 20 }, () => 401));
    expect((await ask(right)).statusCode).toBe(200);
  });

  test('wrong keys count like wrong passwords', async () => {
    await statuses(10, { 'x-api-key': 'wrong' });
    expect((await ask(right)).statusCode).toBe(429);
  });

  test('the addresses of one IPv6 network are one', async () => {
    for (let each = 1; each <= 10; each += 1) await ask(wrong, `2001:db8:0:7::${each.toString(16)}`);
    expect((await ask(right, '2001:db8:0:7:ffff:ffff:ffff:ffff')).statusCode).toBe(429);
    expect((await ask(right, '2001:db8::7:0:0:0:1')).statusCode).toBe(429);
    expect((await ask(right, '2001:db8:0:8::1')).statusCode).toBe(200);
    expect((await ask(right, '::ffff:192.0.2.9')).statusCode).toBe(200);
  });

  test('what is remembered is bounded: the address that was wrong the longest ago is forgotten', async () => {
    const failedAuthentications = createFailedAuthenticationLimiter(() => startTime);
    for (let each = 0; each < 10; each += 1) failedAuthentications.count('192.0.2.1');
    for (let each = 0; each < 999; each += 1)
      failedAuthentications.count(`198.51.${Math.floor(each / 250)}.${each % 250}`);
    expect(failedAuthentications.secondsToWait('192.0.2.1')).toBe(60);
    failedAuthentications.count('203.0.113.1');
    expect(failedAuthentications.secondsToWait('192.0.2.1')).toBe(0);
  });
});

test('the log names who asked, and no credential', async () => {
  world.logged.length = 0;
  const key = await world.newKey();
  await ask({ 'x-api-key': key });
  await ask(right);
  await ask(wrong);
  expect(world.logged.map(({ details }) => details)).toMatchObject([
    { principal: 'key:nightly', status: 200 },
    { principal: 'ada', status: 200 },
    { status: 401 },
  ]);
  for (const text of [key, password, 'a guess']) expect(JSON.stringify(world.logged)).not.toContain(text);
});
