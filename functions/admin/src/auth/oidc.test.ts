import { createHash, createHmac, createPublicKey, generateKeyPairSync } from 'node:crypto';
import { createServer, type Server } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { decodeJwt, decodeProtectedHeader, type JWTPayload, SignJWT } from 'jose';
import type { FastifyInstance } from 'fastify';
import { oidcAuthentication, type OidcSettings, type OidcTimes } from './oidc.ts';
import { ProblemDocument } from '../http/problem.ts';
import { startProvider, type TestProvider } from '../testing/oidc-provider.ts';
import { startWorld, type World } from '../testing/admin-harness.ts';

// Tokens of a real provider, made and signed by it. Those that no provider would give are made from good ones.

const audience = 'https://dispatcher.example';
const people = {
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

let world: World;
let provider: TestProvider;
let other: TestProvider;
let app: FastifyInstance;
beforeAll(async () => {
  world = await startWorld();
  // A provider says when its tokens end by its own clock.
  world.now = Date.now();
  [provider, other] = await Promise.all([startProvider({ people }), startProvider({ people })]);
});
beforeEach(() => {
  // A new one for each, because it remembers wrong credentials.
  app = appFor(provider);
});
afterAll(async () => {
  await Promise.all([world.close(), provider.close(), other.close()]);
});

function appFor({ issuer }: TestProvider, change: Partial<OidcSettings> = {}, times: OidcTimes = {}): FastifyInstance {
  const settings = {
    issuer,
    audience,
    roleClaim: 'roles',
    operatorValue: 'operators',
    viewerValue: 'viewers',
    nameClaim: 'email',
    ...change,
  };
  const log = { error: (step: string, details: unknown) => void world.logged.push({ step, details }) };
  return world.app({ authentication: oidcAuthentication(settings, log, { timeoutMs: 120_000, ...times }) });
}

async function ask(
  token: string,
  { on = app, method = 'GET' }: { on?: FastifyInstance; method?: 'GET' | 'POST' } = {},
) {
  const headers = { authorization: `Bearer ${token}` };
  // Found by nobody: what is answered is whether the request came so far.
  const payload = method === 'POST' ? { payload: { mode: 'as-recorded', reason: 'a test' } } : {};
  const url = method === 'POST' ? '/api/runs/1-2-3/replay' : '/api/runs/1-2-3';
  const answer = await on.inject({ method, url, headers, ...payload });
  const { detail } = ProblemDocument.parse(answer.json());
  return { status: answer.statusCode, detail, headers: answer.headers };
}

/** What the log says of the last request. */
const lastPrincipal = () => (world.logged.at(-1)?.details as { principal?: string } | undefined)?.principal;

describe('a token of the provider', () => {
  test('makes an operator, by the name it carries', async () => {
    const token = await provider.token('ada', audience);
    expect(await ask(token)).toMatchObject({ status: 404 });
    expect(await ask(token, { method: 'POST' })).toMatchObject({ status: 404 });
    expect(lastPrincipal()).toBe('ada@example.com');
  });

  test('makes a viewer, who reads and changes nothing', async () => {
    const token = await provider.token('grace', audience);
    expect(await ask(token)).toMatchObject({ status: 404 });
    expect(lastPrincipal()).toBe('grace');
    expect(await ask(token, { method: 'POST' })).toMatchObject({ status: 403 });
  });

  test('with both roles makes an operator', async () => {
    expect(await ask(await provider.token('both', audience), { method: 'POST' })).toMatchObject({ status: 404 });
  });

  test.each(['nobody', 'stranger'])('without a role (%s) is refused as known, and not as wrong', async (person) => {
    expect(await ask(await provider.token(person, audience))).toMatchObject({
      status: 403,
      detail: expect.stringContaining('no role'),
    });
  });

  test('takes no name of an API key', async () => {
    await ask(await provider.token('impostor', audience));
    expect(lastPrincipal()).toBe('impostor');
  });

  test.each([
    ['in capitals', 'Key:nightly'],
    ['behind a space', ' key:nightly'],
    ['read from the right', '\u202eylthgin:yek'],
    ['of two lines', 'ada\u2028key:nightly'],
    ['of nothing but spaces', '  '],
    ['longer than a message takes', '\u{1f600}'.repeat(101)],
    ['no text', 7],
  ])('that calls its owner by a name that is %s is told of by its subject', async (_, email) => {
    const claims = { ...decodeJwt(await provider.token('ada', audience)), email };
    expect(await ask(await provider.sign(claims))).toMatchObject({ status: 404 });
    expect(lastPrincipal()).toBe('ada');
  });

  test('by which no fact could tell of its owner is refused', async () => {
    const claims = { ...decodeJwt(await provider.token('ada', audience)), email: '' };
    const of = async (sub: unknown) => ask(await provider.sign({ ...claims, sub } as JWTPayload));
    expect(await of('key:nightly')).toMatchObject({ status: 403, detail: expect.stringContaining('no name') });
    for (const sub of ['', 7, null, ['ada'], 'a'.repeat(256)]) expect(await of(sub)).toMatchObject({ status: 401 });
  });

  test('has idempotency keys of its owner’s own, also where another has the same name', async () => {
    const post = async (person: string) => {
      const answer = await app.inject({
        method: 'POST',
        url: '/api/runs/1-2-3/replay',
        headers: { authorization: `Bearer ${await provider.token(person, audience)}`, 'idempotency-key': 'mine' },
        payload: { mode: 'as-recorded', reason: 'a test' },
      });
      return [answer.statusCode, answer.headers['idempotency-replayed']];
    };
    expect(await post('ada')).toEqual([404, undefined]);
    expect(await post('namesake')).toEqual([404, undefined]);
    expect(lastPrincipal()).toBe('ada@example.com');
    expect(await post('ada')).toEqual([404, 'true']);
  });

  test('is taken where the keys are of another kind', async () => {
    const elliptic = await startProvider({ people, algorithm: 'ES256' });
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
  ])('has its role where the configuration says: %s, %s', async (person, roleClaim, status) => {
    const on = appFor(provider, { roleClaim });
    expect(await ask(await provider.token(person, audience), { on })).toMatchObject({ status });
  });

  test('makes no viewer where no value is set for them', async () => {
    const on = appFor(provider, { viewerValue: null });
    expect(await ask(await provider.token('grace', audience), { on })).toMatchObject({ status: 403 });
  });
});

describe('refused, with one answer for all', () => {
  const parts = (token: string) => token.split('.') as [string, string, string];
  const encode = (value: object) => Buffer.from(JSON.stringify(value)).toString('base64url');

  const bad: Readonly<Record<string, () => Promise<string>>> = {
    'for another audience': () => provider.token('ada', 'https://elsewhere.example'),
    'of another issuer': () => other.token('ada', audience),
    'that names our issuer, signed by another': async () => {
      const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
      const token = await provider.token('ada', audience);
      const header = decodeProtectedHeader(token);
      return new SignJWT(decodeJwt(token)).setProtectedHeader({ ...header, alg: 'RS256' }).sign(privateKey);
    },
    'with another role written into it': async () => {
      const [header, , signature] = parts(await provider.token('grace', audience));
      const payload = { ...decodeJwt(await provider.token('grace', audience)), roles: ['operators'] };
      return [header, encode(payload), signature].join('.');
    },
    'that is not signed': async () => {
      const payload = decodeJwt(await provider.token('ada', audience));
      return `${encode({ alg: 'none', typ: 'JWT' })}.${encode(payload)}.`;
    },
    'signed with the public key as a shared secret': async () => {
      const token = await provider.token('ada', audience);
      const header = { ...decodeProtectedHeader(token), alg: 'HS256' };
      const said = `${encode(header)}.${parts(token)[1]}`;
      const pem = createPublicKey({ key: { ...provider.publicKey }, format: 'jwk' }).export({
        type: 'spki',
        format: 'pem',
      });
      return `${said}.${createHmac('sha256', pem).update(said).digest('base64url')}`;
    },
    'that brings its own key': async () => {
      const { privateKey, publicKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
      const payload = decodeJwt(await provider.token('ada', audience));
      const header = { alg: 'RS256', jwk: publicKey.export({ format: 'jwk' }) };
      return new SignJWT(payload).setProtectedHeader(header).sign(privateKey);
    },
    'that is none': async () => createHash('sha256').update('x').digest('base64url'),
    'of three parts that say nothing': async () => 'a.b.c',
  };

  test.each(Object.keys(bad))('a token %s', async (name) => {
    const answer = await ask((await bad[name]?.()) ?? '');
    expect(answer).toMatchObject({ status: 401, detail: 'This needs credentials that are good here.' });
    expect(answer.headers['www-authenticate']).toBe('Bearer realm="Dispatcher"');
  });

  test('a token before and after its time, with half a minute for clocks that differ', async () => {
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

  test('a token that never ends, or is nobody’s', async () => {
    const claims = decodeJwt(await provider.token('ada', audience));
    expect(await ask(await provider.sign(claims))).toMatchObject({ status: 404 });
    for (const name of ['exp', 'sub', 'aud', 'iss']) {
      const { [name]: _, ...rest } = claims;
      expect(await ask(await provider.sign(rest))).toMatchObject({ status: 401 });
    }
  });

  test('no token, and a password', async () => {
    for (const headers of [{}, { authorization: 'Basic YWRhOnBhc3N3b3Jk' }, { authorization: 'Bearer' }]) {
      expect((await app.inject({ url: '/api/deliveries', headers })).statusCode).toBe(401);
    }
  });

  test('but an API key comes in beside tokens', async () => {
    const headers = { 'x-api-key': await world.newKey({ role: 'viewer' }) };
    expect((await app.inject({ url: '/api/deliveries', headers })).statusCode).toBe(200);
  });
});

describe('the provider', () => {
  let moving: Server | undefined;
  afterAll(async () => {
    moving?.closeAllConnections();
    await new Promise((resolve) => (moving === undefined ? resolve(null) : moving.close(resolve)));
  });

  test('changes its key: tokens of the new one are taken at once, those of the old one no more', async () => {
    const before = await startProvider({ people, keyId: 'old' });
    const port = Number(new URL(before.issuer).port);
    const on = appFor(before, {}, { cooldownMs: 0 });
    const old = await before.token('ada', audience);
    expect(await ask(old, { on })).toMatchObject({ status: 404 });
    await before.close();

    const after = await startProvider({ people, keyId: 'new', port });
    const fresh = await after.token('ada', audience);
    expect(await ask(fresh, { on })).toMatchObject({ status: 404 });
    expect(await ask(old, { on })).toMatchObject({ status: 401 });
    await after.close();
  });

  test('is asked for an unknown key at most once in the cooldown: a stranger can name any', async () => {
    const asked: string[] = [];
    const counted = await startProvider({ people, onRequest: (url) => asked.push(url) });
    const on = appFor(counted);
    const token = await counted.token('ada', audience);
    asked.length = 0;
    expect(await ask(token, { on })).toMatchObject({ status: 404 });
    expect(await ask(token, { on })).toMatchObject({ status: 404 });
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    for (const kid of ['one', 'two', 'three']) {
      const made = await new SignJWT(decodeJwt(token)).setProtectedHeader({ alg: 'RS256', kid }).sign(privateKey);
      expect(await ask(made, { on })).toMatchObject({ status: 401 });
    }
    expect(asked).toEqual(['/.well-known/openid-configuration', '/jwks']);
    await counted.close();
  });

  test('cannot be reached: 503, and no failure is kept once it can', async () => {
    const first = await startProvider({ people });
    const token = await first.token('ada', audience);
    const port = Number(new URL(first.issuer).port);
    await first.close();
    const on = appFor(first);
    world.logged.length = 0;
    const refused = await ask(token, { on });
    expect(refused).toMatchObject({ status: 503, headers: { 'retry-after': '5' } });
    expect(world.logged[0]).toMatchObject({ step: 'the identity provider cannot be asked' });

    const again = await startProvider({ people, port });
    expect(await ask(await again.token('ada', audience), { on })).toMatchObject({ status: 404 });
    await again.close();
  });

  test('moves its keys: they are looked for anew once they are not there any more', async () => {
    let at = '/old';
    const server = createServer(({ url = '' }, response) => {
      const said = url.startsWith('/.well-known')
        ? { issuer, jwks_uri: `${issuer}${at}` }
        : { keys: [provider.publicKey] };
      response.writeHead(url.startsWith('/.well-known') || url === at ? 200 : 404).end(JSON.stringify(said));
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

  test('says that it is another one: nothing is taken from it', async () => {
    const on = appFor({ ...provider, issuer: provider.issuer.replace('127.0.0.1', 'localhost') });
    expect(await ask(await provider.token('ada', audience), { on })).toMatchObject({ status: 503 });
  });
});
