import { type Emulator, exampleSeed, startEmulator } from '@dispatcher/github-emulator';
import { afterEach, beforeEach, expect, test } from '@jest/globals';
import { type Behaviour, type Front, startFront } from '../testing/fake-dispatcher.ts';
import { testPrivateKey } from '../testing/private-key.ts';
import { run, type TestSurroundings, testSurroundings } from '../testing/test-context.ts';
import { runCommand } from '../run-command.ts';
import { doctorCommand } from './doctor-command.ts';

const planned = (outcome: string, code = outcome) => [
  { type: 'delivery.repeated', data: {} },
  { type: 'run.planned', data: { outcome, code, message: `It is ${code}.`, fix: 'Mend it.' } },
];
const healthy: Behaviour = {
  health: { status: 200, body: { status: 'ok', version: '0.1.0', authentication: 'disabled' } },
  secrets: ['secret'],
  basic: null,
  delivery: 202,
  facts: planned('no-config'),
};

let emulator: Emulator;
let front: Front;
let around: TestSurroundings;
beforeEach(async () => {
  front = await startFront({ ...healthy });
  const webhookUrl = `${front.url}/webhooks/github`;
  emulator = await startEmulator({ seed: exampleSeed({ key: testPrivateKey, webhookUrl, webhookSecret: 'secret' }) });
  around = testSurroundings();
  around.env = {
    GITHUB_API_URL: emulator.url,
    GITHUB_APP_ID: '1',
    GITHUB_APP_SLUG: 'org-repo-workflows-runner-alpha',
    GITHUB_APP_PRIVATE_KEY: testPrivateKey,
    GITHUB_WEBHOOK_SECRET: 'secret',
  };
});
afterEach(async () => {
  await front.close();
  await emulator.close();
  around.remove();
});

const doctor = (...args: string[]) => run(doctorCommand(around), ['--url', front.url, ...args]);

test('everything as it should be: 0', async () => {
  const { code, out } = await doctor();
  expect(out).toMatch(/✓ run +a signed run of Codertocat\/Hello-World went the whole way and is seen as no-config/);
  expect(out).not.toMatch(/[✗-] [a-z]/);
  expect(code).toBe(0);
});

