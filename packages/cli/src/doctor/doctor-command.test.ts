import { copyFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { type Emulator, exampleSeed, startEmulator } from '@dispatcher/github-emulator';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type Behaviour, type FakeDispatcher, startFakeDispatcher } from '../testing/fake-dispatcher.ts';
import { testPrivateKey } from '../testing/private-key.ts';
import { run, type TestContext, createTestContext } from '../testing/test-context.ts';
import { processContext } from '../context/command-context.ts';
import { runCommand } from '../run-command.ts';
import { doctorCommand } from './doctor-command.ts';

const planned = (outcome: string, code = outcome) => [
  { type: 'delivery.repeated', data: {} },
  { type: 'run.planned', data: { outcome, code, message: `It is ${code}.`, fix: 'Fix it.' } },
];
const healthy: Behaviour = {
  health: { status: 200, body: { status: 'ok', version: '0.1.0', authentication: 'disabled' } },
  secrets: ['secret'],
  basic: null,
  delivery: 202,
  facts: planned('no-config'),
};

let emulator: Emulator;
let fakeDispatcher: FakeDispatcher;
let context: TestContext;
beforeEach(async () => {
  fakeDispatcher = await startFakeDispatcher({ ...healthy });
  const webhookUrl = `${fakeDispatcher.url}/webhooks/github`;
  emulator = await startEmulator({ seed: exampleSeed({ key: testPrivateKey, webhookUrl, webhookSecret: 'secret' }) });
  context = createTestContext();
  context.env = {
    GITHUB_API_URL: emulator.url,
    GITHUB_APP_ID: '1',
    GITHUB_APP_SLUG: 'org-repo-workflows-runner-alpha',
    GITHUB_APP_PRIVATE_KEY: testPrivateKey,
    GITHUB_WEBHOOK_SECRET: 'secret',
  };
});
afterEach(async () => {
  await fakeDispatcher.close();
  await emulator.close();
  context.remove();
});

const doctor = (...args: string[]) => run(doctorCommand(context), ['--url', fakeDispatcher.url, ...args]);

test('a healthy Dispatcher exits with 0', async () => {
  const { code, out } = await doctor();
  expect(out).toMatch(/✓ run +a signed run of Codertocat\/Hello-World was planned as no-config/);
  expect(out).not.toMatch(/[✗-] [a-z]/);
  expect(code).toBe(0);
});

test('the probe’s run is of a repository without rules, of a workflow that no rule names, and not successful', async () => {
  await doctor();
  expect(fakeDispatcher.runs).toMatchObject([
    {
      action: 'completed',
      installation: { id: 51_000_003 },
      repository: { id: 283_462_325, name: 'Hello-World', owner: { login: 'Codertocat' } },
      workflow_run: {
        path: '.github/workflows/dispatcher-doctor.yml',
        conclusion: 'skipped',
        head_repository: { id: 283_462_325 },
      },
    },
  ]);
});

test('if every repository has rules, none of them can match the probe’s run', async () => {
  await emulator.control.push('Codertocat/Hello-World', { files: { 'dispatching.yml': 'outbound: []\n' } });
  fakeDispatcher.behaviour.facts = planned('no-match');
  const { code, out } = await doctor();
  expect(out).toMatch(/✓ run .*planned as no-match: every repository has a dispatching\.yml/);
  expect(code).toBe(0);
});

test('--json prints the same findings, each problem with its remedy', async () => {
  fakeDispatcher.behaviour.secrets = ['another'];
  const { code, out } = await doctor('--json');
  expect(code).toBe(1);
  const shown = JSON.parse(out) as { fine: boolean; findings: { check: string; status: string; remedy?: string }[] };
  expect(shown.fine).toBe(false);
  expect(shown.findings.map(({ check }) => check)).toEqual([
    'variables',
    'health',
    'api',
    'signature',
    'app-credentials',
    'app-permissions',
    'app-events',
    // The optional features.
    'app-permissions',
    'app-events',
    'app-events',
    'app-permissions',
    'app-permissions',
    'app-webhook',
    'app-installations',
    'app-policies',
    'app-deliveries',
    'run',
  ]);
  for (const { status, remedy } of shown.findings) expect(remedy !== undefined).toBe(status === 'problem');
});

