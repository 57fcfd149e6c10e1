import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { createBasicAuthentication } from '../auth/basic.ts';
import { type AdminHarness, startAdminHarness, startTime } from '../testing/admin-harness.ts';
import { createTestBrowser, type TestBrowser } from '../testing/test-browser.ts';
import { MeResponse } from './me-route.ts';

const origin = 'https://dispatcher.example';
const eightHoursMs = 8 * 60 * 60 * 1000;
const cookieName = '__Host-session';

let harness: AdminHarness;
let app: FastifyInstance;
let browser: TestBrowser;
const published: unknown[] = [];
beforeAll(async () => {
  harness = await startAdminHarness();
  const authentication = createBasicAuthentication('ada', async () => 'correct horse');
  app = harness.app((own) => ({
    authentication,
    publicUrl: origin,
    pause: { ...own.pause, bus: { publish: async (facts) => void published.push(...facts) } },
  }));
});
afterAll(() => harness.close());
beforeEach(() => {
  harness.now = startTime;
  browser = createTestBrowser(app, origin);
});

const signIn = (fields: Readonly<Record<string, string>> = {}, own = browser) =>
  own.submitForm('/auth/password', { user: 'ada', password: 'correct horse', return: '/runs', ...fields });
const pause = (headers: Record<string, string> = {}, own = browser) =>
  own.postJson('/api/pause', { reason: 'A bad release.' }, headers);

describe('a sign-in with a password', () => {
  test('the page has a form with labels, no script and a policy of its own', async () => {
    const { status, body, headers } = await browser.get('/auth/sign-in?return=%2Fruns%3Fa%3D%22b');
    expect(status).toBe(200);
    expect(body).toMatch(/<label>User name <input name="user" [\s\S]*<label>Password <input name="password"/);
    expect(body).toContain('name="return" value="/runs?a=%22b"');
    expect(body).not.toContain('<script');
    expect(String(headers['content-security-policy'])).toMatch(
      /^default-src 'none'; style-src 'sha256-[^']+'; base-uri/,
    );
    expect(headers['cache-control']).toBe('no-store');
  });

  test('starts a session and leads back to the page', async () => {
    const { status, location, headers } = await signIn();
    expect({ status, location }).toEqual({ status: 303, location: '/runs' });
    expect(headers['cache-control']).toBe('no-store');
    const me = await browser.get('/api/me');
    expect(MeResponse.parse(JSON.parse(me.body))).toEqual({
      name: 'ada',
      kind: 'basic',
      account: 'ada',
      role: 'operator',
      visibility: 'all',
      session: {
        signedInAt: '2026-11-03T14:00:00.000Z',
        endsAt: '2026-11-03T22:00:00.000Z',
      },
    });
    expect((await browser.get('/api/deliveries')).status).toBe(200);
  });

  test('the cookie belongs to this host alone, over https, out of reach of scripts', async () => {
    await signIn();
    expect(browser.setCookies.get(cookieName)).toMatch(
      /^__Host-session=[0-9a-f]{32}\.[\w-]{43}; Max-Age=28800; Path=\/; HttpOnly; Secure; SameSite=Lax$/,
    );
  });

  test('the way back never leaves this site', async () => {
    for (const wayBack of ['https://evil.example/', '//evil.example', '/\\evil.example', '/auth/sign-out'])
      expect((await signIn({ return: wayBack })).location).toBe('/');
  });

  test('a wrong password starts no session, and says so without saying what was wrong', async () => {
    for (const fields of [{ password: 'wrong' }, { user: 'bob' }, { user: 'ada:correct', password: 'horse' }]) {
      const { status, body } = await signIn(fields);
      expect(status).toBe(401);
      expect(body).toContain('role="alert">The user name or the password is wrong.');
    }
    expect(browser.cookies.size).toBe(0);
  });

  test('after ten wrong passwords the address waits, also with the right one', async () => {
    const guesser = createTestBrowser(
      harness.app({ authentication: createBasicAuthentication('ada', async () => 'x'), publicUrl: origin }),
      origin,
    );
    for (let each = 0; each < 10; each += 1) expect((await signIn({ password: 'wrong' }, guesser)).status).toBe(401);
    const { status, headers } = await signIn({ password: 'x' }, guesser);
    expect(status).toBe(429);
    expect(Number(headers['retry-after'])).toBeGreaterThan(0);
  });

  test('a form of another site cannot sign a browser in', async () => {
    for (const foreign of ['https://evil.example', 'null', `${origin}.evil.example`, 'http://dispatcher.example']) {
      const { status } = await browser.submitForm(
        '/auth/password',
        { user: 'ada', password: 'correct horse' },
        { origin: foreign },
      );
      expect(status).toBe(403);
    }
    expect(browser.cookies.size).toBe(0);
  });
});

