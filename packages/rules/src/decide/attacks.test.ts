import type { Lineage } from '@dispatcher/contracts';
import { readHead } from '@dispatcher/contracts/testing';
import { describe, expect, test } from '@jest/globals';
import { screen } from './screen.ts';
import { targetsToRead } from './targets-to-read.ts';
import {
  aFile,
  aRepository,
  aRun,
  decisionIn,
  inbound,
  noGuardRails,
  outbound,
  outcomeIn,
  planIn,
  root,
} from '../testing/run-scenario.ts';

const repositoryOf = (owner: string, name: string) => ({ id: 1, owner, name, defaultBranch: 'main' });
const inboundFrom = (source: string, target = '{ workflow: cd.yml }') =>
  `inbound:\n  - source: ${source}\n    targets:\n      - ${target}\n`;
const outboundTo = (...targets: string[]) =>
  `outbound:\n  - source: { workflow: ci.yml }\n    targets:\n${targets.map((target) => `      - ${target}\n`).join('')}`;

test('a run that both minimal files accept is allowed', () => {
  expect(outcomeIn()).toBe('allow');
});

describe('names', () => {
  test('a rule does not match a workflow whose name only ends with the name in the rule', () => {
    expect(outcomeIn({ run: aRun({}, { workflow: 'evil-ci.yml' }) })).toBe('no-match');
    const evilSource = outbound.replace('ci.yml', 'evil-ci.yml');
    expect(outcomeIn({ run: aRun({}, { workflow: 'evil-ci.yml' }), source: evilSource })).toBe('inbound-no-match');
  });

  test('a rule does not match a workflow whose name only begins with the name in the rule', () => {
    const source = outbound.replace('ci.yml', 'ci.yml.yml');
    expect(outcomeIn({ run: aRun({}, { workflow: 'ci.yml.yml' }), source })).toBe('inbound-no-match');
  });

  test('consent to a workflow does not cover one whose name only ends with the same text', () => {
    expect(outcomeIn({ source: outbound.replace('cd.yml', 'evil-cd.yml') })).toBe('inbound-no-match');
  });

  test('a bare name does not match a repository of the same name with another owner', () => {
    const run = aRun({}, { repository: repositoryOf('mallory', 'app') });
    const source = aRepository('mallory/app', outbound.replace('deploy', 'octo/deploy'), { id: 1 });
    expect(outcomeIn({ run, source })).toBe('inbound-no-match');
  });

  test('a bare target name means the source’s owner, never the target’s', () => {
    const run = aRun({}, { repository: repositoryOf('mallory', 'app') });
    const plan = planIn({ run, source: aRepository('mallory/app', outbound, { id: 1 }) });
    expect(plan.decisions[0]?.route.target.repository).toBe('mallory/deploy');
    expect(plan.decisions[0]?.effect).toBe('deny');
  });

  test('owner and repository in another case are the same repository', () => {
    expect(outcomeIn({ target: inboundFrom('{ repository: OCTO/App, workflow: ci.yml }') })).toBe('allow');
    expect(outcomeIn({ source: outbound.replace('deploy', 'Octo/DEPLOY') })).toBe('allow');
  });

  test('a workflow in another case is another workflow', () => {
    expect(outcomeIn({ target: inboundFrom('{ repository: app, workflow: CI.yml }') })).toBe('inbound-no-match');
    expect(outcomeIn({ source: outbound.replace('cd.yml', 'CD.yml') })).toBe('inbound-no-match');
    expect(outcomeIn({ source: outbound.replace('ci.yml', 'CI.yml') })).toBe('no-match');
  });

  test('a branch in another case is another branch', () => {
    expect(outcomeIn({ run: aRun({ headBranch: 'Main' }) })).toBe('no-match');
  });

  test('names with look-alike characters are different names', () => {
    // U+0440 instead of p, and the Kelvin sign, whose lower case is k.
    const cyrillic = aRun({}, { repository: repositoryOf('octo', 'app'.replace('p', '\u0440')) });
    const source = aRepository('octo/app', outbound, { id: 1 });
    expect(outcomeIn({ run: cyrillic, source })).toBe('inbound-no-match');
    const kelvin = aRun({}, { repository: repositoryOf('octo', '\u212Ait') });
    expect(outcomeIn({ run: kelvin, source, target: inboundFrom('{ repository: kit, workflow: ci.yml }') })).toBe(
      'inbound-no-match',
    );
    expect(outcomeIn({ target: inboundFrom('{ repository: "\\u0430pp", workflow: ci.yml }') })).toBe(
      'target-config-invalid',
    );
  });

  test('a different repository that now has the source’s name cannot dispatch for its run', () => {
    const plan = planIn({ source: aRepository('octo/app', outbound, { id: 99 }) });
    expect(plan).toMatchObject({ outcome: 'source-refused', code: 'source-gone', decisions: [] });
  });

  test('`.github/workflows/ci.yml` and `ci.yml` are the same, on both sides', () => {
    const long = (text: string) => text.replaceAll(/(c[id])\.yml/g, '.github/workflows/$1.yml');
    expect(outcomeIn({ source: long(outbound) })).toBe('allow');
    expect(outcomeIn({ target: long(inbound) })).toBe('allow');
    expect(outcomeIn({ source: long(outbound), target: long(inbound) })).toBe('allow');
  });

  test('a workflow name with a trailing @ref is invalid', () => {
    expect(outcomeIn({ source: outbound.replace('ci.yml', 'ci.yml@refs/heads/main') })).toBe('config-invalid');
    expect(outcomeIn({ source: outbound.replace('ci.yml', 'ci.yml@main.yml') })).toBe('config-invalid');
    expect(outcomeIn({ run: aRun({}, { workflow: 'ci.yml@refs/heads/main' }) })).toBe('no-match');
  });

  test.each(['../app', 'octo/../app', 'octo/app/..', '..', '.', 'octo/..', './app', 'https://github.com/octo/app'])(
    'a path traversal or URL as a repository name is refused: %s',
    (name) => {
      expect(outcomeIn({ source: outboundTo(`{ repository: "${name}", workflow: cd.yml }`) })).toBe('config-invalid');
      expect(outcomeIn({ target: inboundFrom(`{ repository: "${name}", workflow: ci.yml }`) })).toBe(
        'target-config-invalid',
      );
    },
  );

  test.each([
    '../cd.yml',
    'sub/cd.yml',
    '..\\\\cd.yml',
    '.github/workflows/../cd.yml',
    '/cd.yml',
    'cd.yml\\n',
    'cd',
    '*.yml',
  ])('a path traversal or pattern as a workflow name is refused: %s', (name) => {
    expect(outcomeIn({ source: outboundTo(`{ repository: deploy, workflow: "${name}" }`) })).toBe('config-invalid');
  });
});

