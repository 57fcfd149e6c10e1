import type { FileSnapshot, RepositoryContents } from '@dispatcher/contracts';
import { readFile, readRepository } from '@dispatcher/contracts/testing';
import { describe, expect, test } from '@jest/globals';
import { changesFile, checkFile } from './check-file.ts';

const rules = 'outbound:\n  - source: { workflow: ci.yml }\n    targets: [{ repository: deploy, workflow: cd.yml }]\n';

type Paths = Partial<RepositoryContents['files']> & { readonly misnamed?: readonly string[] };

/** Returns a commit with these files. */
function commit({ misnamed = [], ...files }: Paths): RepositoryContents {
  const absent: FileSnapshot = { state: 'absent' };
  return readRepository('octo-org/app', absent, {
    files: { 'dispatching.yml': absent, '.github/dispatching.yml': absent, ...files },
    misnamedFiles: misnamed,
  });
}

const file = (text: string) => readFile(`blob of ${text}`, text);
const withFile = (text: string) => commit({ 'dispatching.yml': file(text) });

describe('what a commit says', () => {
  test('is valid, at either path', () => {
    expect(checkFile(withFile(rules))).toEqual({
      state: 'valid',
      path: 'dispatching.yml',
      misnamed: null,
      problems: [],
      warnings: [],
    });
    expect(checkFile(commit({ '.github/dispatching.yml': file(rules) }))).toMatchObject({
      state: 'valid',
      path: '.github/dispatching.yml',
    });
  });

  test('is invalid, with each problem at its line', () => {
    const checked = checkFile(withFile(`${rules}inbound:\n  - sauce: {}\n    targets: []\n`));
    expect(checked).toMatchObject({ state: 'invalid', path: 'dispatching.yml', warnings: [] });
    expect(checked?.problems.map(({ file: path, line }) => `${path}:${line}`)).toContain('dispatching.yml:5');
    expect(checked?.problems.every(({ message, fix }) => message !== '' && fix !== '')).toBe(true);
  });

  test('has a warning for a rule that can never start anything', () => {
    const own = 'outbound:\n  - source: { workflow: ci.yml }\n    targets: [{ repository: app, workflow: ci.yml }]\n';
    expect(checkFile(withFile(own))).toMatchObject({
      state: 'valid',
      warnings: [{ file: 'dispatching.yml', line: 3, message: expect.stringContaining('cannot start itself') }],
    });
  });

  test('is ambiguous if it has both files, with a problem in each', () => {
    const both = commit({ 'dispatching.yml': file(rules), '.github/dispatching.yml': file(rules) });
    expect(checkFile(both)).toMatchObject({
      state: 'ambiguous',
      path: null,
      problems: [
        { file: 'dispatching.yml', line: 1 },
        { file: '.github/dispatching.yml', line: 1 },
      ],
    });
  });

  test('is absent, and a file with the wrong extension gets a warning', () => {
    expect(checkFile(commit({}))).toMatchObject({ state: 'absent', misnamed: null, warnings: [] });
    expect(checkFile(commit({ misnamed: ['dispatching.yaml'] }))).toMatchObject({
      state: 'absent',
      misnamed: 'dispatching.yaml',
      warnings: [{ file: 'dispatching.yaml', line: 1, fix: expect.stringContaining('dispatching.yml') }],
    });
  });

  test('is unknown if a file could not be read', () => {
    expect(checkFile(commit({ 'dispatching.yml': { state: 'unknown', reason: 'a timeout' } }))).toBeNull();
  });
});

describe('a commit', () => {
  test.each<[string, RepositoryContents, RepositoryContents, boolean]>([
    ['with the same content', withFile(rules), withFile(rules), false],
    ['without a file, as before', commit({}), commit({}), false],
    ['with another content', withFile(rules), withFile(`${rules}#`), true],
    ['that adds the file', commit({}), withFile(rules), true],
    ['that removes the file', withFile(rules), commit({}), true],
    ['that moves the file', withFile(rules), commit({ '.github/dispatching.yml': file(rules) }), true],
    ['that gives the file the wrong extension', withFile(rules), commit({ misnamed: ['dispatching.yaml'] }), true],
    ['that removes a file with the wrong extension', commit({ misnamed: ['dispatching.yaml'] }), commit({}), true],
  ])('%s: whether it changes the file', (_, before, after, expected) => {
    expect(changesFile(before, after)).toBe(expected);
  });
});
