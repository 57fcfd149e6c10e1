import { describe, expect, test } from '@jest/globals';
import { RunCompleted } from './run-completed.ts';
import { part, webhookVariants } from './testing/index.ts';
import { pickRunCompleted } from './workflow-run-webhook.ts';

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

  test.each(['a managed workflow: dynamic/…', 'a startup failure: BuildFailed'])(
    '%s is not a workflow file',
    (name) => {
      expect(pick(name)).toEqual({ state: 'ignored', reason: 'not-a-workflow-file' });
    },
  );

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

  test('times are converted to UTC from any offset', () => {
    expect(pick('times with an offset')).toMatchObject({ run: { run: { updatedAt: '2026-01-02T03:04:04.000Z' } } });
  });

  test('ids beyond 2^31 stay exact', () => {
    expect(pick('an id above 2^31')).toMatchObject({ run: { run: { id: 9_007_199_254_000 } } });
  });

  test.each([[null], ['text'], [[]], [{}]])('%j is malformed', (payload) => {
    expect(pickRunCompleted(payload, delivery)).toMatchObject({ state: 'malformed' });
  });
});