describe('patterns', () => {
  const from = (pattern: string) =>
    outcomeIn({ target: inboundFrom(`{ repository: "${pattern}", workflow: ci.yml }`) });

  test('`*` in a repository name matches any characters', () => {
    expect(from('octo/*')).toBe('allow');
    expect(from('octo/a*')).toBe('allow');
    expect(from('*')).toBe('allow');
  });

  test('a pattern is anchored at both ends', () => {
    expect(from('octo/ap')).toBe('inbound-no-match');
    expect(from('octo/pp')).toBe('inbound-no-match');
    expect(from('octo/*p-other')).toBe('inbound-no-match');
    expect(from('octo/b*')).toBe('inbound-no-match');
  });

  test('a pattern as owner is refused: anyone can create an owner', () => {
    expect(from('*/app')).toBe('target-config-invalid');
    expect(from('oct*/app')).toBe('target-config-invalid');
    expect(from('**/app')).toBe('target-config-invalid');
  });

  test('`*` alone matches only repositories of the file’s owner', () => {
    const run = aRun({}, { repository: repositoryOf('mallory', 'app') });
    const source = aRepository('mallory/app', outbound.replace('deploy', 'octo/deploy'), { id: 1 });
    for (const pattern of ['*', '**']) {
      const target = inboundFrom(`{ repository: "${pattern}", workflow: ci.yml }`);
      expect(outcomeIn({ run, source, target })).toBe('inbound-no-match');
    }
  });

  test('alternation and anchors have no special meaning: they are literal characters, or refused', () => {
    const onBranch = (branch: string, pattern: string) =>
      outcomeIn({
        run: aRun({ headBranch: branch }),
        source: outbound.replace('{ workflow: ci.yml }', "{ workflow: ci.yml, branches: ['**'] }"),
        target: inboundFrom(`{ repository: app, workflow: ci.yml, branches: ['${pattern}'] }`),
      });
    expect(onBranch('main-attacker', 'main|develop')).toBe('inbound-branch');
    expect(onBranch('main', 'main|develop')).toBe('inbound-branch');
    expect(onBranch('main', '^main$')).toBe('target-config-invalid');
    expect(onBranch('main-attacker', '(main)')).toBe('inbound-branch');
    expect(onBranch('mainXattacker', 'main.*')).toBe('inbound-branch');
    expect(onBranch('main', '.*')).toBe('target-config-invalid');
    expect(from('app|evil')).toBe('target-config-invalid');
  });

  test('in a branch list, `*` does not match `/`, and `**` does', () => {
    const onBranch = (branch: string, pattern: string) =>
      outcomeIn({
        run: aRun({ headBranch: branch }),
        source: outbound.replace('ci.yml', `ci.yml, branches: ['${pattern}']`),
        target: inboundFrom("{ repository: app, workflow: ci.yml, branches: ['**'] }"),
      });
    expect(onBranch('release/1', 'release/*')).toBe('allow');
    expect(onBranch('release/1/x', 'release/*')).toBe('no-match');
    expect(onBranch('release/1/x', 'release/**')).toBe('allow');
    expect(onBranch('feature/x', '*')).toBe('no-match');
  });

  test('in an allowlist, `*` does not match `/`', () => {
    const sourceRepositories = ['octo*'];
    expect(outcomeIn({ guardRails: { sourceRepositories } })).toBe('source-not-allowed');
    expect(outcomeIn({ guardRails: { sourceRepositories: ['octo/*'] } })).toBe('allow');
    expect(outcomeIn({ guardRails: { sourceRepositories: ['**'] } })).toBe('allow');
  });

  test('an invalid allowlist entry allows nothing', () => {
    expect(outcomeIn({ guardRails: { sourceRepositories: ['octo/app|x'] } })).toBe('source-not-allowed');
    expect(outcomeIn({ guardRails: { sourceRepositories: ['octo/ap?'] } })).toBe('source-not-allowed');
    expect(outcomeIn({ guardRails: { sourceRepositories: [''] } })).toBe('source-not-allowed');
  });
});

