import { expect, test } from '@jest/globals';
import { suiteFigure, suiteText } from './suite.ts';

const times = {
  total: 400,
  files: [
    ['packages/local/src/end-to-end/outage.test.ts', 30.25, true],
    ['packages/local/src/end-to-end/replay.test.ts', 10, true],
    ['packages/rules/src/decide/decide.test.ts', 2, false],
    ['packages/rules/src/policy/policy.test.ts', 1.5, false],
  ],
} as const;

test('the reason for a missed goal says how much of the time end-to-end tests take', () => {
  const { now, reason } = suiteFigure(times);
  expect(now).toEqual([400]);
  expect(reason).toMatch(/^2 test files are end-to-end tests and take 40 s: .* The other 2 take 4 s\. /);
});

test('the largest files are listed with their seconds', () => {
  expect(suiteText(times)).toContain('| `packages/local/src/end-to-end/outage.test.ts` | 30.3 |\n');
});
