import { generateKeyPairSync } from 'node:crypto';
import { type Emulator, exampleSeed, startEmulator } from '@dispatcher/github-emulator';
import { CLIENT_ID, CLIENT_SECRET, parseForms, submitForm } from '@dispatcher/github-emulator/testing';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { parseAccessSource } from '../auth/github-access.ts';
import { createGitHubAuthentication } from '../auth/github-authentication.ts';
import { type AdminHarness, startAdminHarness, startTime } from '../testing/admin-harness.ts';
import { createTestBrowser, type TestBrowser } from '../testing/test-browser.ts';

const origin = 'https://dispatcher.example';
const callback = `${origin}/auth/callback`;
const stateCookie = '__Host-sign-in';
const minutes = 60_000;

const { privateKey: key } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const privateKey = key.export({ type: 'pkcs8', format: 'pem' }).toString();

let harness: AdminHarness;
let emulator: Emulator;
let app: FastifyInstance;
let browser: TestBrowser;
beforeAll(async () => {
  harness = await startAdminHarness();
});
afterAll(() => harness.close());
beforeEach(async () => {
  harness.now = startTime;
  const { app: registered, ...seed } = exampleSeed({
    key: privateKey,
    clientSecret: CLIENT_SECRET,
    callbackUrls: [callback],
  });
  const permissions = { metadata: 'read', contents: 'read', members: 'read' } as const;
  emulator = await startEmulator({ seed: { ...seed, app: { ...registered, permissions } }, now: () => harness.now });
  await emulator.control.changeRepository('octo-org/deploy', { collaborators: { monalisa: 'write' } });
  app = appWith(['repo:octo-org/deploy']);
  browser = createTestBrowser(app, origin);
});
afterEach(() => emulator.close());

function appWith(
  operators: readonly string[],
  viewers: readonly string[] = [],
  visibility: 'all' | 'github' = 'all',
): FastifyInstance {
  const parsed = (texts: readonly string[]) => texts.flatMap((text) => parseAccessSource(text) ?? []);
  return harness.app({
    publicUrl: origin,
    authentication: createGitHubAuthentication({
      appId: '1',
      privateKey: async () => privateKey,
      clientId: CLIENT_ID,
      clientSecret: async () => CLIENT_SECRET,
      apiUrl: emulator.url,
      access: { operators: parsed(operators), viewers: parsed(viewers) },
      visibility,
      log: harness.log,
      now: () => harness.now,
    }),
  });
}

/** Goes to GitHub and presses a button there. Returns the path and query that GitHub sends the browser back to. */
async function authorize(login: string, own = browser, wayBack = '/runs?state=failed'): Promise<string> {
  const start = await own.get(`/auth/start?${new URLSearchParams({ return: wayBack }).toString()}`);
  expect(start.status).toBe(303);
  const page = await (await fetch(start.location ?? '')).text();
  const buttons = [...page.matchAll(/<button>([^<]*)<\/button>/g)].map(([, text = '']) => text);
  const form = parseForms(page, emulator.url)[buttons.indexOf(login === '' ? 'Cancel' : `Authorize as ${login}`)];
  if (form === undefined) throw new Error(`GitHub's page has no button for ${login}: ${page}`);
  const back = new URL((await submitForm(form)).headers.get('location') ?? '');
  expect(`${back.origin}${back.pathname}`).toBe(callback);
  return `${back.pathname}${back.search}`;
}

const signIn = async (login: string, own = browser) => own.get(await authorize(login, own));
const me = async (own = browser) => {
  const { status, body } = await own.get('/api/me');
  return status === 200 ? JSON.parse(body) : { status };
};
const replay = (own = browser) =>
  own.postJson('/api/runs/1-2-3/replay', { mode: 'as-recorded', reason: 'The target was down.' });