describe('runs', () => {
  const wideSource = {
    source: outbound.replace('ci.yml', "ci.yml, branches: ['**'], events: [pull_request_target, issue_comment, push]"),
  };

  test('a run of a fork on a branch named main is refused, whatever the files say', () => {
    const run = aRun({ headRepositoryId: 666 });
    expect(outcomeIn({ run })).toBe('fork-run');
    expect(screen(run, root, noGuardRails)?.code).toBe('fork-run');
    expect(planIn({ run, target: { state: 'absent' } })).toEqual(screen(run, root, noGuardRails));
  });

  test('a run without a head repository is refused', () => {
    expect(outcomeIn({ run: aRun({ headRepositoryId: null }) })).toBe('fork-run');
  });

  test.each(['issue_comment', 'issues', 'workflow_run'])(
    'a %s run on the default branch is not accepted by the defaults of either side',
    (event) => {
      expect(outcomeIn({ run: aRun({ event }) })).toBe('no-match');
      const source = outbound.replace('ci.yml', `ci.yml, events: [${event}]`);
      expect(outcomeIn({ run: aRun({ event }), source })).toBe('inbound-event');
    },
  );

  test('an inbound rule without conditions uses the defaults, never “any”', () => {
    expect(outcomeIn({ ...wideSource, run: aRun({ headBranch: 'feature' }) })).toBe('inbound-branch');
    expect(outcomeIn({ ...wideSource, run: aRun({ event: 'issue_comment' }) })).toBe('inbound-event');
    const failures = outbound.replace('ci.yml', 'ci.yml, conclusions: [failure, success]');
    expect(outcomeIn({ source: failures, run: aRun({ conclusion: 'failure' }) })).toBe('inbound-conclusion');
  });

  test('a failed run on a release branch needs conditions on both sides', () => {
    const conditions = "branches: ['release/**'], conclusions: [failure]";
    const source = outbound.replace('ci.yml', `ci.yml, ${conditions}`);
    const target = inbound.replace('ci.yml', `ci.yml, ${conditions}`);
    const run = aRun({ headBranch: 'release/2', conclusion: 'failure' });
    expect(outcomeIn({ run, source, target })).toBe('allow');
    expect(outcomeIn({ run, source })).toBe('inbound-branch');
    expect(outcomeIn({ run, target })).toBe('no-match');
  });

  test('only the conclusion success is accepted by default', () => {
    for (const conclusion of ['failure', 'cancelled', 'neutral', 'skipped', 'timed_out', null]) {
      expect(outcomeIn({ run: aRun({ conclusion }) })).toBe('no-match');
    }
  });

  test('a run without a branch matches no branch list, not even `**`', () => {
    const source = outbound.replace('ci.yml', "ci.yml, branches: ['**']");
    expect(outcomeIn({ source, run: aRun({ headBranch: null }) })).toBe('no-match');
  });

  test('conditions and refs use the current default branches', () => {
    const source = aRepository('octo/app', outbound, { id: 1, defaultBranch: { name: 'trunk', sha: 'c'.repeat(40) } });
    expect(outcomeIn({ source, run: aRun({ headBranch: 'trunk' }) })).toBe('allow');
    expect(outcomeIn({ source, run: aRun({ headBranch: 'main' }) })).toBe('no-match');
    const target = aRepository('octo/deploy', inbound, { defaultBranch: { name: 'develop', sha: 'c'.repeat(40) } });
    expect(decisionIn({ target })).toMatchObject({ effect: 'allow', ref: 'develop' });
  });

  test('a run is matched by its workflow file, not by its title or name', () => {
    // Ingress takes the file name from the delivery.
    expect(outcomeIn({ run: aRun({}, { workflow: 'renamed.yml' }) })).toBe('no-match');
  });

  test('a run last updated 31 days before its delivery is too old; 30 days are accepted', () => {
    expect(outcomeIn({ run: aRun({ updatedAt: '2025-12-31T12:00:00Z' }) })).toBe('run-too-old');
    expect(outcomeIn({ run: aRun({ updatedAt: '2026-01-01T12:00:00Z' }) })).toBe('allow');
  });

  test('`paused` is the code only if nothing else refuses the run', () => {
    expect(planIn({ guardRails: { paused: true } })).toMatchObject({
      outcome: 'paused',
      code: 'paused',
      decisions: [],
    });
    expect(planIn({ guardRails: { paused: true }, run: aRun({ headRepositoryId: 2 }) }).code).toBe('fork-run');
  });

  test('the operator’s allowlists apply to the source, its workflow and the target', () => {
    expect(outcomeIn({ guardRails: { sourceRepositories: ['octo/other'] } })).toBe('source-not-allowed');
    expect(outcomeIn({ guardRails: { sourceRepositories: ['OCTO/APP'] } })).toBe('allow');
    expect(outcomeIn({ guardRails: { sourceWorkflows: ['build*.yml'] } })).toBe('source-workflow-not-allowed');
    expect(outcomeIn({ guardRails: { sourceWorkflows: ['.github/workflows/c?.yml', 'c*.yml'] } })).toBe('allow');
    expect(outcomeIn({ guardRails: { targetRepositories: ['octo/d'] } })).toBe('target-not-allowed');
    expect(outcomeIn({ guardRails: { targetRepositories: ['octo/Dep*'] } })).toBe('allow');
  });
});

describe('chains', () => {
  const at = (repository: string, workflow = 'ci.yml') => ({ repository, workflow });
  const known = (...path: { repository: string; workflow: string }[]) =>
    ({ state: 'known', dispatchId: 'd', depth: path.length - 1, path }) as const;

  test('a target that is the source itself is refused, also in another case', () => {
    const source = outboundTo('{ repository: app, workflow: ci.yml }');
    expect(outcomeIn({ source })).toBe('self-dispatch');
    expect(outcomeIn({ source: outboundTo('{ repository: Octo/APP, workflow: ci.yml }') })).toBe('self-dispatch');
  });

  test('another workflow of the source repository is not a self-dispatch', () => {
    const both = `${outboundTo('{ repository: app, workflow: cd.yml }')}${inbound}`;
    const source = aRepository('octo/app', both, { id: 1 });
    expect(outcomeIn({ source, targets: { 'octo/app': source } })).toBe('allow');
  });

  test('A→B→A is a loop, and the message names the path', () => {
    const decision = decisionIn({ lineage: known(at('octo/deploy', 'cd.yml'), at('octo/app')) });
    expect(decision.code).toBe('route-loop');
    expect(decision.message).toContain('octo/deploy:cd.yml → octo/app:ci.yml');
  });

  test('A→B→C→B is a loop, also if a name is written in another case', () => {
    const lineage = known(at('octo/a'), at('OCTO/Deploy', 'cd.yml'), at('octo/app'));
    expect(outcomeIn({ lineage })).toBe('route-loop');
  });

  test('another workflow of a repository in the lineage is not a loop', () => {
    expect(outcomeIn({ lineage: known(at('octo/deploy', 'other.yml'), at('octo/app')) })).toBe('allow');
  });

  test('the fifth dispatch in a row is allowed, the sixth is not', () => {
    const path = (length: number) => Array.from({ length }, (_, index) => at(`octo/r${index}`));
    expect(outcomeIn({ lineage: known(...path(5)) })).toBe('allow');
    const sixth = decisionIn({ lineage: known(...path(6)) });
    expect(sixth.code).toBe('depth-exceeded');
    expect(sixth.message).toMatch(/ would be dispatch 6 after octo\/r0:ci\.yml → octo\/r1:ci\.yml/);
  });

  test('a depth limit of 0 allows nothing', () => {
    expect(outcomeIn({ guardRails: { maxDispatchDepth: 0 } })).toBe('depth-exceeded');
  });

  test('a run started by this App without a recorded lineage is never treated as the first of a chain', () => {
    expect(outcomeIn({ lineage: { state: 'unknown' } })).toBe('lineage-unknown');
  });
});