test.each<[string, Partial<Behaviour>, RegExp]>([
  ['an unexpected health response', { health: { status: 200, body: '<html>' } }, /✗ health .*\n.*without \/health/],
  ['the admin function fails', { health: { status: 500, body: {} } }, /✗ health +500/],
  ['another webhook secret', { secrets: ['another'] }, /✗ signature +401.*\n.*another webhook secret/],
  ['a run is not stored', { delivery: 503 }, /✗ run +A signed run is not accepted: 503/],
  ['a run is never planned', { facts: null }, /✗ run .*has no plan of it after 60 s\n.*dead letters/],
  ['the App cannot read', { facts: planned('config-unreadable') }, /✗ run .*config-unreadable.*\n.*Fix it\./],
])('%s: exits with 1 and says what to do', async (_, change, line) => {
  Object.assign(fakeDispatcher.behaviour, change);
  const { code, out } = await doctor();
  expect(out).toMatch(line);
  expect(code).toBe(1);
});

test('a Dispatcher that accepts a wrong signature is a problem', async () => {
  fakeDispatcher.behaviour.secrets = ['secret', 'secretx'];
  const { code, out } = await doctor();
  expect(out).toMatch(/✗ signature +A ping with a wrong signature is not refused: 202/);
  expect(code).toBe(1);
});

test('a variable of an earlier dispatcher is a problem with its replacement, in the environment and in the file', async () => {
  context.env['DISPATCH_MAX_TARGETS_PER_RUN'] = '10';
  writeFileSync(join(context.root, '.env'), 'ADMIN_IP_ALLOWLIST=10.0.0.0/8\n');
  const { code, out } = await doctor();
  expect(out).toMatch(/✗ variables +DISPATCH_MAX_TARGETS_PER_RUN is not .*\n.*→ Rename it to MAX_TARGETS_PER_RUN\./);
  expect(out).toMatch(/✗ variables +ADMIN_IP_ALLOWLIST is not .*\n.*→ .*ADMIN_AUTHENTICATION/);
  expect(code).toBe(1);
});

test('an allowlist of * is a problem: it would refuse everything', async () => {
  context.env['TARGET_REPO_ALLOWLIST'] = '*';
  const { code, out } = await doctor();
  expect(out).toMatch(/✗ variables +TARGET_REPO_ALLOWLIST .*all repositories are \*\/\*/);
  expect(code).toBe(1);
});

test('a misspelled variable is a note', async () => {
  copyFileSync(join(processContext.root, '.env.example'), join(context.root, '.env.example'));
  context.env['MAX_TARGET_PER_RUN'] = '10';
  const { code, out } = await doctor();
  expect(out).toMatch(/i variables +MAX_TARGET_PER_RUN .*MAX_TARGETS_PER_RUN/);
  expect(code).toBe(0);
});

test('during a rotation both secrets must be accepted', async () => {
  context.env['GITHUB_WEBHOOK_SECRET_PREVIOUS'] = 'before';
  expect((await doctor()).out).toMatch(/✗ signature +A ping signed with the previous secret is refused/);
  fakeDispatcher.behaviour.secrets = ['secret', 'before'];
  expect((await doctor()).code).toBe(0);
});

test('a guard rail that denies the run is a note', async () => {
  fakeDispatcher.behaviour.facts = planned('paused');
  const { code, out } = await doctor();
  expect(out).toMatch(/i run .*a guard rail denied it before any file was read: It is paused/);
  expect(code).toBe(0);
});

