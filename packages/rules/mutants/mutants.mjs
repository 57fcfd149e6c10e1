import { checkNames } from '../src/checks/checks.ts';

// Each mutant replaces one text of one source file, which contains it exactly once. The tests that must fail with it are
// those whose paths match `tests`.

// The expression of `unsatisfied` that every effect and code depends on. Without a check, it is never unsatisfied.
const checks = checkNames.map((name) => ({
  name: `without the check ${name}`,
  file: 'packages/rules/src/checks/checks.ts',
  original: '.filter(({ satisfied }) => !satisfied)',
  replacement: `.filter(({ name, satisfied }) => !satisfied && name !== ${JSON.stringify(name)})`,
  tests: '**/{*attacks,job}.test.ts',
}));

/** Errors of the index of a compiled file, by what they do. */
const errorsOfIndex = {
  'selects only the first outbound rule of a workflow': [
    'byWorkflow.get(id) ?? []',
    '(byWorkflow.get(id) ?? []).slice(0, 1)',
  ],
  'reports too few of the outbound rules that differ in the workflow': [
    'nearest.length + second.length < maxClosest',
    'nearest.length + second.length < maxClosest - 1',
  ],
  'ignores the conditions of rules of other workflows': ['closest[1 + distanceOf(rule)]', 'closest[1]'],
  'takes rules with different tags for rules with the same conditions': ['[branches, tags].map', '[branches].map'],
  'selects only the first inbound rule for a source, a workflow and a target': [
    'append(naming, keyOf(source, workflow, target), place)',
    'naming.has(keyOf(source, workflow, target)) || append(naming, keyOf(source, workflow, target), place)',
  ],
  'compares the letter case of repository names': ['foldName(requester.name)', 'requester.name'],
  'finds no repository pattern': ['globs.get(of) ?? []', '[]'],
  'finds no rule that names a repository without its owner': ["owner === fileOwner ? [owner, ''] : [owner]", '[owner]'],
  'finds bare repository names for every owner': ["owner === fileOwner ? [owner, ''] : [owner]", "[owner, '']"],
  'finds no rule for an API key among the closest': ['[...ids, any, anyRequester]', '[...ids, any]'],
  'reports the last of the closest inbound rules': ['if (!first.has(key)) first.set', 'first.set'],
  'forgets the order of the file': ['[...new Set(found)].sort(ascending)', '[...new Set(found)].reverse()'],
};

const indexed = Object.entries(errorsOfIndex).map(([name, [original, replacement]]) => ({
  name: `the index ${name}`,
  file: 'packages/rules/src/compile/rule-index.ts',
  original,
  replacement,
  tests: '**/rule-index.test.ts',
}));

export const mutants = [...checks, ...indexed];
