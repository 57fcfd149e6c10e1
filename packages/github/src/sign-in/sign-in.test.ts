import { generateKeyPairSync } from 'node:crypto';
import { type Emulator, EXAMPLE_INSTALLATIONS, exampleSeed, startEmulator } from '@dispatcher/github-emulator';
import {
  authorizeAs,
  CALLBACK_URL,
  CLIENT_ID,
  CLIENT_SECRET,
  SIGN_IN,
  VERIFIER,
} from '@dispatcher/github-emulator/testing';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { GitHubPermanentError, GitHubUnreachableError } from '../transport/errors.ts';
import { createUserAuthorization, type UserAuthorization, webUrlOf } from './user-authorization.ts';
import { createUserRoles, type UserRoles } from './user-roles.ts';

const { privateKey: key } = generateKeyPairSync('rsa', { modulusLength: 2048 });
const privateKey = key.export({ type: 'pkcs8', format: 'pem' }).toString();
const octocat = 583_231;
const hubot = 480_938;
const monalisa = 2_143_658;
const app = { owner: 'octo-org', name: 'app' };

let now = Date.now();
let emulator: Emulator;
let authorization: UserAuthorization;
let roles: UserRoles;
beforeEach(async () => {
  const { app: registered, ...seed } = exampleSeed({ key: privateKey, ...SIGN_IN });
  const permissions = { metadata: 'read', contents: 'read', members: 'read' } as const;
  emulator = await startEmulator({ seed: { ...seed, app: { ...registered, permissions } }, now: () => now });
  authorization = createUserAuthorization({
    clientId: CLIENT_ID,
    clientSecret: async () => CLIENT_SECRET,
    apiUrl: emulator.url,
  });
  roles = createUserRoles({ appId: '1', privateKey, apiUrl: emulator.url, now: () => now });
});
afterEach(() => emulator.close());

const redirectUri = CALLBACK_URL;
const codeOf = async (login: string) => (await authorizeAs(emulator, login)).searchParams.get('code') ?? '';
const userOf = async (change: { code?: string; verifier?: string; redirectUri?: string } = {}) =>
  authorization.userOf({ code: await codeOf('hubot'), redirectUri, verifier: VERIFIER, ...change });

