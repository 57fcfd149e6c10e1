import { chmodSync, existsSync, mkdirSync, readFileSync, statSync, writeFileSync } from 'node:fs';
import { createServer, get } from 'node:http';
import type { AddressInfo } from 'node:net';
import { join } from 'node:path';
import { type Emulator, exampleSeed, type SeedApp, startEmulator } from '@dispatcher/github-emulator';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { appPermissions as permissions } from '@dispatcher/contracts';
import { permissionsPage } from './permissions.ts';
import { readEnvFile } from '../context/env-file.ts';
import { clickThrough, formOf, submit } from '../testing/browser.ts';
import { testPrivateKey } from '../testing/private-key.ts';
import { startFakeSecretsManager } from '../testing/fake-secrets-manager.ts';
import { type CommandResult, run, type TestContext, createTestContext } from '../testing/test-context.ts';
import { appCommand } from './app-command.ts';

const seed = exampleSeed({
  key: testPrivateKey,
  webhookUrl: 'https://dispatcher.example/webhooks/github',
  webhookSecret: 's',
});

let emulator: Emulator;
let context: TestContext;
beforeEach(async () => {
  emulator = await startEmulator({ seed });
  context = createTestContext();
  context.env = { GITHUB_API_URL: emulator.url };
});
afterEach(async () => {
  await emulator.close();
  context.remove();
});

/** Starts `app create`; `page` resolves to the URL of the local page. */
function create(...args: string[]): { readonly page: Promise<string>; readonly result: Promise<CommandResult> } {
  const opened = Promise.withResolvers<string>();
  const result = run(appCommand(context), ['create', ...args], (out) => {
    const page = /http:\/\/127\.0\.0\.1:\d+\//.exec(out)?.[0];
    if (page !== undefined) opened.resolve(page);
  });
  result.then(({ err }) => opened.reject(new Error(err)), opened.reject);
  // Not every test opens the page.
  opened.promise.catch(() => undefined);
  return { page: opened.promise, result };
}

async function createByClicking(...args: string[]): Promise<CommandResult> {
  const { page, result } = create(...args);
  const { redirect } = await clickThrough(await page);
  expect((await fetch(redirect)).status).toBe(200);
  return result;
}