test('the run that is sent is of a repository without rules, of a workflow that no rule names, and not successful', async () => {
  await doctor();
  expect(front.runs).toMatchObject([
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

test('where every repository has rules, none of them can fit the run', async () => {
  await emulator.control.push('Codertocat/Hello-World', { files: { 'dispatching.yml': 'outbound: []\n' } });
  front.behaviour.facts = planned('no-match');
  const { code, out } = await doctor();
  expect(out).toMatch(/✓ run .*seen as no-match: every repository has a dispatching\.yml/);
  expect(code).toBe(0);
});

test('--json says the same, each problem with its remedy', async () => {
  front.behaviour.secrets = ['another'];
  const { code, out } = await doctor('--json');
  expect(code).toBe(1);
  const shown = JSON.parse(out) as { fine: boolean; findings: { check: string; status: string; remedy?: string }[] };
  expect(shown.fine).toBe(false);
  expect(shown.findings.map(({ check }) => check)).toEqual([
    'health',
    'api',
    'signature',
    'app-credentials',
    'app-permissions',
    'app-events',
    'app-webhook',
    'app-installations',
    'app-deliveries',
    'run',
  ]);
  for (const { status, remedy } of shown.findings) expect(remedy !== undefined).toBe(status === 'problem');
});

test.each<[string, Partial<Behaviour>, RegExp]>([
  ['health is no health', { health: { status: 200, body: '<html>' } }, /✗ health .*\n.*without \/health/],
  ['the admin function fails', { health: { status: 500, body: {} } }, /✗ health +500/],
  ['another webhook secret', { secrets: ['another'] }, /✗ signature +401.*\n.*another webhook secret/],
  ['a run is not stored', { delivery: 503 }, /✗ run +A signed run is answered 503/],
  ['a run is never planned', { facts: null }, /✗ run .*knows no plan of it after 60 s\n.*dead letters/],
  ['the App cannot read', { facts: planned('config-unreadable') }, /✗ run .*config-unreadable.*\n.*Mend it\./],
])('%s: 1, and what to do', async (_, change, line) => {
  Object.assign(front.behaviour, change);
  const { code, out } = await doctor();
  expect(out).toMatch(line);
  expect(code).toBe(1);
});

test('a Dispatcher that takes what nobody signed is a problem', async () => {
  front.behaviour.secrets = ['secret', 'secretx'];
  const { code, out } = await doctor();
  expect(out).toMatch(/✗ signature +A ping with a wrong signature is answered 202/);
  expect(code).toBe(1);
});

test('during a rotation both secrets must be taken', async () => {
  around.env['GITHUB_WEBHOOK_SECRET_PREVIOUS'] = 'before';
  expect((await doctor()).out).toMatch(/✗ signature +A ping signed with the previous secret is refused/);
  front.behaviour.secrets = ['secret', 'before'];
  expect((await doctor()).code).toBe(0);
});

test('a guard rail of the operator’s own that stops the run is a note', async () => {
  front.behaviour.facts = planned('paused');
  const { code, out } = await doctor();
  expect(out).toMatch(/i run .*a guard rail stopped it before anything was read: It is paused/);
  expect(code).toBe(0);
});

test('an API that asks for a user and a password', async () => {
  front.behaviour.basic = 'ann:a password';
  front.behaviour.health = { status: 200, body: { status: 'ok', version: '1', authentication: 'basic' } };
  expect((await doctor()).out).toMatch(/✗ api .*\n.*ADMIN_BASIC_USER/);
  around.env['ADMIN_BASIC_PASSWORD'] = 'wrong';
  expect((await doctor('--user', 'ann')).out).toMatch(/✗ api +401/);
  around.env['ADMIN_BASIC_PASSWORD'] = 'a password';
  expect((await doctor('--user', 'ann')).code).toBe(0);
  around.env['ADMIN_BASIC_USER'] = 'ann';
  expect((await doctor()).code).toBe(0);
});

test('an API that asks for a token is entered by an API key', async () => {
  front.behaviour.key = 'a key';
  front.behaviour.health = { status: 200, body: { status: 'ok', version: '1', authentication: 'oidc' } };
  around.env['ADMIN_BASIC_USER'] = 'ann';
  around.env['ADMIN_BASIC_PASSWORD'] = 'of no use here';
  expect((await doctor()).out).toMatch(/✗ api +The API asks for a token or a key.*\n.*ADMIN_API_KEY/);
  around.env['ADMIN_API_KEY'] = 'another key';
  expect((await doctor()).out).toMatch(/✗ api +401/);
  around.env['ADMIN_API_KEY'] = 'a key';
  expect((await doctor()).code).toBe(0);
});

test('nothing listens there: the App is looked at all the same', async () => {
  await front.close();
  const { code, out } = await doctor();
  expect(code).toBe(1);
  expect(out).toMatch(/✗ health +ECONNREFUSED/);
  expect(out).toMatch(/✓ app-credentials/);
  expect(out).toMatch(/- run +not looked at/);
});

test('without credentials: what is missing, and where it was looked for', async () => {
  around.env = {};
  const { code, out } = await doctor();
  expect(code).toBe(1);
  expect(out).toMatch(/✗ signature +GITHUB_WEBHOOK_SECRET is not set in the environment and .*\.env/);
  expect(out).toMatch(/✗ app-credentials +GITHUB_APP_ID is not set/);
});

test('an App of this machine whose log is polled', async () => {
  await emulator.control.setWebhook({ url: 'https://dispatcher.invalid/webhooks/github' });
  const { code, out } = await doctor();
  expect(out).toMatch(/i app-webhook .*polls the App’s delivery log/);
  expect(code).toBe(0);
  around.env['WEBHOOK_PROXY_URL'] = 'https://smee.example/channel';
  expect((await doctor()).out).toMatch(/✗ app-webhook .*not to https:\/\/smee\.example\/channel/);
});

test('control characters of an answer do not reach the terminal', async () => {
  front.behaviour.facts = [{ type: 'run.planned', data: { outcome: 'x', code: 'x', message: '\u001b[2J', fix: 'y' } }];
  expect((await doctor()).out).not.toContain('\u001b');
});

test.each(['app', 'doctor', 'secrets'])('%s explains itself', async (name) => {
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
  ['no address', []],
  ['an address that is none', ['--url', 'dispatcher']],
  ['http to another machine', ['--url', 'http://dispatcher.example']],
  ['a time-out that is none', ['--url', 'https://dispatcher.example', '--timeout', 'soon']],
  ['an unknown option', ['--url', 'https://dispatcher.example', '--what']],
])('bad input is 2: %s', async (_, args) => {
  expect((await run(doctorCommand(around), args)).code).toBe(2);
});
