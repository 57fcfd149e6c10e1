import { mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from '@jest/globals';
import { type FakeRepository, startFakeRepository } from '../testing/fake-repository.ts';
import { createTestContext, run, type TestContext } from '../testing/test-context.ts';
import { deployCommand } from './deploy-command.ts';
import type { RunProgram } from './deploy-context.ts';

const outputs = {
  repository: 'octo-org/dispatcher',
  region: 'eu-central-1',
  state_bucket: 'states',
  image_registry: 'registry.example',
  roles: Object.fromEntries(
    ['release', 'pull-request', 'dev-plan', 'dev', 'prod-plan', 'prod'].map((name) => [name, `role/${name}`]),
  ),
  permissions_boundaries: { dev: 'policy/dev', prod: 'policy/prod' },
};
const asOutputs = (values: object) =>
  JSON.stringify(
    Object.fromEntries(Object.entries(values).map(([name, value]) => [name, { value, sensitive: false }])),
  );

let github: FakeRepository;
let context: TestContext;
let programs: Record<string, (args: readonly string[]) => string>;
const calls: string[] = [];
const runProgram: RunProgram = async (name, args) => {
  calls.push([name, ...args].join(' '));
  const program = programs[name];
  if (program === undefined) throw new Error(`${name} is not installed`);
  return program(args);
};
const deploy = (...args: string[]) =>
  run(
    deployCommand(async () => ({ context, run: runProgram })),
    args,
  );

beforeEach(async () => {
  github = await startFakeRepository();
  context = createTestContext();
  context.env = { GITHUB_API_URL: github.url, GH_TOKEN: 't' };
  programs = {};
  calls.length = 0;
  mkdirSync(join(context.root, '.dispatcher/deploy'), { recursive: true });
  writeFileSync(join(context.root, '.dispatcher/deploy/bootstrap.json'), asOutputs(outputs));
});
afterEach(async () => {
  await github.close();
  context.remove();
});

describe('deploy init', () => {
  test.each([
    ['repository', '../../user/keys'],
    ['repository', 'octo-org/..'],
    ['repository', 'octo-org/dispatcher?x=/environments/dev'],
    ['repository', 'octo-org/dispatcher\nX-Header: 1'],
    ['repository', 'https://evil.example/octo-org/dispatcher'],
    ['repository', '-octo/$(touch pwned)'],
    ['region', 'eu-central-1\n::error::'],
    ['state_bucket', 'states\nAWS_ROLE=other'],
    ['image_registry', 'registry.example; rm -rf .'],
  ] as const)('refuses a file whose %s is %j, before any request', async (output, value) => {
    const file = join(context.root, '.dispatcher/deploy/bootstrap.json');
    writeFileSync(file, asOutputs({ ...outputs, [output]: value }));
    const { code, out, err } = await deploy('init');
    expect({ code, out }).toEqual({ code: 2, out: '' });
    expect(err).toContain('bootstrap.json does not contain the outputs of bootstrap.');
    expect(github.requests).toEqual([]);
  });

  test('creates six environments with variables, readable secrets and restrictions, and both rulesets', async () => {
    const { code, err } = await deploy('init');
    expect({ code, err }).toEqual({ code: 0, err: '' });
    expect([...github.environments.keys()].toSorted()).toEqual([
      'dev',
      'dev-plan',
      'prod',
      'prod-plan',
      'pull-request',
      'release',
    ]);
    expect(github.environments.get('pull-request')?.policies).toEqual([{ name: 'refs/pull/*/merge', type: 'branch' }]);
    const prod = github.environments.get('prod');
    expect(prod).toMatchObject({ reviewers: [1], restricted: true, policies: [{ name: 'main', type: 'branch' }] });
    expect(Object.fromEntries(prod?.secrets ?? [])).toEqual({
      AWS_ROLE: 'role/prod',
      STATE_BUCKET: 'states',
      IMAGE_REGISTRY: 'registry.example',
      PERMISSIONS_BOUNDARY: 'policy/prod',
    });
    const release = github.environments.get('release');
    expect(release?.policies).toContainEqual({ name: 'v*', type: 'tag' });
    expect(Object.fromEntries(release?.secrets ?? [])).toEqual({ AWS_ROLE: 'role/release' });
    expect(github.environments.get('dev')?.reviewers).toEqual([]);
    expect(github.rulesets.map(({ name }) => name)).toEqual(['Release tags', 'Default branch']);
  });

  test('a second run changes nothing but sets the secrets again', async () => {
    await deploy('init');
    github.changes.length = 0;
    expect((await deploy('init')).code).toBe(0);
    expect(github.changes.filter((change) => !change.includes('/secrets/'))).toEqual([]);
    expect(github.changes.length).toBeGreaterThan(0);
  });

  test('--dry-run prints every change without a secret value, and changes nothing', async () => {
    const { code, out } = await deploy('init', '--dry-run');
    expect(code).toBe(0);
    expect(github.changes).toEqual([]);
    expect(out).toContain('octo-org/dispatcher: 42 changes would be made');
    expect(out).toContain('environment prod: create, with required reviewers\n');
    expect(out).not.toMatch(/role\/|policy\/|states|registry\.example/);
  });

  test('adds the App once app create has stored it', async () => {
    await deploy('init');
    writeFileSync(join(context.root, '.env.dev'), 'GITHUB_APP_ID=7\nGITHUB_APP_SLUG=our-app\n');
    await deploy('init');
    expect(github.environments.get('dev-plan')?.variables.get('APP_ID')).toBe('7');
    expect(github.environments.get('dev')?.variables.get('APP_SLUG')).toBe('our-app');
    expect(github.environments.get('prod')?.variables.has('APP_ID')).toBe(false);
  });

  test('keeps the reviewers that somebody added, and changes a variable that differs', async () => {
    await deploy('init');
    github.environments.get('prod')?.reviewers.push(99);
    github.environments.get('prod')?.variables.set('AWS_REGION', 'us-east-1');
    await deploy('init', '--reviewer', 'hubot');
    expect(github.environments.get('prod')?.reviewers.toSorted()).toEqual([1, 2, 99]);
    expect(github.environments.get('prod')?.variables.get('AWS_REGION')).toBe('eu-central-1');
  });

  test('two accounts: each environment gets the role of its own, and both the registry of the first', async () => {
    const first = join(context.root, 'first.json');
    const second = join(context.root, 'second.json');
    const { 'prod-plan': prodPlan, prod, ...others } = outputs.roles;
    writeFileSync(first, asOutputs({ ...outputs, roles: others }));
    const ofProd = {
      roles: { 'prod-plan': prodPlan, prod },
      image_registry: null,
      state_bucket: 'others',
      region: 'us-east-1',
    };
    writeFileSync(second, asOutputs({ ...outputs, ...ofProd }));
    expect((await deploy('init', '--bootstrap', first, second)).code).toBe(0);
    expect(Object.fromEntries(github.environments.get('prod')?.secrets ?? [])).toMatchObject({
      STATE_BUCKET: 'others',
      IMAGE_REGISTRY: 'registry.example',
    });
    expect(github.environments.get('prod')?.variables.get('AWS_REGION')).toBe('us-east-1');
  });

  test('the token of gh is used if no variable has one', async () => {
    context.env = { GITHUB_API_URL: github.url };
    programs['gh'] = () => 't\n';
    expect((await deploy('init')).code).toBe(0);
    expect(calls).toEqual(['gh auth token']);
  });

  test.each([
    [
      'without a token',
      () => void (context.env = { GITHUB_API_URL: github.url }),
      2,
      /No GitHub token: run gh auth login/,
    ],
    ['with a token that GitHub refuses', () => void (context.env = { ...context.env, GH_TOKEN: 'x' }), 1, /with 401/],
    [
      'if GitHub refuses a change',
      () => void (github.refuses = 403),
      1,
      /with 403 .*needs the permissions administration/,
    ],
    ['with the token of an App', () => void (github.refusesUser = 403), 2, /does not belong to a user: .*--reviewer/],
    ['if GitHub cannot say whose token it is', () => void (github.refusesUser = 502), 1, /GET \/user with 502/],
    ['if the plan of GitHub lacks it', () => void (github.refuses = 422), 1, /a public repository or a paid plan/],
    [
      'with a file that has other content',
      () => writeFileSync(join(context.root, '.dispatcher/deploy/bootstrap.json'), '{}'),
      2,
      /does not contain the outputs of bootstrap/,
    ],
  ])('%s it ends with a message that says what to do', async (_, prepare, code, message) => {
    prepare();
    const result = await deploy('init');
    expect(result.code).toBe(code);
    expect(result.err).toMatch(message);
  });
});

describe('deploy status', () => {
  const next = async () => {
    const { code, out } = await deploy('status');
    return { code, next: /\nNext: (.*)\n/.exec(out)?.[1] ?? null };
  };

  test('names the next step, from an empty account to a running system', async () => {
    const file = join(context.root, '.dispatcher/deploy/bootstrap.json');
    rmSync(file);
    expect(await next()).toEqual({ code: 1, next: 'scripts/deploy/bootstrap.sh OWNER/REPOSITORY' });
    writeFileSync(file, asOutputs(outputs));
    expect(await next()).toEqual({ code: 1, next: 'npx --no-install dispatcher deploy init' });
    await deploy('init');
    expect(await next()).toEqual({ code: 1, next: 'git tag v0.1.0 && git push origin v0.1.0' });
    github.release = 'v0.1.0';
    expect((await next()).next).toBe('gh workflow run deploy.yml --field release=TAG');
    github.deployment = { status: 'in_progress', conclusion: null, html_url: 'https://github.example/run/1' };
    expect((await next()).next).toBe('wait for https://github.example/run/1');
    github.deployment = { status: 'waiting', conclusion: null, html_url: 'https://github.example/run/1' };
    expect((await next()).next).toMatch(/^npx --no-install dispatcher app create --org octo-org --environment dev /);
    for (const environment of ['dev', 'prod']) {
      writeFileSync(join(context.root, `.env.${environment}`), 'GITHUB_APP_ID=7\nGITHUB_APP_SLUG=our-app\n');
    }
    expect((await next()).next).toBe('npx --no-install dispatcher deploy init');
    await deploy('init');
    expect(await deploy('status')).toMatchObject({ code: 0, out: expect.stringContaining('Nothing is missing.') });
  });

  test('says what an environment lacks that somebody changed by hand', async () => {
    await deploy('init');
    const prod = github.environments.get('prod');
    prod?.secrets.delete('AWS_ROLE');
    prod?.reviewers.splice(0);
    const { out } = await deploy('status', '--json');
    const { steps } = JSON.parse(out) as { steps: { step: string; detail: string }[] };
    expect(steps.find(({ step }) => step === 'environment prod')?.detail).toBe(
      'secret AWS_ROLE is missing, no approval is required',
    );
  });
});

describe('deploy environment', () => {
  const terraform = (text: string) => (args: readonly string[]) => (args.includes('output') ? text : '');
  const deployed = asOutputs({
    api_url: 'https://api.example',
    webhook_url: 'https://api.example/webhooks/github',
    region: 'eu-central-1',
    bus_name: 'dispatcher-dev',
    table_names: { state: 'dispatcher-dev-state', plans: 'dispatcher-dev-plans' },
    queue_urls: { runs: 'https://q/runs', 'runs-dead-letters': 'https://q/dead', 'undelivered-events': 'https://q/u' },
    secret_names: {},
  });

  test('prints the variables of the runbooks, from the state of the bucket of bootstrap', async () => {
    programs['terraform'] = terraform(deployed);
    const { code, out } = await deploy('environment', 'dev');
    expect(code).toBe(0);
    expect(out.trimEnd().split('\n')).toEqual([
      'DISPATCHER_URL=https://api.example',
      'DISPATCHER_NAME=dispatcher-dev',
      'AWS_REGION=eu-central-1',
      'BUS_NAME=dispatcher-dev',
      'STATE_TABLE=dispatcher-dev-state',
      'PLANS_TABLE=dispatcher-dev-plans',
      'RUNS_QUEUE_URL=https://q/runs',
      'RUNS_DEAD_LETTER_QUEUE_URL=https://q/dead',
      'UNDELIVERED_EVENTS_QUEUE_URL=https://q/u',
    ]);
    expect(calls[0]).toContain('-backend-config=bucket=states -backend-config=region=eu-central-1');
    expect(calls[0]).toContain('-backend-config=key=dispatcher/dev.tfstate');
  });

  test('--url prints the URL only, for app create', async () => {
    programs['terraform'] = terraform(deployed);
    expect((await deploy('environment', 'dev', '--print-url')).out).toBe('https://api.example\n');
  });

  test.each([
    ['not deployed', 'dev', terraform('{}'), /dev is not deployed yet/],
    ['of no account', 'staging', terraform(deployed), /No prepared account has the environment staging/],
    ['not a name', '../dev', terraform(deployed), /is not the name of an environment/],
  ])('an environment that is %s is refused', async (_, name, program, message) => {
    programs['terraform'] = program;
    expect(await deploy('environment', name)).toMatchObject({ code: 2, err: expect.stringMatching(message) });
  });
});
