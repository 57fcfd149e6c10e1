import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { matchesGlob, matchesPatterns, parseGlob, parsePattern } from './pattern.ts';
import { processorTimeOf } from '../testing/processor-time.ts';

function matches(patterns: readonly string[], name: string): boolean {
  return matchesPatterns(
    patterns.map((text) => {
      const parsed = parsePattern(text);
      if ('problem' in parsed) throw new Error(`${text}: ${parsed.problem.message}`);
      return parsed.value;
    }),
    name,
  );
}

describe('branch patterns match as in GitHub’s filter pattern cheat sheet', () => {
  test.each<[string, string[], string[]]>([
    ['feature/*', ['feature/my-branch', 'feature/your-branch', 'feature/'], ['feature/a/b', 'feature', 'xfeature/a']],
    ['feature/**', ['feature/beta-a/my-branch', 'feature/your-branch', 'feature/mona/the/octocat'], ['feature']],
    ['main', ['main'], ['main2', 'amain', 'mai', '']],
    ['*', ['main', 'releases'], ['all/the/branches']],
    ['**', ['all/the/branches', 'every/tag', 'main', ''], []],
    ['*feature', ['mona-feature', 'feature', 'ver-10-feature'], ['a/feature', 'features']],
    ['v2*', ['v2', 'v2.0', 'v2.9'], ['v1', 'av2']],
    ['v[12].[0-9]+.[0-9]+', ['v1.10.1', 'v2.0.0'], ['v3.0.0', 'v1..1', 'v1.1', 'v1x1x1']],
    ['*.js?x', ['a.jsx', 'a.jx'], ['a.jssx', 'a/b.jsx']],
    ['releases/**-alpha', ['releases/10-alpha', 'releases/beta/3-alpha'], ['releases/10', 'x/releases/10-alpha']],
    ['c\\+\\+', ['c++'], ['c', 'ccc']],
    ['a\\*', ['a*'], ['ab', 'a']],
    ['[A-Ca-c1]', ['A', 'b', '1'], ['d', '2', '-', '']],
    ['日本?語', ['日本語', '日語'], ['日本本語']],
  ])('%s', (pattern, accepted, refused) => {
    expect(accepted.filter((name) => !matches([pattern], name))).toEqual([]);
    expect(refused.filter((name) => matches([pattern], name))).toEqual([]);
  });

  test('a later `!` pattern excludes, and a later positive pattern includes again', () => {
    const patterns = ['releases/**', '!releases/**-alpha', 'releases/1-alpha'];
    expect(matches(patterns, 'releases/10')).toBe(true);
    expect(matches(patterns, 'releases/beta/3-alpha')).toBe(false);
    expect(matches(patterns, 'releases/1-alpha')).toBe(true);
    expect(matches(['!releases/**-alpha', 'releases/**'], 'releases/10-alpha')).toBe(true);
  });
});

test.each([
  '',
  '!',
  '***',
  '+a',
  '?',
  '*+',
  '**?',
  'a++',
  '[',
  '[]',
  '[!a]',
  '[^a]',
  '[a',
  'a]',
  '[/]',
  '[z-a]',
  '[a-]',
  'a!b',
  'a\\',
  'a\nb',
  'x'.repeat(256),
])('an ambiguous or malformed pattern is refused: %j', (text) => {
  expect(parsePattern(text)).toHaveProperty('problem');
});

test.each(['a?', 'a+', '[a]', '!a', 'a\\*', '{a,b}'])('a glob for names allows `*` and `**` only: %j', (text) => {
  expect(parseGlob(text)).toHaveProperty('problem');
});

/** A reference implementation: exponential, but obviously correct. */
function matchesSlowly(pattern: string, text: string): boolean {
  if (pattern === '') return text === '';
  if (pattern.startsWith('**')) {
    return matchesSlowly(pattern.slice(2), text) || (text !== '' && matchesSlowly(pattern, text.slice(1)));
  }
  if (pattern.startsWith('*')) {
    return (
      matchesSlowly(pattern.slice(1), text) || (text !== '' && text[0] !== '/' && matchesSlowly(pattern, text.slice(1)))
    );
  }
  return text[0] === pattern[0] && matchesSlowly(pattern.slice(1), text.slice(1));
}

test('globs match exactly what the reference implementation matches', () => {
  const piece = fc.constantFrom('a', 'b', '/', '*', '**', 'a*', '/*');
  const pattern = fc.array(piece, { minLength: 1, maxLength: 6 }).map((parts) => parts.join(''));
  const text = fc.array(fc.constantFrom('a', 'b', '/'), { maxLength: 7 }).map((characters) => characters.join(''));
  fc.assert(
    fc.property(pattern, text, (pattern, text) => {
      const glob = parseGlob(pattern);
      if ('value' in glob) expect(matchesGlob(glob.value, text)).toBe(matchesSlowly(pattern, text));
      else expect(pattern).toContain('***');
    }),
    { numRuns: 2000 },
  );
});

test('the cost of a match is proportional to pattern × text, also for worst-case patterns', () => {
  const time = (pattern: string, text: string) => {
    const glob = parseGlob(pattern);
    if (!('value' in glob)) throw new Error('not a glob');
    return processorTimeOf(() => {
      for (let round = 0; round < 20; round += 1) matchesGlob(glob.value, text);
    });
  };
  const text = 'a'.repeat(250);
  const ordinary = `${'a'.repeat(249)}b`;
  time(ordinary, text);
  const worst = Math.min(...[1, 2, 3].map(() => time(`${'*a'.repeat(125)}b`, text)));
  expect(worst).toBeLessThan(50 * Math.max(time(ordinary, text), 1));
});
