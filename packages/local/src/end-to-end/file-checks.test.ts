import { afterAll, beforeAll, beforeEach, describe, expect, test } from '@jest/globals';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { startSystem, type System } from '../app/system.ts';
import { control } from '../testing/github.ts';
import { until } from '../testing/until.ts';

// People push changes of a dispatching.yml to branches, and propose them from forks. The running system checks them.

const installation = 51_000_001;
const permissions = {
  contents: 'read',
  actions: 'write',
  issues: 'write',
  checks: 'write',
  pull_requests: 'read',
} as const;

interface CheckRun {
  readonly id: number;
  readonly suiteId: number;
  readonly name: string;
  readonly headSha: string;
  readonly status: string;
  readonly conclusion: string | null;
  readonly title: string | null;
  readonly summary: string | null;
  readonly updatedAt: string;
  readonly annotations: readonly {
    readonly path: string;
    readonly start_line: number;
    readonly annotation_level: string;
  }[];
}

let dataDir: string;
let system: System;
let github: string;
let number = 0;
/** A source that a target agrees with, and a target that does not agree with it. */
let source: string;
let agreed: string;
let requested: string;

beforeAll(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'file-checks-'));
  const env = { GITHUB_TIMEOUT_SECONDS: '5', LEASE_SECONDS: '10', RECONCILE_WINDOW_SECONDS: '2' };
  system = await startSystem({ dataDir, port: 0, env, scheduleEveryMs: 500 });
  github = system.emulatorUrl ?? '';
  await control(github, 'PATCH', '/app', {
    permissions,
    events: ['workflow_run', 'push', 'repository', 'pull_request', 'check_run', 'check_suite'],
  });
  await control(github, 'POST', `/installations/${installation}/accept`);
});
afterAll(async () => {
  await system.close();
  await rm(dataDir, { recursive: true });
});

beforeEach(async () => {
  number += 1;
  [source, agreed, requested] = [
    `octo-org/source-${number}`,
    `octo-org/agreed-${number}`,
    `octo-org/requested-${number}`,
  ];
  await create(source, { 'dispatching.yml': outbound(agreed, requested) });
  await create(agreed, { 'dispatching.yml': inbound(source) });
  await create(requested, { 'dispatching.yml': inbound('octo-org/another') });
});

const outbound = (...targets: string[]) =>
  [
    'outbound:',
    '  - source: { workflow: ci.yml }',
    '    targets:',
    ...targets.map((repository) => `      - { repository: ${repository}, workflow: cd.yml }`),
    '',
  ].join('\n');
const inbound = (...sources: string[]) =>
  [
    'inbound:',
    ...sources.map(
      (repository) =>
        `  - { source: { repository: ${repository}, workflow: ci.yml }, targets: [{ workflow: cd.yml }] }`,
    ),
    '',
  ].join('\n');

async function create(repository: string, files: Record<string, string>): Promise<void> {
  const [owner, name] = repository.split('/');
  await control(github, 'POST', '/repositories', { owner, name, branches: { main: { files } } });
}

interface Push {
  readonly branch?: string;
  readonly parent?: string;
}

async function push(repository: string, files: Record<string, string | null>, change: Push = {}): Promise<string> {
  const body = { branch: 'change', files, ...change };
  return (await control<{ sha: string }>(github, 'POST', `/repositories/${repository}/push`, body)).sha;
}

async function checksOf(sha: string): Promise<CheckRun[]> {
  const all = await control<CheckRun[]>(github, 'GET', '/check-runs');
  return all.filter(({ headSha }) => headSha === sha);
}

/** Waits for the check of a commit. */
async function checkOf(sha: string): Promise<CheckRun> {
  await until(async () => (await checksOf(sha)).some(({ status }) => status === 'completed'));
  const [check, ...others] = await checksOf(sha);
  expect(others).toEqual([]);
  if (check === undefined) throw new Error('no check');
  expect(check).toMatchObject({ name: 'Dispatcher / dispatching.yml', status: 'completed' });
  return check;
}

