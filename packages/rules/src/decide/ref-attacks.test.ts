import { type HeadSnapshot, type RunCompleted } from '@dispatcher/contracts';
import { readHead } from '@dispatcher/contracts/testing';
import { describe, expect, test } from '@jest/globals';
import { headToRead } from '../checks/run-head.ts';
import {
  aRepository,
  aRun,
  decisionIn,
  inbound,
  noGuardRails,
  outbound,
  outcomeIn,
  planIn,
} from '../testing/run-scenario.ts';
import { dependsOnUnknown, waitForHeadMs } from './decide.ts';
import { targetsToRead } from './targets-to-read.ts';

const sha = 'a'.repeat(40);
const other = 'e'.repeat(40);
const absent = { state: 'absent' } as const;
const branch = (comparison: 'identical' | 'behind' | 'ahead' | 'diverged' | 'not-comparable') =>
  ({ state: 'read', sha: other, comparison }) as const;
const tag = (target: string | null = sha) => ({ state: 'read', sha: target }) as const;
const without = branch('diverged');

interface Refs {
  readonly branch?: HeadSnapshot['branch'];
  readonly tag?: HeadSnapshot['tag'];
}

const ruled = (file: string, conditions = '') => file.replace('ci.yml', `ci.yml${conditions}`);

/** Returns a scenario in which the refs with the name of the run's head are these, with the conditions on both sides. */
function scenario(
  { branch: branchOfRun = absent, tag: tagOfRun = absent }: Refs,
  conditions = '',
  run: RunCompleted = aRun(),
  targetConditions = conditions,
) {
  const heads = [readHead(run, { branch: branchOfRun, tag: tagOfRun })];
  const source = aRepository('octo/app', ruled(outbound, conditions), { id: 1, heads });
  return { run, source, target: ruled(inbound, targetConditions) };
}
const outcome = (...args: Parameters<typeof scenario>) => outcomeIn(scenario(...args));

describe('a run of the branch that a rule accepts', () => {
  test.each(['identical', 'behind'] as const)('is allowed if the branch contains its commit (%s)', (comparison) => {
    expect(outcome({ branch: branch(comparison) })).toBe('allow');
    expect(outcome({ branch: branch(comparison) }, ', branches: ["**"]')).toBe('allow');
  });

  test.each(['ahead', 'diverged', 'not-comparable'] as const)(
    'is denied if the branch does not contain its commit (%s)',
    (comparison) => {
      expect(outcome({ branch: branch(comparison) })).toBe('source-commit-gone');
    },
  );

  test('is denied if the branch was deleted, and nobody must act', () => {
    expect(decisionIn(scenario({}))).toMatchObject({
      code: 'source-commit-gone',
      responsible: 'nobody',
      message:
        'The run of octo/app:ci.yml belongs to the branch main with commit aaaaaaaaaaaa, but GitHub now has no branch main.',
    });
  });

  test('is allowed if a tag with the same name points to another commit', () => {
    expect(outcome({ branch: branch('behind'), tag: tag(other) })).toBe('allow');
    expect(outcome({ branch: branch('behind'), tag: tag(null) })).toBe('allow');
  });

  test('is denied without reading the target if its commit is gone', () => {
    const { run, source } = scenario({ branch: without });
    expect(targetsToRead(run, source, noGuardRails)).toEqual([]);
  });
});

describe('a tag with the name of the default branch', () => {
  test('on a commit that is not on the branch does not pass for the branch, and the source must act', () => {
    expect(decisionIn(scenario({ branch: without, tag: tag() }))).toMatchObject({
      effect: 'deny',
      code: 'source-ref-ambiguous',
      responsible: 'source',
      message:
        'The run of octo/app:ci.yml belongs to the tag main; the rule accepts the branch main. The source has a branch and a tag with the same name.',
    });
  });

  test('on a commit of the branch is ambiguous, and the source must act', () => {
    expect(decisionIn(scenario({ branch: branch('identical'), tag: tag() }))).toMatchObject({
      code: 'source-ref-ambiguous',
      responsible: 'source',
      message: expect.stringContaining('belongs to the branch main and the tag main; the rule accepts the branch main'),
    });
  });

  test('that was deleted or moved after the run started does not pass either', () => {
    expect(outcome({ branch: without })).toBe('source-commit-gone');
    expect(outcome({ branch: without, tag: tag(other) })).toBe('source-commit-gone');
  });

  test('does not pass for a pattern of branches', () => {
    expect(outcome({ branch: without, tag: tag() }, ", branches: ['**']")).toBe('source-ref-ambiguous');
  });

  test('does not pass if the branch was deleted', () => {
    expect(outcome({ tag: tag() })).toBe('no-match');
  });
});