describe('routes', () => {
  test('of two targets with the same route, the first is allowed and the second is a duplicate', () => {
    const target = '{ repository: deploy, workflow: cd.yml }';
    const sameTarget = '{ repository: OCTO/Deploy, workflow: .github/workflows/cd.yml }';
    const plan = planIn({ source: outboundTo(target, sameTarget) });
    expect(plan.decisions.map(({ code }) => code)).toEqual(['allowed', 'duplicate-route']);
    expect(plan.decisions[1]?.message).toContain('outbound[0].targets[0]');
  });

  test('two targets with different ids are both allowed', () => {
    const source = outboundTo(
      '{ repository: deploy, workflow: cd.yml, id: a }',
      '{ repository: deploy, workflow: cd.yml, id: b }',
    );
    const { decisions } = planIn({ source });
    expect(decisions.map(({ effect }) => effect)).toEqual(['allow', 'allow']);
    expect(new Set(decisions.map(({ dispatchId }) => dispatchId)).size).toBe(2);
  });

  test('of more targets than the limit, the first are read and allowed, the others are denied unread', () => {
    const source = outboundTo(...[1, 2, 3, 4].map((n) => `{ repository: deploy, workflow: cd.yml, id: n${n} }`));
    const { decisions } = planIn({ source, guardRails: { maxTargetsPerRun: 2 } });
    expect(decisions.map(({ code }) => code)).toEqual(['allowed', 'allowed', 'too-many-targets', 'too-many-targets']);
    expect(decisions[2]?.message).toBe('octo/deploy:cd.yml is target 3 of this run; at most 2 targets are allowed.');
    const many = outboundTo(...Array.from({ length: 40 }, (_, n) => `{ repository: r${n}, workflow: cd.yml }`));
    const snapshot = aRepository('octo/app', many, { id: 1, heads: [readHead(aRun())] });
    expect(targetsToRead(aRun(), snapshot, noGuardRails)).toHaveLength(25);
  });

  test('a route that cannot start takes no place of the limit', () => {
    const source = outboundTo(
      '{ repository: app, workflow: ci.yml }',
      '{ repository: elsewhere/deploy, workflow: cd.yml }',
      "{ repository: deploy, workflow: qa.yml, inputs: { a: '${{ source.actor }}' } }",
      '{ repository: deploy, workflow: loop.yml }',
      '{ repository: deploy, workflow: cd.yml }',
      '{ repository: deploy, workflow: cd.yml }',
      '{ repository: deploy, workflow: cd.yml, id: second }',
      '{ repository: deploy, workflow: cd.yml, id: third }',
    );
    const guardRails = { maxTargetsPerRun: 2, targetRepositories: ['octo/*'] };
    const lineage = {
      state: 'known',
      dispatchId: 'x',
      depth: 1,
      path: [{ repository: 'octo/deploy', workflow: 'loop.yml' }],
    } as const;
    const run = aRun({ actor: null });
    expect(planIn({ run, source, guardRails, lineage }).decisions.map(({ code }) => code)).toEqual([
      'self-dispatch',
      'target-not-allowed',
      'input-value-invalid',
      'route-loop',
      'allowed',
      'duplicate-route',
      'allowed',
      'too-many-targets',
    ]);
  });

  test('the targets that are read are those that the limit of the decision leaves, with its lineage', () => {
    const source = aRepository(
      'octo/app',
      outboundTo('{ repository: loop, workflow: cd.yml }', '{ repository: next, workflow: cd.yml }'),
      { id: 1, heads: [readHead(aRun())] },
    );
    const guardRails = { ...noGuardRails, maxTargetsPerRun: 1 };
    const path = [{ repository: 'octo/loop', workflow: 'cd.yml' }];
    const known = { state: 'known', dispatchId: 'x', depth: 1, path } as const;
    const namesRead = (lineage: Lineage) =>
      targetsToRead(aRun(), source, guardRails, undefined, lineage).map(({ name }) => name);
    expect(namesRead(root)).toEqual(['loop']);
    expect(namesRead(known)).toEqual(['next']);
  });

  test('targets to read contain the workflow files and refs that are needed', () => {
    const source = outboundTo(
      '{ repository: deploy, workflow: cd.yml }',
      '{ repository: Deploy, workflow: qa.yml, ref: stable }',
      '{ repository: app, workflow: ci.yml }',
      '{ repository: off, workflow: cd.yml, enabled: false }',
    );
    const snapshot = aRepository('octo/app', source, { id: 1, heads: [readHead(aRun())] });
    expect(targetsToRead(aRun(), snapshot, noGuardRails)).toEqual([
      { owner: 'octo', name: 'deploy', workflows: ['cd.yml', 'qa.yml'], refs: ['stable'] },
    ]);
  });

  test('a disabled target gets no decision and is listed with its check', () => {
    const plan = planIn({ source: outboundTo('{ repository: deploy, workflow: cd.yml, enabled: false }') });
    expect(plan).toMatchObject({ outcome: 'no-match', decisions: [] });
    expect(plan.unmatched).toMatchObject([{ rule: 'outbound[0].targets[0]', checks: [{ name: 'enabled' }] }]);
  });

  test('rules that do not match are listed with their failed checks, the closest first, at most 50', () => {
    const rules = Array.from(
      { length: 60 },
      () => '  - source: { workflow: x.yml, branches: [y] }\n    targets: [{ repository: a, workflow: b.yml }]',
    );
    const close = '  - source: { workflow: ci.yml, branches: [y] }\n    targets: [{ repository: a, workflow: b.yml }]';
    const plan = planIn({ source: `outbound:\n${[...rules, close].join('\n')}\n` });
    expect(plan.unmatched).toHaveLength(50);
    expect(plan.unmatched[0]).toMatchObject({ rule: 'outbound[60]', checks: [{ name: 'source-branch' }] });
    expect(plan.unmatched[1]?.checks.map(({ name }) => name)).toEqual(['source-workflow', 'source-branch']);
  });
});

