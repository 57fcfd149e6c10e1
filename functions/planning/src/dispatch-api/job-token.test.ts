import { IssuerUnreachableError } from '@dispatcher/lambda/oidc';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { SignJWT } from 'jose';
import { startTokenIssuer, type TokenIssuer } from '../testing/token-issuer.ts';
import { createJobTokens, type JobTokenOptions, type VerifyJobToken } from './job-token.ts';

const audience = 'https://dispatcher.example';
/** What GitHub's documentation shows for a job of a push, with other names. */
const claims = {
  aud: audience,
  jti: 'a7b1',
  sub: 'repo:octo-org@1/app@2:anything',
  repository: 'octo-org/app',
  repository_id: '11',
  run_id: '9000000001',
  run_attempt: '2',
  workflow_ref: 'octo-org/app/.github/workflows/release.yml@refs/heads/main',
  ref: 'refs/heads/main',
  ref_type: 'branch',
  sha: 'a'.repeat(40),
  event_name: 'push',
};

let issuer: TokenIssuer;
let aheadMs: number;
let verify: VerifyJobToken;
beforeEach(async () => {
  issuer = await startTokenIssuer();
  aheadMs = 0;
  verify = createVerification();
});
afterEach(() => issuer.close());

function createVerification(change: Partial<JobTokenOptions> = {}): VerifyJobToken {
  const now = () => Date.now() + aheadMs;
  return createJobTokens({ issuers: [issuer.issuer], audience, now, cooldownMs: 0, ...change });
}

async function resultOf(change: object = {}) {
  return verify(await issuer.sign({ ...claims, ...change }));
}

const refused = (detail: string) => ({ detail: expect.stringContaining(detail) });
const accepted = (job: object = {}) => ({ job: expect.objectContaining(job) });

describe('the claims of a token', () => {
  test('say which job it belongs to, whatever `sub` says', async () => {
    expect(await resultOf()).toEqual({
      job: {
        issuer: issuer.issuer,
        tokenId: 'a7b1',
        owner: 'octo-org',
        name: 'app',
        repositoryId: 11,
        runId: 9_000_000_001,
        attempt: 2,
        workflow: 'release.yml',
        ref: { name: 'main', type: 'branch' },
        sha: 'a'.repeat(40),
        event: 'push',
        environment: null,
        checkRunId: null,
      },
    });
  });

  test.each<[string, object, object]>([
    ['a tag', { ref: 'refs/tags/v1', ref_type: 'tag' }, { ref: { name: 'v1', type: 'tag' } }],
    ['a branch with slashes', { ref: 'refs/heads/release/1' }, { ref: { name: 'release/1', type: 'branch' } }],
    ['a pull request, which belongs to no branch', { ref: 'refs/pull/7/merge' }, { ref: null }],
    ['a tag that claims to be a branch', { ref: 'refs/tags/main' }, { ref: null }],
    ['an environment and a check run', { environment: 'production', check_run_id: '77' }, { checkRunId: '77' }],
    [
      'a reusable workflow of another repository: the caller counts',
      { job_workflow_ref: 'octo-org/shared/.github/workflows/build.yml@refs/heads/main' },
      { workflow: 'release.yml' },
    ],
    [
      'a file whose name begins like that of another workflow',
      { workflow_ref: 'octo-org/app/.github/workflows/release.yml@evil.yml@refs/heads/main' },
      { workflow: 'release.yml@evil.yml' },
    ],
  ])('of %s', async (_, change, job) => {
    expect(await resultOf(change)).toEqual(accepted(job));
  });

  test.each<[string, object]>([
    ['no id of the token', { jti: undefined }],
    ['no repository id', { repository_id: undefined }],
    ['an id with other characters', { run_id: '12a' }],
    ['an id of zero', { run_attempt: '0' }],
    ['a repository with another path', { repository: 'octo-org/app/x' }],
  ])('do not describe a job: %s', async (_, change) => {
    expect(await resultOf(change)).toEqual(refused('does not describe the job'));
  });

  test.each([
    'octo-org/required/.github/workflows/release.yml@refs/heads/main',
    'octo-org/app-2/.github/workflows/release.yml@refs/heads/main',
    'octo-org/app/.github/workflows/nested/release.yml@refs/heads/main',
    'octo-org/app/dynamic/pages@refs/heads/main',
    'octo-org/app/.github/workflows/release.yml',
  ])('name a workflow that is not a file of the repository: %s', async (workflow) => {
    expect(await resultOf({ workflow_ref: workflow })).toEqual(refused('not a file in `.github/workflows`'));
  });
});

