import { expect, test } from '@jest/globals';
import type { Check, Fact } from '@dispatcher/contracts';
import { describeClosestRule } from './failed-checks.ts';

const check = (name: string, satisfied: boolean, actual: string): Check => ({
  side: 'source',
  name,
  satisfied,
  expected: 'success',
  actual,
});

function planned(unmatched: readonly { readonly rule: string; readonly checks: readonly Check[] }[]): Fact {
  const sourceFile = { repository: 'octo-org/app', sha: 'a', path: 'dispatching.yml' };
  return { type: 'run.planned', data: { sourceFile, unmatched } } as unknown as Fact;
}

test('the failed checks of the closest rule are shown with what to change, and the satisfied ones are not', () => {
  const checks = [check('source-branch', true, 'main'), check('source-conclusion', false, 'failure')];
  const facts = [
    planned([
      { rule: 'outbound[0].targets[0]', checks },
      { rule: 'outbound[1].targets[0]', checks },
    ]),
  ];
  expect(describeClosestRule(facts)).toEqual([
    'The closest rule is outbound[0].targets[0] of octo-org/app:dispatching.yml. It failed:',
    '  source-conclusion: expected success, and the run has failure',
    '  To start a workflow for such a run, add failure to conclusions in this rule.',
  ]);
});

test('a check without a condition in the file has no advice, and a plan without rules no closest one', () => {
  const facts = [planned([{ rule: 'outbound[0].targets[0]', checks: [check('enabled', false, 'false')] }])];
  expect(describeClosestRule(facts)).toHaveLength(2);
  expect(describeClosestRule([planned([])])).toEqual([]);
});