describe('refs', () => {
  const sourceWithRef = (ref: string) => ({
    source: outboundTo(`{ repository: deploy, workflow: cd.yml, ref: ${ref} }`),
  });
  const targetWithRefs = (refs: string) =>
    inboundFrom('{ repository: app, workflow: ci.yml }', `{ workflow: cd.yml, refs: ${refs} }`);

  test('a ref other than the default branch needs the target’s consent', () => {
    expect(outcomeIn(sourceWithRef('release/1'))).toBe('inbound-ref');
    expect(decisionIn({ ...sourceWithRef('release/1'), target: targetWithRefs("['release/*']") })).toMatchObject({
      effect: 'allow',
      ref: 'release/1',
    });
    expect(outcomeIn({ ...sourceWithRef('release/1/x'), target: targetWithRefs("['release/*']") })).toBe('inbound-ref');
  });

  test('the target’s default branch can be named explicitly', () => {
    expect(outcomeIn(sourceWithRef('main'))).toBe('allow');
    expect(outcomeIn({ ...sourceWithRef('main'), target: targetWithRefs('[staging]') })).toBe('allow');
  });

  test('a ref that does not exist is denied; GitHub decides about one that was not read', () => {
    const target = (state: 'absent' | 'tag' | 'unknown') =>
      aRepository('octo/deploy', targetWithRefs("['*']"), { refs: { v1: state } });
    expect(outcomeIn({ ...sourceWithRef('v1'), target: target('absent') })).toBe('ref-missing');
    expect(outcomeIn({ ...sourceWithRef('v1'), target: target('tag') })).toBe('allow');
    expect(outcomeIn({ ...sourceWithRef('v1'), target: target('unknown') })).toBe('allow');
  });

  test('a ref named constructor does not find an inherited property', () => {
    expect(outcomeIn({ ...sourceWithRef('constructor'), target: targetWithRefs("['*']") })).toBe('allow');
  });

  test('the operator’s default ref needs the same consent', () => {
    const guardRails = { defaultRef: 'live' };
    expect(outcomeIn({ guardRails })).toBe('inbound-ref');
    expect(decisionIn({ guardRails, target: targetWithRefs('[live]') })).toMatchObject({
      effect: 'allow',
      ref: 'live',
    });
    expect(decisionIn({ guardRails, ...sourceWithRef('main') })).toMatchObject({ effect: 'allow', ref: 'main' });
  });

  test.each([
    'refs/pull/1/head',
    'a'.repeat(40),
    '"main\\n"',
    '"a..b"',
    '"-x"',
    '"${{ source.head_branch }}"',
    '"rel*"',
    '""',
  ])('an invalid branch or tag name is refused: %s', (ref) => {
    expect(outcomeIn(sourceWithRef(ref))).toBe('config-invalid');
  });
});

describe('inputs', () => {
  const sending = (inputs: string) => outboundTo(`{ repository: deploy, workflow: cd.yml, inputs: ${inputs} }`);
  const taking = (...names: string[]) =>
    inboundFrom('{ repository: app, workflow: ci.yml }', `{ workflow: cd.yml, inputs: [${names.join(', ')}] }`);

  test('an input needs the target’s consent', () => {
    expect(outcomeIn({ source: sending('{ sha: x }') })).toBe('inbound-input');
    expect(outcomeIn({ source: sending('{ sha: x, env: y }'), target: taking('sha') })).toBe('inbound-input');
    expect(decisionIn({ source: sending('{ sha: x }'), target: taking('sha') }).inputs).toEqual({ sha: 'x' });
  });

  test('every template field is rendered', () => {
    const fields = [
      'head_sha',
      'head_branch',
      'id',
      'run_number',
      'run_attempt',
      'event',
      'conclusion',
      'html_url',
      'repository',
      'workflow',
      'actor',
    ];
    const inputs = fields.map((field) => `${field}: "<\${{ source.${field} }}>"`).join(', ');
    const decision = decisionIn({
      source: sending(`{ ${inputs}, did: "\${{dispatch.id}}", depth: "\${{ dispatch.depth }}" }`),
      target: taking(...fields, 'did', 'depth'),
    });
    expect(decision.inputs).toEqual({
      head_sha: `<${'a'.repeat(40)}>`,
      head_branch: '<main>',
      id: '<101>',
      run_number: '<12>',
      run_attempt: '<1>',
      event: '<push>',
      conclusion: '<success>',
      html_url: '<https://github.com/octo/app/actions/runs/101>',
      repository: '<octo/app>',
      workflow: '<ci.yml>',
      actor: '<mona>',
      did: decision.dispatchId,
      depth: '1',
    });
  });

  test('a branch name that looks like a template is not rendered again', () => {
    const branch = '${{source.actor}}';
    const decision = decisionIn({
      run: aRun({ headBranch: branch }),
      source: sending('{ b: "${{ source.head_branch }}" }').replace('ci.yml', "ci.yml, branches: ['**']"),
      target: taking('b').replace('ci.yml', "ci.yml, branches: ['**']"),
    });
    expect(decision.inputs).toEqual({ b: branch });
  });

  test.each([
    '${{ secrets.TOKEN }}',
    '${{ source.actor || 1 }}',
    '${{ source[actor] }}',
    '${{ toJSON(source) }}',
    '${{ source.__proto__ }}',
    '${{ source.actor',
    '${{ }}',
  ])('a template that is not a known field is an error of the file: %s', (template) => {
    expect(outcomeIn({ source: sending(`{ x: '${template}' }`), target: taking('x') })).toBe('config-invalid');
  });

  test('a value of 1,025 characters is refused, one of 1,024 is accepted', () => {
    expect(outcomeIn({ source: sending(`{ x: ${'v'.repeat(1025)} }`), target: taking('x') })).toBe('config-invalid');
    expect(outcomeIn({ source: sending(`{ x: ${'v'.repeat(1024)} }`), target: taking('x') })).toBe('allow');
    const templates = '${{ source.html_url }}'.repeat(40);
    expect(decisionIn({ source: sending(`{ x: '${templates}' }`), target: taking('x') })).toMatchObject({
      code: 'input-value-invalid',
      inputs: {},
    });
  });

  test.each(['\\0', '\\b', '\\x7f', '\\u2028', '\\e'])('a control character in a value is refused: %s', (escape) => {
    expect(outcomeIn({ source: sending(`{ x: "a${escape}b" }`), target: taking('x') })).toBe('config-invalid');
  });

  test.each(['\\n', '\\r\\n', '\\t'])('a literal value may have line breaks and tabs: %s', (escape) => {
    const source = sending(`{ x: "a${escape}\${{ source.id }}" }`);
    const sent = JSON.parse(`"a${escape}101"`) as string;
    expect(decisionIn({ source, target: taking('x') })).toMatchObject({ effect: 'allow', inputs: { x: sent } });
  });

  test('a value with a line break matches no pattern of the target, however wide', () => {
    const target = inboundFrom(
      '{ repository: app, workflow: ci.yml }',
      "{ workflow: cd.yml, inputs: [{ x: ['**'] }] }",
    );
    expect(outcomeIn({ source: sending('{ x: "v1" }'), target })).toBe('allow');
    expect(outcomeIn({ source: sending('{ x: "v1\\nrm" }'), target })).toBe('inbound-input');
  });

  test('the number of the pull request is sent if it is known, and the dispatch is refused otherwise', () => {
    const source = sending("{ x: '${{ source.pull_request_number }}' }");
    const run = aRun({ pullRequestNumber: 42 });
    expect(decisionIn({ run, source, target: taking('x') }).inputs).toEqual({ x: '42' });
    expect(outcomeIn({ source, target: taking('x') })).toBe('input-value-invalid');
  });

  test('a control character from a field of the run is refused', () => {
    const source = sending("{ x: '${{ source.actor }}' }");
    expect(outcomeIn({ run: aRun({ actor: 'a\nb' }), source, target: taking('x') })).toBe('input-value-invalid');
  });

  test('a field without a value for this run is refused, not sent empty', () => {
    const source = sending("{ x: '${{ source.actor }}' }");
    expect(outcomeIn({ run: aRun({ actor: null }), source, target: taking('x') })).toBe('input-value-invalid');
  });

  test('25 inputs are accepted, 26 are refused', () => {
    const names = Array.from({ length: 26 }, (_, n) => `i${n}`);
    const inputs = (count: number) =>
      `{ ${names
        .slice(0, count)
        .map((name) => `${name}: x`)
        .join(', ')} }`;
    expect(outcomeIn({ source: sending(inputs(26)), target: taking(...names) })).toBe('config-invalid');
    expect(outcomeIn({ source: sending(inputs(25)), target: taking(...names) })).toBe('allow');
  });

  describe('a rule that restricts the values of an input', () => {
    const accepting = (inputs: string) =>
      inboundFrom('{ repository: app, workflow: ci.yml }', `{ workflow: cd.yml, inputs: ${inputs} }`);
    const on = (value: string, values = "[staging, 'review-*']") =>
      outcomeIn({ source: sending(`{ env: '${value}' }`), target: accepting(`[{ env: ${values} }]`) });

    test('accepts exactly these values and what a pattern matches', () => {
      expect(on('staging')).toBe('allow');
      expect(on('review-12')).toBe('allow');
      for (const value of ['production', 'Staging', 'staging ', 'xstaging', 'staging-2', 'review-1/2', '']) {
        expect(on(value)).toBe('inbound-input');
      }
    });

    test.each(['$(curl evil)', '`id`', '"; exit 1; "', 'a && b', 'staging; rm -rf .', '${{ source.id }}'])(
      'refuses a value that a shell would execute or that is rendered from a template: %s',
      (value) => {
        expect(on(value)).toBe('inbound-input');
      },
    );

    test('compares the rendered value, not the template', () => {
      const source = sending("{ env: '${{ source.head_branch }}' }");
      expect(outcomeIn({ source, target: accepting('[{ env: [main] }]') })).toBe('allow');
      expect(outcomeIn({ source, target: accepting("[{ env: ['release/*'] }]") })).toBe('inbound-input');
    });

    test('can be beside inputs that may have any value, and excludes with `!`', () => {
      const target = accepting("[sha, { env: ['*', '!prod*'] }]");
      const to = (inputs: string) => outcomeIn({ source: sending(inputs), target });
      expect(to("{ sha: 'any $thing', env: dev }")).toBe('allow');
      expect(to('{ sha: a, env: prod-1 }')).toBe('inbound-input');
      expect(to('{ other: a, env: dev }')).toBe('inbound-input');
      expect(to('{}')).toBe('allow');
    });

    test('accepts no value longer than 255 characters, whatever the pattern', () => {
      expect(on('a'.repeat(255), "['**']")).toBe('allow');
      expect(on('a'.repeat(256), "['**']")).toBe('inbound-input');
    });

    test('names the refused value and the accepted ones', () => {
      const decision = decisionIn({
        source: sending('{ env: production, other: a }'),
        target: accepting("[sha, { env: [staging, 'review-*'] }]"),
      });
      expect(decision.message).toBe(
        'octo/deploy:cd.yml does not accept env: production; other; its inbound rule accepts sha; env: staging, review-*.',
      );
    });

    test.each([
      '[{ env: [] }]',
      '[{ env: staging }]',
      '[{ env: }]',
      '[{ env: [1] }]',
      "[{ env: ['!prod'] }]",
      "[{ 'a b': [x] }]",
      '[env, { env: [staging] }]',
      '[{ env: [staging] }, { env: [production] }]',
      '[3]',
    ])('is refused as a file if the restriction is not a list of values: %s', (inputs) => {
      expect(outcomeIn({ target: accepting(inputs) })).toBe('target-config-invalid');
    });
  });

  test.each(['__proto__', '"a b"', '"1a"', '""', '"a.b"'])('an invalid input name is refused: %s', (name) => {
    expect(outcomeIn({ source: sending(`{ ${name}: x }`) })).toBe('config-invalid');
  });
});

