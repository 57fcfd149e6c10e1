import { expect, test } from '@jest/globals';
import { partsOfRunbook, titleOfRunbook } from './runbooks.ts';

test.each([
  ['dead-letters.md', 'dead-letters', '', 'Dead letters'],
  ['github-down.md', 'github-down', '', 'GitHub down'],
  ['alarms.md#outdated-data', 'alarms', 'outdated-data', 'Outdated data'],
])('the name %s is split into page and heading, and has a title', (runbook, page, heading, title) => {
  expect(partsOfRunbook(runbook)).toEqual({ page, heading });
  expect(titleOfRunbook(runbook)).toBe(title);
});
