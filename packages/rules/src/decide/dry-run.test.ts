import { factsOfPlan, type GuardRails, type Plan, type RunCompleted } from '@dispatcher/contracts';
import { readHead } from '@dispatcher/contracts/testing';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { createCompileCache } from '../compile/compile-cache.ts';
import { requestOutcomeIn } from '../testing/request-scenario.ts';
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
import { isNarrowed, withdrawalsOf } from './confirm-decision.ts';
import { decide } from './decide.ts';
import { asSeenBySource } from './source-view.ts';
import { targetsToRead } from './targets-to-read.ts';

const dryOutbound = outbound.replace('cd.yml', 'cd.yml, enabled: dry-run');
const ruleWith = (enabled: string) => inbound.replace('    targets', `    enabled: ${enabled}\n    targets`);
const dryInbound = ruleWith('dry-run');
const dryRun: Partial<GuardRails> = { dryRun: true };

describe('a dry run', () => {
  test.each([
    ['of the outbound target', { source: dryOutbound }, ['outbound-not-dry-run'], 'the outbound rule'],
    ['of the inbound rule', { target: dryInbound }, ['inbound-not-dry-run'], 'the inbound rule'],
    ['of the whole system', { guardRails: dryRun }, ['not-dry-run'], 'DRY_RUN=true'],
    [
      'of everything',
      { source: dryOutbound, target: dryInbound, guardRails: dryRun },
      ['inbound-not-dry-run', 'not-dry-run', 'outbound-not-dry-run'],
      'DRY_RUN=true',
    ],
  ])('%s starts nothing, and says what would have been started', (_, scenario, names, reason) => {
    const decision = decisionIn(scenario);
    expect(decision).toMatchObject({ effect: 'deny', code: 'dry-run', responsible: 'nobody', ref: 'main' });
    expect(decision.message).toContain('octo/deploy:cd.yml would have been started');
    expect(decision.message).toContain(reason);
    const failed = decision.checks.filter(({ satisfied }) => !satisfied).map(({ name }) => name);
    expect(failed.toSorted()).toEqual(names);
    expect(planIn(scenario)).toMatchObject({ outcome: 'planned' });
  });

  test('has the inputs that the dispatch would have had', () => {
    const source = outbound.replace('cd.yml', "cd.yml, enabled: dry-run, inputs: { sha: '${{ source.head_sha }}' }");
    const target = inbound.replace('cd.yml', 'cd.yml, inputs: [sha]');
    expect(decisionIn({ source, target }).inputs).toEqual({ sha: 'a'.repeat(40) });
  });

  test.each([
    ['the target does not consent', { target: 'inbound: []' }, 'inbound-no-match'],
    ['the target does not exist', { target: { state: 'absent' as const } }, 'target-not-visible'],
    [
      'the workflow is missing',
      { target: aRepository('octo/deploy', inbound, { workflows: { 'cd.yml': { state: 'absent' } } }) },
      'workflow-missing',
    ],
  ])('is refused like every other dispatch if %s', (_, scenario, code) => {
    expect(outcomeIn({ source: dryOutbound, ...scenario })).toBe(code);
    expect(outcomeIn({ guardRails: dryRun, ...scenario })).toBe(code);
  });

  test('is counted in the fact of the plan', () => {
    const [planned] = factsOfPlan(planIn({ source: dryOutbound }), '2026-01-31T12:00:00.000Z');
    expect(planned.data).toMatchObject({ allowed: 0, denied: 1, dryRun: 1 });
    const [started] = factsOfPlan(planIn(), '2026-01-31T12:00:00.000Z');
    expect(started.data).not.toHaveProperty('dryRun');
  });

  test('of a request by key starts nothing', () => {
    expect(requestOutcomeIn({ guardRails: dryRun })).toBe('dry-run');
  });

  test('takes no route from a target that starts, whatever their order', () => {
    const both = `${dryOutbound}      - { repository: deploy, workflow: cd.yml }\n`;
    expect(planIn({ source: both }).decisions.map(({ code }) => code)).toEqual(['allowed', 'duplicate-route']);
  });

  test('takes no place among the targets of the run from one that starts, and has its own limit', () => {
    const target = (id: string, enabled: string) =>
      `      - { repository: deploy, workflow: cd.yml, id: ${id}, enabled: ${enabled} }\n`;
    const source = `outbound:\n  - source: { workflow: ci.yml }\n    targets:\n${target('a', 'dry-run')}${target('b', 'dry-run')}${target('c', 'true')}`;
    const { decisions } = planIn({ source, guardRails: { maxTargetsPerRun: 2 } });
    expect(decisions.map(({ rule, code }) => [rule, code])).toEqual([
      ['outbound[0].targets[2]', 'allowed'],
      ['outbound[0].targets[0]', 'dry-run'],
      ['outbound[0].targets[1]', 'too-many-targets'],
    ]);
  });

  test('reads its target, like every other dispatch', () => {
    const run = aRun();
    const source = aRepository('octo/app', dryOutbound, { id: 1, heads: [readHead(run)] });
    expect(targetsToRead(run, source, { ...noGuardRails, ...dryRun })).toMatchObject([
      { owner: 'octo', name: 'deploy' },
    ]);
  });

  test('of an inbound rule gives way to a rule that starts', () => {
    const both = `${dryInbound}${inbound.split('\n').slice(1).join('\n')}`;
    expect(outcomeIn({ target: both })).toBe('allow');
    const reversed = `${inbound}${dryInbound.split('\n').slice(1).join('\n')}`;
    expect(outcomeIn({ target: reversed })).toBe('allow');
  });

  test('of the inbound rule is shown to the source that the rule names', () => {
    expect(asSeenBySource(decisionIn({ target: dryInbound }))).toMatchObject({ code: 'dry-run' });
  });

  test('of the inbound rule withdraws consent from decisions that wait, and one of the source does not', () => {
    expect(withdrawalsOf(planIn({ target: dryInbound }))).toHaveLength(1);
    expect(withdrawalsOf(planIn({ source: dryOutbound }))).toEqual([]);
  });

  test('of the whole system stops an allowed decision that waits', () => {
    const [, decided] = factsOfPlan(planIn(), '2026-01-31T12:00:00.000Z');
    if (decided === undefined) throw new Error('No decision.');
    expect(isNarrowed(decided.data, noGuardRails)).toBe(false);
    expect(isNarrowed(decided.data, { ...noGuardRails, ...dryRun })).toBe(true);
  });
});