describe('app create', () => {
  test('the App is created by submitting two forms, and .env has all that npm start needs, readable by its owner only', async () => {
    const example = readFileSync(new URL('../../../../.env.example', import.meta.url), 'utf8');
    writeFileSync(join(context.root, '.env.example'), example);
    const { code, out } = await createByClicking('--org', 'octo-org');
    expect(code).toBe(0);
    const file = join(context.root, '.env');
    const values = readEnvFile(file);
    expect(values).toMatchObject({ GITHUB_APP_SLUG: 'dispatcher-octo-org-local', GITHUB_API_URL: emulator.url });
    expect(values['GITHUB_APP_PRIVATE_KEY']).toMatch(/^-----BEGIN RSA PRIVATE KEY-----\n[\s\S]+-----END/);
    expect(values).toMatchObject({ GITHUB_CLIENT_ID: expect.stringMatching(/^Iv/), PORT: '3000' });
    expect(readFileSync(file, 'utf8').split('GITHUB_APP_ID=')).toHaveLength(2);
    expect(statSync(file).mode & 0o777).toBe(0o600);
    expect(existsSync(`${file}.new`)).toBe(false);
    expect(out).toContain(`${emulator.url}/apps/dispatcher-octo-org-local/installations/new`);
    for (const name of ['GITHUB_APP_PRIVATE_KEY', 'GITHUB_WEBHOOK_SECRET', 'GITHUB_CLIENT_SECRET'])
      expect(out).not.toContain(values[name]);
  });

  test('the created App passes its check once it is installed', async () => {
    await createByClicking('--org', 'octo-org', '--url', 'https://dispatcher.example', '--environment', 'dev');
    context.env = {};
    const check = ['check', '--environment', 'dev', '--url', 'https://dispatcher.example'];
    const before = await run(appCommand(context), check);
    expect(before).toMatchObject({ code: 1, out: expect.stringContaining('The App is not installed on any account') });
    const install = /http\S+\/installations\/new/.exec(before.out)?.[0] ?? '';
    await submit(formOf(await (await fetch(install)).text(), install));
    const after = await run(appCommand(context), check);
    expect(after.out).not.toContain('✗');
    expect(after.code).toBe(0);
  });

  test('the manifest requests exactly the listed permissions, and the page says what fails without each', async () => {
    const { page, result } = create('--timeout', '1');
    const html = await (await fetch(await page)).text();
    for (const { name, without } of permissions) {
      expect(html).toContain(name);
      expect(html).toContain(without);
    }
    const { fields, action } = formOf(html, await page);
    expect(action).toMatch(new RegExp(`^${emulator.url}/settings/apps/new\\?state=\\w{32}$`));
    expect(JSON.parse(fields['manifest'] ?? '')).toEqual({
      name: 'Dispatcher local',
      url: `${emulator.url}/`,
      hook_attributes: { url: 'https://dispatcher.invalid/webhooks/github', active: true },
      redirect_url: `${await page}created`,
      callback_urls: ['http://127.0.0.1:3000/auth/callback'],
      public: false,
      default_permissions: { metadata: 'read', contents: 'read', actions: 'write', issues: 'write' },
      default_events: ['workflow_run'],
    });
    await fetch((await clickThrough(await page)).redirect);
    await result;
  });

  test('--with checks requests checks: write and its events, and the page says what follows from it', async () => {
    const { page, result } = create('--with', 'checks');
    const html = await (await fetch(await page)).text();
    expect(html).toContain('empty, queued check suite');
    const { fields } = formOf(html, await page);
    expect(JSON.parse(fields['manifest'] ?? '')).toMatchObject({
      default_permissions: { metadata: 'read', contents: 'read', actions: 'write', issues: 'write', checks: 'write' },
      default_events: ['workflow_run', 'check_run', 'check_suite'],
    });
    await fetch((await clickThrough(await page)).redirect);
    expect((await result).code).toBe(0);
  });

  test('--with an unknown feature is an invalid argument', async () => {
    const { code, err } = await run(appCommand(context), ['create', '--with', 'chekcs']);
    expect(code).toBe(2);
    expect(err).toContain('--with chekcs is not a feature. Features are: checks, hints, forks, teams.');
  });

  test('a code with another state is refused, and the page continues', async () => {
    const { page, result } = create();
    const { redirect } = await clickThrough(await page);
    const forged = new URL(redirect);
    forged.searchParams.set('state', '0'.repeat(32));
    expect((await fetch(forged)).status).toBe(400);
    expect((await fetch(`${await page}created`)).status).toBe(400);
    expect((await fetch(redirect)).status).toBe(200);
    expect((await result).code).toBe(0);
  });

  test('a request with another host name is refused', async () => {
    const { page, result } = create();
    const url = await page;
    const status = await new Promise((resolve, reject) => {
      get(url, { headers: { host: 'evil.example' } }, (response) => {
        response.resume();
        resolve(response.statusCode);
      }).on('error', reject);
    });
    expect(status).toBe(403);
    await fetch((await clickThrough(await page)).redirect);
    await result;
  });

  test('a code that GitHub does not know ends the command with GitHub’s status, and nothing is written', async () => {
    const { page, result } = create();
    const { redirect } = await clickThrough(await page);
    const unknown = new URL(redirect);
    unknown.searchParams.set('code', 'unknown');
    expect((await fetch(unknown)).status).toBe(502);
    expect(await result).toMatchObject({ code: 1, err: expect.stringContaining('404') });
    expect(existsSync(join(context.root, '.env'))).toBe(false);
  });

  test('if the credentials cannot be saved, the error says what to do about the created App', async () => {
    const { page, result } = create('--environment', 'dev');
    const { redirect } = await clickThrough(await page);
    // A directory in place of the temporary file makes the write fail.
    mkdirSync(join(context.root, '.env.dev.new'));
    expect((await fetch(redirect)).status).toBe(502);
    expect(await result).toMatchObject({ code: 1, err: expect.stringContaining('could not be saved') });
  });

  test('without a click, the command ends after its timeout', async () => {
    expect(await create('--timeout', '0').result).toMatchObject({ code: 1, err: expect.stringContaining('in time') });
  });

  test('a configured App is replaced only with --force; other lines of the file are unchanged', async () => {
    const file = join(context.root, '.env');
    writeFileSync(
      file,
      '# mine\nGITHUB_APP_ID=7\nLOG_LEVEL=debug\nGITHUB_APP_PRIVATE_KEY="-----BEGIN\nold\n-----END"\nA=1\n',
    );
    chmodSync(file, 0o644);
    expect(await create().result).toMatchObject({
      code: 2,
      err: expect.stringMatching(/already has GITHUB_APP_ID, GITHUB_APP_PRIVATE_KEY.*--force/),
    });
    expect((await createByClicking('--force')).code).toBe(0);
    const text = readFileSync(file, 'utf8');
    expect(text).toMatch(/^# mine\nGITHUB_APP_ID=1200001\nLOG_LEVEL=debug\nGITHUB_APP_PRIVATE_KEY=.*\nA=1\n/);
    expect(text).not.toContain('old');
    expect(statSync(file).mode & 0o777).toBe(0o600);
  });

  test('each environment has its own App, in its own file', async () => {
    await createByClicking();
    await createByClicking('--environment', 'dev');
    const ids = ['.env', '.env.dev'].map((name) => readEnvFile(join(context.root, name))['GITHUB_APP_ID']);
    expect(new Set(ids).size).toBe(2);
  });

  test.each([
    ['no action', [], /Choose an action: create, check/],
    ['a name of 35 characters', ['create', '--name', 'x'.repeat(35)], /GitHub allows at most 34/],
    ['an address without https', ['create', '--url', 'http://dispatcher.example'], /use https/],
    ['an environment that would be another file', ['create', '--environment', '../x'], /lower-case letters/],
    ['the example', ['create', '--environment', 'example'], /lower-case letters/],
    ['Secrets Manager without an environment', ['create', '--secrets-manager', 'd'], /needs --environment/],
    ['a port that is not a number', ['create', '--port', 'x'], /--port/],
  ])('invalid arguments exit with 2: %s', async (_, args, message) => {
    expect(await run(appCommand(context), args)).toMatchObject({ code: 2, err: expect.stringMatching(message) });
  });
});

describe('app create with Secrets Manager', () => {
  const names = ['webhook-secret', 'webhook-secret-previous', 'private-key', 'admin-password'].map(
    (entry) => `dispatcher-dev/${entry}`,
  );
  const args = ['--secrets-manager', 'dispatcher-dev', '--environment', 'dev'];

  test('the secrets are stored only there, and app check finds them through the file', async () => {
    const aws = await startFakeSecretsManager(names);
    context.client = aws.client;
    expect((await createByClicking(...args)).code).toBe(0);
    const text = readFileSync(join(context.root, '.env.dev'), 'utf8');
    for (const value of aws.values.values()) {
      expect(value).toBeTruthy();
      expect(text).not.toContain(value);
    }
    expect(aws.values.get(names[0] ?? '')).toBe(aws.values.get(names[1] ?? ''));
    context.env = {};
    const { out } = await run(appCommand(context), ['check', '--environment', 'dev']);
    expect(out).toContain('GitHub accepts the credentials of the App dispatcher-dev');
    await aws.close();
  });

  test('missing entries, and entries with a value, are reported before GitHub creates an App', async () => {
    const aws = await startFakeSecretsManager(names.slice(0, 2));
    context.client = aws.client;
    expect(await create(...args).result).toMatchObject({
      code: 2,
      err: expect.stringMatching(/private-key.*Terraform/),
    });
    aws.values.set(names[0] ?? '', 'a value');
    expect(await create(...args).result).toMatchObject({
      code: 2,
      err: expect.stringMatching(/webhook-secret already has a value/),
    });
    expect((await emulator.control.requests()).requests).toEqual([]);
    await aws.close();
  });
});

describe('app check', () => {
  async function checkWith(change: Partial<SeedApp>, env: Record<string, string> = {}, args: readonly string[] = []) {
    await emulator.control.replaceSeed({ ...seed, app: { ...seed.app, ...change } });
    context.env = {
      GITHUB_API_URL: emulator.url,
      GITHUB_APP_ID: '1',
      GITHUB_APP_SLUG: 'org-repo-workflows-runner-alpha',
      GITHUB_APP_PRIVATE_KEY: testPrivateKey,
      ...env,
    };
    return run(appCommand(context), ['check', '--url', 'https://dispatcher.example', ...args]);
  }

  test('a correct App exits with 0', async () => {
    const { code, out } = await checkWith({});
    expect(out).not.toContain('✗');
    expect(code).toBe(0);
  });

  test.each<[string, Partial<SeedApp>, Record<string, string>, RegExp]>([
    [
      'a missing permission',
      { permissions: { metadata: 'read', contents: 'read', actions: 'write' } },
      {},
      /✗ app-permissions +Issues is not granted/,
    ],
    [
      'a permission that is too low',
      { permissions: { metadata: 'read', contents: 'read', actions: 'read', issues: 'write' } },
      {},
      /✗ app-permissions +Actions is read; required is read and write/,
    ],
    ['no event', { events: [] }, {}, /✗ app-events +The App does not subscribe to “Workflow run”/],
    [
      'another webhook URL',
      { webhookUrl: 'https://other.example/webhooks/github' },
      {},
      /✗ app-webhook +Deliveries are sent to https:\/\/other.*\n.*Set https:\/\/dispatcher\.example\/webhooks\/github at .*\/organizations\/octo-org\/settings\/apps\//,
    ],
    ['no webhook URL', { webhookUrl: null }, {}, /✗ app-webhook +The App has no webhook URL/],
    ['no webhook secret', { webhookSecret: '' }, {}, /✗ app-webhook +The webhook has no secret/],
    ['another slug', {}, { GITHUB_APP_SLUG: 'other' }, /✗ app-slug +GITHUB_APP_SLUG is other/],
    ['no slug', {}, { GITHUB_APP_SLUG: '' }, /✗ app-slug +GITHUB_APP_SLUG is not set/],
    ['the id of another App', {}, { GITHUB_APP_ID: '2' }, /✗ app-credentials .*\n.*must belong to the same App/],
    [
      'a malformed key',
      {},
      { GITHUB_APP_PRIVATE_KEY: 'key' },
      /✗ app-credentials +GITHUB_APP_PRIVATE_KEY is not a valid PEM/,
    ],
    ['no key', {}, { GITHUB_APP_PRIVATE_KEY: '' }, /✗ app-credentials +GITHUB_APP_PRIVATE_KEY is not set/],
    [
      'a GitHub that does not respond',
      {},
      { GITHUB_API_URL: 'http://127.0.0.1:1' },
      /✗ app-credentials +Could not reach GitHub.*\n.*Check GITHUB_API_URL/,
    ],
  ])('%s: exits with 1 and says what to do', async (_, change, env, line) => {
    const { code, out } = await checkWith(change, env);
    expect(out).toMatch(line);
    expect(code).toBe(1);
  });

  const signIn = { ADMIN_AUTHENTICATION: 'github', GITHUB_CLIENT_ID: 'Iv23liEmulator1', GITHUB_CLIENT_SECRET: 'right' };
  const withMembers = {
    permissions: { metadata: 'read', contents: 'read', actions: 'write', issues: 'write', members: 'read' },
  } as const;

  test('a sign-in whose client secret is right is fine, and says which callback URL the App must have', async () => {
    const { out } = await checkWith({ clientSecret: 'right' }, signIn);
    expect(out).toMatch(/✓ app-sign-in +GitHub accepts the client secret/);
    expect(out).toContain('https://dispatcher.example/auth/callback must be one of them');
    expect((await checkWith({})).out).not.toContain('app-sign-in');
  });

  test.each<[string, Partial<SeedApp>, Record<string, string>, string]>([
    ['no client ID', {}, { GITHUB_CLIENT_ID: '' }, 'Set GITHUB_CLIENT_ID=Iv23liEmulator1'],
    ['the client ID of another App', {}, { GITHUB_CLIENT_ID: 'Iv1' }, 'It is not the App ID'],
    ['no client secret', {}, { GITHUB_CLIENT_SECRET: '' }, 'dispatcher secrets set client-secret'],
    ['an old client secret', {}, { GITHUB_CLIENT_SECRET: 'old' }, 'Generate a new one at'],
    [
      'roles of a team without the permission',
      {},
      { ADMIN_OPERATORS: 'repo:octo-org/app,team:octo-org/platform' },
      'Organization permissions, Members: read',
    ],
    ['roles of an organization without the App', withMembers, { ADMIN_VIEWERS: 'org:external' }, 'Install it: '],
  ])('a sign-in with %s: exits with 1 and says what to do', async (_, change, env, remedy) => {
    const { code, out } = await checkWith({ clientSecret: 'right', ...change }, { ...signIn, ...env });
    expect({ code, out }).toEqual({ code: 1, out: expect.stringMatching(/✗ app-sign-in/) });
    expect(out.replaceAll(/\s+/g, ' ')).toContain(remedy);
  });

  test('permissions and events beyond the required ones are notes', async () => {
    const granted = {
      metadata: 'read',
      contents: 'write',
      actions: 'write',
      issues: 'write',
      pages: 'read',
    } as const;
    const { code, out } = await checkWith({ permissions: granted, events: ['workflow_run', 'star'] });
    expect(out).toMatch(/i app-permissions +pages: read is more than Dispatcher needs/);
    expect(out).toMatch(/i app-permissions +contents: write is optional, for sending a repository_dispatch/);
    expect(out).toMatch(/i app-events +star: not needed/);
    expect(code).toBe(0);
  });

  describe('says what is missing where something optional is not granted', () => {
    const needed = { metadata: 'read', contents: 'read', actions: 'write', issues: 'write' } as const;
    const all = { ...needed, checks: 'write', pull_requests: 'read', members: 'read' } as const;
    const allEvents = ['workflow_run', 'check_run', 'check_suite', 'push', 'repository', 'pull_request'];
    const own = { id: 51_000_001, account: 'octo-org', repositories: 'all' } as const;
    const without = (event: string) => ({ permissions: all, events: allEvents.filter((one) => one !== event) });
    const full = { permissions: all, events: allEvents };

    test.each<[feature: string, app: Partial<SeedApp>, installation: object | null, sentences: readonly string[]]>([
      [
        'the summary of a run',
        { ...full, permissions: { ...all, checks: 'read' } },
        null,
        ['checks is off: it needs checks: write', 'commits have no summary'],
      ],
      [
        'the summary, in an installation',
        full,
        { ...own, permissions: { ...all, checks: 'read' } },
        ['octo-org has not granted checks: write', 'its owner can accept it at', 'commits have no summary'],
      ],
      [
        'the checks that rules name',
        { ...full, permissions: { ...needed, pull_requests: 'read' } },
        null,
        ['checks is off: it needs checks: write', 'a `check:` of a rule stays “Expected”'],
      ],
      [
        'the checks that rules name, in an installation',
        full,
        { ...own, permissions: needed },
        ['octo-org has not granted checks: write', 'a `check:` of a rule stays “Expected”'],
      ],
      [
        '“Re-run” of one check',
        without('check_run'),
        null,
        ['does not subscribe to “Check run”', '“Re-run” at a check'],
      ],
      ['“Re-run all checks”', without('check_suite'), null, ['“Check suite”', '“Re-run all checks” does nothing']],
      [
        'the check of a changed file',
        { ...full, permissions: needed },
        null,
        ['checks is off: it needs checks: write', 'a changed dispatching.yml is not checked'],
      ],
      [
        'the check of a changed file, without its event',
        without('push'),
        null,
        ['hints: the App does not subscribe to “Push”', 'changes of dispatching.yml are not checked before'],
      ],
      [
        'the check of a fork’s pull request',
        { ...full, permissions: { ...needed, checks: 'write' } },
        null,
        ['forks is off: it needs pull_requests: read', 'pull requests from forks get no check'],
      ],
      [
        'the check of a fork’s pull request, without its event',
        without('pull_request'),
        null,
        ['forks: the App does not subscribe to “Pull request”', 'pull requests from forks get no check'],
      ],
      [
        'the check of a fork’s pull request, in an installation',
        full,
        { ...own, permissions: { ...needed, checks: 'write' } },
        ['octo-org has not granted pull_requests: read', 'pull requests from forks get no check'],
      ],
      ['the index, of changes', without('push'), null, ['the index notices them only at its next sweep']],
      [
        'the index, of renames',
        without('repository'),
        null,
        ['hints: the App does not subscribe to “Repository”', 'noticed only at the next sweep of the index'],
      ],
      [
        'the policy of an owner',
        full,
        { ...own, permissions: all, repositories: ['app'] },
        ['a policy of octo-org cannot be read', 'without octo-org/.github', 'add that repository to the installation'],
      ],
    ])('%s', async (_, app, installation, sentences) => {
      await checkWith(app);
      if (installation !== null) await emulator.control.putInstallation(installation as never);
      const { code, out } = await run(appCommand(context), ['check']);
      const shown = out.replaceAll(/\s+/g, ' ');
      for (const sentence of sentences) expect(shown).toContain(sentence);
      // None of it stops a dispatch.
      expect({ code, problems: out.match(/^✗.*$/gm) }).toEqual({ code: 0, problems: null });
    });

    test('nothing is missing where everything is granted', async () => {
      const { out } = await checkWith(full);
      expect(out).not.toMatch(/is off|does not subscribe|has not granted|cannot be read/);
    });
  });

  test('an installation that has not accepted permissions is a problem, a suspended one is a note', async () => {
    await checkWith({});
    await emulator.control.putInstallation({
      id: 51_000_001,
      account: 'octo-org',
      repositories: 'all',
      permissions: { metadata: 'read', contents: 'read' },
    });
    await emulator.control.suspendInstallation(51_000_002, true);
    const { code, out } = await run(appCommand(context), ['check', '--json']);
    expect(code).toBe(1);
    const shown = JSON.parse(out) as {
      fine: boolean;
      findings: { check: string; status: string; message: string; remedy?: string }[];
    };
    expect(shown.fine).toBe(false);
    expect(shown.findings).toEqual(
      expect.arrayContaining([
        {
          check: 'app-installations',
          status: 'problem',
          message: 'octo-org has not granted actions: write, issues: write',
          remedy: expect.stringContaining('/settings/installations/51000001'),
        },
        { check: 'app-installations', status: 'note', message: expect.stringContaining('octo-partner has suspended') },
      ]),
    );
    for (const { status, remedy } of shown.findings) expect(remedy !== undefined).toBe(status === 'problem');
  });

  test('runs whose deliveries failed are a problem until one attempt succeeds', async () => {
    await checkWith({ webhookUrl: 'http://127.0.0.1:1/webhooks/github' });
    const { delivery } = await emulator.control.run({ repository: 'octo-org/app', workflow: 'ci.yml' });
    const check = () => run(appCommand(context), ['check']);
    const lost = await check();
    expect(lost.out).toMatch(/✗ app-deliveries +1 of the newest 1 failed: .*\n.*check that Dispatcher is reachable/);
    expect(lost.code).toBe(1);
    const receiver = createServer((_request, response) => response.writeHead(202).end());
    await new Promise<void>((listening) => receiver.listen(0, '127.0.0.1', listening));
    const url = `http://127.0.0.1:${(receiver.address() as AddressInfo).port}/webhooks/github`;
    await emulator.control.setWebhook({ url });
    const guid = delivery?.guid ?? '';
    await emulator.control.deliver({ event: 'workflow_run', guid, payload: { action: 'completed' } });
    expect(await check()).toMatchObject({ code: 0, out: expect.stringContaining('all of the newest 2 succeeded') });
    await new Promise((closed) => {
      receiver.close(closed);
      receiver.closeAllConnections();
    });
  });
});

test('docs/reference/permissions.md matches the list (update: npm run docs)', () => {
  const file = new URL('../../../../docs/reference/permissions.md', import.meta.url);
  if (process.env['UPDATE_DOCS'] === 'true') writeFileSync(file, permissionsPage());
  expect(readFileSync(file, 'utf8')).toBe(permissionsPage());
});
