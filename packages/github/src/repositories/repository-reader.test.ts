import { afterEach, describe, expect, test } from '@jest/globals';
import type { TargetRequest } from '@dispatcher/contracts';
import {
  appOf,
  type FakeGitHub,
  type FakeReply,
  isMinting,
  startFakeGitHub,
  tokenResponse,
} from '../testing/fake-github.ts';
import type { SeenRequest } from '../testing/published-schemas.ts';
import type { GitHubAppOptions } from '../transport/options.ts';

const source = { installationId: 7, owner: 'acme' };
const target = (name: string, workflows: string[] = [], refs: string[] = []): TargetRequest => ({
  owner: 'acme',
  name,
  workflows,
  refs,
});
const targets = (count: number) => Array.from({ length: count }, (_, at) => target(`r${at}`));

let github: FakeGitHub;
afterEach(async () => {
  await github.close();
  expect(github.violations).toEqual([]);
});

const isQuery = (request: SeenRequest) => request.path.endsWith('/graphql');
const queries = () => github.seen.filter(isQuery);

function variablesIn(request: SeenRequest): Record<string, string> {
  return (request.body as { variables: Record<string, string> }).variables;
}

/** Returns the names of the repositories that a query reads, in the order of their aliases. */
function namesIn(request: SeenRequest): string[] {
  return Object.entries(variablesIn(request)).flatMap(([name, value]) => (name.startsWith('n') ? [value] : []));
}

function repository(name: string): object {
  return {
    databaseId: 1,
    name,
    owner: { login: 'acme' },
    isArchived: false,
    isDisabled: false,
    isLocked: false,
    visibility: 'PRIVATE',
    defaultBranchRef: null,
    h0: null,
    t0: null,
  };
}

function respondWithAll(request: SeenRequest): FakeReply {
  return { body: { data: Object.fromEntries(namesIn(request).map((name, at) => [`r${at}`, repository(name)])) } };
}

async function startApp(reply: (request: SeenRequest) => FakeReply, options: Partial<GitHubAppOptions> = {}) {
  github = await startFakeGitHub((request, seen) => (isMinting(request) ? tokenResponse(seen) : reply(request)));
  return appOf(github, options);
}