describe('an inbound rule that is disabled', () => {
  test('allows nothing, and its owner sees why', () => {
    expect(decisionIn({ target: ruleWith('false') })).toMatchObject({
      code: 'inbound-disabled',
      responsible: 'target',
      closest: { rule: 'inbound[0].targets[0]' },
    });
  });

  test('does not restrict another rule', () => {
    expect(outcomeIn({ target: `${ruleWith('false')}${inbound.split('\n').slice(1).join('\n')}` })).toBe('allow');
  });

  test('tells a source nothing that it would not see of a repository that does not exist', () => {
    const absent = asSeenBySource(decisionIn({ target: { state: 'absent' } }));
    expect(asSeenBySource(decisionIn({ target: ruleWith('false') }))).toEqual(absent);
  });
});

// Few names, so that most runs match, and most targets consent.
const pick = <Value>(...values: Value[]) => fc.constantFrom(...values);
const targets = fc.array(
  fc.record({ repository: pick('deploy', 'docs', 'gone'), workflow: pick('cd.yml', 'qa.yml'), id: pick('a', 'b') }),
  { minLength: 1, maxLength: 4 },
);
const rules = fc.array(
  fc.record({
    source: fc.record({ workflow: pick('ci.yml', 'ci.yml', 'build.yml'), branches: pick(['main'], ['**']) }),
    targets,
  }),
  { minLength: 1, maxLength: 3 },
);
const consents = fc.array(
  fc.record({
    source: fc.record({
      repository: pick('app', 'app', 'app', 'other'),
      workflow: pick('ci.yml', 'ci.yml', 'ci.yml', 'build.yml'),
    }),
    targets: fc.constant([{ workflow: 'cd.yml' }, { workflow: 'qa.yml' }]),
  }),
  { minLength: 1, maxLength: 3 },
);
const runs = fc.array(
  fc.record({
    event: pick('push', 'push', 'push', 'push', 'schedule', 'pull_request'),
    headBranch: pick('main', 'main', 'main', 'main', 'main', 'feature'),
    conclusion: pick('success', 'success', 'success', 'success', 'success', 'failure'),
    workflow: pick('ci.yml', 'ci.yml', 'ci.yml', 'build.yml'),
  }),
  { minLength: 20, maxLength: 20 },
);
const files = fc.record({ rules, deploy: consents, docs: consents });
type Files = typeof files extends fc.Arbitrary<infer Value> ? Value : never;
type Mode = 'enabled' | 'outbound' | 'inbound' | 'system';