const places = ({ annotations }: CheckRun) =>
  annotations.map(({ path, start_line: line, annotation_level: level }) => `${path}:${line} ${level}`);

describe('a branch with a change of the file', () => {
  test('that breaks a route: the check passes, and says what would not be started any more', async () => {
    const check = await checkOf(await push(source, { 'dispatching.yml': outbound(requested) }));
    expect(check).toMatchObject({ conclusion: 'success', title: 'dispatching.yml is valid', annotations: [] });
    expect(check.summary).toContain('would no longer agree');
    expect(check.summary).toContain(`${source}:ci.yml \` → \` ${agreed}:cd.yml`);
    // What was requested before and still is does not change.
    expect(check.summary).not.toContain(requested);
  });

  test('that answers a request: the check says what would be started', async () => {
    const check = await checkOf(await push(requested, { 'dispatching.yml': inbound('octo-org/another', source) }));
    expect(check).toMatchObject({ conclusion: 'success' });
    expect(check.summary).toContain('Both sides would agree');
    expect(check.summary).toContain(`${source}:ci.yml \` → \` ${requested}:cd.yml`);
  });

  test('that requests and offers: the check says that the other side has to answer', async () => {
    const text = `${outbound(agreed, requested, 'octo-org/nowhere')}${inbound('octo-org/somebody')}`;
    const { summary } = await checkOf(await push(source, { 'dispatching.yml': text }));
    expect(summary).toContain('Requested only');
    expect(summary).toContain(`${source}:ci.yml \` → \` octo-org/nowhere:cd.yml`);
    expect(summary).toContain('Offered only');
    expect(summary).toContain(`octo-org/somebody:ci.yml \` → \` ${source}:cd.yml`);
  });

  test('that is invalid: the check fails, with an annotation at each line', async () => {
    const text = `${outbound(agreed)}inbound:\n  - sauce: {}\n    targets: 5\n`;
    const check = await checkOf(await push(source, { 'dispatching.yml': text }));
    expect(check).toMatchObject({ conclusion: 'failure' });
    expect(check.title).toMatch(/^dispatching\.yml is invalid: \d problems$/);
    expect(places(check)).toEqual(expect.arrayContaining(['dispatching.yml:6 failure', 'dispatching.yml:7 failure']));
  });

  test('with more problems than GitHub accepts in one request: every one is annotated, once', async () => {
    const text = `outbound:\n${Array.from({ length: 70 }, () => '  - sauce: {}\n').join('')}`;
    const sha = await push(source, { 'dispatching.yml': text });
    await until(async () => ((await checksOf(sha))[0]?.annotations.length ?? 0) > 50);
    const check = await checkOf(sha);
    const lines = places(check);
    expect(lines.length).toBeGreaterThanOrEqual(70);
    expect(check.title).toContain(`${lines.length} problems`);
  });

  test('with a rule that can never start anything: the check is neutral, with a warning', async () => {
    const own = outbound(agreed, requested).replace(
      'targets:',
      `targets:\n      - { repository: ${source}, workflow: ci.yml }`,
    );
    const check = await checkOf(await push(source, { 'dispatching.yml': own }));
    expect(check).toMatchObject({ conclusion: 'neutral', title: 'dispatching.yml is valid, with 1 warning' });
    expect(places(check)).toEqual(['dispatching.yml:4 warning']);
  });

  test('that renames it from .yml to .yaml: the check is neutral and names the file that is never read', async () => {
    const renamed = { 'dispatching.yml': null, 'dispatching.yaml': outbound(agreed, requested) };
    const check = await checkOf(await push(source, renamed));
    expect(check).toMatchObject({ conclusion: 'neutral', title: 'dispatching.yaml is never read' });
    expect(places(check)).toEqual(['dispatching.yaml:1 warning']);
    expect(check.summary).toContain('would no longer agree');
    expect(check.summary).toContain(`${agreed}:cd.yml`);
  });

  test('that is replaced by a forced push: the newest commit has its own check, whatever the first one got', async () => {
    const first = await push(source, { 'dispatching.yml': 'outbound: 5\n' });
    const second = await push(source, { 'dispatching.yml': outbound(agreed) }, { parent: 'main' });
    expect(await checkOf(second)).toMatchObject({ conclusion: 'success' });
    for (const check of await checksOf(first)) expect(check).toMatchObject({ conclusion: 'failure' });
  });

  test('and then a push without one: only the commit that changes the file is checked', async () => {
    const sha = await push(source, { 'dispatching.yml': outbound(agreed) });
    await checkOf(sha);
    const later = await push(source, { 'README.md': 'text' });
    // A hint that is received after the other push: when its check is there, the other one was ignored.
    await checkOf(await push(source, { 'dispatching.yml': outbound(requested) }, { branch: 'other', parent: 'main' }));
    expect(await checksOf(later)).toEqual([]);
  });
});

