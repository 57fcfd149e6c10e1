import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import type { Emulator } from '../emulator.ts';
import { client, mint, type Receiver, refusal, startExample, startReceiver } from '../testing/example-emulator.ts';
import { parseForms, submitForm } from '../testing/html-forms.ts';
import {
  AUTHORIZE,
  authorizeAs,
  CALLBACK_URL,
  CLIENT_ID,
  exchange,
  openAuthorizePage,
  SIGN_IN,
  signIn,
} from '../testing/sign-in.ts';

let now = Date.now();
let receiver: Receiver;
let emulator: Emulator;
beforeEach(async () => {
  receiver = await startReceiver();
  const permissions = { metadata: 'read', contents: 'read', members: 'read' } as const;
  emulator = await startExample({ now: () => now, webhookUrl: receiver.url, permissions, ...SIGN_IN });
});
afterEach(async () => {
  await emulator.close();
  await receiver.close();
});

const codeOf = async (login = 'octocat') => (await authorizeAs(emulator, login)).searchParams.get('code') ?? '';

describe('the page on which a user authorizes the App', () => {
  test('names the App and where the user returns, and has a button for each user', async () => {
    const response = await openAuthorizePage(emulator);
    const page = await response.text();
    expect(page).toContain('<h1>Authorize Dispatcher</h1>');
    expect(page).toContain(CALLBACK_URL);
    for (const login of ['octocat', 'hubot', 'monalisa']) expect(page).toContain(`>Authorize as ${login}</button>`);
    expect(page).not.toContain('[bot]');
    expect(response.headers.get('content-security-policy')).toContain("default-src 'none'");
  });

  test('sends the user back with a code and the state of the App', async () => {
    expect((await authorizeAs(emulator, 'hubot')).href).toMatch(
      /^http:\/\/127\.0\.0\.1:1\/auth\/callback\?code=[0-9a-f]{20}&state=s%26t$/,
    );
  });

  test('sends a user who cancels back without a code', async () => {
    const { searchParams } = await authorizeAs(emulator, '');
    expect(searchParams.get('error')).toBe('access_denied');
    expect(searchParams.get('state')).toBe('s&t');
    expect(searchParams.has('code')).toBe(false);
  });

  test.each([
    ['another App', { client_id: 'Iv23liOther' }],
    ['a callback that is not the App’s', { redirect_uri: 'http://127.0.0.1:1/auth/callback/' }],
    ['a callback of another site', { redirect_uri: 'https://evil.example/auth/callback' }],
    ['a plain challenge', { code_challenge_method: 'plain' }],
  ])('refuses %s without sending the user anywhere', async (_, change) => {
    const response = await openAuthorizePage(emulator, { ...AUTHORIZE, ...change });
    expect(response.status).toBe(404);
    expect(await response.text()).not.toContain('<form');
    const forced = await submitForm({
      action: `${emulator.url}/login/oauth/authorize`,
      fields: { ...AUTHORIZE, ...change, user: '583231' },
    });
    expect({ status: forced.status, location: forced.headers.get('location') }).toEqual({
      status: 404,
      location: null,
    });
  });
});

describe('a code', () => {
  test('is exchanged for a token of the user that authorized it', async () => {
    const response = await exchange(emulator, { code: await codeOf('hubot') });
    expect(response).toEqual({
      access_token: expect.stringMatching(/^ghu_\w{36}$/),
      expires_in: 28_800,
      token_type: 'bearer',
      scope: '',
    });
    const { data } = await client(emulator, String(response['access_token'])).users.getAuthenticated();
    expect(data).toMatchObject({ login: 'hubot', id: 480_938 });
  });

  test('is valid once, for ten minutes', async () => {
    const code = await codeOf();
    await exchange(emulator, { code });
    expect(await exchange(emulator, { code })).toMatchObject({ error: 'bad_verification_code' });
    const late = await codeOf();
    now += 600_000;
    expect(await exchange(emulator, { code: late })).toMatchObject({ error: 'bad_verification_code' });
  });

  test.each([
    ['the wrong verifier', { code_verifier: 'x'.repeat(43) }, 'bad_verification_code'],
    ['no verifier', { code_verifier: '' }, 'bad_verification_code'],
    ['a wrong secret', { client_secret: 'wrong' }, 'incorrect_client_credentials'],
    ['another App', { client_id: 'Iv23liOther' }, 'incorrect_client_credentials'],
    ['another callback', { redirect_uri: 'https://evil.example/' }, 'redirect_uri_mismatch'],
  ])('is not exchanged with %s', async (_, change, error) => {
    expect(await exchange(emulator, { code: await codeOf(), ...change })).toMatchObject({ error });
  });

  test('is answered as a form unless JSON is accepted, as by GitHub', async () => {
    const response = await fetch(`${emulator.url}/login/oauth/access_token`, {
      method: 'POST',
      body: new URLSearchParams({ client_id: CLIENT_ID }),
    });
    expect(new URLSearchParams(await response.text()).get('error')).toBe('incorrect_client_credentials');
  });
});

