import { createPrivateKey, generateKeyPairSync } from 'node:crypto';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Emulator } from '../emulator.ts';
import { EXAMPLE_INSTALLATIONS } from '../state/example-seed.ts';
import { appJwt, client, mint, refusal, startExample } from '../testing/example-emulator.ts';

const DEPLOY = { owner: 'octo-org', repo: 'deploy' };
const CD = { ...DEPLOY, workflow_id: 'cd.yml', ref: 'main' };
const NOT_ACCESSIBLE = { status: 403, message: 'Resource not accessible by integration' };
let emulator: Emulator;

beforeEach(async () => {
  emulator = await startExample();
});
afterEach(() => emulator.close());

describe("the App's JWT", () => {
  const getApp = async (jwt: string) => client(emulator, jwt).apps.getAuthenticated();

  test('is accepted with the App id or the client id as issuer', async () => {
    const { data } = await getApp(await appJwt());
    expect(data?.slug).toBe('org-repo-workflows-runner-alpha');
    await expect(getApp(await appJwt({ iss: data?.client_id ?? '' }))).resolves.toMatchObject({ status: 200 });
  });

  test.each([
    ['is expired', { iat: -700, exp: -100 }, 401, "'Expiration time' claim ('exp') must be a numeric value"],
    ['expires in more than ten minutes', { exp: 660 }, 401, "'Expiration time' claim ('exp') is too far in the future"],
    ['was issued in the future', { iat: 120 }, 401, "'Issued at' claim ('iat') must be an Integer"],
    ['is of another App', { iss: '2' }, 404, 'Integration not found'],
  ])('is refused when it %s', async (_situation, claims, status, message) => {
    const response = await refusal(getApp(await appJwt(claims)));
    expect(response.status).toBe(status);
    expect(response.message).toContain(message);
  });

  test('is accepted with each key of the App, and refused with one that was deleted', async () => {
    const keys = async (method: string, body: object) => {
      const headers = { authorization: `Bearer ${emulator.controlToken}`, 'content-type': 'application/json' };
      const url = `${emulator.url}/_emulator/app/keys`;
      const response = await fetch(url, { method, headers, body: JSON.stringify(body) });
      return { status: response.status, body: (await response.json()) as { pem: string } };
    };
    const { body: added } = await keys('POST', {});
    const withAdded = () => appJwt({}, Date.now(), createPrivateKey(added.pem));
    expect((await getApp(await withAdded())).status).toBe(200);
    expect((await getApp(await appJwt())).status).toBe(200);
    expect((await keys('DELETE', { keep: added.pem })).status).toBe(200);
    expect((await getApp(await withAdded())).status).toBe(200);
    expect((await refusal(getApp(await appJwt()))).status).toBe(401);
  });

  test('is refused when another key signed it, when it is not a JWT, and when it is missing', async () => {
    const { privateKey } = generateKeyPairSync('rsa', { modulusLength: 2048 });
    expect(await refusal(getApp(await appJwt({}, Date.now(), privateKey)))).toEqual({
      status: 401,
      message: 'A JSON web token could not be decoded',
    });
    expect((await refusal(getApp('nonsense'))).message).toBe('Bad credentials');
    expect((await refusal(client(emulator).apps.getAuthenticated())).status).toBe(401);
  });

  test('is accepted once: a second use is refused', async () => {
    const jwt = await appJwt();
    await getApp(jwt);
    expect((await refusal(getApp(jwt))).status).toBe(401);
  });

  test('cannot read repositories, and a token cannot act as the App', async () => {
    expect((await refusal(client(emulator, await appJwt()).repos.get(DEPLOY))).status).toBe(401);
    expect((await refusal(getApp(await mint(emulator, 'octo-org')))).status).toBe(401);
  });
});