describe.each([
  ['Re-run', ({ id }: CheckRun) => `/check-runs/${id}/rerequest`],
  ['Re-run all checks', ({ suiteId }: CheckRun) => `/check-suites/${suiteId}/rerequest`],
])('"%s" of the check of a file', (_, pathOf) => {
  test('reads both sides again: what the target accepts by now is shown, by the same check run', async () => {
    const sha = await push(source, { 'dispatching.yml': outbound(agreed, 'octo-org/later') });
    const before = await checkOf(sha);
    expect(before.summary).toContain('Requested only');
    await create('octo-org/later', { 'dispatching.yml': inbound(source) });
    await control(github, 'POST', pathOf(before), {});
    await until(async () => (await checksOf(sha))[0]?.summary?.includes('Both sides would agree') === true);
    const after = await checkOf(sha);
    expect(after).toMatchObject({ id: before.id, conclusion: 'success' });
    expect(after.summary).toContain(`${source}:ci.yml \` → \` octo-org/later:cd.yml`);
    await control(github, 'DELETE', '/repositories/octo-org/later');
  });

  test('writes it again although nothing changed, with each annotation once', async () => {
    const sha = await push(source, { 'dispatching.yml': 'outbound: 5\n' });
    const before = await checkOf(sha);
    const written = async () => (await checksOf(sha))[0]?.updatedAt !== before.updatedAt;
    // The emulator's times have whole seconds.
    await until(async () => Date.now() - Date.parse(before.updatedAt) > 1_000);
    await control(github, 'POST', pathOf(before), {});
    await until(written);
    expect(places(await checkOf(sha))).toEqual(places(before));
  });
});

describe('a pull request of a fork', () => {
  const propose = async (files: Record<string, string | null>) =>
    (await control<{ sha: string }>(github, 'POST', `/repositories/${source}/pulls`, { number: 1, files })).sha;

  test('learns only that its file is valid', async () => {
    const check = await checkOf(await propose({ 'dispatching.yml': outbound('octo-org/secret') }));
    expect(check).toMatchObject({ conclusion: 'success', title: 'dispatching.yml is valid', annotations: [] });
    expect(check.summary).toContain('only the file itself is checked');
    expect(check.summary).not.toMatch(/secret|agree|requested|offered/i);
  });

  test('learns that its file is invalid, and where', async () => {
    const check = await checkOf(await propose({ 'dispatching.yml': 'outbound: 5\n' }));
    expect(check).toMatchObject({ conclusion: 'failure' });
    expect(places(check)).toEqual(['dispatching.yml:1 failure']);
  });
});

test('nothing was started by any of it', async () => {
  const runs = await control<{ event: string }[]>(github, 'GET', '/runs');
  expect(runs).toEqual([]);
});