test('an admin API with basic authentication needs a user and a password', async () => {
  fakeDispatcher.behaviour.basic = 'ann:a password';
  fakeDispatcher.behaviour.health = { status: 200, body: { status: 'ok', version: '1', authentication: 'basic' } };
  expect((await doctor()).out).toMatch(/✗ api .*\n.*ADMIN_BASIC_USER/);
  context.env['ADMIN_BASIC_PASSWORD'] = 'wrong';
  expect((await doctor('--user', 'ann')).out).toMatch(/✗ api +401/);
  context.env['ADMIN_BASIC_PASSWORD'] = 'a password';
  expect((await doctor('--user', 'ann')).code).toBe(0);
  context.env['ADMIN_BASIC_USER'] = 'ann';
  expect((await doctor()).code).toBe(0);
});

test('an admin API with OIDC is read with an API key', async () => {
  fakeDispatcher.behaviour.key = 'a key';
  fakeDispatcher.behaviour.health = { status: 200, body: { status: 'ok', version: '1', authentication: 'oidc' } };
  context.env['ADMIN_BASIC_USER'] = 'ann';
  context.env['ADMIN_BASIC_PASSWORD'] = 'unused';
  expect((await doctor()).out).toMatch(/✗ api +The admin API needs a token or an API key.*\n.*ADMIN_API_KEY/);
  context.env['ADMIN_API_KEY'] = 'another key';
  expect((await doctor()).out).toMatch(/✗ api +401/);
  context.env['ADMIN_API_KEY'] = 'a key';
  expect((await doctor()).code).toBe(0);
});

test('if nothing listens at the URL, the App is still checked', async () => {
  await fakeDispatcher.close();
  const { code, out } = await doctor();
  expect(code).toBe(1);
  expect(out).toMatch(/✗ health +ECONNREFUSED/);
  expect(out).toMatch(/✓ app-credentials/);
  expect(out).toMatch(/- run +skipped/);
});

test('without credentials, the findings say what is missing and where it was read', async () => {
  context.env = {};
  const { code, out } = await doctor();
  expect(code).toBe(1);
  expect(out).toMatch(/✗ signature +GITHUB_WEBHOOK_SECRET is not set in the environment and .*\.env/);
  expect(out).toMatch(/✗ app-credentials +GITHUB_APP_ID is not set/);
});

test('an App for this machine whose delivery log is polled is a note', async () => {
  await emulator.control.setWebhook({ url: 'https://dispatcher.invalid/webhooks/github' });
  const { code, out } = await doctor();
  expect(out).toMatch(/i app-webhook .*polls the App’s delivery log/);
  expect(code).toBe(0);
  context.env['WEBHOOK_PROXY_URL'] = 'https://smee.example/channel';
  expect((await doctor()).out).toMatch(/✗ app-webhook .*not to https:\/\/smee\.example\/channel/);
});

test('control characters of a response do not reach the terminal', async () => {
  fakeDispatcher.behaviour.facts = [
    { type: 'run.planned', data: { outcome: 'x', code: 'x', message: '\u001b[2J', fix: 'y' } },
  ];
  expect((await doctor()).out).not.toContain('\u001b');
});

test.each(['app', 'doctor', 'secrets'])('%s has a help text', async (name) => {
  let out = '';
  const terminal = {
    out: (text: string) => void (out += text),
    err: () => undefined,
    readFile: () => new Uint8Array(),
  };
  expect(await runCommand([name, '--help'], terminal)).toBe(0);
  expect(out).toContain(`Usage: dispatcher ${name}`);
});

test.each([
  ['no URL', []],
  ['an invalid URL', ['--url', 'dispatcher']],
  ['http to another machine', ['--url', 'http://dispatcher.example']],
  ['an invalid timeout', ['--url', 'https://dispatcher.example', '--timeout', 'soon']],
  ['an unknown option', ['--url', 'https://dispatcher.example', '--what']],
])('invalid arguments exit with 2: %s', async (_, args) => {
  expect((await run(doctorCommand(context), args)).code).toBe(2);
});