describe('tags', () => {
  const v1 = aRun({ headBranch: 'v1' });

  test('are accepted only by `tags`: a rule with `branches` alone does not match', () => {
    expect(outcome({ tag: tag() }, ", tags: ['v*']", v1)).toBe('allow');
    const plan = planIn(scenario({ tag: tag() }, ", branches: ['**']", v1));
    expect(plan).toMatchObject({
      code: 'no-match',
      unmatched: [{ checks: [{ name: 'source-ref-type', expected: 'a branch', actual: 'a tag' }] }],
    });
  });

  test('exclude branches: a rule with `tags` alone does not match', () => {
    expect(outcome({ branch: branch('identical') }, ", tags: ['v*']", v1)).toBe('no-match');
    expect(outcome({ branch: branch('identical') }, ", tags: ['v*']")).toBe('no-match');
  });

  test('beside `branches` accept both, also if both have the name', () => {
    const conditions = ", branches: ['**'], tags: ['**']";
    expect(outcome({ branch: branch('behind') }, conditions, v1)).toBe('allow');
    expect(outcome({ tag: tag() }, conditions, v1)).toBe('allow');
    expect(outcome({ branch: branch('behind'), tag: tag() }, conditions, v1)).toBe('allow');
    expect(outcome({ branch: without, tag: tag() }, conditions, v1)).toBe('allow');
    expect(outcome({ branch: without, tag: tag(other) }, conditions, v1)).toBe('source-commit-gone');
  });

  test('that moved to another commit or were deleted are denied', () => {
    expect(outcome({ tag: tag(other) }, ", tags: ['v*']", v1)).toBe('source-commit-gone');
    expect(outcome({ tag: tag(null) }, ", tags: ['v*']", v1)).toBe('source-commit-gone');
    expect(outcome({}, ", tags: ['v*']", v1)).toBe('source-commit-gone');
  });

  test('with the name of a branch: a run of the branch does not pass for the tag', () => {
    expect(outcome({ branch: branch('identical'), tag: tag(other) }, ", tags: ['v*']", v1)).toBe(
      'source-ref-ambiguous',
    );
    expect(outcome({ branch: branch('identical'), tag: tag() }, ", tags: ['v*']", v1)).toBe('source-ref-ambiguous');
  });

  test('are compared with their own patterns, in their order', () => {
    const conditions = ", branches: [main], tags: ['v*', '!v*-rc']";
    expect(outcome({ tag: tag() }, conditions, v1)).toBe('allow');
    expect(outcome({ tag: tag() }, conditions, aRun({ headBranch: 'v1-rc' }))).toBe('no-match');
    expect(outcome({ branch: branch('behind') }, conditions)).toBe('allow');
    expect(outcome({ branch: without, tag: tag() }, conditions)).toBe('source-ref-ambiguous');
  });
});

describe('the target', () => {
  const v1 = aRun({ headBranch: 'v1' });
  const both = ", branches: ['**'], tags: ['**']";

  test('does not accept a tag by `branches`, whatever the source requests', () => {
    expect(decisionIn(scenario({ tag: tag() }, both, v1, ", branches: ['**']"))).toMatchObject({
      code: 'inbound-branch',
      closest: { checks: [{ name: 'inbound-source-ref', expected: 'a branch', actual: 'the tag v1' }] },
    });
    expect(outcome({ tag: tag() }, both, v1, ", tags: ['v*']")).toBe('allow');
  });

  test('does not accept a branch by `tags`', () => {
    expect(outcome({ branch: branch('behind') }, both, v1, ", tags: ['v*']")).toBe('inbound-branch');
  });

  test('does not accept a tag with the name of the source’s default branch by its defaults', () => {
    expect(outcome({ branch: without, tag: tag() }, both, aRun(), '')).toBe('inbound-branch');
    expect(outcome({ branch: branch('identical'), tag: tag() }, both, aRun(), '')).toBe('inbound-branch');
  });
});

