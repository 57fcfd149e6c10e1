import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { createRemoteJWKSet, decodeJwt, jwtVerify } from 'jose';
import type { Emulator, StartedRunRequest } from '../index.ts';
import { startExample } from '../testing/example-emulator.ts';

const repository = 'octo-org/app';
const audience = 'https://dispatcher.example';
const workflow = `on: [push, pull_request, pull_request_target]
permissions: { id-token: write, contents: read }
jobs:
  release:
    environment: production
    steps: []
  test:
    permissions: { contents: read }
    steps: []
`;

let emulator: Emulator;
beforeEach(async () => {
  emulator = await startExample();
  await emulator.control.push(repository, { files: { '.github/workflows/release.yml': workflow } });
});
afterEach(() => emulator.close());

async function startJob(request: Partial<StartedRunRequest> = {}, job?: string) {
  const run = await emulator.control.start({ repository, workflow: 'release.yml', ...request });
  return { run, ...(await emulator.control.startJob(run.id, job)) };
}

/** Requests a token as the toolkit of GitHub Actions does. */
function requestToken(variables: Readonly<Record<string, string>>, bearer?: string): Promise<Response> {
  const url = `${variables['ACTIONS_ID_TOKEN_REQUEST_URL']}&audience=${encodeURIComponent(audience)}`;
  const authorization = `Bearer ${bearer ?? variables['ACTIONS_ID_TOKEN_REQUEST_TOKEN']}`;
  return fetch(url, { headers: { authorization } });
}

async function tokenOf(variables: Readonly<Record<string, string>>): Promise<string> {
  return ((await (await requestToken(variables)).json()) as { value: string }).value;
}

async function keys() {
  const issuer = `${emulator.url}/_services/token`;
  const { jwks_uri: uri } = (await (await fetch(`${issuer}/.well-known/openid-configuration`)).json()) as {
    jwks_uri: string;
  };
  return { issuer, keySet: createRemoteJWKSet(new URL(uri), { cooldownDuration: 0 }) };
}

describe('a job with id-token: write', () => {
  test('gets a token with GitHub’s claims that the published keys verify', async () => {
    const { run, checkRunId, variables } = await startJob();
    const { issuer, keySet } = await keys();
    const { payload } = await jwtVerify(await tokenOf(variables), keySet, { issuer, audience });
    expect(payload).toMatchObject({
      sub: 'repo:octo-org/app:environment:production',
      repository,
      run_id: String(run.id),
      run_attempt: '1',
      check_run_id: String(checkRunId),
      environment: 'production',
      event_name: 'push',
      ref: 'refs/heads/main',
      ref_type: 'branch',
      sha: run.headSha,
      workflow_ref: 'octo-org/app/.github/workflows/release.yml@refs/heads/main',
      jti: expect.any(String),
    });
    expect([Number(payload.exp) - Number(payload.iat), Number(payload.iat) - Number(payload.nbf)]).toEqual([300, 600]);
  });

  test('gets another jti each time, and none with another request token or after its run', async () => {
    const { run, variables } = await startJob();
    const [first, second] = [decodeJwt(await tokenOf(variables)), decodeJwt(await tokenOf(variables))];
    expect(first.jti).not.toBe(second.jti);
    expect((await requestToken(variables, 'wrong')).status).toBe(401);
    await emulator.control.complete(run.id);
    expect((await requestToken(variables)).status).toBe(401);
    await emulator.control.startAttempt(run.id);
    expect((await requestToken(variables)).status).toBe(401);
  });
});

test.each<[string, Partial<StartedRunRequest>, string | undefined]>([
  ['a job whose own permissions lack id-token', {}, 'test'],
  ['a job of a workflow without id-token', { workflow: 'ci.yml' }, undefined],
  ['the pull request of a fork', { fork: true, event: 'pull_request' }, undefined],
])('%s gets no variables to request tokens with', async (_, request, job) => {
  expect((await startJob(request, job)).variables).toEqual({});
});

test('pull_request_target of a fork may request a token, of the default branch', async () => {
  const { run, variables } = await startJob({ fork: true, event: 'pull_request_target', branch: 'patch' });
  const claims = decodeJwt(await tokenOf(variables));
  expect(claims).toMatchObject({ ref: 'refs/heads/main', head_ref: 'patch', event_name: 'pull_request_target' });
  expect(run.headBranch).toBe('patch');
});

test('after a rotation the new key signs, and the old one is published only if it is kept', async () => {
  const { variables } = await startJob();
  const old = await tokenOf(variables);
  const verify = async (token: string) => jwtVerify(token, (await keys()).keySet, { audience });
  await emulator.control.rotateIssuerKey(true);
  await verify(old);
  await verify(await tokenOf(variables));
  await emulator.control.rotateIssuerKey(false);
  await expect(verify(old)).rejects.toThrow('no applicable key');
  await verify(await tokenOf(variables));
});

test('a fault of the operation oidc is an outage of the issuer', async () => {
  await emulator.control.setFaults([{ match: { operation: 'oidc' }, fault: { status: 503 } }]);
  expect((await fetch(`${emulator.url}/_services/token/.well-known/jwks`)).status).toBe(503);
});