describe('a sign-in by GitHub', () => {
  test('the page has one button, which leads to GitHub with state and a challenge', async () => {
    const page = await browser.get('/auth/sign-in?return=%2Fruns');
    expect(page.body).toContain('<a class="button" href="/auth/start?return=%2Fruns">Sign in with GitHub</a>');
    const { location, headers } = await browser.get('/auth/start?return=%2Fruns');
    const url = new URL(location ?? '');
    expect(`${url.origin}${url.pathname}`).toBe(`${emulator.url}/login/oauth/authorize`);
    expect(url.searchParams.get('redirect_uri')).toBe(callback);
    expect(url.searchParams.get('code_challenge_method')).toBe('S256');
    expect(headers['cache-control']).toBe('no-store');
    expect(browser.setCookies.get(stateCookie)).toMatch(/; Max-Age=600; Path=\/; HttpOnly; Secure; SameSite=Lax$/);
  });

  test('who may push to the repository is an operator, under the login, and keeps the numeric id', async () => {
    const { status, location } = await signIn('monalisa');
    expect({ status, location }).toEqual({ status: 303, location: '/runs?state=failed' });
    expect(await me()).toMatchObject({ name: 'monalisa', kind: 'github', account: '2143658', role: 'operator' });
    expect((await replay()).status).toBe(404);
    expect(browser.cookies.has(stateCookie)).toBe(false);
  });

  test('who may only read the repository is a viewer, and is refused a mutation', async () => {
    await signIn('hubot');
    expect(await me()).toMatchObject({ name: 'hubot', role: 'viewer' });
    const { status, body } = await replay();
    expect(status).toBe(403);
    expect(body).toContain('role `operator`');
  });

  test('who may not read the repository has no role, and learns no name of a repository', async () => {
    await emulator.control.changeRepository('octo-org/deploy', { collaborators: {} });
    const { status, body } = await signIn('monalisa');
    expect(status).toBe(403);
    expect(body).toContain('You are signed in at GitHub as monalisa, which grants no Dispatcher role.');
    expect(body).not.toContain('octo-org');
    expect(browser.cookies.size).toBe(0);
    expect(body).toContain('href="/auth/start?return=%2Fruns%3Fstate%3Dfailed&amp;account=other"');
    const { location } = await browser.get('/auth/start?account=other');
    expect(new URL(location ?? '').searchParams.get('prompt')).toBe('select_account');
  });

  test('a public repository grants nothing, and the log says why', async () => {
    await emulator.control.changeRepository('octo-org/deploy', { visibility: 'public' });
    expect((await signIn('octocat')).status).toBe(403);
    const { details } = harness.log.lines.findLast(({ step }) => step === 'no role can come from here') ?? {};
    expect(details).toMatchObject({
      source: 'repo:octo-org/deploy',
      error: expect.objectContaining({ message: expect.stringContaining('is public') }),
    });
  });

  test('teams and organizations grant the role of their list', async () => {
    const own = createTestBrowser(appWith(['team:octo-org/platform'], ['org:octo-org']), origin);
    await signIn('octocat', own);
    expect(await me(own)).toMatchObject({ role: 'operator' });
    await signIn('hubot', own);
    expect(await me(own)).toMatchObject({ role: 'viewer' });
    expect((await signIn('monalisa', own)).status).toBe(403);
  });

  test('somebody who cancels reads so, and may try again', async () => {
    const { status, body } = await signIn('');
    expect(status).toBe(403);
    expect(body).toContain('You cancelled the sign-in at GitHub.');
    expect(body).toContain('href="/auth/start?return=%2Fruns%3Fstate%3Dfailed"');
  });

  test('while GitHub does not respond, the page says so', async () => {
    const back = await authorize('monalisa');
    await emulator.control.setFaults([{ match: { operation: 'sign-in' }, fault: { status: 502 } }]);
    const { status, body } = await browser.get(back);
    expect(status).toBe(503);
    expect(body).toContain('GitHub does not respond. Try again in a few seconds.');
  });
});