describe('a release', () => {
  const release = aRun({ event: 'release', headBranch: 'v1' });

  test('matches only `tags`, and needs no event', () => {
    expect(outcome({ tag: tag() }, ", tags: ['v*']", release)).toBe('allow');
    expect(outcome({ tag: tag() }, '', release)).toBe('no-match');
    expect(outcome({ tag: tag() }, ", branches: ['**']", release)).toBe('no-match');
    expect(outcome({ branch: branch('identical') }, ", branches: ['**'], events: [push, release]", release)).toBe(
      'no-match',
    );
  });

  test('of a tag with the name of the default branch does not pass for the branch', () => {
    const ofMain = aRun({ event: 'release', headBranch: 'main' });
    expect(outcome({ branch: branch('identical'), tag: tag() }, '', ofMain)).toBe('no-match');
    expect(outcome({ branch: branch('identical'), tag: tag() }, ", branches: ['**'], tags: ['v*']", ofMain)).toBe(
      'no-match',
    );
  });

  test('matches the inbound rule only by `tags`', () => {
    expect(outcome({ tag: tag() }, ", tags: ['v*']", release, ", branches: ['**']")).toBe('inbound-branch');
  });
});

describe('a merge queue', () => {
  const queued = aRun({ event: 'merge_group', headBranch: 'gh-readonly-queue/main/pr-7-abc' });
  const refs = {};

  test('matches only a rule with the event and a pattern of the queue', () => {
    const queue = "branches: ['gh-readonly-queue/main/**']";
    expect(outcome(refs, `, events: [merge_group], ${queue}`, queued)).toBe('allow');
    expect(outcome(refs, `, ${queue}`, queued)).toBe('no-match');
    expect(outcome(refs, ", events: [push, merge_group], branches: ['**']", queued)).toBe('no-match');
    expect(outcome(refs, ', events: [push, merge_group]', queued)).toBe('no-match');
    expect(outcome(refs, ", events: [push, merge_group], tags: ['**']", queued)).toBe('no-match');
  });

  test('honours `!` patterns', () => {
    const conditions = ", events: [merge_group], branches: ['gh-readonly-queue/**', '!gh-readonly-queue/main/**']";
    expect(outcome(refs, conditions, queued)).toBe('no-match');
  });

  test('needs the same consent of the target', () => {
    const queue = ", events: [merge_group], branches: ['gh-readonly-queue/main/**']";
    expect(outcome(refs, queue, queued, ", events: [push, merge_group], branches: ['**']")).toBe('inbound-branch');
  });

  test('reads no ref, because its branch is soon deleted', () => {
    expect(headToRead(queued)).toBeNull();
    expect(headToRead(aRun())).toEqual({ name: 'main', sha });
    expect(headToRead(aRun({ headBranch: null }))).toBeNull();
  });
});

describe('a pull request', () => {
  const of = (headBranch: string, event = 'pull_request') => aRun({ event, headBranch });
  const everything = ", events: [pull_request, pull_request_target, pull_request_review], branches: ['**', main]";

  test.each(['pull_request', 'pull_request_target', 'pull_request_review'])(
    'from the default branch matches no rule (%s)',
    (event) => {
      expect(outcome({ branch: branch('identical') }, everything, of('main', event))).toBe('no-match');
      expect(outcome({ branch: branch('identical') }, ', events: [pull_request]', of('main', event))).toBe('no-match');
    },
  );

  test('from another branch matches a rule that names its event and branch', () => {
    expect(outcome({ branch: branch('identical') }, everything, of('feature'))).toBe('allow');
    expect(outcome({ branch: branch('identical') }, '', of('feature'))).toBe('no-match');
    expect(outcome({}, everything, of('feature'))).toBe('source-commit-gone');
  });

  test('belongs to no tag', () => {
    const tags = ", events: [pull_request], tags: ['**']";
    expect(outcome({ tag: tag() }, tags, of('v1'))).toBe('no-match');
  });

  test('from the default branch is not accepted by an inbound rule either', () => {
    const run = of('main');
    const heads = [readHead(run)];
    const source = aRepository('octo/app', ruled(outbound, everything), {
      id: 1,
      heads,
      defaultBranch: { name: 'main', sha },
    });
    expect(outcomeIn({ run, source, target: ruled(inbound, everything) })).toBe('no-match');
  });
});