describe('preflight', () => {
  const taking = (workflow: string | null, inputs = '{}', ref = '') => ({
    source: outboundTo(`{ repository: deploy, workflow: cd.yml, inputs: ${inputs}${ref} }`),
    target: aRepository(
      'octo/deploy',
      inboundFrom(
        '{ repository: app, workflow: ci.yml }',
        "{ workflow: cd.yml, inputs: [a, constructor], refs: ['*'] }",
      ),
      { workflows: { 'cd.yml': workflow === null ? { state: 'absent' } : aFile(workflow) } },
    ),
  });
  const declaring = (input: string) => `on:\n  workflow_dispatch:\n    inputs:\n      a: ${input}\njobs: {}\n`;

  test('a missing workflow file is reported', () => {
    expect(outcomeIn(taking(null))).toBe('workflow-missing');
  });

  test.each([
    'on: workflow_dispatch',
    'on: [push, workflow_dispatch]',
    'on:\n  push:\n  workflow_dispatch:',
    '"on":\n  workflow_dispatch: {}',
    "on: 'workflow_dispatch'",
    'on:\n- workflow_dispatch',
  ])('the workflow_dispatch trigger is recognized: %j', (text) => {
    expect(outcomeIn(taking(text))).toBe('allow');
  });

  test.each([
    'on: push',
    'on: [push, workflow_call]',
    'on: { push: { branches: [workflow_dispatch] } }',
    'name: x',
    'on:',
    'workflow_dispatch: true',
  ])('a missing workflow_dispatch trigger is reported: %j', (text) => {
    expect(outcomeIn(taking(text))).toBe('workflow-trigger-missing');
  });

  test('a workflow file whose top level is not a map is reported', () => {
    expect(outcomeIn(taking('just text'))).toBe('workflow-invalid');
    expect(outcomeIn(taking('- on: workflow_dispatch'))).toBe('workflow-invalid');
    expect(outcomeIn(taking(''))).toBe('workflow-invalid');
  });

  test.each([
    ['a comment directly after a list', 'on: [push, workflow_dispatch]# manual runs\njobs: {}'],
    ['a syntax error', 'on: [workflow_dispatch\njobs: {'],
    ['another YAML version', '%YAML 1.1\n---\non: push'],
    ['two documents', 'on: push\n---\non: push'],
    ['a second document after a first key', 'name: x\n---\non: push'],
    ['more levels than our parser reads', `on: ${'['.repeat(60)}push${']'.repeat(60)}`],
    ['a warning', 'on: !unknown push'],
    ['an `on:` that is part of a double-quoted text', 'name: "Deploy\non: push\nnow"\n"\\x6fn": workflow_dispatch\n'],
    ['an `on:` that is part of a single-quoted text', "'\"': 'Deploy\non: push\nnow'\n? on\n: workflow_dispatch\n"],
    ['an `on:` that is part of a list in brackets', 'x: [ # ]\non: push\n]\n? on\n: workflow_dispatch\n'],
    ['an `on:` that is part of a list on several lines', 'x: [\non: push\n]\n? on\n: workflow_dispatch\n'],
    ['`on` twice', 'on: push\non: push'],
    ['an alias in the list of events', 'on: [*other]\nx: &other push'],
    ['a merge key beside the events', 'on:\n  <<: { workflow_dispatch: }\n'],
    ['a merge key beside the inputs', 'on:\n  workflow_dispatch:\n    <<: { inputs: { a: } }\n'],
    ['text in place of the inputs', 'on:\n  workflow_dispatch:\n    inputs: none\n'],
    [
      'an input that is an alias',
      'x: &input { default: y }\non:\n  workflow_dispatch:\n    inputs:\n      b: *input\n',
    ],
    [
      'a merge key in an input',
      'on:\n  workflow_dispatch:\n    inputs:\n      b: { required: true, <<: { default: y } }\n',
    ],
  ])('GitHub decides about a workflow file with %s', (_, text) => {
    expect(outcomeIn(taking(text, '{ a: x }'))).toBe('allow');
  });

  // If GitHub can read the rest, it refuses for the same reason; if it cannot, it refuses the file.
  test.each([
    ['a double-quoted text continued in the column of its key', 'name: "Deploy\nnow"\n'],
    ['a single-quoted text continued in the column of its key', "jobs:\n  a:\n    if: 'a\n    b'\n"],
    ['a syntax error', 'jobs: {'],
    ['a warning', 'name: !unknown x'],
    ['more levels than our parser reads', `x: ${'['.repeat(60)}${']'.repeat(60)}`],
  ])('an `on` that does not suffice is reported whatever follows it: %s', (_, rest) => {
    expect(outcomeIn(taking(`on: push\n${rest}`, '{ a: x }'))).toBe('workflow-trigger-missing');
    expect(outcomeIn(taking(`on: workflow_dispatch\n${rest}`, '{ a: x }'))).toBe('input-undeclared');
    expect(outcomeIn(taking(`on: workflow_dispatch\n${rest}`))).toBe('allow');
  });

  test('GitHub decides about a workflow file that was not read or uses aliases', () => {
    const unknown = {
      ...taking(''),
      target: aRepository('octo/deploy', inbound, { workflows: { 'cd.yml': { state: 'unknown', reason: 'x' } } }),
      source: outbound,
    };
    expect(outcomeIn(unknown)).toBe('allow');
    expect(outcomeIn(taking('x: &on [push]\non: *on'))).toBe('allow');
    expect(outcomeIn(taking('on:\n  workflow_dispatch:\n    inputs: *shared\nx: &shared {}', '{ a: x }'))).toBe(
      'allow',
    );
  });

  test('an undeclared input is reported', () => {
    expect(outcomeIn(taking('on: workflow_dispatch', '{ a: x }'))).toBe('input-undeclared');
    expect(outcomeIn(taking(declaring('{}'), '{ a: x }'))).toBe('allow');
    expect(outcomeIn(taking(declaring('{}'), '{ constructor: x }'))).toBe('input-undeclared');
  });

  test('a required input that is not set is reported', () => {
    expect(outcomeIn(taking(declaring('{ required: true }')))).toBe('input-missing');
    expect(outcomeIn(taking(declaring('{ required: true, default: x }')))).toBe('allow');
    expect(outcomeIn(taking(declaring('{ required: false }')))).toBe('allow');
    expect(outcomeIn(taking(declaring('{ required: true }'), '{ a: x }'))).toBe('allow');
  });

  test.each([
    ['{ type: boolean }', 'yes', 'input-type'],
    ['{ type: boolean }', 'true', 'allow'],
    ['{ type: number }', 'twelve', 'input-type'],
    ['{ type: number }', '12', 'allow'],
    ["{ type: choice, options: [dev, '8'] }", 'prod', 'input-type'],
    ["{ type: choice, options: [dev, '8'] }", 'dev', 'allow'],
    ["{ type: choice, options: [dev, '8'] }", '8', 'allow'],
    // GitHub makes text of the value of an option that is not text: 20.10 becomes 20.1, and Yes stays text.
    ['{ type: choice, options: [18.4, 20.10] }', '20.1', 'allow'],
    ['{ type: choice, options: [18.4, 20.10] }', '22', 'allow'],
    ['{ type: choice, options: [True, False] }', 'true', 'allow'],
    ['{ type: choice, options: [null, a] }', 'b', 'allow'],
    ['{ type: choice, options: [yes, no] }', 'true', 'input-type'],
    ['{ type: choice, options: [yes, no] }', 'yes', 'allow'],
    ['{ type: environment }', '', 'input-type'],
    ['{ type: environment }', 'prod', 'allow'],
    ['{ type: string }', 'anything', 'allow'],
    ['{ type: future }', 'anything', 'allow'],
  ])('an input declared as %s and the value %j: %s', (input, value, outcome) => {
    expect(outcomeIn(taking(declaring(input), `{ a: '${value}' }`))).toBe(outcome);
  });

  test('for another ref, GitHub decides about the workflow file, even if the default branch has none', () => {
    expect(outcomeIn(taking('on: push', '{ a: x }', ', ref: v1'))).toBe('allow');
    expect(outcomeIn(taking(null, '{ a: x }', ', ref: v1'))).toBe('allow');
    expect(outcomeIn(taking('just text', '{ a: x }', ', ref: v1'))).toBe('allow');
    expect(outcomeIn(taking(null, '{ a: x }', ', ref: main'))).toBe('workflow-missing');
  });

  test('missing consent is reported before preflight problems, so that the target cannot be explored', () => {
    const { target } = taking(null);
    expect(outcomeIn({ source: outboundTo('{ repository: deploy, workflow: other.yml }'), target })).toBe(
      'inbound-no-match',
    );
  });
});