describe('the token of a user', () => {
  test('ends after eight hours', async () => {
    const { token } = await signIn(emulator, 'octocat');
    now += 8 * 3_600_000;
    expect(await refusal(client(emulator, token).users.getAuthenticated())).toMatchObject({ status: 401 });
  });

  test('ends when the user withdraws the authorization, and the App gets a webhook without a subscription', async () => {
    const { token } = await signIn(emulator, 'octocat');
    const page = await (await fetch(`${emulator.url}/settings/apps/authorizations`)).text();
    const [form] = parseForms(page, emulator.url);
    if (form === undefined) throw new Error('The page has no form.');
    expect((await submitForm(form)).status).toBe(303);
    expect(await refusal(client(emulator, token).users.getAuthenticated())).toMatchObject({ status: 401 });
    expect(receiver.received).toHaveLength(1);
    const [{ headers, body } = { headers: {}, body: '' }] = receiver.received;
    expect(headers).toMatchObject({ 'x-github-event': 'github_app_authorization' });
    expect(JSON.parse(body)).toMatchObject({ action: 'revoked', sender: { login: 'octocat', id: 583_231 } });
    expect(await emulator.control.revokeAuthorization('octocat')).toBeNull();
  });

  test('reads no private repository', async () => {
    const { token } = await signIn(emulator, 'octocat');
    const read = client(emulator, token).repos.get({ owner: 'octo-org', repo: 'app' });
    expect(await refusal(read)).toMatchObject({ status: 404 });
  });
});

describe('the role of a user', () => {
  const installation = async () => client(emulator, await mint(emulator, 'octo-org', {}, now));
  const permissionOf = async (username: string, repo = 'app') =>
    (await (await installation()).repos.getCollaboratorPermissionLevel({ owner: 'octo-org', repo, username })).data;

  test('in a repository comes from the organization, from the repository, or from its visibility', async () => {
    expect(await permissionOf('octocat')).toMatchObject({ permission: 'admin', role_name: 'admin' });
    expect(await permissionOf('hubot')).toMatchObject({ permission: 'read', role_name: 'read' });
    expect(await permissionOf('monalisa')).toMatchObject({ permission: 'none' });
    expect(await permissionOf('monalisa', 'octo-repo')).toMatchObject({ permission: 'read' });
    await emulator.control.changeRepository('octo-org/app', {
      collaborators: { hubot: 'triage', monalisa: 'maintain' },
    });
    expect(await permissionOf('hubot')).toMatchObject({ permission: 'read', role_name: 'triage' });
    expect(await permissionOf('monalisa')).toMatchObject({
      permission: 'write',
      role_name: 'maintain',
      user: { id: 2_143_658 },
    });
  });

  test('in a repository needs a token that covers the repository', async () => {
    const partner = client(emulator, await mint(emulator, 'octo-partner', {}, now));
    const read = partner.repos.getCollaboratorPermissionLevel({ owner: 'octo-org', repo: 'app', username: 'octocat' });
    expect(await refusal(read)).toMatchObject({ status: 404 });
  });

  test('in an organization and a team needs `members: read`', async () => {
    const all = await installation();
    const organization = { org: 'octo-org', username: 'octocat' };
    expect((await all.orgs.getMembershipForUser(organization)).data).toMatchObject({ state: 'active', role: 'admin' });
    const team = { ...organization, team_slug: 'platform' };
    expect((await all.teams.getMembershipForUserInOrg(team)).data).toMatchObject({ state: 'active' });
    const stranger = { ...organization, username: 'monalisa' };
    expect(await refusal(all.orgs.getMembershipForUser(stranger))).toMatchObject({ status: 404 });
    const narrowed = client(emulator, await mint(emulator, 'octo-org', { permissions: { metadata: 'read' } }, now));
    expect(await refusal(narrowed.orgs.getMembershipForUser(organization))).toMatchObject({ status: 403 });
    expect(await refusal(narrowed.teams.getMembershipForUserInOrg(team))).toMatchObject({ status: 403 });
  });

  test('follows a user to a new name, and the old name is free', async () => {
    await emulator.control.changeRepository('octo-org/app', { collaborators: { monalisa: 'write' } });
    await emulator.control.renameAccount('monalisa', 'mona');
    expect(await permissionOf('mona')).toMatchObject({ permission: 'write', user: { id: 2_143_658 } });
    await emulator.control.addOwner({ login: 'monalisa', type: 'User' });
    expect(await permissionOf('monalisa')).toMatchObject({ permission: 'none' });
    const { data } = await (await installation()).request('GET /user/{account_id}', { account_id: 2_143_658 });
    expect(data.login).toBe('mona');
  });
});