describe('refs that could not be read', () => {
  const unknown = { state: 'unknown', reason: 'Timeout' } as const;

  test.each([
    ['the branch', { branch: unknown }],
    ['the tag', { branch: branch('identical'), tag: unknown }],
  ])('deny and are read again: %s', (_, refs) => {
    const plan = planIn(scenario(refs));
    expect(plan.decisions).toMatchObject([{ code: 'source-ref-unreadable', responsible: 'operator' }]);
    expect(plan.decisions[0]?.message).toContain('Timeout');
    expect(dependsOnUnknown(plan)).toBe(true);
  });

  test('deny, if a snapshot has another head or none', () => {
    const snapshot = (heads: HeadSnapshot[]) => ({ source: aRepository('octo/app', outbound, { id: 1, heads }) });
    expect(outcomeIn(snapshot([]))).toBe('source-ref-unreadable');
    expect(outcomeIn(snapshot([readHead(aRun({ headSha: other }))]))).toBe('source-ref-unreadable');
    expect(outcomeIn(snapshot([readHead(aRun({ headBranch: 'x' })), readHead(aRun())]))).toBe('allow');
  });

  test('do not matter if no rule matches otherwise', () => {
    const plan = planIn(scenario({ branch: unknown }, ', events: [schedule]'));
    expect(plan.code).toBe('no-match');
    expect(dependsOnUnknown(plan)).toBe(false);
    expect(plan.unmatched[0]?.checks.map(({ name }) => name)).toEqual(['source-event']);
  });
});

describe('a branch that seems to lack the commit of a run', () => {
  const createdAt = '2026-01-31T11:58:30.000Z';
  const at = (seconds: number) => Date.parse(createdAt) + seconds * 1000;
  const young = aRun({ createdAt });

  test('is read again while the run is younger than two minutes', () => {
    const plan = planIn(scenario({ branch: without }, '', young));
    expect(waitForHeadMs(plan, at(0))).toBe(120_000);
    expect(waitForHeadMs(plan, at(119))).toBe(1_000);
    expect(waitForHeadMs(plan, at(120))).toBe(0);
    expect(waitForHeadMs(planIn(scenario({}, '', young)), at(0))).toBe(120_000);
  });

  test('is not waited for if the run is allowed, or denied for another reason', () => {
    expect(waitForHeadMs(planIn(scenario({ branch: branch('behind') }, '', young)), at(0))).toBe(0);
    expect(waitForHeadMs(planIn(scenario({ branch: without, tag: tag() }, '', young)), at(0))).toBe(0);
    expect(waitForHeadMs(planIn(scenario({ branch: without }, ', events: [schedule]', young)), at(0))).toBe(0);
  });

  test('is waited for from the start of the run if GitHub sent no creation time', () => {
    const started = aRun({ startedAt: createdAt });
    expect(waitForHeadMs(planIn(scenario({ branch: without }, '', started)), at(60))).toBe(60_000);
  });
});

describe('re-runs', () => {
  const rerun = aRun({ attempt: 2 });
  const intact = { branch: branch('identical') };

  test('match by default, and not a rule with `attempts: [1]` on either side', () => {
    expect(outcome(intact, '', rerun)).toBe('allow');
    expect(outcome(intact, ', attempts: [1]', rerun)).toBe('no-match');
    expect(outcome(intact, '', rerun, ', attempts: [1]')).toBe('inbound-attempt');
    expect(outcome(intact, ', attempts: [1]')).toBe('allow');
    expect(outcome(intact, ', attempts: [2, 3]', rerun)).toBe('allow');
    expect(outcome(intact, ', attempts: [2, 3]')).toBe('no-match');
  });

  test('are as old as their first attempt', () => {
    const created = (createdAt: string, attempt: number) => aRun({ createdAt, attempt });
    expect(outcome(intact, '', created('2025-12-31T12:00:00Z', 2))).toBe('run-too-old');
    expect(outcome(intact, '', created('2026-01-01T12:00:00Z', 2))).toBe('allow');
    // A first attempt may wait for an approval for 30 days.
    expect(outcome(intact, '', created('2025-12-31T12:00:00Z', 1))).toBe('allow');
  });
});

describe('a run that is dated in the future', () => {
  const intact = { branch: branch('identical') };

  test.each(['updatedAt', 'createdAt'])('by more than an hour is refused (%s)', (field) => {
    expect(outcome(intact, '', aRun({ [field]: '2026-01-31T13:00:01Z' }))).toBe('run-in-future');
    expect(outcome(intact, '', aRun({ [field]: '2026-01-31T13:00:00Z' }))).toBe('allow');
  });
});
