import { describe, expect, test } from '@jest/globals';
import { join } from 'node:path';
import { repositoryRoot } from './node-24.mjs';
import { pathPatterns } from './test-paths.mjs';

const rules = join(repositoryRoot, 'packages/rules');
const oneFile = String.raw`/packages/rules/src/values/pattern\.test\.ts$`;

describe('npm test in the folder of a package', () => {
  test.each<[string, string[], string[]]>([
    ['without a name runs the package, and none whose name begins alike', [], ['/packages/rules/']],
    [
      'with options only runs the package',
      ['-t', 'globs', '--verbose'],
      ['/packages/rules/', '-t', 'globs', '--verbose'],
    ],
    ['with a file of the package runs that file only', ['src/values/pattern.test.ts'], [oneFile]],
    ['with a path from the root runs that file only', ['packages/rules/src/values/pattern.test.ts'], [oneFile]],
    ['with a folder runs what is in it', ['src/reference'], ['/packages/rules/src/reference/']],
    ['with a part of a name runs what matches in the package', ['pattern'], ['/packages/rules/.*pattern']],
    ['with a name and options hands on both', ['pattern', '-t', 'src'], ['/packages/rules/.*pattern', '-t', 'src']],
  ])('%s', (_, given, expected) => {
    expect(pathPatterns(given, rules, repositoryRoot)).toEqual(expected);
  });

  test('called from a subfolder, takes a path from there', () => {
    expect(pathPatterns(['pattern.test.ts'], rules, join(rules, 'src/values'))).toEqual([oneFile]);
  });
});

describe('npm test in the root', () => {
  test.each<[string, string[], string[]]>([
    ['without a name runs everything', [], []],
    ['with a file runs that file only', ['packages/rules/src/values/pattern.test.ts'], [oneFile]],
    ['with a part of a name runs what matches anywhere', ['pattern'], ['pattern']],
  ])('%s', (_, given, expected) => {
    expect(pathPatterns(given, repositoryRoot, repositoryRoot)).toEqual(expected);
  });
});
