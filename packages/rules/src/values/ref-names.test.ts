import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { problemOfPattern, problemOfRef } from './fields.ts';
import { matchesGlob, parsePattern } from './pattern.ts';
import { reasonWhyNothingMatches } from './ref-names.ts';

const notRegular = (pattern: string) => `these are filter patterns, not regular expressions: write \`${pattern}\``;

describe('a pattern that no branch or tag can match is an error', () => {
  test.each<[string, string, string]>([
    ['^hotfix/.*$', '`^` cannot be in the name of a branch or tag', notRegular('hotfix/**')],
    ['!^hotfix/.+', '`^` cannot be in the name of a branch or tag', notRegular('!hotfix/**')],
    ['^main$', '`^` cannot be in the name of a branch or tag', notRegular('main')],
    ['hotfix/.*', 'no part of a branch or tag name can begin with `.`', notRegular('hotfix/**')],
    ['.*', 'no part of a branch or tag name can begin with `.`', notRegular('**')],
  ])('the regular expression %s', (pattern, message, fix) => {
    expect(problemOfPattern(pattern)).toEqual({ message, fix });
  });

  test.each<[string, string]>([
    ['my branch', 'a space cannot be in the name of a branch or tag'],
    ['a:b', '`:` cannot be in the name of a branch or tag'],
    ['**~1', '`~` cannot be in the name of a branch or tag'],
    ['a\\*', '`*` cannot be in the name of a branch or tag'],
    ['what\\?', '`?` cannot be in the name of a branch or tag'],
    ['a\\\\b', '`\\` cannot be in the name of a branch or tag'],
    ['/main', 'a branch or tag name cannot begin with `/`'],
    ['release/', 'a branch or tag name cannot end with `/`'],
    ['release//*', 'a branch or tag name cannot contain `//`'],
    ['v1..2', 'a branch or tag name cannot contain `..`'],
    ['**.', 'a branch or tag name cannot end with `.`'],
    ['main@{1}', 'a branch or tag name cannot contain `@{`'],
    ['*.lock', 'no part of a branch or tag name can end with `.lock`'],
    ['a.lock/*', 'no part of a branch or tag name can end with `.lock`'],
    ['a^+b?', '`^` cannot be in the name of a branch or tag'],
  ])('%s', (pattern, message) => {
    expect(problemOfPattern(pattern)?.message).toBe(message);
  });

  test.each([
    'main',
    '**',
    '*',
    'release/**',
    'release/*.*',
    'v[0-9]+.[0-9]+',
    'a^?b',
    'a/?/b',
    'main|develop',
    '(main)',
    'price-$',
    'feature.*',
    '-dash',
    '@',
    '*{1}',
    '*lock',
    'a.lock?',
    '.?github',
    'dependabot/npm_and_yarn/**',
    'gh-readonly-queue/main/*',
    'refs/heads/main',
  ])('%s can match', (pattern) => {
    expect(problemOfPattern(pattern)).toBeNull();
  });
});

test('a pattern is refused only if it matches none of the names that Git allows', () => {
  const part = fc.constantFrom('a', 'lock', '.', '.lock', '/', '@', '{', '*', '**', '?', '+', '^', '[a-l]', '\\*', '-');
  const character = fc.constantFrom('a', 'l', 'lock', '.', '/', '@', '{', 'x', '-');
  let refused = 0;
  fc.assert(
    fc.property(
      fc.array(part, { minLength: 1, maxLength: 6 }).map((parts) => parts.join('')),
      fc.array(
        fc.array(character, { minLength: 1, maxLength: 6 }).map((characters) => characters.join('')),
        { maxLength: 30 },
      ),
      (text, names) => {
        const parsed = parsePattern(text);
        if ('problem' in parsed || reasonWhyNothingMatches(parsed.value.glob) === null) return;
        refused += 1;
        const matched = names.filter((name) => problemOfRef(name) === null && matchesGlob(parsed.value.glob, name));
        expect(matched).toEqual([]);
      },
    ),
    { numRuns: 3000 },
  );
  expect(refused).toBeGreaterThan(100);
});

test('a literal name that Git allows is never refused', () => {
  fc.assert(
    fc.property(fc.stringMatching(/^[a-z./@{-]{1,12}$/), (name) => {
      if (problemOfRef(name) !== null) return;
      expect(problemOfPattern(name)).toBeNull();
    }),
    { numRuns: 2000 },
  );
});