describe('repositories', () => {
  const target = (changes: Parameters<typeof aRepository>[2], config: string | null = inbound) =>
    outcomeIn({ target: aRepository('octo/deploy', config, changes) });

  test('a target that is archived, disabled or locked is refused', () => {
    expect(target({ isArchived: true })).toBe('target-archived');
    expect(target({ isDisabled: true })).toBe('target-archived');
    expect(target({ isLocked: true })).toBe('target-archived');
  });

  test('a target that is not visible or did not respond is refused', () => {
    expect(outcomeIn({ target: { state: 'absent' } })).toBe('target-not-visible');
    expect(outcomeIn({ target: { state: 'unknown', reason: '502' } })).toBe('target-unreadable');
  });

  test('a target without a snapshot is unknown, never absent', () => {
    expect(outcomeIn({ source: outbound.replace('deploy', 'unread') })).toBe('target-unreadable');
  });

  test('an unreadable default branch is refused on either side', () => {
    expect(target({ defaultBranch: null })).toBe('target-branch-unreadable');
    const source = aRepository('octo/app', outbound, { id: 1, defaultBranch: null });
    expect(planIn({ source })).toMatchObject({ outcome: 'source-refused', code: 'source-branch-unreadable' });
    const sourceWithRef = outbound.replace('cd.yml', 'cd.yml, ref: main');
    expect(
      outcomeIn({ source: sourceWithRef, target: aRepository('octo/deploy', inbound, { defaultBranch: null }) }),
    ).toBe('target-branch-unreadable');
  });

  test('a source that is not visible or did not respond is refused', () => {
    expect(planIn({ source: { state: 'absent' } })).toMatchObject({
      outcome: 'source-refused',
      code: 'source-not-visible',
    });
    expect(planIn({ source: { state: 'unknown', reason: '502' } })).toMatchObject({ outcome: 'config-unreadable' });
  });

  test('a missing, an invalid and an unread file have different codes, on both sides', () => {
    const unread = {
      'dispatching.yml': { state: 'unknown', reason: 'x' },
      '.github/dispatching.yml': { state: 'absent' },
    } as const;
    expect(target({}, null)).toBe('target-no-config');
    expect(target({}, 'inbound: 3')).toBe('target-config-invalid');
    expect(target({ files: unread })).toBe('target-unreadable');
    const source = (config: string | null, changes = {}) =>
      planIn({ source: aRepository('octo/app', config, { id: 1, ...changes }) });
    expect(source(null)).toMatchObject({ outcome: 'no-config' });
    expect(source('outbound: 3')).toMatchObject({ outcome: 'config-invalid', code: 'config-invalid' });
    expect(source(null, { files: unread })).toMatchObject({ outcome: 'config-unreadable' });
  });

  test('a file with the extension .yaml is not read and is named in the message, on both sides', () => {
    const misnamedFiles = ['.github/dispatching.yaml'];
    const decision = decisionIn({ target: aRepository('octo/deploy', null, { misnamedFiles }) });
    expect(decision).toMatchObject({
      code: 'target-no-config',
      message:
        'The repository of octo/deploy:cd.yml has no dispatching.yml (only .github/dispatching.yaml, which is never read) on its default branch.',
    });
    expect(decision.fix).toContain('Rename a dispatching.yaml');
    const plan = planIn({ source: aRepository('octo/app', null, { id: 1, misnamedFiles }) });
    expect(plan).toMatchObject({ outcome: 'no-config', code: 'no-config' });
    expect(plan.message).toContain('(only .github/dispatching.yaml, which is never read)');
    expect(planIn({ source: aRepository('octo/app', null, { id: 1 }) }).message).toBe(
      'The source of octo/app:ci.yml has no dispatching.yml on its default branch.',
    );
    expect(outcomeIn({ target: aRepository('octo/deploy', inbound, { misnamedFiles }) })).toBe('allow');
  });

  test('files at both paths are ambiguous, on both sides', () => {
    const files = {
      'dispatching.yml': aFile(`${outbound}${inbound}`),
      '.github/dispatching.yml': aFile(`${outbound}${inbound}`),
    };
    expect(target({ files })).toBe('target-config-ambiguous');
    expect(planIn({ source: aRepository('octo/app', null, { id: 1, files }) })).toMatchObject({
      outcome: 'config-invalid',
      code: 'config-ambiguous',
    });
  });

  test('a file in .github is used', () => {
    const files = { 'dispatching.yml': { state: 'absent' }, '.github/dispatching.yml': aFile(inbound) } as const;
    expect(decisionIn({ target: aRepository('octo/deploy', null, { files }) })).toMatchObject({
      effect: 'allow',
      targetFile: { repository: 'octo/deploy', sha: 'b'.repeat(40), path: '.github/dispatching.yml' },
    });
  });

  test('a public target still needs an inbound rule', () => {
    expect(target({ visibility: 'public' }, 'outbound: []')).toBe('inbound-no-match');
  });
});

