import type { JobRequested, Lineage } from '@dispatcher/contracts';
import { describe, expect, test } from '@jest/globals';
import {
  aJob,
  aRepository,
  decisionIn,
  inboundJob,
  outboundJob,
  outcomeIn,
  planIn,
  type RunScenario,
} from '../testing/run-scenario.ts';

const scenario = (more: RunScenario = {}): RunScenario => ({
  run: aJob(),
  source: outboundJob,
  target: inboundJob,
  ...more,
});
const outcomeOf = (more: RunScenario = {}) => outcomeIn(scenario(more));
const both = (conditions: string) => ({
  source: outboundJob.replace('ci.yml', `ci.yml, ${conditions}`),
  target: inboundJob.replace('ci.yml', `ci.yml, ${conditions}`),
});
const requested = (change: Partial<JobRequested['request']>) => ({ ...aJob().request, ...change });
const withInputs = (inputs: Record<string, string>) => aJob({}, { request: requested({ inputs }) });

test('a job whose workflow both sides name starts the target, from a route of its own', () => {
  const decision = decisionIn(scenario());
  expect(decision).toMatchObject({
    effect: 'allow',
    route: {
      source: { repository: 'octo/app', job: 'ci.yml' },
      target: { repository: 'octo/deploy', workflow: 'cd.yml' },
    },
    message: expect.stringContaining('octo/deploy:cd.yml'),
  });
  expect(planIn(scenario())).toMatchObject({ lineage: { depth: 0, path: [{ workflow: 'ci.yml' }] } });
});

describe('the ref of a job, as its token states it', () => {
  test.each<[string, Partial<JobRequested['run']>, string | null, string]>([
    ['the default branch', {}, null, 'allow'],
    ['another branch', { headBranch: 'feature' }, null, 'no-match'],
    ['a branch that both sides name', { headBranch: 'release/1' }, "branches: ['release/*']", 'allow'],
    ['a tag with the name of the branch', { headBranch: 'main', refType: 'tag' }, null, 'no-match'],
    ['a tag that both sides name', { headBranch: 'v1', refType: 'tag' }, "tags: ['v*']", 'allow'],
    ['a branch with the name of a tag', { headBranch: 'v1' }, "tags: ['v*']", 'no-match'],
    ['a pull request', { headBranch: null, refType: null, event: 'pull_request' }, "branches: ['**']", 'no-match'],
    [
      'a pull request, where both sides name the event',
      { headBranch: null, refType: null, event: 'pull_request' },
      "branches: ['**'], events: [pull_request]",
      'no-match',
    ],
    ['pull_request_target, which no rule names', { event: 'pull_request_target' }, null, 'no-match'],
    [
      'pull_request_target of the repository itself, where both sides name it',
      { event: 'pull_request_target' },
      'events: [pull_request_target]',
      'allow',
    ],
    [
      'pull_request_target of a fork, where both sides name it',
      { event: 'pull_request_target', headRepositoryId: 99 },
      'events: [pull_request_target]',
      'fork-run',
    ],
    [
      'a merge queue, whose branch no pattern of other branches includes',
      { event: 'merge_group', headBranch: 'gh-readonly-queue/main/pr-1' },
      "branches: ['**'], events: [merge_group, push]",
      'no-match',
    ],
  ])('%s', (_, run, conditions, outcome) => {
    expect(outcomeOf({ run: aJob(run), ...(conditions === null ? {} : both(conditions)) })).toBe(outcome);
  });

  test('a rule of one side alone is not enough', () => {
    const run = aJob({ headBranch: 'feature' });
    const { source, target } = both('branches: [feature]');
    expect(outcomeOf({ run, source })).toBe('inbound-branch');
    expect(outcomeOf({ run, target })).toBe('no-match');
  });
});

describe('the environment of a job', () => {
  const inEnvironment = (environment: string | null) => aJob({}, { job: { checkRunId: null, environment } });
  const { source, target } = both('environments: [Production]');

  test('must be one that the rule names, compared without case', () => {
    expect(outcomeOf({ run: inEnvironment('production'), source, target })).toBe('allow');
    expect(outcomeOf({ run: inEnvironment('staging'), target })).toBe('inbound-environment');
    expect(outcomeOf({ run: inEnvironment(null), target })).toBe('inbound-environment');
    expect(outcomeOf({ run: inEnvironment('staging'), source })).toBe('no-match');
  });

  test('is not compared by a rule that names none', () => {
    expect(outcomeOf({ run: inEnvironment('staging') })).toBe('allow');
  });
});

