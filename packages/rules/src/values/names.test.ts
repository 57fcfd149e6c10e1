import { describe, expect, test } from '@jest/globals';
import { routeId, sameName } from '@dispatcher/contracts';
import * as fc from 'fast-check';
import { matchesRepository, sameWorkflow } from './names.ts';
import { parseGlob } from './pattern.ts';

const workflow = 'ci.yml';
const target = { repository: 'octo/deploy', workflow: 'cd.yml' };

function comparisons(a: string, b: string) {
  const [left, right] = [`octo/${a}`, `octo/${b}`];
  const glob = parseGlob(a.replaceAll(/[A-Z]/g, (character) => character.toLowerCase()));
  return {
    asNames: sameName(left, right),
    asSource: sameWorkflow({ repository: left, workflow }, { repository: right, workflow }),
    asPattern: 'value' in glob && matchesRepository({ text: a, owner: null, name: glob.value }, 'OCTO', 'octo', b),
    asSourceOfRoute:
      routeId({ source: { repository: left, workflow }, target }) ===
      routeId({ source: { repository: right, workflow }, target }),
    asTargetOfRoute:
      routeId({ source: { key: 'nightly' }, target: { ...target, repository: left } }) ===
      routeId({ source: { key: 'nightly' }, target: { ...target, repository: right } }),
  };
}

describe('rules and ids agree on which repository names are equal', () => {
  test.each([
    ['the same name in another case', 'Kit', 'kIT', true],
    ['the Kelvin sign, whose lower case is k', '\u212Ait', 'kit', false],
    ['the Turkish İ, whose lower case is i and a combining dot', 'K\u0130t', 'ki\u0307t', false],
    ['the Turkish ı, whose upper case is I', 'k\u0131t', 'kit', false],
    ['É and é, which are invalid in repository names', '\u00C9t', '\u00E9t', false],
  ])('%s', (_, a, b, same) => {
    expect(new Set(Object.values(comparisons(a, b)))).toEqual(new Set([same]));
  });

  test('every comparison gives the same result for any two names of such characters', () => {
    const name = fc.array(fc.constantFrom('k', 'K', '\u212A', 'i', 'I', '\u0130', '\u0131', '\u0307'), {
      minLength: 1,
      maxLength: 3,
    });
    const alike = fc.tuple(name, name).map(([a, b]) => [a.join(''), b.join('')] as const);
    fc.assert(
      fc.property(alike, ([a, b]) => {
        expect(new Set(Object.values(comparisons(a, b))).size).toBe(1);
      }),
    );
  });
});