describe('concurrent reads', () => {
  test('take one request per installation', async () => {
    const reader = (await startApp(respondWithAll)).createReader();
    const read = (installationId: number, name: string) => reader.readSource({ installationId, owner: 'acme', name });
    const snapshots = await Promise.all([read(7, 'a'), read(7, 'b'), read(8, 'c')]);
    expect(snapshots).toMatchObject([
      { name: 'a', installationId: 7 },
      { name: 'b', installationId: 7 },
      { name: 'c', installationId: 8 },
    ]);
    expect(new Set(queries().map((request) => namesIn(request).join()))).toEqual(new Set(['a,b', 'c']));
    expect(queries()).toHaveLength(2);
  });

  test('of one repository read it once, with all requested workflows and refs', async () => {
    const reader = (await startApp(respondWithAll)).createReader();
    const [one, other] = await Promise.all([
      reader.readTargets(source, [target('Deploy', ['a.yml'], ['v1'])]),
      reader.readTargets(source, [target('deploy', ['b.yml'], []), target('DEPLOY', ['a.yml'], [])]),
    ]);
    expect(one['acme/deploy']).toMatchObject({ state: 'read' });
    expect(Object.keys(other)).toEqual(['acme/deploy']);
    expect(queries()).toHaveLength(1);
    expect(queries().map(variablesIn)).toEqual([
      {
        o0: 'acme',
        n0: 'Deploy',
        w0_0: '.github/workflows/a.yml',
        w0_1: '.github/workflows/b.yml',
        h0_0: 'refs/heads/v1',
        t0_0: 'refs/tags/v1',
      },
    ]);
  });

  test('of one source share its request, with the head of each run once', async () => {
    const heads = { b0: null, g0: null, b1: null, g1: null };
    const respond = () => ({ body: { data: { r0: { ...repository('app'), ...heads } } } });
    const reader = (await startApp(respond)).createReader();
    const head = (name: string, sha: string) => reader.readSource({ ...source, name: 'app', head: { name, sha } });
    const snapshots = await Promise.all([head('main', 'a1'), head('main', 'b2'), head('main', 'a1')]);
    const absent = { branch: { state: 'absent' }, tag: { state: 'absent' } };
    for (const snapshot of snapshots) {
      expect(snapshot).toMatchObject({
        heads: [
          { name: 'main', sha: 'a1', ...absent },
          { name: 'main', sha: 'b2', ...absent },
        ],
      });
    }
    expect(queries().map(variablesIn)).toEqual([
      {
        o0: 'acme',
        n0: 'app',
        b0_0: 'refs/heads/main',
        g0_0: 'refs/tags/main',
        s0_0: 'a1',
        b0_1: 'refs/heads/main',
        g0_1: 'refs/tags/main',
        s0_1: 'b2',
      },
    ]);
  });

  test('of a source without a head ask for no ref, and do not share the snapshot of a run with one', async () => {
    const respond = () => ({ body: { data: { r0: { ...repository('app'), b0: null, g0: null } } } });
    const reader = (await startApp(respond)).createReader();
    expect(await reader.readSource({ ...source, name: 'app', head: null })).not.toHaveProperty('heads');
    expect(await reader.readSource({ ...source, name: 'app', head: { name: 'main', sha: 'a1' } })).toHaveProperty(
      'heads',
    );
    expect(queries().map((request) => Object.keys(variablesIn(request)).length)).toEqual([2, 5]);
  });

  test('are cached by the reader, not by the App', async () => {
    const app = await startApp(respondWithAll);
    const reader = app.createReader();
    await reader.readSource({ ...source, name: 'a' });
    await reader.readSource({ ...source, name: 'A' });
    expect(queries()).toHaveLength(1);
    await app.createReader().readSource({ ...source, name: 'a' });
    expect(queries()).toHaveLength(2);
  });

  test('of many repositories are parallel requests of ten repositories each', async () => {
    await startApp(respondWithAll);
    let inFlight = 0;
    let maxInFlight = 0;
    const counting: typeof fetch = async (...request) => {
      inFlight += 1;
      maxInFlight = Math.max(maxInFlight, inFlight);
      return fetch(...request).finally(() => (inFlight -= 1));
    };
    const snapshots = await appOf(github, { fetch: counting }).createReader().readTargets(source, targets(25));
    expect(maxInFlight).toBe(3);
    expect(Object.values(snapshots).map(({ state }) => state)).toEqual(Array(25).fill('read'));
    expect(
      queries()
        .map((request) => namesIn(request).length)
        .toSorted((one, other) => other - one),
    ).toEqual([10, 10, 5]);
  });
});

describe('targets of another owner', () => {
  const foreign = { owner: 'Partner', name: 'site', workflows: [], refs: [] };
  const lookUp = (reply: FakeReply) => (request: SeenRequest) =>
    request.path === '/users/partner/installation' ? reply : respondWithAll(request);

  test('are read with that owner’s installation', async () => {
    const app = await startApp(lookUp({ body: { id: 99 } }));
    const snapshots = await app.createReader().readTargets(source, [target('deploy'), foreign]);
    expect(snapshots).toMatchObject({ 'acme/deploy': { installationId: 7 }, 'partner/site': { installationId: 99 } });
  });

  test('that has not installed the App are absent without a query', async () => {
    const app = await startApp(lookUp({ status: 404, body: { message: 'Not Found' } }));
    await expect(app.createReader().readTargets(source, [foreign])).resolves.toEqual({
      'partner/site': { state: 'absent' },
    });
    expect(queries()).toEqual([]);
  });

  test('whose installation lookup failed are unknown, and the others are read', async () => {
    const app = await startApp(lookUp({ status: 502, body: { message: 'Bad Gateway' } }));
    const snapshots = await app.createReader().readTargets(source, [target('deploy'), foreign]);
    expect(snapshots).toMatchObject({
      'acme/deploy': { state: 'read' },
      'partner/site': { state: 'unknown', reason: 'Bad Gateway' },
    });
  });
});

