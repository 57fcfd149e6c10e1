import { describe, expect, test } from '@jest/globals';
import { RunCompleted } from './run-completed.ts';
import { ignoredMessage, RunIgnored } from './run-ignored.ts';
import { completedRunExample, part, webhookVariants } from './testing/index.ts';
import { pickCommitRun, pickRunCompleted, workflowFileAt } from './workflow-run-webhook.ts';

const delivery = { deliveryId: '0d1e2f3a-0000-4000-8000-000000000000', receivedAt: '2026-01-02T03:04:05.000Z' };
const variants = webhookVariants({
  now: new Date('2026-01-02T03:04:04Z'),
  installationId: 7,
  botLogin: 'dispatcher[bot]',
});
const pick = (name: string) => {
  const variant = variants.find((candidate) => candidate.name === name);
  if (variant === undefined) throw new Error(`No variant is named ${name}.`);
  return pickRunCompleted(variant.payload, delivery);
};

describe('picking a run from a webhook', () => {
  test('a picked run is a valid message of less than 2 KB, even with a commit message of 1 MB', () => {
    const picked = variants
      .filter(({ event }) => event === 'workflow_run')
      .map(({ payload }) => pickRunCompleted(payload, delivery))
      .filter((result) => result.state === 'picked');
    expect(picked.length).toBeGreaterThan(20);
    for (const { run } of picked) {
      expect(RunCompleted.parse(run)).toEqual(run);
      expect(JSON.stringify(run).length).toBeLessThan(2_000);
    }
  });

  describe('the number of the pull request', () => {
    const { payload } = variants.find(({ name }) => name === 'conclusion success') ?? { payload: {} };
    const { id } = part(payload, 'repository') as { id: number };
    const entry = (number: number, change: { sha?: string; head?: number; base?: number } = {}) => ({
      number,
      head: { ref: 'patch', sha: change.sha ?? 'a'.repeat(40), repo: { id: change.head ?? id } },
      base: { ref: 'main', sha: 'b'.repeat(40), repo: { id: change.base ?? id } },
    });
    const numberOf = (pullRequests: unknown, event = 'pull_request') => {
      const run = { ...part(payload, 'workflow_run'), event, head_sha: 'a'.repeat(40), pull_requests: pullRequests };
      const picked = pickRunCompleted({ ...payload, workflow_run: run }, delivery);
      return picked.state === 'picked' ? (picked.run.run.pullRequestNumber ?? null) : picked.reason;
    };

    test('is known if exactly one of this repository has the head of the run', () => {
      expect(numberOf([entry(42)])).toBe(42);
      expect(numberOf([entry(41, { sha: 'c'.repeat(40) }), entry(42)])).toBe(42);
    });

    test.each<[string, unknown, string]>([
      ['none is listed', [], 'pull_request'],
      ['GitHub sends no list', null, 'pull_request'],
      ['two have the head of the run', [entry(42), entry(43)], 'pull_request'],
      ['its head is in another repository', [entry(42, { head: 999 })], 'pull_request'],
      ['its base is in another repository', [entry(42, { base: 999 })], 'pull_request'],
      ['its head has moved on', [entry(42, { sha: 'c'.repeat(40) })], 'pull_request'],
      ['an entry is not understood', [entry(42), { number: 'x' }], 'pull_request'],
      [
        'the head was deleted',
        [{ ...entry(42), head: { ref: 'patch', sha: 'a'.repeat(40), repo: null } }],
        'pull_request',
      ],
      ['the run is of a push', [entry(42)], 'push'],
      ['the run is of pull_request_target', [entry(42)], 'pull_request_target'],
    ])('is unknown if %s', (_, entries, event) => {
      expect(numberOf(entries, event)).toBeNull();
    });
  });

  test('a path with a trailing @ref is the same workflow', () => {
    expect(pick('a path with a trailing @ref')).toMatchObject({ run: { workflow: 'test.yml' } });
  });

  test('a file called ci.yml@evil.yml is not ci.yml', () => {
    const { payload } = variants.find(({ name }) => name === 'conclusion success') ?? { payload: {} };
    const run = { ...part(payload, 'workflow_run'), path: '.github/workflows/ci.yml@evil.yml' };
    expect(pickRunCompleted({ ...payload, workflow_run: run }, delivery)).toMatchObject({
      run: { workflow: 'ci.yml@evil.yml' },
    });
  });

  test('a workflow is identified by its file, whatever the run’s name is', () => {
    expect(pick('a run with a custom run-name')).toMatchObject({ run: { workflow: 'test.yml' } });
    expect(pick('a workflow whose file name only ends like the rule’s')).toMatchObject({
      run: { workflow: 'evil-test.yml' },
    });
  });

  test.each([
    ['a managed workflow: dynamic/…', 'dynamic/github-code-scanning/codeql', 'managed workflows'],
    ['a start-up failure: BuildFailed', 'BuildFailed', 'start-up failure'],
  ])('%s is not a workflow file, and is recorded with its path', (name, path, sentence) => {
    const picked = pick(name);
    expect(picked).toMatchObject({
      state: 'ignored',
      reason: 'not-a-workflow-file',
      run: { type: 'run.ignored', path, installationId: 7, deliveryId: delivery.deliveryId },
    });
    const ignored = RunIgnored.parse(picked.state === 'ignored' ? picked.run : null);
    expect(picked).toMatchObject({ run: ignored });
    expect(ignoredMessage(ignored)).toContain(path);
    expect(ignoredMessage(ignored)).toContain(sentence);
  });

  test('a run without a path is recorded without one', () => {
    const { payload } = variants.find(({ name }) => name === 'conclusion success') ?? { payload: {} };
    const withoutPath = { ...payload, workflow: null, workflow_run: { ...part(payload, 'workflow_run'), path: null } };
    const picked = pickRunCompleted(withoutPath, delivery);
    expect(picked).toMatchObject({ state: 'ignored', reason: 'not-a-workflow-file', run: { path: null } });
    if (picked.state !== 'ignored' || picked.run === null) throw new Error('The run was not ignored.');
    expect(ignoredMessage(picked.run)).toMatch(/^The run has no path/);
  });

  test('a webhook that is not the App’s is recorded without an installation', () => {
    expect(pick('no installation')).toMatchObject({
      state: 'ignored',
      reason: 'no-installation',
      run: { installationId: null, path: '.github/workflows/test.yml' },
    });
  });

  test('a path of 1 MB leaves a message of less than 2 KB', () => {
    const { payload } = variants.find(({ name }) => name === 'conclusion success') ?? { payload: {} };
    const run = { ...part(payload, 'workflow_run'), path: `dynamic/${'x'.repeat(1_000_000)}` };
    const picked = pickRunCompleted({ ...payload, workflow_run: run }, delivery);
    expect(picked).toMatchObject({ state: 'ignored', reason: 'not-a-workflow-file' });
    expect(JSON.stringify(picked).length).toBeLessThan(2_000);
  });

  test('a run that is not completed is not recorded', () => {
    expect(pick('requested, not completed')).toEqual({ state: 'ignored', reason: 'action-not-completed', run: null });
  });

  test.each([
    ['a run without an id', 'workflow_run.id'],
    ['an id that is a string', 'workflow_run.id'],
    ['a repository without an owner', 'repository.owner'],
    ['an invalid updated_at', 'workflow_run.updated_at'],
    ['no workflow_run', 'workflow_run'],
  ])('%s is malformed, and the field is named', (name, field) => {
    expect(pick(name)).toMatchObject({ state: 'malformed', reason: expect.stringContaining(field) });
  });

  test('a missing head repository stays null', () => {
    expect(pick('a run whose head repository was deleted')).toMatchObject({ run: { run: { headRepositoryId: null } } });
  });

  test.each([
    '2026-01-02T03:04:05Z',
    '2024-02-29T23:59:59Z',
    '2026-01-02T03:04:05.6Z',
    '2026-01-02T03:04:05.678901Z',
    '2026-01-02T03:04:05+05:30',
    '2026-01-01T00:04:05-01:00',
  ])('the time %s is stored as the same instant in UTC', (time) => {
    const { payload } = variants.find(({ name }) => name === 'conclusion success') ?? { payload: {} };
    const run = { ...part(payload, 'workflow_run'), updated_at: time };
    expect(pickRunCompleted({ ...payload, workflow_run: run }, delivery)).toMatchObject({
      run: { run: { updatedAt: new Date(time).toISOString() } },
    });
  });

  test('times are converted to UTC from any offset', () => {
    expect(pick('times with an offset')).toMatchObject({ run: { run: { updatedAt: '2026-01-02T03:04:04.000Z' } } });
  });

  test('the creation of the run, which is that of its first attempt, is kept apart from the start of this attempt', () => {
    const times = { created_at: '2026-01-01T00:00:00Z', run_started_at: '2026-01-09T00:00:00Z', run_attempt: 2 };
    const changed = structuredClone(completedRunExample());
    Object.assign(part(changed, 'workflow_run'), times);
    const installed = { ...changed, installation: { id: 1 } };
    expect(pickRunCompleted(installed, delivery)).toMatchObject({
      run: { run: { attempt: 2, createdAt: '2026-01-01T00:00:00.000Z', startedAt: '2026-01-09T00:00:00.000Z' } },
    });
    Object.assign(part(changed, 'workflow_run'), { created_at: null });
    expect(pickRunCompleted(installed, delivery)).toMatchObject({
      run: { run: expect.not.objectContaining({ createdAt: expect.anything() }) },
    });
  });

  test('an id above 2^31 stays exact', () => {
    expect(pick('an id above 2^31')).toMatchObject({ run: { run: { id: 9_007_199_254_000 } } });
  });

  test.each([[null], ['text'], [[]], [{}]])('%j is malformed', (payload) => {
    expect(pickRunCompleted(payload, delivery)).toMatchObject({ state: 'malformed' });
  });
});