describe('the user authorization', () => {
  test('leads to GitHub’s page with state and an S256 challenge, and asks for no scope', () => {
    const url = new URL(authorization.authorizeUrl({ redirectUri, state: 's&t', codeChallenge: 'c' }));
    expect(`${url.origin}${url.pathname}`).toBe(`${emulator.url}/login/oauth/authorize`);
    expect(Object.fromEntries(url.searchParams)).toEqual({
      client_id: CLIENT_ID,
      redirect_uri: redirectUri,
      state: 's&t',
      code_challenge: 'c',
      code_challenge_method: 'S256',
    });
  });

  test('lets the user choose the account on request', () => {
    const request = { redirectUri, state: 's', codeChallenge: 'c', choosesAccount: true };
    expect(new URL(authorization.authorizeUrl(request)).searchParams.get('prompt')).toBe('select_account');
  });

  test.each([
    ['https://api.github.com', 'https://github.com'],
    ['https://api.acme.ghe.com', 'https://acme.ghe.com'],
    ['https://github.acme.example/api/v3', 'https://github.acme.example'],
    ['http://127.0.0.1:4000', 'http://127.0.0.1:4000'],
    ['https://api.example.com', 'https://api.example.com'],
  ])('the pages of the API %s are at %s', (apiUrl, webUrl) => {
    expect(webUrlOf(apiUrl)).toBe(webUrl);
  });

  test('returns the id of the user who authorized it, and leaves no token that is valid', async () => {
    let token = '';
    const watching = createUserAuthorization({
      clientId: CLIENT_ID,
      clientSecret: async () => CLIENT_SECRET,
      apiUrl: emulator.url,
      fetch: async (input, init) => {
        const header = new Headers(init?.headers).get('authorization') ?? '';
        if (header.startsWith('Bearer ')) token = header.slice('Bearer '.length);
        return fetch(input, init);
      },
    });
    const user = await watching.userOf({ code: await codeOf('hubot'), redirectUri, verifier: VERIFIER });
    expect(user).toEqual({ id: hubot, login: 'hubot' });
    expect(token).toMatch(/^ghu_/);
    const { status } = await fetch(`${emulator.url}/user`, { headers: { authorization: `Bearer ${token}` } });
    expect(status).toBe(401);
  });

  test('reads the repositories that the user may read on every page and in every installation, and no others', async () => {
    const many = Array.from({ length: 130 }, (_, index) => ({ owner: 'octo-org', name: `Many-${index}` }));
    await emulator.close();
    const { app: registered, ...seed } = exampleSeed({ key: privateKey, ...SIGN_IN });
    const repositories = [...seed.repositories, ...many];
    emulator = await startEmulator({ seed: { ...seed, repositories, app: registered }, now: () => now });
    const reading = createUserAuthorization({
      clientId: CLIENT_ID,
      clientSecret: async () => CLIENT_SECRET,
      apiUrl: emulator.url,
    });
    const readerOf = async (login: string) =>
      reading.readerOf({ code: await codeOf(login), redirectUri, verifier: VERIFIER });
    await emulator.control.changeRepository('octo-partner/service', { collaborators: { hubot: 'read' } });
    const member = await readerOf('hubot');
    expect(member).toMatchObject({ id: hubot, login: 'hubot' });
    expect(member.repositories).toHaveLength(4 + many.length + 1);
    expect(member.repositories).toEqual(
      expect.arrayContaining(['octo-org/app', 'octo-org/many-129', 'octo-partner/service']),
    );
    await emulator.control.changeRepository('octo-org/app', { collaborators: { monalisa: 'read' } });
    expect(await readerOf('monalisa')).toEqual({ id: monalisa, login: 'monalisa', repositories: ['octo-org/app'] });
    const { status } = await fetch(`${emulator.url}/user/installations`, {
      headers: { authorization: 'Bearer ghu_x' },
    });
    expect(status).toBe(401);
  });

  test('without a readable list of repositories there is no sign-in, and the token is ended', async () => {
    const rule = { match: { method: 'GET', path: '/user/installations' }, fault: { status: 502 } } as const;
    const end = { match: { method: 'DELETE', path: `/applications/${CLIENT_ID}/token` }, fault: { status: 500 } };
    await emulator.control.setFaults([rule, end]);
    const reading = authorization.readerOf({ code: await codeOf('hubot'), redirectUri, verifier: VERIFIER });
    await expect(reading).rejects.toThrow(GitHubUnreachableError);
    expect(await emulator.control.faults()).toMatchObject([{ met: 1 }, { met: 1 }]);
  });

  test('a code counts once, and only with its verifier and its callback', async () => {
    const code = await codeOf('hubot');
    await userOf({ code });
    await expect(userOf({ code })).rejects.toThrow(GitHubPermanentError);
    await expect(userOf({ verifier: 'x'.repeat(43) })).rejects.toThrow('bad_verification_code');
    await expect(userOf({ redirectUri: `${redirectUri}/other` })).rejects.toThrow('redirect_uri_mismatch');
  });

  test('an outage of GitHub is another error than a refusal', async () => {
    for (const fault of [{ status: 502 }, 'reset-before', { status: 429 }] as const) {
      await emulator.control.setFaults([{ match: { operation: 'sign-in' }, fault }]);
      await expect(userOf()).rejects.toThrow(GitHubUnreachableError);
    }
    await emulator.control.setFaults([{ match: { operation: 'sign-in' }, fault: 'truncated-body' }]);
    await expect(userOf()).rejects.toThrow(GitHubPermanentError);
  });

  test('a sign-in succeeds although its token could not be ended', async () => {
    await emulator.control.setFaults([
      { match: { method: 'DELETE', path: `/applications/${CLIENT_ID}/token` }, fault: { status: 500 } },
    ]);
    expect(await userOf()).toMatchObject({ login: 'hubot' });
    expect(await emulator.control.faults()).toMatchObject([{ met: 1 }]);
  });
});

