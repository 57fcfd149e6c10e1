import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import type { FastifyInstance } from 'fastify';
import { createOidcAuthentication, type OidcSettings } from '../auth/oidc.ts';
import { createOidcSignIn } from '../auth/oidc-sign-in.ts';
import { type AdminHarness, startAdminHarness } from '../testing/admin-harness.ts';
import {
  clientId,
  clientSecret,
  type SignInProvider,
  startSignInProvider,
} from '@dispatcher/lambda/testing/sign-in-provider';
import { createTestBrowser, type TestBrowser } from '../testing/test-browser.ts';

const origin = 'https://dispatcher.example';
const callback = `${origin}/auth/callback`;
const users = {
  ada: { roles: ['operators'], nickname: 'Ada' },
  grace: { roles: ['staff', 'viewers'] },
  nobody: { roles: ['staff'] },
};

let harness: AdminHarness;
let inToken: SignInProvider;
let inUserInfo: SignInProvider;
let withoutUserInfo: SignInProvider;
let refusesUserInfo: SignInProvider;
let browser: TestBrowser;
beforeAll(async () => {
  harness = await startAdminHarness();
  const options = { users, redirectUri: callback };
  [inToken, inUserInfo, withoutUserInfo, refusesUserInfo] = await Promise.all([
    startSignInProvider({ ...options, claimsInIdToken: true }),
    startSignInProvider({ ...options, claimsInIdToken: false }),
    startSignInProvider({ ...options, claimsInIdToken: true, hasUserInfo: false }),
    startSignInProvider({ ...options, claimsInIdToken: true, userInfoStatus: 403 }),
  ]);
});
beforeEach(() => {
  harness.now = Date.now();
  inToken.requests.length = 0;
  inUserInfo.requests.length = 0;
  browser = createTestBrowser(appFor(inToken), origin);
});
afterAll(async () => {
  const providers = [inToken, inUserInfo, withoutUserInfo, refusesUserInfo];
  await Promise.all([harness.close(), ...providers.map((provider) => provider.close())]);
});

function appFor({ issuer }: Pick<SignInProvider, 'issuer'>, secret = clientSecret): FastifyInstance {
  const settings: OidcSettings = {
    issuer,
    audience: 'dispatcher-api',
    roleClaim: 'roles',
    operatorValue: 'operators',
    viewerValue: 'viewers',
    nameClaim: 'nickname',
  };
  const provider = createOidcSignIn({
    settings,
    clientId,
    clientSecret: async () => secret,
    scope: 'openid profile email',
    timeoutMs: 2_000,
  });
  const authentication = createOidcAuthentication(settings, harness.log, { signIn: { kind: 'redirect', provider } });
  return harness.app({ publicUrl: origin, authentication });
}

async function authorize(user: string, provider = inToken, own = browser): Promise<string> {
  const { location, status } = await own.get('/auth/start?return=%2Fruns');
  expect(status).toBe(303);
  const back = await provider.authorize(location ?? '', user);
  return `${back.pathname}${back.search}`;
}
const me = async (own = browser) => JSON.parse((await own.get('/api/me')).body) as unknown;