describe('policies', () => {
  const lookUp = (request: SeenRequest) =>
    request.path === '/users/partner/installation' ? { body: { id: 99 } } : respondWithAll(request);

  test('cost a run one more repository in the request of its source, and one in that of each other owner', async () => {
    const reader = (await startApp(lookUp)).createReader();
    await Promise.all([
      reader.readSource({ ...source, name: 'app', head: { name: 'main', sha: 'a'.repeat(40) } }),
      reader.readPolicies(source, ['acme']),
    ]);
    expect(queries().map(namesIn)).toEqual([['app', '.github']]);
    const site = { owner: 'Partner', name: 'site', workflows: ['cd.yml'], refs: [] };
    const [, policies] = await Promise.all([
      reader.readTargets(source, [target('deploy'), target('docs'), site]),
      reader.readPolicies(source, ['acme', 'partner']),
    ]);
    expect(
      new Set(
        queries()
          .slice(1)
          .map((query) => namesIn(query).join()),
      ),
    ).toEqual(new Set(['deploy,docs', 'site,.github']));
    expect(queries()).toHaveLength(3);
    expect(Object.keys(policies)).toEqual(['acme', 'partner']);
    const [first = ''] = queries().map((request) => (request.body as { query: string }).query);
    expect(first.match(/dispatching-policy\.yml/g)).toHaveLength(1);
    // Of `.github`, only the policy is read.
    expect(first.match(/path: "dispatching\.yml"/g)).toHaveLength(1);
  });

  test('of ten runs of one owner stay in one request', async () => {
    const reader = (await startApp(respondWithAll)).createReader();
    const names = targets(10).map(({ name }) => name);
    await Promise.all(
      names.flatMap((name) => [reader.readSource({ ...source, name }), reader.readPolicies(source, ['acme'])]),
    );
    expect(queries().map(namesIn)).toEqual([[...names, '.github']]);
  });

  test('are in the repository `.github`, also if a run belongs to it', async () => {
    const reader = (await startApp(respondWithAll)).createReader();
    await Promise.all([reader.readSource({ ...source, name: '.github' }), reader.readPolicies(source, ['acme'])]);
    expect(queries().map(namesIn)).toEqual([['.github']]);
    const [query = ''] = queries().map((request) => (request.body as { query: string }).query);
    expect([query.includes('"dispatching-policy.yml"'), query.includes('"dispatching.yml"')]).toEqual([true, true]);
  });
});

describe('an installation', () => {
  test.each([
    ['removed', 404, 'Not Found', { state: 'absent' }],
    ['suspended', 403, 'This installation has been suspended', { state: 'absent' }],
    [
      'behind an IP allow list',
      403,
      'Although you appear to have the correct authorization credentials, …',
      { state: 'unknown', reason: 'Although you appear to have the correct authorization credentials, …' },
    ],
    [
      'without the permission',
      422,
      'The permissions requested are not granted to this installation.',
      { state: 'unknown', reason: 'The permissions requested are not granted to this installation.' },
    ],
  ])('that is %s returns no contents', async (_, status, message, snapshot) => {
    github = await startFakeGitHub(() => ({ status, body: { message } }));
    await expect(
      appOf(github)
        .createReader()
        .readSource({ ...source, name: 'a' }),
    ).resolves.toEqual(snapshot);
  });

  test('of an App whose key GitHub refuses throws, because no repository is at fault', async () => {
    github = await startFakeGitHub(() => ({ status: 401, body: { message: 'A JSON web token could not be decoded' } }));
    const read = appOf(github)
      .createReader()
      .readSource({ ...source, name: 'a' });
    await expect(read).rejects.toMatchObject({ kind: 'transient', status: 401, credentials: true });
  });
});