describe('what a job requests', () => {
  test.each<[string, Partial<JobRequested['request']>, string]>([
    ['a target in another spelling', { repository: 'Octo/DEPLOY' }, 'allow'],
    ['another repository', { repository: 'octo/other' }, 'no-match'],
    ['another workflow', { workflow: 'qa.yml' }, 'no-match'],
    ['an id that no target has', { id: 'blue' }, 'no-match'],
  ])('%s', (_, request, outcome) => {
    expect(outcomeOf({ run: aJob({}, { request: requested(request) }) })).toBe(outcome);
  });

  test('the closest rule says which target it names', () => {
    const { unmatched } = planIn(scenario({ run: aJob({}, { request: requested({ workflow: 'qa.yml' }) }) }));
    expect(unmatched).toMatchObject([
      {
        rule: 'outbound[0].targets[0]',
        checks: [{ name: 'source-target', expected: 'octo/deploy:cd.yml', actual: 'octo/deploy:qa.yml' }],
      },
    ]);
  });

  test('one of two targets with ids, and nothing of the other', () => {
    const source = `outbound:
  - source: { job: ci.yml }
    targets:
      - { repository: deploy, workflow: cd.yml, id: blue }
      - { repository: deploy, workflow: cd.yml, id: green }
`;
    const run = aJob({}, { request: requested({ id: 'green' }) });
    expect(planIn(scenario({ run, source })).decisions).toMatchObject([
      { effect: 'allow', route: { id: 'green' }, rule: 'outbound[0].targets[1]' },
    ]);
    expect(outcomeOf({ run: aJob(), source })).toBe('no-match');
  });
});

describe('the inputs of a job', () => {
  const source = outboundJob.replace('cd.yml', "cd.yml, inputs: { digest: 'sha256:${{ job.inputs.digest }}' }");
  const target = inboundJob.replace('cd.yml', 'cd.yml, inputs: [digest]');

  test('are sent where both sides name them', () => {
    expect(decisionIn(scenario({ run: withInputs({ digest: 'abc' }), source, target }))).toMatchObject({
      effect: 'allow',
      inputs: { digest: 'sha256:abc' },
    });
  });

  test('may have line breaks and 65,000 characters, as GitHub accepts', () => {
    const digest = `a\r\nb\t${'x'.repeat(65_000)}`;
    expect(decisionIn(scenario({ run: withInputs({ digest }), source, target }))).toMatchObject({
      effect: 'allow',
      inputs: { digest: `sha256:${digest}` },
    });
  });

  test.each<[string, Record<string, string>, string]>([
    ['an input that the rule does not use', { digest: 'abc', other: 'x' }, 'job-input-unused'],
    ['no input where the rule uses one', {}, 'input-value-invalid'],
    ['more than GitHub accepts', { digest: 'x'.repeat(65_536) }, 'input-value-invalid'],
    ['a control character', { digest: 'a\u0000b' }, 'input-value-invalid'],
    ['half of a surrogate pair', { digest: 'a\ud800b' }, 'input-value-invalid'],
    ['the name of an inherited property', { constructor: 'x', digest: 'abc' }, 'job-input-unused'],
  ])('are refused: %s', (_, inputs, outcome) => {
    expect(outcomeOf({ run: withInputs(inputs), source, target })).toBe(outcome);
  });

  test('are refused by a target that does not name them', () => {
    expect(outcomeOf({ run: withInputs({ digest: 'abc' }), source })).toBe('inbound-input');
  });

  test('are never parsed as templates', () => {
    const digest = '${{ source.repository }}';
    expect(decisionIn(scenario({ run: withInputs({ digest }), source, target })).inputs).toEqual({
      digest: `sha256:${digest}`,
    });
  });
});

describe('a chain of jobs', () => {
  const lineageOf = (depth: number, ...workflows: string[]): Lineage => ({
    state: 'known',
    dispatchId: 'e'.repeat(32),
    depth,
    path: workflows.map((workflow) => ({ repository: 'octo/deploy', workflow })),
  });

  test('ends at the limit of its depth', () => {
    const guardRails = { maxDispatchDepth: 3 };
    expect(outcomeOf({ guardRails, lineage: lineageOf(2, 'a.yml', 'b.yml') })).toBe('allow');
    expect(outcomeOf({ guardRails, lineage: lineageOf(3, 'a.yml', 'b.yml', 'c.yml') })).toBe('depth-exceeded');
  });

  test('never returns to a workflow that it came from', () => {
    expect(outcomeOf({ lineage: lineageOf(1, 'cd.yml') })).toBe('route-loop');
  });

  test('never starts the workflow of the job itself', () => {
    const source = outboundJob.replace('repository: deploy, workflow: cd.yml', 'repository: app, workflow: ci.yml');
    const run = aJob({}, { request: requested({ repository: 'octo/app', workflow: 'ci.yml' }) });
    expect(outcomeOf({ run, source })).toBe('self-dispatch');
  });

  test('starts nothing if the lineage of its run is not recorded', () => {
    expect(outcomeOf({ lineage: { state: 'unknown' } })).toBe('lineage-unknown');
  });
});

test('a repository that was renamed is the same one: its id counts', () => {
  const renamed = { id: 1, owner: 'octo', name: 'app-renamed', defaultBranch: 'main' };
  const run = aJob({}, { repository: renamed });
  const source = aRepository('octo/app-renamed', outboundJob, { id: 1 });
  expect(outcomeOf({ run, source })).toBe('inbound-no-match');
  expect(outcomeOf({ run, source, target: inboundJob.replace('repository: app', 'repository: app-renamed') })).toBe(
    'allow',
  );
  expect(outcomeOf({ run, source: aRepository('octo/app-renamed', outboundJob, { id: 99 }) })).toBe('source-gone');
});