describe('an installation token', () => {
  test('has the long format with dots, or the old one when set', async () => {
    expect(await mint(emulator, 'octo-org')).toMatch(/^ghs_[\w-]+\.[\w-]+\.[\w-]+$/);
    expect((await mint(emulator, 'octo-org')).length).toBeGreaterThan(500);
    await emulator.control.changeSettings({ tokenShape: 'short' });
    expect(await mint(emulator, 'octo-org')).toMatch(/^ghs_[A-Za-z0-9]{36}$/);
  });

  test('limited to a permission has no other', async () => {
    const reader = client(emulator, await mint(emulator, 'octo-org', { permissions: { actions: 'read' } }));
    expect((await reader.actions.listWorkflowRunsForRepo(DEPLOY)).status).toBe(200);
    expect(await refusal(reader.actions.createWorkflowDispatch(CD))).toEqual(NOT_ACCESSIBLE);
    expect(await refusal(reader.issues.create({ ...DEPLOY, title: 'x' }))).toEqual(NOT_ACCESSIBLE);
    expect((await emulator.control.runs()).length).toBe(0);
  });

  test('limited to a repository cannot see other private ones', async () => {
    const token = await mint(emulator, 'octo-org', { repositories: ['deploy'], permissions: { actions: 'write' } });
    expect((await client(emulator, token).actions.createWorkflowDispatch(CD)).status).toBe(204);
    expect(
      await refusal(
        client(emulator, token).actions.createWorkflowDispatch({ ...CD, repo: 'docs', workflow_id: 'publish.yml' }),
      ),
    ).toEqual({
      status: 404,
      message: 'Not Found',
    });
  });

  test('limited by repository id is limited in the same way', async () => {
    const { data } = await client(emulator, await mint(emulator, 'octo-org')).repos.get(DEPLOY);
    const token = await mint(emulator, 'octo-org', { repository_ids: [data.id] });
    const listed = await client(emulator, token).apps.listReposAccessibleToInstallation();
    expect(listed.data.repositories.map(({ full_name }) => full_name)).toEqual(['octo-org/deploy']);
  });

  test('can read but not write a public repository outside its installation', async () => {
    await emulator.control.changeRepository('octo-partner/service', { visibility: 'public' });
    const octokit = client(emulator, await mint(emulator, 'octo-org'));
    const service = { owner: 'octo-partner', repo: 'service' };
    expect((await octokit.repos.get(service)).data.visibility).toBe('public');
    expect(
      await refusal(octokit.actions.createWorkflowDispatch({ ...service, workflow_id: 'deploy.yml', ref: 'main' })),
    ).toEqual(NOT_ACCESSIBLE);
  });

  test('is refused when one of the repositories is outside the installation', async () => {
    expect(await refusal(mint(emulator, 'octo-org', { repositories: ['deploy', 'service'] }))).toEqual({
      status: 422,
      message: 'There is at least one repository that does not exist or is not accessible to the parent installation.',
    });
    await emulator.control.putInstallation({
      id: EXAMPLE_INSTALLATIONS['octo-org'],
      account: 'octo-org',
      repositories: ['app'],
    });
    expect((await refusal(mint(emulator, 'octo-org', { repositories: ['deploy'] }))).status).toBe(422);
  });

  test('is refused for a permission that was not granted to the installation', async () => {
    expect(await refusal(mint(emulator, 'octo-org', { permissions: { checks: 'write' } }))).toEqual({
      status: 422,
      message: 'The permissions requested are not granted to this installation.',
    });
    expect((await refusal(mint(emulator, 'octo-org', { permissions: { contents: 'write' } }))).status).toBe(422);
  });

  test("expires after one hour of the emulator's clock", async () => {
    const octokit = client(emulator, await mint(emulator, 'octo-org'));
    await emulator.control.advanceClock(3_500_000);
    expect((await octokit.repos.get(DEPLOY)).status).toBe(200);
    await emulator.control.advanceClock(200_000);
    expect(await refusal(octokit.repos.get(DEPLOY))).toEqual({ status: 401, message: 'Bad credentials' });
  });

  test('is invalid once it is revoked or its installation is removed', async () => {
    const first = client(emulator, await mint(emulator, 'octo-org'));
    const partner = client(emulator, await mint(emulator, 'octo-partner'));
    await emulator.control.revokeTokens(EXAMPLE_INSTALLATIONS['octo-org']);
    expect((await refusal(first.repos.get(DEPLOY))).status).toBe(401);
    expect((await partner.repos.get({ owner: 'octo-partner', repo: 'service' })).status).toBe(200);
    await emulator.control.removeInstallation(EXAMPLE_INSTALLATIONS['octo-partner']);
    expect((await refusal(partner.repos.get({ owner: 'octo-partner', repo: 'service' }))).status).toBe(401);
    expect((await refusal(mint(emulator, 'octo-partner'))).status).toBe(404);
  });

  test('of a suspended installation is refused, and so is its minting', async () => {
    const octokit = client(emulator, await mint(emulator, 'octo-org'));
    await emulator.control.suspendInstallation(EXAMPLE_INSTALLATIONS['octo-org'], true);
    const suspended = { status: 403, message: 'This installation has been suspended' };
    expect(await refusal(octokit.repos.get(DEPLOY))).toEqual(suspended);
    expect(await refusal(mint(emulator, 'octo-org'))).toEqual(suspended);
  });
});

describe('the primary rate limit', () => {
  test('is sent with every response and refuses further requests of the installation', async () => {
    const octokit = client(emulator, await mint(emulator, 'octo-org'));
    const partner = client(emulator, await mint(emulator, 'octo-partner'));
    await emulator.control.changeSettings({ rateLimit: 2 });
    const first = await octokit.repos.get(DEPLOY);
    expect(first.headers).toMatchObject({ 'x-ratelimit-limit': '2', 'x-ratelimit-remaining': '1' });
    await octokit.repos.get(DEPLOY);
    const message = `API rate limit exceeded for installation ID ${EXAMPLE_INSTALLATIONS['octo-org']}.`;
    expect(await refusal(octokit.repos.get(DEPLOY))).toEqual({ status: 403, message });
    expect((await partner.repos.get({ owner: 'octo-partner', repo: 'service' })).status).toBe(200);
  });

  test('is reset after one hour', async () => {
    const now = Date.now();
    await emulator.control.changeSettings({ rateLimit: 2 });
    await client(emulator, await appJwt()).apps.getAuthenticated();
    await client(emulator, await appJwt()).apps.getAuthenticated();
    expect((await refusal(client(emulator, await appJwt()).apps.getAuthenticated())).status).toBe(403);
    await emulator.control.advanceClock(3_600_000);
    const later = await client(emulator, await appJwt({}, now + 3_600_000)).apps.getAuthenticated();
    expect(later.headers['x-ratelimit-remaining']).toBe('1');
  });
});