describe('a response of GitHub is refused', () => {
  const refused = async (url: string, own = browser) => {
    const { status, body } = await own.get(url);
    expect(status).toBe(400);
    expect(body).toContain('role="alert"');
    expect(own.cookies.has('__Host-session')).toBe(false);
    return body;
  };

  test('in a browser that did not start the sign-in', async () => {
    const attacker = createTestBrowser(app, origin);
    const back = await authorize('monalisa', attacker);
    expect(await refused(back)).toContain('was not started in this browser');
  });

  test('with the state of another sign-in', async () => {
    const attacker = createTestBrowser(app, origin);
    const foreign = await authorize('monalisa', attacker);
    await browser.get('/auth/start');
    expect(await refused(foreign)).toContain('was not started in this browser');
  });

  test.each(['', '&state=', '&state=x'])('without the right state: %j', async (state) => {
    await browser.get('/auth/start');
    await refused(`/auth/callback?code=0123456789abcdef0123${state}`);
  });

  test('a second time, also with the cookie of the first', async () => {
    const back = await authorize('monalisa');
    const kept = browser.cookies.get(stateCookie) ?? '';
    expect((await browser.get(back)).status).toBe(303);
    const thief = createTestBrowser(app, origin);
    expect(await refused(back, thief)).toContain('already completed');
    thief.cookies.set(stateCookie, kept);
    expect(await refused(back, thief)).toContain('GitHub did not confirm this sign-in');
  });

  test('with the verifier of another sign-in', async () => {
    const back = await authorize('monalisa');
    const pending = JSON.parse(Buffer.from(browser.cookies.get(stateCookie) ?? '', 'base64url').toString());
    const changed = { ...pending, verifier: 'x'.repeat(43) };
    browser.cookies.set(stateCookie, Buffer.from(JSON.stringify(changed)).toString('base64url'));
    await refused(back);
  });

  test('after ten minutes', async () => {
    const back = await authorize('monalisa');
    harness.now += 10 * minutes;
    expect(await refused(back)).toContain('took longer than ten minutes');
  });

  test('with a malformed cookie', async () => {
    for (const value of [
      '',
      'x',
      Buffer.from('null').toString('base64url'),
      Buffer.from('{"state":""}').toString('base64url'),
    ]) {
      browser.cookies.set(stateCookie, value);
      await refused('/auth/callback?code=a&state=');
    }
  });

  test('and the way back never leaves this site, even if the cookie was changed', async () => {
    const back = await authorize('monalisa');
    const pending = JSON.parse(Buffer.from(browser.cookies.get(stateCookie) ?? '', 'base64url').toString());
    const changed = { ...pending, wayBack: 'https://evil.example/' };
    browser.cookies.set(stateCookie, Buffer.from(JSON.stringify(changed)).toString('base64url'));
    expect((await browser.get(back)).location).toBe('/');
    const other = createTestBrowser(app, origin);
    expect((await other.get(await authorize('monalisa', other, '//evil.example'))).location).toBe('/');
  });
});

describe('the role of a session', () => {
  const demote = () => emulator.control.changeRepository('octo-org/deploy', { collaborators: { monalisa: 'read' } });
  const remove = () => emulator.control.changeRepository('octo-org/deploy', { collaborators: {} });
  const outage = () =>
    emulator.control.setFaults([{ match: { operation: 'membership', times: 1_000 }, fault: { status: 503 } }]);

  test('is read again after ten minutes', async () => {
    await signIn('monalisa');
    await demote();
    harness.now += 10 * minutes - 1;
    expect(await me()).toMatchObject({ role: 'operator' });
    harness.now += 1;
    expect(await me()).toMatchObject({ role: 'viewer' });
    await emulator.control.clearRequests();
    expect(await me()).toMatchObject({ role: 'viewer' });
    expect((await emulator.control.requests()).requests).toEqual([]);
  });

  test('is read before every mutation', async () => {
    await signIn('monalisa');
    expect((await replay()).status).toBe(404);
    await demote();
    expect((await replay()).status).toBe(403);
    expect(await me()).toMatchObject({ role: 'viewer' });
  });

  test('that was removed ends the session, and it does not come back with the role', async () => {
    await signIn('monalisa');
    await remove();
    expect((await replay()).status).toBe(401);
    await emulator.control.changeRepository('octo-org/deploy', { collaborators: { monalisa: 'write' } });
    expect(await me()).toEqual({ status: 401 });
  });

  test('follows a renamed user, and the old name gives nobody anything', async () => {
    await signIn('monalisa');
    await emulator.control.renameAccount('monalisa', 'mona');
    await emulator.control.addOwner({ login: 'monalisa', type: 'User', id: 99_000_001 });
    harness.now += 10 * minutes;
    expect(await me()).toMatchObject({ name: 'mona', account: '2143658', role: 'operator' });
    const newcomer = createTestBrowser(app, origin);
    expect((await signIn('monalisa', newcomer)).status).toBe(403);
  });

  test('during an outage of GitHub, a session reads for an hour more and changes nothing', async () => {
    await signIn('monalisa');
    await outage();
    harness.now += 10 * minutes;
    expect(await me()).toMatchObject({ role: 'operator' });
    const { status, headers } = await replay();
    expect({ status, retryAfter: headers['retry-after'] }).toEqual({ status: 503, retryAfter: '5' });
    harness.now += 50 * minutes - 1;
    expect(await me()).toMatchObject({ role: 'operator' });
    harness.now += 1;
    expect(await me()).toEqual({ status: 503 });
    await emulator.control.clearFaults();
    expect(await me()).toMatchObject({ role: 'operator' });
  });

  test('an API key is not affected by an outage of GitHub', async () => {
    await outage();
    const operator = await harness.createKey({ name: 'during-an-outage', role: 'operator' });
    const response = await app.inject({
      method: 'POST',
      url: '/api/runs/1-2-3/replay',
      headers: { 'x-api-key': operator, 'content-type': 'application/json' },
      payload: '{"mode":"as-recorded","reason":"x"}',
    });
    expect(response.statusCode).toBe(404);
  });
});