describe('a session', () => {
  test('has a new id at each sign-in, whatever cookie the browser had, and the former one ends', async () => {
    browser.cookies.set(cookieName, `${'a'.repeat(32)}.${'b'.repeat(43)}`);
    await signIn();
    const first = browser.cookies.get(cookieName) ?? '';
    expect(first).not.toContain('b'.repeat(43));
    await signIn();
    const second = browser.cookies.get(cookieName) ?? '';
    expect(second).not.toBe(first);
    browser.cookies.set(cookieName, first);
    expect((await browser.get('/api/me')).status).toBe(401);
  });

  test('ends eight hours after the sign-in, however often it is used', async () => {
    await signIn();
    for (const minutes of [0, 100, 200, 300, 400, 479]) {
      harness.now = startTime + minutes * 60_000;
      expect((await browser.get('/api/me')).status).toBe(200);
    }
    harness.now = startTime + eightHoursMs;
    expect((await browser.get('/api/me')).status).toBe(401);
  });

  test('ends with the sign-out, for every copy of its cookie', async () => {
    await signIn();
    const thief = createTestBrowser(app, origin);
    for (const [name, value] of browser.cookies) thief.cookies.set(name, value);
    expect((await browser.postJson('/auth/sign-out', {})).status).toBe(204);
    expect(browser.cookies.has(cookieName)).toBe(false);
    expect((await thief.get('/api/me')).status).toBe(401);
    expect((await browser.submitForm('/auth/sign-out', {})).location).toBe('/auth/sign-in');
  });

  test('another site cannot sign a browser out', async () => {
    await signIn();
    expect((await browser.submitForm('/auth/sign-out', {}, { origin: 'https://evil.example' })).status).toBe(403);
    expect((await browser.get('/api/me')).status).toBe(200);
  });

  test('ends when the authentication changes', async () => {
    await signIn();
    const authentication = { ...createBasicAuthentication('ada', async () => 'correct horse'), mode: 'oidc' } as const;
    const changed = createTestBrowser(harness.app({ authentication, publicUrl: origin }), origin);
    for (const [name, value] of browser.cookies) changed.cookies.set(name, value);
    expect((await changed.get('/api/me')).status).toBe(401);
  });

  test('is looked up once for a request, and API keys need none', async () => {
    const calls: string[] = [];
    const counting = harness.app((own) => ({
      authentication: createBasicAuthentication('ada', async () => 'correct horse'),
      publicUrl: origin,
      access: {
        ...own.access,
        sessions: {
          ...own.access.sessions,
          getSession: async (id) => {
            calls.push(id);
            return own.access.sessions.getSession(id);
          },
        },
      },
    }));
    const counted = createTestBrowser(counting, origin);
    await signIn({}, counted);
    await counted.get('/api/deliveries');
    expect(calls).toHaveLength(1);
    const key = await harness.createKey({ name: 'reader', role: 'viewer' });
    expect((await counted.get('/api/me', { 'x-api-key': key })).status).toBe(200);
    expect(calls).toHaveLength(1);
  });
});