describe('files that could hide a rule', () => {
  test('a duplicate key cannot hide a rule', () => {
    expect(outcomeIn({ target: `${inbound}inbound: []\n` })).toBe('target-config-invalid');
    expect(outcomeIn({ source: outbound.replace('workflow: cd.yml', 'workflow: cd.yml, repository: other') })).toBe(
      'config-invalid',
    );
  });

  test.each([
    ['an alias', 'x: &a [1]\ninbound: *a\n'],
    ['an anchor', inbound.replace('inbound:', 'inbound: &a')],
    ['a merge key', inbound.replace('workflow: ci.yml', '<<: { workflow: ci.yml }')],
    ['a tag', inbound.replace('workflow: ci.yml', 'workflow: !!str ci.yml')],
    ['another YAML version', `%YAML 1.1\n---\n${inbound}`],
    ['a second document', `${inbound}---\n${inbound}`],
    ['__proto__', `${inbound}__proto__: { inbound: [] }\n`],
    ['an unknown key', `${inbound}inbounds: []\n`],
  ])('%s is an error of the file', (_, target) => {
    expect(outcomeIn({ target })).toBe('target-config-invalid');
  });

  test('an empty condition list is an error, neither "any" nor "none"', () => {
    for (const key of ['branches', 'events', 'conclusions']) {
      expect(outcomeIn({ target: inbound.replace('ci.yml', `ci.yml, ${key}: []`) })).toBe('target-config-invalid');
    }
  });
});
