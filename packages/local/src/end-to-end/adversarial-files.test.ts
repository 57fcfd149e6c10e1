import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { RecordedFact } from '@dispatcher/store';
import { completeRun } from '../app/emulator.ts';
import { readFacts } from '../demo/timeline.ts';
import { startSystem, type System } from '../app/system.ts';
import { control } from '../testing/github.ts';
import { until } from '../testing/until.ts';

// Malformed and malicious dispatching.yml files, and failing reads from GitHub. Each run must lead to one recorded plan,
// and must not affect later runs.

let dataDir: string;
let system: System;
let github: string;
beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'adversarial-'));
  system = await startSystem({ dataDir, port: 0, env: { MAX_ATTEMPTS: '3' } });
  github = system.emulatorUrl ?? '';
});
afterAll(async () => {
  await system.close();
  await rm(dataDir, { recursive: true });
});

type PlannedFact = Extract<RecordedFact, { type: 'run.planned' }>;

let repositories = 0;

async function createSource(files: Record<string, unknown>): Promise<string> {
  repositories += 1;
  const name = `adversarial-${repositories}`;
  const ci = 'on: push\njobs: {}\n';
  await control(github, 'POST', '/repositories', {
    owner: 'octo-org',
    name,
    branches: { main: { files: { '.github/workflows/ci.yml': ci, ...files } } },
  });
  return `octo-org/${name}`;
}

async function planOf(repository: string): Promise<PlannedFact> {
  const { delivery } = await completeRun(github, { repository, workflow: 'ci.yml' });
  let plans: PlannedFact[] = [];
  await until(async () => {
    const facts = await readFacts(system.url, delivery?.guid ?? '');
    plans = facts.filter((fact): fact is PlannedFact => fact.type === 'run.planned');
    return plans.length > 0;
  });
  expect(plans).toHaveLength(1);
  return plans[0] as PlannedFact;
}

const outbound = 'outbound: [{ source: { workflow: ci.yml }, targets: [{ repository: deploy, workflow: cd.yml }] }]\n';
const lines = (count: number, line: (index: number) => string) =>
  Array.from({ length: count }, (_, at) => line(at)).join('');

const files: readonly [name: string, files: Record<string, unknown>, code: string][] = [
  ['missing', {}, 'no-config'],
  ['empty', { 'dispatching.yml': '' }, 'no-match'],
  ['binary', { 'dispatching.yml': { base64: Buffer.from([0, 1, 2, 255, 0, 7]).toString('base64') } }, 'config-invalid'],
  [
    'huge',
    { 'dispatching.yml': `${outbound}${lines(20_000, (at) => `# ${at} ${'x'.repeat(20)}\n`)}` },
    'config-invalid',
  ],
  ['cut off by GitHub', { 'dispatching.yml': `# ${'x'.repeat(600_000)}\n${outbound}` }, 'config-invalid'],
  ['nested 2,000 levels deep', { 'dispatching.yml': '['.repeat(2_000) }, 'config-invalid'],
  ['full of YAML aliases', { 'dispatching.yml': `a: &a [1]\nb: [${'*a,'.repeat(500)}]\n` }, 'config-invalid'],
  ['made of duplicate keys', { 'dispatching.yml': `${outbound}outbound: []\n` }, 'config-invalid'],
  ['made of 15,000 keys', { 'dispatching.yml': lines(15_000, (at) => `k${at}: 1\n`) }, 'config-invalid'],
  ['indented with tabs', { 'dispatching.yml': 'outbound:\n\t- source: { workflow: ci.yml }\n' }, 'config-invalid'],
  ['with a BOM', { 'dispatching.yml': `\uFEFF${outbound}` }, 'planned'],
  ['with CRLF', { 'dispatching.yml': outbound.replaceAll('\n', '\r\n') }, 'planned'],
  ['a symbolic link', { 'dispatching.yml': { symlink: 'README.md' } }, 'config-invalid'],
  ['a directory', { 'dispatching.yml/inside.txt': 'x' }, 'config-invalid'],
  ['a submodule', { 'dispatching.yml': { submodule: 'a'.repeat(40) } }, 'config-invalid'],
  ['in both places', { 'dispatching.yml': outbound, '.github/dispatching.yml': outbound }, 'config-ambiguous'],
  ['in .github', { '.github/dispatching.yml': outbound }, 'planned'],
];

describe('the result for a dispatching.yml that is', () => {
  test.each(files)('%s is recorded', async (_, content, code) => {
    const plan = await planOf(await createSource(content));
    expect(plan.data.code).toBe(code);
  });

  test('named dispatching.yaml is not read, and the message names it', async () => {
    const plan = await planOf(await createSource({ '.github/dispatching.yaml': outbound }));
    expect(plan.data.code).toBe('no-config');
    expect(plan.data.message).toContain('only .github/dispatching.yaml, which is never read');
  });
});

describe('if GitHub responds to the GraphQL read', () => {
  let source: string;
  beforeEach(async () => {
    source = await createSource({ 'dispatching.yml': outbound });
  });
  const once = { match: { operation: 'graphql' } };

  test.each([
    'graphql-partial',
    'graphql-resource-limits',
    'graphql-502',
    'reset-before',
    'truncated-body',
    'empty-body',
  ])('once with %s, the read is retried and the run is planned', async (fault) => {
    await control(github, 'POST', '/faults', { rules: [{ ...once, fault }], seed: 1 });
    expect((await planOf(source)).data.code).toBe('planned');
  });

  test('with a rate limit, the run is planned after the limit ends', async () => {
    const limited = {
      status: 403,
      headers: { 'retry-after': '2' },
      body: { message: 'You have exceeded a secondary rate limit.' },
    };
    await control(github, 'POST', '/faults', { rules: [{ ...once, fault: limited }], seed: 1 });
    expect((await planOf(source)).data.code).toBe('planned');
  });
});

test('afterwards the functions still work, and no log contains a token, a key or the webhook secret', async () => {
  expect((await planOf('octo-org/app')).data).toMatchObject({ outcome: 'planned', allowed: 1 });
  const names = (await readdir(system.logDir)).filter((name) => name !== 'emulator.log');
  const text = (await Promise.all(names.map((name) => readFile(join(system.logDir, name), 'utf8')))).join('\n');
  expect(text).toContain('run planned');
  expect(text).not.toMatch(/ghs_[A-Za-z0-9]|eyJ[\w-]{10,}\.|PRIVATE KEY/);
  expect(text).not.toContain(system.webhookSecret);
});