describe('a mutation with a session', () => {
  test('from a page of this site is carried out, under the person’s name', async () => {
    await signIn();
    expect((await pause()).status).toBe(200);
    expect(published).toMatchObject([{ type: 'pause.changed', data: { operator: 'ada' } }]);
    expect((await browser.postJson('/api/runs/1-2-3/replay', { mode: 'as-recorded', reason: 'x' })).status).toBe(404);
  });

  test('without `X-Requested-With`, as a form sends it, is refused', async () => {
    await signIn();
    const { 'x-requested-with': _, ...headers } = { 'x-requested-with': '', origin };
    const cookie = [...browser.cookies].map(([name, value]) => `${name}=${value}`).join('; ');
    const response = await app.inject({
      method: 'POST',
      url: '/api/pause',
      headers: { ...headers, host: 'dispatcher.example', cookie, 'content-type': 'application/json' },
      payload: '{"reason":"x"}',
    });
    expect(response.statusCode).toBe(403);
    expect(response.json()).toMatchObject({ detail: expect.stringContaining('X-Requested-With') });
  });

  test.each(['https://evil.example', 'null', 'http://dispatcher.example', 'https://dispatcher.example:8443', ''])(
    'from the origin %j is refused',
    async (foreign) => {
      await signIn();
      const { status, body } = await pause({ origin: foreign });
      expect(status).toBe(403);
      expect(body).toContain('PUBLIC_URL');
    },
  );

  test('with a key needs neither header: a browser never adds a key by itself', async () => {
    const key = await harness.createKey({ name: 'operator', role: 'operator' });
    const response = await app.inject({
      method: 'POST',
      url: '/api/runs/1-2-3/replay',
      headers: { 'x-api-key': key, 'content-type': 'application/json' },
      payload: '{"mode":"as-recorded","reason":"x"}',
    });
    expect(response.statusCode).toBe(404);
  });
});

describe('a 401', () => {
  test('offers `Basic` to programs and to a visit of a browser', async () => {
    for (const headers of [{}, { 'sec-fetch-mode': 'navigate' }]) {
      const { status, headers: received } = await browser.get('/api/deliveries', headers);
      expect({ status, challenge: received['www-authenticate'] }).toMatchObject({
        status: 401,
        challenge: expect.stringMatching(/^Basic /),
      });
    }
  });

  test('never offers `Basic` to a page or its stream, which would wait for the browser’s prompt', async () => {
    const ofPage: [string, Record<string, string>][] = [
      ['/api/deliveries', { 'x-requested-with': 'fetch' }],
      ['/api/deliveries', { 'sec-fetch-mode': 'cors' }],
      ['/api/stream', {}],
      ['/api/stream?a=1', {}],
    ];
    for (const [url, headers] of ofPage) {
      const { status, headers: received } = await browser.get(url, headers);
      expect({ status, challenge: received['www-authenticate'] }).toEqual({
        status: 401,
        challenge: 'Session realm="Dispatcher"',
      });
    }
  });
});

describe('without PUBLIC_URL', () => {
  test('on this machine, over http, the cookie has neither prefix nor `Secure`', async () => {
    const local = createTestBrowser(
      harness.app({ authentication: createBasicAuthentication('ada', async () => 'correct horse') }),
      'http://127.0.0.1:3000',
    );
    expect((await signIn({}, local)).status).toBe(303);
    expect(local.setCookies.get('session')).toMatch(/; Path=\/; HttpOnly; SameSite=Lax$/);
    expect((await local.get('/api/me')).status).toBe(200);
    expect((await pause({ origin: 'http://127.0.0.1:3001' }, local)).status).toBe(403);
  });

  test('elsewhere, the request’s host over https is the address', async () => {
    const remote = createTestBrowser(
      harness.app({ authentication: createBasicAuthentication('ada', async () => 'correct horse') }),
      'https://api.example',
    );
    expect((await signIn({}, remote)).status).toBe(303);
    expect(remote.cookies.has(cookieName)).toBe(true);
    expect((await remote.submitForm('/auth/sign-out', {}, { origin: 'http://api.example' })).status).toBe(403);
  });
});

test('with authentication disabled, the page says that nobody signs in, and the API knows the local operator', async () => {
  const local = createTestBrowser(harness.app(), 'http://localhost:3000');
  expect((await local.get('/auth/sign-in')).body).toContain('Authentication is disabled on this machine');
  expect(JSON.parse((await local.get('/api/me')).body)).toMatchObject({
    name: 'local',
    role: 'operator',
    session: null,
  });
  const remote = createTestBrowser(harness.app(), 'http://dispatcher.example');
  expect((await remote.get('/api/me')).status).toBe(403);
});
