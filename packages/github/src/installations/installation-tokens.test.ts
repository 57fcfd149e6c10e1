import { createVerify } from 'node:crypto';
import { afterEach, describe, expect, test } from '@jest/globals';
import { GitHubTransientError } from '../transport/errors.ts';
import {
  appOf,
  type FakeGitHub,
  type FakeReply,
  isMinting,
  startFakeGitHub,
  testPrivateKey,
  testPublicKey,
  tokenResponse,
} from '../testing/fake-github.ts';
import type { SeenRequest } from '../testing/published-schemas.ts';
import { createInstallationTokens } from './installation-tokens.ts';
import { createTransport } from '../transport/transport.ts';

const start = 1_800_000_000_000;
const source = { installationId: 7, owner: 'acme', name: 'app' };
const dispatch = {
  ...source,
  repositoryId: 42,
  workflow: 'cd.yml',
  ref: 'main',
  inputs: {},
  responseDeadline: Number.MAX_SAFE_INTEGER,
};
const noSource = { body: { data: { r0: null } } };

let github: FakeGitHub;
afterEach(async () => {
  await github.close();
  expect(github.violations).toEqual([]);
});

/** Starts a fake GitHub that mints tokens valid for `lifeMs` from `start` and passes other requests to `other`. */
async function withTokens(
  other: (request: SeenRequest, seen: readonly SeenRequest[]) => FakeReply,
  lifeMs = 3_600_000,
) {
  github = await startFakeGitHub((request, seen) =>
    isMinting(request) ? tokenResponse(seen, start + lifeMs) : other(request, seen),
  );
  let now = start;
  const app = appOf(github, { now: () => now });
  return { app, minted: () => github.seen.filter(isMinting), advanceClock: (ms: number) => (now += ms) };
}

describe('installation tokens', () => {
  test('are minted with a valid JWT of the App', async () => {
    const { app, minted } = await withTokens(() => noSource);
    await app.createReader().readSource(source);
    const [scheme, jwt = ''] = String(minted()[0]?.headers['authorization']).split(' ');
    expect(scheme).toBe('bearer');
    const [header, claims, signature = ''] = jwt.split('.');
    expect(createVerify('RSA-SHA256').update(`${header}.${claims}`).verify(testPublicKey, signature, 'base64url')).toBe(
      true,
    );
  });

  test('for reading are limited to contents and metadata', async () => {
    const { app, minted } = await withTokens(() => noSource);
    await app.createReader().readSource(source);
    expect(minted().map(({ path, body }) => [path, body])).toEqual([
      ['/app/installations/7/access_tokens', { permissions: { contents: 'read', metadata: 'read' } }],
    ]);
    expect(github.seen[1]?.headers['authorization']).toBe('token ghs_0');
  });

  test('for starting a workflow are limited to one repository and one permission', async () => {
    const { app, minted } = await withTokens(() => ({ status: 204 }));
    await app.startWorkflow(dispatch);
    expect(minted()[0]?.body).toEqual({ permissions: { actions: 'write' }, repository_ids: [42] });
  });

  test('for issues are limited to the repository by its id, else by its name', async () => {
    const { app, minted } = await withTokens(() => ({ status: 201, body: {} }));
    await app.issues.comment({ ...source, repositoryId: 42 }, 1, { body: 'x' });
    await app.issues.comment(source, 1, { body: 'x' });
    expect(minted().map(({ body }) => body)).toEqual([
      { permissions: { issues: 'write' }, repository_ids: [42] },
      { permissions: { issues: 'write' }, repositories: ['app'] },
    ]);
  });

  test('are cached until five minutes before they expire', async () => {
    const { app, minted, advanceClock } = await withTokens(() => noSource);
    await app.createReader().readSource(source);
    advanceClock(3_300_000 - 1000);
    await app.createReader().readSource(source);
    expect(minted()).toHaveLength(1);
    advanceClock(2000);
    await app.createReader().readSource(source);
    expect(minted()).toHaveLength(2);
  });

  test('that expire within the margin are used once', async () => {
    const { app, minted, advanceClock } = await withTokens(() => noSource, 60_000);
    await app.createReader().readSource(source);
    advanceClock(2);
    await app.createReader().readSource(source);
    expect(minted()).toHaveLength(2);
  });

  test('needed concurrently are minted once per installation', async () => {
    const { app, minted } = await withTokens(() => noSource);
    const read = (installationId: number) => app.createReader().readSource({ ...source, installationId });
    await Promise.all([read(7), read(7), read(8)]);
    expect(
      minted()
        .map(({ path }) => path)
        .sort(),
    ).toEqual(['/app/installations/7/access_tokens', '/app/installations/8/access_tokens']);
  });

  test('that GitHub refuses are not used again', async () => {
    const { app, minted } = await withTokens((request) =>
      request.headers['authorization'] === 'token ghs_0'
        ? { status: 401, body: { message: 'Bad credentials' } }
        : noSource,
    );
    await expect(app.createReader().readSource(source)).rejects.toMatchObject({
      kind: 'transient',
      status: 401,
      credentials: true,
    });
    await expect(app.createReader().readSource(source)).resolves.toEqual({ state: 'absent' });
    expect(minted()).toHaveLength(2);
  });

  test('refused after their renewal do not remove the new token', async () => {
    github = await startFakeGitHub((_, seen) => tokenResponse(seen));
    const tokens = createInstallationTokens(
      createTransport({ appId: '4711', privateKey: testPrivateKey, apiUrl: github.url }),
    );
    const scope = { installationId: 7 };
    const refusal = new GitHubTransientError('Bad credentials', 401, { credentials: true });
    const late = Promise.withResolvers<never>();
    const lateRequest = tokens.use(scope, () => late.promise);
    await expect(tokens.use(scope, () => Promise.reject(refusal))).rejects.toBe(refusal);
    const renewed = tokens.use(scope, (authorization) => Promise.resolve(authorization));
    late.reject(refusal);
    await expect(lateRequest).rejects.toBe(refusal);
    await expect(renewed).resolves.toBe('token ghs_1');
    await expect(tokens.use(scope, (authorization) => Promise.resolve(authorization))).resolves.toBe('token ghs_1');
  });

  test('whose minting failed are minted again', async () => {
    github = await startFakeGitHub((request, seen) => {
      if (!isMinting(request)) return noSource;
      return seen.length === 0 ? { status: 500, body: { message: 'Oops' } } : tokenResponse(seen);
    });
    const app = appOf(github);
    await expect(app.createReader().readSource(source)).resolves.toMatchObject({ state: 'unknown', reason: 'Oops' });
    await expect(app.createReader().readSource(source)).resolves.toEqual({ state: 'absent' });
  });
});

