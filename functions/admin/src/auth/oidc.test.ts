import { createHash, createHmac, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { decodeJwt, decodeProtectedHeader, type JWTPayload, SignJWT } from 'jose';
import { planFacts, sampleRun } from '@dispatcher/store/testing';
import type { FastifyInstance } from 'fastify';
import { createOidcAuthentication, type OidcOptions, type OidcSettings } from './oidc.ts';
import { ProblemDocument } from '../http/problem.ts';
import { startOidcProvider, type TestOidcProvider } from '../testing/oidc-provider.ts';
import { startAdminHarness, type AdminHarness } from '../testing/admin-harness.ts';

// Tokens are issued by a real provider. Invalid tokens are derived from valid ones.

const audience = 'https://dispatcher.example';
const users = {
  ada: { roles: ['operators'], email: 'ada@example.com' },
  grace: { roles: ['staff', 'viewers'] },
  both: { roles: ['viewers', 'operators'] },
  nobody: {},
  stranger: { roles: ['toString', 'operators '] },
  words: { permissions: 'read viewers' },
  nested: { realm_access: { roles: ['operators'] } },
  auth0: { 'https://dispatcher.example/roles': ['operators'] },
  impostor: { roles: ['operators'], email: 'key:nightly' },
  namesake: { roles: ['operators'], email: 'ada@example.com' },
};

let harness: AdminHarness;
let provider: TestOidcProvider;
let other: TestOidcProvider;
let app: FastifyInstance;
beforeAll(async () => {
  harness = await startAdminHarness();
  // The provider computes the expiry of its tokens by the system's clock.
  harness.now = Date.now();
  [provider, other] = await Promise.all([startOidcProvider({ users }), startOidcProvider({ users })]);
});
beforeEach(() => {
  // A new app for each test: it counts failed authentications.
  app = appFor(provider);
});
afterAll(async () => {
  await Promise.all([harness.close(), provider.close(), other.close()]);
});

function appFor(
  { issuer }: TestOidcProvider,
  change: Partial<OidcSettings> = {},
  timing: OidcOptions = {},
): FastifyInstance {
  const settings = {
    issuer,
    audience,
    roleClaim: 'roles',
    operatorValue: 'operators',
    viewerValue: 'viewers',
    nameClaim: 'email',
    ...change,
  };
  return harness.app({
    authentication: createOidcAuthentication(settings, harness.log, { timeoutMs: 120_000, ...timing }),
  });
}

async function ask(
  token: string,
  { on = app, method = 'GET' }: { on?: FastifyInstance; method?: 'GET' | 'POST' } = {},
) {
  const headers = { authorization: `Bearer ${token}` };
  // The run does not exist: a 404 shows that the request was authenticated and authorized.
  const payload = method === 'POST' ? { payload: { mode: 'as-recorded', reason: 'a test' } } : {};
  const url = method === 'POST' ? '/api/runs/1-2-3/replay' : '/api/runs/1-2-3';
  const response = await on.inject({ method, url, headers, ...payload });
  const { detail } = ProblemDocument.parse(response.json());
  return { status: response.statusCode, detail, headers: response.headers };
}

/** Returns the principal in the last log line. */
const lastPrincipal = () => (harness.log.lines.at(-1)?.details as { principal?: string } | undefined)?.principal;

describe('a token of the provider', () => {
  test('with the operator value grants the role operator, and its name is logged', async () => {
    const token = await provider.token('ada', audience);
    expect(await ask(token)).toMatchObject({ status: 404 });
    expect(await ask(token, { method: 'POST' })).toMatchObject({ status: 404 });
    expect(lastPrincipal()).toBe('ada@example.com');
  });

  test('with the viewer value grants reads only', async () => {
    const token = await provider.token('grace', audience);
    expect(await ask(token)).toMatchObject({ status: 404 });
    expect(lastPrincipal()).toBe('grace');
    expect(await ask(token, { method: 'POST' })).toMatchObject({ status: 403 });
  });

  test('with both values grants the role operator', async () => {
    expect(await ask(await provider.token('both', audience), { method: 'POST' })).toMatchObject({ status: 404 });
  });

  test.each(['nobody', 'stranger'])('without a role (%s) is a 403, not a 401', async (person) => {
    expect(await ask(await provider.token(person, audience))).toMatchObject({
      status: 403,
      detail: expect.stringContaining('no Dispatcher role'),
    });
  });

  test('whose name imitates an API key is recorded by its subject', async () => {
    await ask(await provider.token('impostor', audience));
    expect(lastPrincipal()).toBe('impostor');
  });

  test.each([
    ['in capitals', 'Key:nightly'],
    ['behind a space', ' key:nightly'],
    ['that of a user who re-ran a check', 'GitHub:octocat'],
    ['read from the right', '\u202eylthgin:yek'],
    ['in full-width text', '\uff4b\uff45\uff59\uff1anightly'],
    ['with a word joiner', 'k\u2060ey:nightly'],
    ['with a soft hyphen', 'ke\u00ady:nightly'],
    ['with a grapheme joiner', 'key\u034f:nightly'],
    ['with a tag character', 'key\u{e0061}:nightly'],
    ['with a space before the colon', 'key\u3000:nightly'],
    ['longer than a message takes once it is normalized', '\ufdfa'.repeat(20)],
    ['of two lines', 'ada\u2028key:nightly'],
    ['of nothing but spaces', '  '],
    ['longer than a message takes', '\u{1f600}'.repeat(101)],
    ['no text', 7],
  ])('whose name is %s is recorded by its subject', async (_, email) => {
    const claims = { ...decodeJwt(await provider.token('ada', audience)), email };
    expect(await ask(await provider.sign(claims))).toMatchObject({ status: 404 });
    expect(lastPrincipal()).toBe('ada');
  });

  test('is recorded by its name in the form NFKC', async () => {
    const claims = { ...decodeJwt(await provider.token('ada', audience)), email: '\uff21\u0301da\u00a0L.' };
    await ask(await provider.sign(claims));
    expect(lastPrincipal()).toBe('\u00c1da L.');
  });

  test('without a usable name or subject is refused', async () => {
    const claims = { ...decodeJwt(await provider.token('ada', audience)), email: '' };
    const of = async (sub: unknown) => ask(await provider.sign({ ...claims, sub } as JWTPayload));
    expect(await of('key:nightly')).toMatchObject({ status: 403, detail: expect.stringContaining('no name') });
    for (const sub of ['', 7, null, ['ada'], 'a'.repeat(256)]) expect(await of(sub)).toMatchObject({ status: 401 });
  });

  test('has its own idempotency keys, even if another user has the same name', async () => {
    await harness.facts.recordFacts(planFacts(sampleRun(1, '2026-11-03T13:59:00Z'), [], '2026-11-03T13:59:01Z'));
    const post = async (person: string) => {
      const response = await app.inject({
        method: 'POST',
        url: '/api/runs/11-9000000001-1/replay',
        headers: { authorization: `Bearer ${await provider.token(person, audience)}`, 'idempotency-key': 'mine' },
        payload: { mode: 'as-recorded', reason: 'a test' },
      });
      return [response.statusCode, response.headers['idempotency-replayed']];
    };
    expect(await post('ada')).toEqual([202, undefined]);
    expect(await post('namesake')).toEqual([202, undefined]);
    expect(lastPrincipal()).toBe('ada@example.com');
    expect(await post('ada')).toEqual([202, 'true']);
  });

  test('signed with ES256 is accepted', async () => {
    const elliptic = await startOidcProvider({ users, algorithm: 'ES256' });
    const token = await elliptic.token('ada', audience);
    expect(decodeProtectedHeader(token).alg).toBe('ES256');
    expect(await ask(token, { on: appFor(elliptic) })).toMatchObject({ status: 404 });
    await elliptic.close();
  });

  test.each([
    ['words', 'permissions', 404],
    ['nested', 'realm_access.roles', 404],
    ['auth0', 'https://dispatcher.example/roles', 404],
    ['nested', 'realm_access.constructor.name', 403],
    ['ada', 'roles.length', 403],
  ])('of %s has its role in the configured claim %s', async (person, roleClaim, status) => {
    const on = appFor(provider, { roleClaim });
    expect(await ask(await provider.token(person, audience), { on })).toMatchObject({ status });
  });

  test('grants no viewer role if no viewer value is configured', async () => {
    const on = appFor(provider, { viewerValue: null });
    expect(await ask(await provider.token('grace', audience), { on })).toMatchObject({ status: 403 });
  });
});

describe('refused with the same response', () => {
  const parts = (token: string) => token.split('.') as [string, string, string];
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

  const bad: Readonly<Record<string, () => Promise<string>>> = {
    'for another audience': () => provider.token('ada', 'https://other.example'),
    'of another issuer': () => other.token('ada', audience),
    'with our issuer, signed with another key': async () => {
      const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
      const token = await provider.token('ada', audience);
      const header = decodeProtectedHeader(token);
      return new SignJWT(decodeJwt(token)).setProtectedHeader({ ...header, alg: 'RS256' }).sign(privateKey);
    },
    'with a modified role': async () => {
      const [header, , signature] = parts(await provider.token('grace', audience));
      const payload = { ...decodeJwt(await provider.token('grace', audience)), roles: ['operators'] };
      return [header, encode(payload), signature].join('.');
    },
    'without a signature': async () => {
      const payload = decodeJwt(await provider.token('ada', audience));
      return `${encode({ alg: 'none', typ: 'JWT' })}.${encode(payload)}.`;
    },
    'signed with the public key as a shared secret': async () => {
      const token = await provider.token('ada', audience);
      const header = { ...decodeProtectedHeader(token), alg: 'HS256' };
      const signed = `${encode(header)}.${parts(token)[1]}`;
      const pem = createPublicKey({ key: { ...provider.publicKey }, format: 'jwk' }).export({
        type: 'spki',
        format: 'pem',
      });
      return `${signed}.${createHmac('sha256', pem).update(signed).digest('base64url')}`;
    },
    'with an embedded key': async () => {
      const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
      const payload = decodeJwt(await provider.token('ada', audience));
      const header = { alg: 'RS256', jwk: publicKey.export({ format: 'jwk' }) };
      return new SignJWT(payload).setProtectedHeader(header).sign(privateKey);
    },
    'that is not a JWT': async () => createHash('sha256').update('x').digest('base64url'),
    'with three meaningless parts': async () => 'a.b.c',
  };

  test.each(Object.keys(bad))('a token %s', async (name) => {
    const response = await ask((await bad[name]?.()) ?? '');
    const detail = 'Authentication failed: credentials are missing or invalid.';
    expect(response).toMatchObject({ status: 401, detail });
    expect(response.headers['www-authenticate']).toBe('Bearer realm="Dispatcher"');
  });

  test('a token before its nbf and after its exp, with 30 seconds of clock tolerance', async () => {
    const token = await provider.token('ada', audience);
    const { exp = 0 } = decodeJwt(token);
    const at = async (seconds: number, given = token) =>
      (await ask(given, { on: appFor(provider, {}, { now: () => seconds * 1000 }) })).status;
    expect(await at(exp + 29)).toBe(404);
    expect(await at(exp + 30)).toBe(401);
    const early = await provider.sign({ ...decodeJwt(token), nbf: exp - 100 });
    expect(await at(exp - 130, early)).toBe(404);
    expect(await at(exp - 131, early)).toBe(401);
  });

  test('a token without exp, sub, aud or iss', async () => {
    const claims = decodeJwt(await provider.token('ada', audience));
    expect(await ask(await provider.sign(claims))).toMatchObject({ status: 404 });
    for (const name of ['exp', 'sub', 'aud', 'iss']) {
      const { [name]: _, ...rest } = claims;
      expect(await ask(await provider.sign(rest))).toMatchObject({ status: 401 });
    }
  });

  test('no token, or a password', async () => {
    for (const headers of [{}, { authorization: 'Basic YWRhOnBhc3N3b3Jk' }, { authorization: 'Bearer' }]) {
      expect((await app.inject({ url: '/api/deliveries', headers })).statusCode).toBe(401);
    }
  });

  test('but an API key is accepted in addition to tokens', async () => {
    const headers = { 'x-api-key': await harness.createKey({ role: 'viewer' }) };
    expect((await app.inject({ url: '/api/deliveries', headers })).statusCode).toBe(200);
  });
});

describe('a provider', () => {
  let moving: Server | undefined;
  afterAll(async () => {
    moving?.closeAllConnections();
    await new Promise((resolve) => (moving === undefined ? resolve(null) : moving.close(resolve)));
  });

  test('that rotates its key: tokens of the new key are accepted at once, those of the old key are refused', async () => {
    const before = await startOidcProvider({ users, keyId: 'old' });
    const port = Number(new URL(before.issuer).port);
    const on = appFor(before, {}, { cooldownMs: 0 });
    const old = await before.token('ada', audience);
    expect(await ask(old, { on })).toMatchObject({ status: 404 });
    await before.close();

    const after = await startOidcProvider({ users, keyId: 'new', port });
    const fresh = await after.token('ada', audience);
    expect(await ask(fresh, { on })).toMatchObject({ status: 404 });
    expect(await ask(old, { on })).toMatchObject({ status: 401 });
    await after.close();
  });

  test('receives at most one request for unknown keys per cooldown, because anybody can invent key ids', async () => {
    const requested: string[] = [];
    const counted = await startOidcProvider({ users, onRequest: (url) => requested.push(url) });
    const on = appFor(counted);
    const token = await counted.token('ada', audience);
    requested.length = 0;
    expect(await ask(token, { on })).toMatchObject({ status: 404 });
    expect(await ask(token, { on })).toMatchObject({ status: 404 });
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    for (const kid of ['one', 'two', 'three']) {
      const made = await new SignJWT(decodeJwt(token)).setProtectedHeader({ alg: 'RS256', kid }).sign(privateKey);
      expect(await ask(made, { on })).toMatchObject({ status: 401 });
    }
    expect(requested).toEqual(['/.well-known/openid-configuration', '/jwks']);
    await counted.close();
  });

  test('that is unreachable: 503, and the failure is not cached', async () => {
    const first = await startOidcProvider({ users });
    const token = await first.token('ada', audience);
    const port = Number(new URL(first.issuer).port);
    await first.close();
    const on = appFor(first);
    harness.log.lines.length = 0;
    const refused = await ask(token, { on });
    expect(refused).toMatchObject({ status: 503, headers: { 'retry-after': '5' } });
    expect(harness.log.lines[0]).toMatchObject({ step: 'identity provider unreachable' });

    const restarted = await startOidcProvider({ users, port });
    expect(await ask(await restarted.token('ada', audience), { on })).toMatchObject({ status: 404 });
    await restarted.close();
  });

  test('that moves its keys: the discovery document is read again once they are gone', async () => {
    let at = '/old';
    const server = createServer(({ url = '' }, response) => {
      const body = url.startsWith('/.well-known')
        ? { issuer, jwks_uri: `${issuer}${at}` }
        : { keys: [provider.publicKey] };
      response.writeHead(url.startsWith('/.well-known') || url === at ? 200 : 404).end(JSON.stringify(body));
    });
    moving = server;
    await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
    const issuer = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
    const on = appFor({ ...provider, issuer }, {}, { cooldownMs: 0 });
    const claims = { ...decodeJwt(await provider.token('ada', audience)), iss: issuer };
    const token = await provider.sign(claims);
    expect(await ask(token, { on })).toMatchObject({ status: 404 });
    at = '/new';
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    const unknown = await new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid: 'unknown' }).sign(privateKey);
    expect(await ask(unknown, { on })).toMatchObject({ status: 503 });
    expect(await ask(unknown, { on })).toMatchObject({ status: 401 });
    expect(await ask(token, { on })).toMatchObject({ status: 404 });
  });

  test('whose discovery document names another issuer: 503', async () => {
    const on = appFor({ ...provider, issuer: provider.issuer.replace('127.0.0.1', 'localhost') });
    expect(await ask(await provider.token('ada', audience), { on })).toMatchObject({ status: 503 });
  });
});
