import { expect, test } from '@jest/globals';
import {
  blobIdOf,
  type FactOfRun,
  failedFileCheck,
  newestFileAsRead,
  problemsOf,
  runThatReadFile,
  stateOfFile,
} from './file-problems.ts';

test('problems are taken apart with their lines', () => {
  const actual =
    'dispatching.yml:3:5: unknown key `brances`; did you mean `branches`? · dispatching.yml:9:1: not a list; write a list (and 2 more)';
  expect(problemsOf(actual)).toEqual({
    problems: [
      { file: 'dispatching.yml', line: 3, column: 5, text: 'unknown key `brances`; did you mean `branches`?' },
      { file: 'dispatching.yml', line: 9, column: 1, text: 'not a list; write a list' },
    ],
    more: 2,
  });
  expect(problemsOf('no dispatching.yml')).toEqual({ problems: [], more: 0 });
});

const planned = (outcome: string, code: string, sourceFile?: object, owner = 'acme') =>
  ({
    type: 'run.planned',
    time: '2026-11-28T09:00:00.000Z',
    runKey: '1-2-3',
    data: {
      trigger: { type: 'run.completed', repository: { owner, name: 'app' } },
      outcome,
      code,
      message: '',
      fix: '',
      sourceFile,
    },
  }) as unknown as FactOfRun;
const decided = (code: string, targetFile?: object) =>
  ({
    type: 'route.decided',
    time: '2026-11-28T09:00:00.000Z',
    runKey: '4-5-6',
    data: { decision: { route: { target: { repository: 'Acme/App' } }, code, message: '', fix: '', targetFile } },
  }) as unknown as FactOfRun;
const file = { repository: 'acme/app', sha: 'a'.repeat(40), path: 'dispatching.yml' };

test('the newest reading is that of the side on which the repository stands', () => {
  expect(
    newestFileAsRead('acme/app', [planned('source-refused', 'fork-run'), decided('inbound-no-match', file)]),
  ).toMatchObject({
    side: 'target',
    runKey: '4-5-6',
  });
  expect(newestFileAsRead('acme/app', [planned('no-match', 'no-match', file), decided('allowed', file)])?.side).toBe(
    'source',
  );
  expect(newestFileAsRead('acme/app', [planned('planned', 'planned', file, 'other')])).toBeNull();
});

test('the run that read the file is the newest that was not refused before', () => {
  const line = (type: string, of: object) =>
    ({ type, ...of }) as unknown as Parameters<typeof runThatReadFile>[1][number];
  const refused = line('run.planned', { outcome: 'source-refused', runKey: '1-1-1' });
  const decided = line('route.decided', { route: { target: { repository: 'Acme/App' } }, runKey: '2-2-1' });
  const matched = line('run.planned', { outcome: 'no-match', runKey: '3-3-1' });
  expect(runThatReadFile('acme/app', [refused, decided, matched])).toBe('2-2-1');
  expect(runThatReadFile('acme/app', [refused, matched])).toBe('3-3-1');
  expect(runThatReadFile('acme/app', [refused])).toBeNull();
});

test('the state of the file follows from the code', () => {
  const state = (code: string, at: typeof file | null = null) => stateOfFile({ code, file: at });
  expect([
    state('no-config'),
    state('target-config-invalid', file),
    state('config-ambiguous'),
    state('target-unreadable'),
  ]).toEqual(['absent', 'invalid', 'ambiguous', 'unreadable']);
  expect(state('inbound-no-match', file)).toBe('valid');
});

test('the failed check of the file is found by its side', () => {
  const check = (name: string, satisfied: boolean) => ({
    side: 'target' as const,
    name,
    satisfied,
    expected: '',
    actual: '',
  });
  const checks = [check('target-file-present', true), check('target-file-valid', false)];
  expect(failedFileCheck(checks, 'target')?.name).toBe('target-file-valid');
  expect(failedFileCheck(checks, 'source')).toBeNull();
});

test('the content of a file is found by repository, commit and path', () => {
  const files = [{ ...file, repository: 'Acme/App', blobId: 'blob-1' }];
  expect(blobIdOf(files, file)).toBe('blob-1');
  expect(blobIdOf(files, { ...file, sha: 'b'.repeat(40) })).toBeNull();
});