describe('the workflow file at a path', () => {
  test.each([
    ['.github/workflows/ci.yml', 'ci.yml'],
    ['.github/workflows/ci.yml@main', 'ci.yml'],
    ['.github/workflows/ci.yml@refs/heads/x.yml', 'ci.yml'],
    ['.github/workflows/ci.yml@evil.yml', 'ci.yml@evil.yml'],
    ['octo-org/app/.github/workflows/ci.yml@main', 'ci.yml'],
    ['Octo-Org/App/.github/workflows/ci.yml', 'ci.yml'],
  ])('%s is %s', (path, file) => {
    expect(workflowFileAt(path, 'octo-org/app')).toBe(file);
  });

  test.each([
    'octo-org/required/.github/workflows/ci.yml@main',
    'x/octo-org/app/.github/workflows/ci.yml',
    '.github/workflows/nested/ci.yml',
    'dynamic/pages',
    '',
    null,
  ])('%s is none of the repository', (path) => {
    expect(workflowFileAt(path, 'octo-org/app')).toBeUndefined();
  });

  test('is that of a run in GitHub’s list, also if the path begins with the repository', () => {
    const { workflow_run: run } = completedRunExample() as { workflow_run: Record<string, unknown> };
    const listed = { ...run, repository: { full_name: 'octo-org/app' } };
    const fileOf = (path: string) => pickCommitRun({ ...listed, path }, 1)?.workflow;
    expect(fileOf('octo-org/app/.github/workflows/ci.yml@main')).toBe('ci.yml');
    expect(fileOf('octo-org/required/.github/workflows/ci.yml@main')).toBeUndefined();
  });
});