describe('a sign-in at an identity provider', () => {
  test('sends the browser there with state, nonce and an S256 challenge, and back to PUBLIC_URL', async () => {
    const { location } = await browser.get('/auth/start');
    const url = new URL(location ?? '');
    expect(url.origin).toBe(inToken.issuer);
    expect(Object.fromEntries(url.searchParams)).toMatchObject({
      client_id: clientId,
      redirect_uri: callback,
      response_type: 'code',
      scope: 'openid profile email',
      code_challenge_method: 'S256',
      state: expect.stringMatching(/^[\w-]{43}$/),
      nonce: expect.stringMatching(/^[\w-]{43}$/),
    });
  });

  test('takes role and name from the ID token, without another request', async () => {
    const { status, location } = await browser.get(await authorize('ada'));
    expect({ status, location }).toEqual({ status: 303, location: '/runs' });
    expect(await me()).toMatchObject({ name: 'Ada', kind: 'oidc', account: 'ada', role: 'operator' });
    expect(inToken.requests).toEqual(['/token']);
  });

  test('takes the role from the response about the user where the ID token has none', async () => {
    const own = createTestBrowser(appFor(inUserInfo), origin);
    expect((await own.get(await authorize('grace', inUserInfo, own))).status).toBe(303);
    expect(await me(own)).toMatchObject({ name: 'grace', role: 'viewer' });
    expect(inUserInfo.requests).toEqual(['/token', '/me']);
  });

  test('without a role is refused, and may choose another account that the provider knows', async () => {
    const { status, body } = await browser.get(await authorize('nobody'));
    expect(status).toBe(403);
    expect(body).toContain(
      'You are signed in at 127.0.0.1 as nobody, which grants no Dispatcher role. Ask an administrator for viewer or operator.',
    );
    expect(browser.cookies.size).toBe(0);
    expect(body).toContain('>Sign in with 127.0.0.1 as somebody else</a>');
    const [, address = ''] = /href="([^"]+)"/.exec(body) ?? [];
    const { location } = await browser.get(address.replaceAll('&amp;', '&'));
    expect(new URL(location ?? '').searchParams.get('prompt')).toMatch(/^(?:select_account|login)$/);
    const back = await inToken.authorize(location ?? '', 'ada');
    expect(await browser.get(`${back.pathname}${back.search}`)).toMatchObject({ status: 303, location: '/runs' });
  });

  test.each([
    ['has no endpoint', () => withoutUserInfo],
    ['refuses its endpoint', () => refusesUserInfo],
  ])('without a role at a provider that %s about its users is refused for the role', async (_, provider) => {
    const own = createTestBrowser(appFor(provider()), origin);
    const { status, body } = await own.get(await authorize('nobody', provider(), own));
    expect(status).toBe(403);
    expect(body).toContain('as nobody, which grants no Dispatcher role');
    expect(body).toContain('>Sign in with 127.0.0.1 as somebody else</a>');
    // The log says why the endpoint of the provider was of no use.
    expect(harness.log.lines).toContainEqual({
      step: 'sign-in refused',
      details: expect.objectContaining({ error: expect.any(Error) }),
    });
  });

  test('the button names the provider', async () => {
    expect((await browser.get('/auth/sign-in')).body).toContain('>Sign in with 127.0.0.1</a>');
  });
});

describe('a response of the provider is refused', () => {
  const refused = async (url: string, own = browser) => {
    const { status, body } = await own.get(url);
    expect(status).toBe(400);
    expect(own.cookies.has('__Host-session')).toBe(false);
    return body;
  };
  const changePending = (change: object) => {
    const value = browser.cookies.get('__Host-sign-in') ?? '';
    const pending = { ...JSON.parse(Buffer.from(value, 'base64url').toString()), ...change };
    browser.cookies.set('__Host-sign-in', Buffer.from(JSON.stringify(pending)).toString('base64url'));
  };

  test('in a browser that did not start the sign-in', async () => {
    const attacker = createTestBrowser(appFor(inToken), origin);
    await refused(await authorize('ada', inToken, attacker));
  });

  test('with the state of another sign-in', async () => {
    const back = await authorize('ada');
    changePending({ state: 'x'.repeat(43) });
    expect(await refused(back)).toContain('was not started in this browser');
    expect(inToken.requests).toEqual([]);
  });

  test('with another nonce or another verifier', async () => {
    for (const change of [{ nonce: 'x'.repeat(43) }, { verifier: 'x'.repeat(43) }, { nonce: undefined }]) {
      const back = await authorize('ada');
      changePending(change);
      expect(await refused(back)).toContain('did not confirm this sign-in');
    }
  });

  test('a second time', async () => {
    const back = await authorize('ada');
    const kept = browser.cookies.get('__Host-sign-in') ?? '';
    expect((await browser.get(back)).status).toBe(303);
    const thief = createTestBrowser(appFor(inToken), origin);
    thief.cookies.set('__Host-sign-in', kept);
    expect(await refused(back, thief)).toContain('did not confirm this sign-in');
  });

  test('with a wrong client secret', async () => {
    const own = createTestBrowser(appFor(inToken, 'another secret of the client'), origin);
    expect(await refused(await authorize('ada', inToken, own), own)).toContain('did not confirm this sign-in');
  });

  test('with the issuer of another provider', async () => {
    const back = await authorize('ada');
    const mixedUp = back.replace(/iss=[^&]*/, `iss=${encodeURIComponent(inUserInfo.issuer)}`);
    expect(mixedUp).not.toBe(back);
    expect(await refused(mixedUp)).toContain('did not confirm this sign-in');
  });
});

test('while the provider cannot be reached, the page says so; afterwards the sign-in works', async () => {
  const gone = createTestBrowser(appFor({ issuer: 'http://127.0.0.1:9' }), origin);
  const { status, body } = await gone.get('/auth/start');
  expect(status).toBe(503);
  expect(body).toContain('The identity provider does not respond.');
});

test('a token of the API is accepted beside sessions', async () => {
  const { status } = await browser.get('/api/me', { authorization: 'Bearer not-a-token' });
  expect(status).toBe(401);
  await browser.get(await authorize('ada'));
  expect((await browser.get('/api/me', { authorization: 'Bearer not-a-token' })).status).toBe(401);
  expect((await browser.get('/api/me')).status).toBe(200);
});