describe('a token is refused', () => {
  test('when it has expired, with 30 seconds for clocks that differ', async () => {
    const token = await issuer.sign(claims);
    aheadMs = 300_000 + 25_000;
    expect(await verify(token)).toEqual(accepted());
    aheadMs = 300_000 + 31_000;
    expect(await verify(token)).toEqual(refused('has expired'));
  });

  test('before its time, and without times', async () => {
    const seconds = Math.floor(Date.now() / 1000);
    expect(await resultOf({ nbf: seconds + 60 })).toEqual(refused('`nbf`'));
    expect(await resultOf({ nbf: undefined })).toEqual(refused('`nbf`'));
    expect(await resultOf({ exp: undefined })).toEqual(refused('`exp`'));
  });

  test.each([
    ['another one', 'https://other.example'],
    ['one with a slash at the end', `${audience}/`],
    ['a list', [audience]],
    ['a list with another one', [audience, 'https://other.example']],
    ['none', undefined],
  ])('for its audience: %s', async (_, aud) => {
    expect(await resultOf({ aud })).toEqual(refused('aud'));
  });

  test.each(['https://token.actions.githubusercontent.com', 'http://127.0.0.1', ''])(
    'for its issuer %s, before any key is read',
    async (iss) => {
      expect(await resultOf({ iss })).toEqual(refused('issuer'));
      expect(issuer.requests).toEqual([]);
    },
  );

  test('for its issuer with a slash at the end', async () => {
    expect(await resultOf({ iss: `${issuer.issuer}/` })).toEqual(refused('issuer'));
  });

  test('for an algorithm with a shared secret', async () => {
    const token = await new SignJWT({ ...claims, iss: issuer.issuer })
      .setProtectedHeader({ alg: 'HS256' })
      .sign(Buffer.alloc(32));
    expect(await verify(token)).toEqual(refused('signature'));
  });

  test('whose content was changed', async () => {
    const [header = '', , signature = ''] = (await issuer.sign(claims)).split('.');
    const other = (await issuer.sign({ ...claims, repository_id: '12' })).split('.')[1] ?? '';
    expect(await verify([header, other, signature].join('.'))).toEqual(refused('signature'));
  });

  test('of anybody, without an address of Dispatcher', async () => {
    verify = createVerification({ audience: null });
    expect(await resultOf()).toEqual(refused('PUBLIC_URL'));
  });
});

describe('the keys of the issuer', () => {
  test('are read once for many tokens', async () => {
    for (let count = 0; count < 3; count += 1) expect(await resultOf({ jti: `${count}` })).toEqual(accepted());
    expect(issuer.requests).toEqual(['/.well-known/openid-configuration', '/.well-known/jwks']);
  });

  test('are read again for a key that is not known, after a rotation', async () => {
    const old = await issuer.sign(claims);
    expect(await verify(old)).toEqual(accepted());
    await issuer.rotate();
    expect(await resultOf()).toEqual(accepted());
    expect(await verify(old)).toEqual(refused('does not publish the key'));
  });

  test('are not read again for each invented key', async () => {
    verify = createVerification({ cooldownMs: 60_000 });
    expect(await resultOf()).toEqual(accepted());
    await issuer.rotate();
    for (let count = 0; count < 5; count += 1) expect(await resultOf()).toEqual(refused('does not publish the key'));
    expect(issuer.requests).toHaveLength(2);
  });

  test('cannot be read while the issuer is down, which says nothing about the token; afterwards they can', async () => {
    issuer.fail(503);
    await expect(resultOf()).rejects.toThrow(IssuerUnreachableError);
    issuer.fail(null);
    expect(await resultOf()).toEqual(accepted());
    issuer.fail(503);
    expect(await resultOf()).toEqual(accepted());
  });

  test.each([
    ['nothing', ''],
    ['everything but its keys', 'jwks'],
  ])('are kept while the issuer returns %s, although others send tokens with another key', async (_, path) => {
    const valid = await issuer.sign(claims);
    expect(await verify(valid)).toEqual(accepted());
    await issuer.rotate();
    issuer.fail(503, path);
    for (let count = 0; count < 2; count += 1) await expect(resultOf()).rejects.toThrow(IssuerUnreachableError);
    expect(await verify(valid)).toEqual(accepted());
  });

  test('of an issuer that does not respond are given up', async () => {
    const token = await issuer.sign(claims);
    await issuer.close();
    await expect(verify(token)).rejects.toThrow(IssuerUnreachableError);
    issuer = await startTokenIssuer();
  });
});