function planner({ rules: outboundRules, deploy, docs }: Files, mode: Mode): (run: RunCompleted) => Plan {
  const cache = createCompileCache();
  const dry = <Rule extends object>(rule: Rule) => ({ ...rule, enabled: 'dry-run' });
  const outboundOf = outboundRules.map((rule) => ({
    ...rule,
    targets: mode === 'outbound' ? rule.targets.map(dry) : rule.targets,
  }));
  const file = (all: Files['deploy']) => aFile(JSON.stringify({ inbound: mode === 'inbound' ? all.map(dry) : all }));
  const repository = (name: string, all: Files['deploy'], id: number) =>
    aRepository(name, null, {
      id,
      files: { 'dispatching.yml': file(all), '.github/dispatching.yml': { state: 'absent' } },
    });
  const targetsOf = {
    'octo/deploy': repository('octo/deploy', deploy, 2),
    'octo/docs': repository('octo/docs', docs, 3),
    'octo/gone': { state: 'absent' } as const,
  };
  const source = aRepository('octo/app', JSON.stringify({ outbound: outboundOf }), { id: 1 });
  return (run) =>
    decide({
      run,
      lineage: root,
      source: { ...source, heads: [readHead(run)] },
      targets: targetsOf,
      guardRails: { ...noGuardRails, dryRun: mode === 'system' },
      cache,
    });
}

const summary = ({ decisions }: Plan, started: (decision: Plan['decisions'][number]) => boolean) =>
  decisions
    .filter(started)
    .map(({ routeId, dispatchId, ref, inputs }) => ({ routeId, dispatchId, ref, inputs }))
    .toSorted((one, other) => (one.routeId < other.routeId ? -1 : 1));

test('10,000 runs of which everything is a dry run start nothing and record what would have been started', () => {
  let [generated, starting] = [0, 0];
  fc.assert(
    fc.property(files, runs, pick<Mode>('outbound', 'inbound', 'system'), (some, changes, mode) => {
      const [enabled, dry] = [planner(some, 'enabled'), planner(some, mode)];
      for (const { workflow, ...change } of changes) {
        const run = aRun(change, { workflow });
        const would = summary(enabled(run), ({ effect }) => effect === 'allow');
        const plan = dry(run);
        expect(plan.decisions.filter(({ effect }) => effect === 'allow')).toEqual([]);
        expect(summary(plan, ({ code }) => code === 'dry-run')).toEqual(would);
        const [planned, ...decided] = factsOfPlan(plan, '2026-01-31T12:00:00.000Z');
        expect([planned.data.allowed, planned.data.dryRun ?? 0]).toEqual([0, would.length]);
        expect(decided.every(({ data }) => data.decision.effect === 'deny')).toBe(true);
        generated += 1;
        starting += would.length > 0 ? 1 : 0;
      }
    }),
    { numRuns: 500 },
  );
  process.stdout.write(`dry run: ${generated} runs, of which ${starting} would have started something\n`);
  expect(generated).toBeGreaterThanOrEqual(10_000);
  expect(starting).toBeGreaterThan(1_000);
});