test('no bearer token is accepted', async () => {
  for (const authorization of ['Bearer ghu_0123', `Basic ${Buffer.from('monalisa:x').toString('base64')}`]) {
    const { status, headers } = await browser.get('/api/me', { authorization });
    expect({ status, challenge: headers['www-authenticate'] }).toEqual({
      status: 401,
      challenge: 'Session realm="Dispatcher"',
    });
  }
});

describe('with REPOSITORY_VISIBILITY=github', () => {
  const seen = async (own: TestBrowser) => {
    const { status, body } = await own.get('/api/repositories/octo-org/app/inbound');
    return { status, body };
  };
  let own: TestBrowser;
  beforeEach(() => {
    own = createTestBrowser(appWith(['repo:octo-org/deploy'], ['repo:octo-org/app'], 'github'), origin);
  });

  test('`me` says so, and a viewer may not open the pages of operators, and signs in again after an hour', async () => {
    await emulator.control.changeRepository('octo-org/deploy', { collaborators: {} });
    await emulator.control.changeRepository('octo-org/app', { collaborators: { monalisa: 'read' } });
    await signIn('monalisa', own);
    expect(await me(own)).toMatchObject({ name: 'monalisa', role: 'viewer', visibility: 'github' });
    expect((await seen(own)).status).toBe(200);
    for (const path of ['/api/audit', '/api/keys', '/api/bulk-replays', '/api/dead-letters/runs'])
      expect(await own.get(path)).toMatchObject({
        status: 403,
        body: expect.stringContaining('you may read at GitHub'),
      });
    harness.now += 3_600_000 - 1;
    expect(await me(own)).toMatchObject({ name: 'monalisa' });
    harness.now += 1;
    expect(await me(own)).toEqual({ status: 401 });
  });

  test('an operator sees everything; who becomes a viewer sees the repositories of the sign-in', async () => {
    await signIn('monalisa', own);
    expect(await me(own)).toMatchObject({ role: 'operator', visibility: 'all' });
    expect((await own.get('/api/audit')).status).toBe(200);
    await emulator.control.changeRepository('octo-org/deploy', { collaborators: { monalisa: 'read' } });
    harness.now += 11 * 60_000;
    expect(await me(own)).toMatchObject({ role: 'viewer', visibility: 'github' });
    expect((await own.get('/api/audit')).status).toBe(403);
  });

  test('a viewer whose sign-in was before this setting signs in again, and an operator does not', async () => {
    const before = createTestBrowser(appWith(['repo:octo-org/deploy']), origin);
    await signIn('monalisa', before);
    for (const [name, value] of before.cookies) own.cookies.set(name, value);
    expect(await me(own)).toMatchObject({ role: 'operator' });
    await emulator.control.changeRepository('octo-org/deploy', { collaborators: { monalisa: 'read' } });
    harness.now += 11 * 60_000;
    expect(await me(own)).toEqual({ status: 401 });
  });

  test('an API key of a viewer sees everything, because an operator made it', async () => {
    const key = await harness.createKey({ name: 'grafana', role: 'viewer' });
    const response = await appWith(['repo:octo-org/deploy'], [], 'github').inject({
      url: '/api/audit',
      headers: { 'x-api-key': key },
    });
    expect(response.statusCode).toBe(200);
  });

  test('without the list of repositories nobody is signed in', async () => {
    await emulator.control.setFaults([
      { match: { method: 'GET', path: '/user/installations' }, fault: { status: 503 } },
    ]);
    expect((await signIn('monalisa', own)).status).toBe(503);
    expect(await me(own)).toEqual({ status: 401 });
  });
});