test('minting counts against the rate limit of the App, not of the installation', async () => {
  const limitHeaders = {
    'x-ratelimit-limit': '5000',
    'x-ratelimit-remaining': '4999',
    'x-ratelimit-reset': '1800000000',
  };
  github = await startFakeGitHub((request, seen) =>
    isMinting(request) ? { ...tokenResponse(seen), headers: limitHeaders } : { ...noSource, headers: limitHeaders },
  );
  const seen: (number | null)[] = [];
  const app = appOf(github, { onRateLimit: ({ installationId }) => seen.push(installationId) });
  await app.createReader().readSource(source);
  expect(seen).toEqual([null, 7]);
});

describe('a refusal to mint a token', () => {
  const notAccessible =
    'There is at least one repository that does not exist or is not accessible to the parent installation.';
  test.each([
    [422, notAccessible, 'target-not-installed'],
    [422, 'The permissions requested are not granted to this installation.', 'dispatch-forbidden'],
    [404, 'Not Found', 'target-not-installed'],
    [403, 'This installation has been suspended', 'target-not-installed'],
    [403, 'Although you appear to have the correct authorization credentials, …', 'dispatch-forbidden'],
  ])('%i %s ends a dispatch without a POST', async (status, message, code) => {
    github = await startFakeGitHub(() => ({ status, body: { message } }));
    await expect(appOf(github).startWorkflow(dispatch)).rejects.toMatchObject({
      kind: 'permanent',
      status,
      message,
      code,
    });
    expect(github.operations()).toEqual(['POST /app/installations/7/access_tokens']);
  });

  test('because of the App’s credentials is not reported as a failure of the target', async () => {
    github = await startFakeGitHub(() => ({ status: 401, body: { message: 'A JSON web token could not be decoded' } }));
    await expect(appOf(github).startWorkflow(dispatch)).rejects.toMatchObject({
      kind: 'transient',
      status: 401,
      credentials: true,
    });
  });

  test('because of a rate limit is a rate limit, and a lost response is transient', async () => {
    github = await startFakeGitHub((_, seen) =>
      seen.length === 0 ? { status: 429, headers: { 'retry-after': '9' }, body: { message: 'slow down' } } : 'reset',
    );
    const app = appOf(github);
    await expect(app.startWorkflow(dispatch)).rejects.toMatchObject({
      kind: 'rate-limited',
      retryAfterMs: 9000,
      installationId: 7,
    });
    await expect(app.startWorkflow(dispatch)).rejects.toMatchObject({ kind: 'transient', status: null });
  });
});