describe('the role of a user', () => {
  test('in a private repository is GitHub’s', async () => {
    await emulator.control.changeRepository('octo-org/app', { collaborators: { monalisa: 'maintain' } });
    expect(await roles.repositoryAccess(octocat, app)).toEqual({ role: 'admin', login: 'octocat' });
    expect(await roles.repositoryAccess(monalisa, app)).toEqual({ role: 'write', login: 'monalisa' });
    expect(await roles.repositoryAccess(hubot, app)).toEqual({ role: 'read', login: 'hubot' });
    await emulator.control.changeRepository('octo-org/app', { collaborators: {} });
    expect(await roles.repositoryAccess(monalisa, app)).toEqual({ role: 'none', login: 'monalisa' });
  });

  test('is not read from a public repository, also after a private one was made public', async () => {
    await expect(roles.repositoryAccess(octocat, { owner: 'octo-org', name: 'octo-repo' })).rejects.toThrow(
      'is public',
    );
    await roles.repositoryAccess(octocat, app);
    await emulator.control.changeRepository('octo-org/app', { visibility: 'public' });
    now += 10 * 60_000 + 1;
    await expect(roles.repositoryAccess(octocat, app)).rejects.toThrow('is public');
  });

  test('is refused where the App is not installed', async () => {
    await emulator.control.removeInstallation(EXAMPLE_INSTALLATIONS['octo-org']);
    await expect(roles.repositoryAccess(octocat, app)).rejects.toThrow('The App is not installed on octo-org.');
  });

  test('follows the user to a new name, and nobody inherits it with the old one', async () => {
    await emulator.control.changeRepository('octo-org/app', { collaborators: { monalisa: 'write' } });
    await emulator.control.renameAccount('monalisa', 'mona');
    await emulator.control.addOwner({ login: 'monalisa', type: 'User', id: 99_000_001 });
    expect(await roles.repositoryAccess(monalisa, app)).toEqual({ role: 'write', login: 'mona' });
    expect(await roles.repositoryAccess(99_000_001, app)).toEqual({ role: 'none', login: 'monalisa' });
  });

  test('in a team and an organization counts once the invitation is accepted', async () => {
    const team = { organization: 'octo-org', slug: 'platform' };
    expect(await roles.isInTeam(octocat, team)).toEqual({ role: true, login: 'octocat' });
    expect(await roles.isInTeam(hubot, team)).toEqual({ role: false, login: 'hubot' });
    expect(await roles.isInOrganization(hubot, 'octo-org')).toEqual({ role: true, login: 'hubot' });
    expect(await roles.isInOrganization(monalisa, 'octo-org')).toEqual({ role: false, login: 'monalisa' });
    await emulator.control.addOwner({
      login: 'octo-org',
      members: { monalisa: { role: 'admin', state: 'pending' } },
      teams: [{ slug: 'platform', members: { monalisa: { role: 'maintainer', state: 'pending' } } }],
    });
    expect(await roles.isInOrganization(monalisa, 'octo-org')).toMatchObject({ role: false });
    expect(await roles.isInTeam(monalisa, team)).toMatchObject({ role: false });
  });

  test('is read with tokens for one purpose', async () => {
    await roles.repositoryAccess(octocat, app);
    await roles.isInOrganization(octocat, 'octo-org');
    const { requests } = await emulator.control.requests();
    // Two tokens: one for the repository, one for the members.
    expect(requests.filter(({ operation }) => operation === 'token')).toHaveLength(2);
    await roles.repositoryAccess(hubot, app);
    const { counts } = await emulator.control.requests();
    expect(counts['token']).toBe(2);
  });

  test('of a team needs `members: read`, and the error says so', async () => {
    await emulator.control.putInstallation({
      id: EXAMPLE_INSTALLATIONS['octo-org'],
      account: 'octo-org',
      repositories: 'all',
      permissions: { metadata: 'read' },
    });
    await expect(roles.isInOrganization(octocat, 'octo-org')).rejects.toThrow(/permissions requested are not granted/);
  });

  test('is unknown while GitHub does not respond', async () => {
    await emulator.control.setFaults([{ match: { operation: 'membership' }, fault: { status: 503 } }]);
    await expect(roles.repositoryAccess(octocat, app)).rejects.toThrow(GitHubUnreachableError);
  });
});