describe('a failed read', () => {
  test.each<[string, FakeReply, RegExp]>([
    ['502', { status: 502, body: '<html>' }, /GitHub responded with 502/],
    ['504', { status: 504, body: { message: 'We couldn’t respond in time' } }, /in time/],
    ['a reset', 'reset', /Could not reach GitHub/],
    ['no response', 'hang', /did not respond in time/],
    ['an empty body', { body: '' }, /empty, cut off/],
    ['a body that was cut off', { body: '{"data":{"r0":{"databaseId":1' }, /empty, cut off/],
    ['a response that is not GraphQL', { body: { message: 'hello' } }, /empty, cut off/],
    ['an error without a type', { body: { data: null, errors: [{ message: 'Something went wrong' }] } }, /went wrong/],
    ['an IP allow list', { status: 403, body: { message: 'Although you appear to have…' } }, /Although/],
  ])('with %s returns an unknown snapshot, which is not cached', async (label, reply, reason) => {
    const options = reply === 'hang' ? { requestTimeoutMs: 5_000 } : {};
    const app = await startApp((request) => (queries().length === 0 ? reply : respondWithAll(request)), options);
    const reader = app.createReader();
    const first = await reader.readSource({ ...source, name: 'a' });
    expect(first).toMatchObject({ state: 'unknown', reason: expect.stringMatching(reason) });
    // GitHub responded and refuses: waiting for hours would change nothing.
    expect('unreachable' in first).toBe(label !== 'an IP allow list');
    await expect(reader.readSource({ ...source, name: 'a' })).resolves.toMatchObject({ state: 'read' });
  });

  test('with RESOURCE_LIMITS_EXCEEDED is repeated in halves until they are small enough', async () => {
    const tooLarge = { body: { data: {}, errors: [{ type: 'RESOURCE_LIMITS_EXCEEDED', message: 'too much' }] } };
    const app = await startApp((request) => (namesIn(request).length > 2 ? tooLarge : respondWithAll(request)));
    const snapshots = await app.createReader().readTargets(source, targets(5));
    expect(Object.values(snapshots).map(({ state }) => state)).toEqual(Array(5).fill('read'));
    expect(queries().map((request) => namesIn(request).length)).toEqual([5, 3, 2, 2, 1]);
  });

  test('with RESOURCE_LIMITS_EXCEEDED for a single repository returns an unknown snapshot', async () => {
    const errors = [{ type: 'RESOURCE_LIMITS_EXCEEDED', message: 'too much' }];
    const app = await startApp(() => ({ body: { data: {}, errors } }));
    const snapshots = await app.createReader().readTargets(source, targets(2));
    expect(snapshots['acme/r0']).toEqual({ state: 'unknown', reason: 'too much' });
    expect(queries().map((request) => namesIn(request).length)).toEqual([2, 1, 1]);
  });

  test.each(['RATE_LIMITED', 'RATE_LIMIT'])('with %s throws the time until the reset in the headers', async (type) => {
    const now = 1_800_000_000_000;
    const headers = {
      'x-ratelimit-limit': '5000',
      'x-ratelimit-remaining': '0',
      'x-ratelimit-reset': String(now / 1000 + 90),
      'x-ratelimit-resource': 'graphql',
    };
    github = await startFakeGitHub((request, seen) =>
      isMinting(request)
        ? tokenResponse(seen, now + 3_600_000)
        : { headers, body: { errors: [{ type, message: 'API rate limit exceeded' }] } },
    );
    const seenLimits: unknown[] = [];
    const app = appOf(github, { now: () => now, onRateLimit: (seen) => seenLimits.push(seen) });
    await expect(app.createReader().readTargets(source, targets(1))).rejects.toMatchObject({
      kind: 'rate-limited',
      scope: 'primary',
      retryAfterMs: 90_000,
      installationId: 7,
    });
    expect(seenLimits).toEqual([
      { installationId: 7, resource: 'graphql', limit: 5000, remaining: 0, resetsAt: now + 90_000 },
    ]);
  });

  test('with a secondary rate limit throws and reports its headers', async () => {
    const headers = {
      'retry-after': '3',
      'x-ratelimit-limit': '10',
      'x-ratelimit-remaining': '4',
      'x-ratelimit-reset': '1',
    };
    github = await startFakeGitHub((request, seen) =>
      isMinting(request) ? tokenResponse(seen) : { status: 403, headers, body: { message: 'secondary rate limit' } },
    );
    const remaining: number[] = [];
    const app = appOf(github, { onRateLimit: (seen) => remaining.push(seen.remaining) });
    await expect(app.createReader().readTargets(source, targets(1))).rejects.toMatchObject({
      scope: 'secondary',
      retryAfterMs: 3000,
    });
    expect(remaining).toEqual([4]);
  });
});

test('GitHub Enterprise Server is queried at /api/graphql', async () => {
  github = await startFakeGitHub((request, seen) =>
    isMinting(request) ? tokenResponse(seen) : respondWithAll(request),
  );
  const app = appOf({ url: `${github.url}/api/v3/` });
  await expect(app.createReader().readSource({ ...source, name: 'a' })).resolves.toMatchObject({ state: 'read' });
  expect(github.operations()).toEqual(['POST /api/v3/app/installations/7/access_tokens', 'POST /api/graphql']);
});
