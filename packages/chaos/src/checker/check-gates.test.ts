import { describe, expect, test } from '@jest/globals';
import type { TestRoute } from '../workload/test-routes.ts';
import { checkGates, findEarlyPasses } from './check-gates.ts';
import type { CheckEvidence, Evidence } from './evidence.ts';

const source = { repository: 'octo-org/app', repositoryId: 11, runId: 77, attempt: 1 };
const route: TestRoute = {
  name: 'to-deploy',
  source: 'octo-org/app',
  target: 'octo-org/deploy',
  workflow: 'cd.yml',
  ref: 'main',
  outcome: 'started',
  check: 'deploy',
};
const summary: CheckEvidence = {
  repository: 'octo-org/app',
  headSha: 'c'.repeat(40),
  name: 'Dispatcher',
  externalId: 'dispatcher/11-77-1',
  status: 'completed',
  conclusion: 'success',
  mergeable: true,
};
const passing: CheckEvidence = { ...summary, name: 'Dispatcher / deploy' };
const open: CheckEvidence = { ...passing, status: 'in_progress', conclusion: null, mergeable: false };
const run = (conclusion: string | null) => ({
  status: conclusion === null ? 'in_progress' : 'completed',
  conclusion,
  startedByInstallation: 5,
  inputs: { run: '77', attempt: '1', route: 'to-deploy' },
});

function evidence(checks: readonly CheckEvidence[], ...runs: readonly ReturnType<typeof run>[]): Evidence {
  const rest = { issues: [], facts: [], totals: {}, differences: [], earlyPasses: [] };
  return { ...rest, checks, runs } as unknown as Evidence;
}

const problems = (found: Evidence) => checkGates(found, { routes: [route], completed: [source] });

describe('the checker of required checks accepts', () => {
  test.each([
    ['one that passes after its run succeeded', [summary, passing], [run('success')]],
    ['one that is open while its run is', [summary, open], [run(null)]],
    [
      'one that failed because nothing was started',
      [summary, { ...passing, conclusion: 'failure', mergeable: false }],
      [],
    ],
  ] as const)('%s', (_, checks, runs) => {
    expect(problems(evidence(checks, ...runs))).toEqual([]);
  });
});

describe('the checker of required checks reports', () => {
  test.each([
    ['one that passes although its run failed', [summary, passing], [run('failure')], 'has not succeeded'],
    ['one that passes although nothing was started', [summary, passing], [], 'has not succeeded'],
    [
      'a neutral one, which GitHub counts as passed',
      [summary, { ...passing, conclusion: 'neutral' }],
      [],
      'passes with neutral',
    ],
    ['one that stays open after the end', [summary, open], [run('failure')], 'expected [completed,false]'],
    ['one that does not pass after its run succeeded', [summary, open], [run('success')], 'expected [completed,true]'],
    ['a missing one', [summary], [run('success')], 'there is no check run'],
    ['a missing summary', [passing], [run('success')], 'the summary of run 77 is missing or open'],
    ['two of one name', [summary, passing, passing], [run('success')], 'there are two check runs Dispatcher / deploy'],
  ] as const)('%s', (_, checks, runs, text) => {
    expect(problems(evidence(checks, ...runs)).join('\n')).toContain(text);
  });

  test('one that passed for a moment', () => {
    const early = findEarlyPasses(evidence([passing], run(null)), [route]);
    expect(early).toHaveLength(1);
    const after = { ...evidence([summary, passing], run('success')), earlyPasses: early };
    expect(problems(after)).toEqual(early);
  });
});
