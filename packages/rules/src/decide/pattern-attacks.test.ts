import {
  type Candidates,
  type Decision,
  type GuardRails,
  type Plan,
  type RepositorySnapshot,
  targetLabel,
  type TargetSnapshots,
} from '@dispatcher/contracts';
import { readHead } from '@dispatcher/contracts/testing';
import { afterAll, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { compileFile } from '../compile/compile-file.ts';
import { aRepository, aRun, noGuardRails, planIn, root, type RunScenario } from '../testing/run-scenario.ts';
import { confirmDecision, isNarrowed, type PlannedRoute, withdrawalsOf } from './confirm-decision.ts';
import { decide } from './decide.ts';
import { needsCandidates, targetsToRead } from './targets-to-read.ts';

const rule = (target: string, more = '') =>
  `outbound: [{ source: { workflow: ci.yml }, targets: [{ repository: '${target}', workflow: cd.yml${more} }] }]\n`;
const accepts = 'inbound: [{ source: { repository: app, workflow: ci.yml }, targets: [{ workflow: cd.yml }] }]\n';
const allowPatterns: Partial<GuardRails> = { allowPatterns: true };

/** Lists repositories as the index does, with the ids 101, 102, and so on. */
function candidatesOf(names: readonly string[], workflows: readonly string[] = ['cd.yml']): Candidates {
  return {
    listedAt: '2026-01-31T11:58:00.000Z',
    isComplete: true,
    repositories: names.map((name, index) => ({ repositoryId: 101 + index, name, workflows: [...workflows] })),
  };
}

/** Returns the snapshots of these repositories with these files, and the same ids. */
function snapshotsOf(files: Readonly<Record<string, string | null>>): TargetSnapshots {
  return Object.fromEntries(
    Object.entries(files).map(([name, file], index): [string, RepositorySnapshot] => [
      `octo/${name.toLowerCase()}`,
      aRepository(`octo/${name}`, file, { id: 101 + index }),
    ]),
  );
}

/** Plans a run of a source whose rule has a pattern; each candidate has a file. */
function planFor(files: Readonly<Record<string, string | null>>, scenario: RunScenario = {}): Plan {
  return planIn({
    source: rule('service-*'),
    guardRails: allowPatterns,
    candidates: candidatesOf(Object.keys(files)),
    targets: snapshotsOf(files),
    ...scenario,
  });
}

const outcomes = ({ decisions }: Plan): string[] =>
  decisions.map(({ route, code }) => `${targetLabel(route.target)} ${code}`);

describe('a pattern in the place of a target', () => {
  test('starts the candidates that match it and allow the source, by id, and records how many there were', () => {
    const plan = planFor({ 'service-b': accepts, 'service-a': accepts, website: accepts });
    expect(outcomes(plan)).toEqual(['octo/service-b:cd.yml allowed', 'octo/service-a:cd.yml allowed']);
    expect(plan.candidates).toEqual({ count: 2, listedAt: '2026-01-31T11:58:00.000Z', isComplete: true });
    expect(plan.decisions.map(({ pattern, rule }) => [pattern, rule])).toEqual([
      ['service-*', 'outbound[0].targets[0]'],
      ['service-*', 'outbound[0].targets[0]'],
    ]);
  });

  test('compares names without case, and `*` means every repository of the owner', () => {
    expect(outcomes(planFor({ 'Service-A': accepts }))).toEqual(['octo/Service-A:cd.yml allowed']);
    const plan = planFor({ website: accepts, 'service-a': accepts }, { source: rule('*') });
    expect(outcomes(plan)).toEqual(['octo/website:cd.yml allowed', 'octo/service-a:cd.yml allowed']);
  });

  test('is decided by the file of the candidate as it is now, whatever the index says', () => {
    const other = accepts.replace('repository: app', 'repository: other');
    const plan = planFor({ 'service-a': other, 'service-b': null, 'service-c': accepts.replace('cd.yml', 'qa.yml') });
    expect(outcomes(plan)).toEqual([
      'octo/service-a:cd.yml inbound-no-match',
      'octo/service-b:cd.yml target-no-config',
      'octo/service-c:cd.yml inbound-no-match',
    ]);
    expect(withdrawalsOf(plan)).toHaveLength(3);
  });

  test('refuses another repository that has the name of a candidate', () => {
    const targets = { 'octo/service-a': aRepository('octo/service-a', accepts, { id: 999 }) };
    expect(outcomes(planFor({ 'service-a': accepts }, { targets }))).toEqual(['octo/service-a:cd.yml target-replaced']);
  });

  test('means no repository that the index lists for another workflow only, and none that it does not list', () => {
    const files = { 'service-a': accepts };
    const listed = planFor(files, { candidates: candidatesOf(['service-a'], ['qa.yml']) });
    const missing = planFor(files, { candidates: undefined });
    for (const plan of [listed, missing]) {
      expect(plan).toMatchObject({ outcome: 'no-match', decisions: [], candidates: { count: 0 } });
      expect(plan.unmatched).toMatchObject([
        { rule: 'outbound[0].targets[0]', checks: [{ name: 'pattern-candidate', satisfied: false }] },
      ]);
    }
    expect(missing.candidates?.listedAt).toBeNull();
  });

  test('reads the targets that it decides, and no others', () => {
    const source = aRepository('octo/app', rule('service-*'), { id: 1, heads: [readHead(aRun())] });
    const rails = { ...noGuardRails, ...allowPatterns, maxTargetsPerRun: 2 };
    const candidates = candidatesOf(['service-a', 'website', 'service-b', 'service-c']);
    const requests = targetsToRead(aRun(), source, rails, undefined, root, undefined, candidates);
    expect(requests.map(({ name }) => name)).toEqual(['service-a', 'service-b']);
  });
});

describe('a pattern beside names', () => {
  const beside = (named: string) =>
    `outbound:\n  - source: { workflow: ci.yml }\n    targets: [{ repository: '*', workflow: cd.yml }, ${named}]\n`;
  const files = { 'service-a': accepts, 'service-b': accepts };

  test('leaves a target that is named to its own rule', () => {
    const plan = planFor(files, { source: beside('{ repository: octo/Service-B, workflow: cd.yml, ref: main }') });
    expect(plan.decisions.map(({ rule, pattern, code }) => [rule, pattern, code])).toEqual([
      ['outbound[0].targets[1]', undefined, 'allowed'],
      ['outbound[0].targets[0]', '*', 'allowed'],
    ]);
  });

  test('leaves out a target that is named and disabled', () => {
    const plan = planFor(files, { source: beside('{ repository: service-a, workflow: cd.yml, enabled: false }') });
    expect(outcomes(plan)).toEqual(['octo/service-b:cd.yml allowed']);
  });

  test('means a target once, by the first of two patterns', () => {
    const plan = planFor(files, { source: beside("{ repository: 'service-*', workflow: cd.yml }") });
    expect(plan.decisions.map(({ pattern }) => pattern)).toEqual(['*', '*']);
  });
});

describe('ALLOW_PATTERNS', () => {
  test('unset, a pattern means nothing, says so, and needs no index', () => {
    const plan = planFor({}, { guardRails: {} });
    expect(plan).toMatchObject({ outcome: 'no-match', decisions: [] });
    expect(plan.unmatched).toMatchObject([{ checks: [{ name: 'patterns-allowed', actual: 'not set' }] }]);
    const source = aRepository('octo/app', rule('service-*'), { id: 1, heads: [readHead(aRun())] });
    expect(needsCandidates(aRun(), source, noGuardRails)).toBe(false);
    expect(needsCandidates(aRun(), source, { ...noGuardRails, ...allowPatterns })).toBe(true);
  });

  test('unset, candidates that are given nevertheless are refused', () => {
    expect(outcomes(planFor({ 'service-a': accepts }, { guardRails: {} }))).toEqual([
      'octo/service-a:cd.yml patterns-off',
    ]);
  });

  test.each([
    ['a file without patterns', rule('deploy'), aRun()],
    ['a pattern of another workflow', rule('*').replace('ci.yml', 'qa.yml'), aRun()],
    ['a run on a branch that the rule does not accept', rule('*'), aRun({ headBranch: 'feature' })],
    ['a pattern that is disabled', rule('*', ', enabled: false'), aRun()],
  ])('%s needs no index', (_, file, run) => {
    const source = aRepository('octo/app', file, { id: 1, heads: [readHead(run)] });
    expect(needsCandidates(run, source, { ...noGuardRails, ...allowPatterns })).toBe(false);
  });
});

describe('a public candidate', () => {
  const targets = { 'octo/service-a': aRepository('octo/service-a', accepts, { id: 101, visibility: 'public' }) };
  const planOf = (file: string, visibility: 'public' | 'private' | 'internal') =>
    planFor({ 'service-a': accepts }, { source: aRepository('octo/app', file, { id: 1, visibility }), targets });

  test.each(['private', 'internal'] as const)('of a source that is %s is refused, unless the rule says so', (own) => {
    expect(outcomes(planOf(rule('*'), own))).toEqual(['octo/service-a:cd.yml public-target']);
    expect(outcomes(planOf(rule('*', ', public: false'), own))).toEqual(['octo/service-a:cd.yml public-target']);
    expect(outcomes(planOf(rule('*', ', public: true'), own))).toEqual(['octo/service-a:cd.yml allowed']);
  });

  test('of a public source is started, and so is a public target that the rule names', () => {
    expect(outcomes(planOf(rule('*'), 'public'))).toEqual(['octo/service-a:cd.yml allowed']);
    expect(outcomes(planOf(rule('service-a'), 'private'))).toEqual(['octo/service-a:cd.yml allowed']);
  });
});

describe('1,000 candidates', () => {
  const names = Array.from({ length: 1_000 }, (_, n) => `service-${String(n).padStart(4, '0')}`);
  const candidates = candidatesOf(names);
  const source = aRepository('octo/app', rule('service-*'), { id: 1, heads: [readHead(aRun())] });
  const guardRails = { ...noGuardRails, ...allowPatterns };
  const requests = targetsToRead(aRun(), source, guardRails, undefined, root, undefined, candidates);
  const read = (leaves: string | null = null): TargetSnapshots =>
    Object.fromEntries(
      requests.map(({ owner, name }) => [
        `${owner}/${name}`,
        aRepository(`${owner}/${name}`, name === leaves ? null : accepts, { id: 101 + names.indexOf(name) }),
      ]),
    );
  const planOf = (targets: TargetSnapshots) =>
    decide({ run: aRun(), lineage: root, source, targets, guardRails, candidates });

  test('are read and started up to the limit, in the order of their ids; the rest are too many', () => {
    expect(requests.map(({ name }) => name)).toEqual(names.slice(0, 25));
    const { decisions } = planOf(read());
    expect(decisions).toHaveLength(1_000);
    const codes = Map.groupBy(decisions, ({ code }) => code);
    expect(codes.get('allowed')?.map(({ route }) => route.target.repository)).toEqual(
      names.slice(0, 25).map((name) => `octo/${name}`),
    );
    expect(codes.get('too-many-targets')).toHaveLength(975);
  });

  test('one that has left since is refused, and starts nothing in its place', () => {
    const codes = planOf(read('service-0003'))
      .decisions.slice(0, 26)
      .map(({ code }) => code);
    expect(codes.filter((code) => code === 'allowed')).toHaveLength(24);
    expect([codes[3], codes[25]]).toEqual(['target-no-config', 'too-many-targets']);
  });

  test('cost not much more than as many targets that are named', () => {
    const named = aRepository(
      'octo/app',
      `outbound: [{ source: { workflow: ci.yml }, targets: [${names.map((name) => `{ repository: ${name}, workflow: cd.yml }`).join(', ')}] }]`,
      { id: 1, heads: [readHead(aRun())] },
    );
    const checksOf = ({ decisions }: Plan) => decisions.reduce((sum, { checks }) => sum + checks.length, 0);
    const targets = read();
    const byPattern = checksOf(planOf(targets));
    const byName = checksOf(decide({ run: aRun(), lineage: root, source: named, targets, guardRails }));
    expect(byPattern / byName).toBeLessThan(1.1);
  });
});

describe('a decision by a pattern that waited', () => {
  const files = { 'service-a': accepts };
  const plan = planFor(files);
  const planned = (decision: Decision): PlannedRoute => {
    const { trigger, lineage, revision } = plan;
    return { trigger, lineage, revision, index: 0, decision };
  };
  const [decision] = plan.decisions;
  if (decision === undefined) throw new Error('Nothing was decided.');
  const confirm = (change: {
    source?: string;
    target?: string | null;
    guardRails?: Partial<GuardRails>;
    id?: number;
  }) => {
    const { target = accepts, id = 101 } = change;
    const { withdrawal } = confirmDecision({
      planned: planned(decision),
      source: aRepository('octo/app', change.source ?? rule('service-*'), { id: 1, heads: [readHead(aRun())] }),
      targets: { 'octo/service-a': aRepository('octo/service-a', target, { id }) },
      guardRails: { ...noGuardRails, ...allowPatterns, ...change.guardRails },
    });
    return withdrawal?.code ?? 'confirmed';
  };

  test('is confirmed without the index, also if the file names the target now', () => {
    expect(confirm({})).toBe('confirmed');
    expect(confirm({ source: rule('service-a') })).toBe('confirmed');
  });

  test.each([
    ['the target left', { target: null }, 'target-no-config'],
    ['another repository has its name', { id: 999 }, 'target-replaced'],
    ['the pattern means others now', { source: rule('web-*') }, 'no-match'],
    ['the operator allows no patterns', { guardRails: { allowPatterns: false } }, 'patterns-off'],
  ])('is refused if %s', (_, change, code) => {
    expect(confirm(change)).toBe(code);
  });

  test('must be confirmed once the operator allows no patterns', () => {
    expect(isNarrowed(planned(decision), { ...noGuardRails, ...allowPatterns })).toBe(false);
    expect(isNarrowed(planned(decision), noGuardRails)).toBe(true);
  });
});

describe('for any files', () => {
  const pick = <Value>(...values: Value[]) => fc.constantFrom(...values);
  const optional = { requiredKeys: [] };
  const more = fc.record(
    {
      ref: pick('main', 'v1'),
      id: pick('a', 'b'),
      inputs: pick({}, {}, { sha: 'x' }, { env: 'y' }),
      public: pick(true, false),
    },
    optional,
  );
  const conditions = fc.record(
    { branches: pick(['main'], ['**'], ['**'], ['release/*']), attempts: pick([1], [1, 2], [2]) },
    optional,
  );
  const outbound = fc.array(
    fc.record({
      source: conditions.map((each) => ({ workflow: 'ci.yml', ...each })),
      targets: fc.array(
        fc
          .tuple(pick('*', 'service-*', 'service-a', '*-b'), pick('cd.yml', 'qa.yml'), more)
          .map(([repository, workflow, { public: isPublic, ...rest }]) => ({
            repository,
            workflow,
            ...rest,
            ...(repository.includes('*') && isPublic !== undefined ? { public: isPublic } : {}),
          })),
        { minLength: 1, maxLength: 3 },
      ),
    }),
    { minLength: 1, maxLength: 3 },
  );
  const inbound = fc.array(
    fc.record({
      source: fc
        .tuple(pick('app', 'app', '*', 'octo/*', 'other'), conditions)
        .map(([repository, each]) => ({ repository, workflow: 'ci.yml', ...each })),
      targets: fc.array(
        fc.record({ workflow: pick('cd.yml', 'qa.yml'), refs: pick(['v*'], []), inputs: pick(['sha'], []) }),
        { minLength: 1, maxLength: 2 },
      ),
    }),
    { minLength: 1, maxLength: 3 },
  );
  const visibility = pick('public' as const, 'private' as const);
  const target = fc.record({ inbound, visibility });
  const scenario = fc.record({
    outbound,
    own: visibility,
    targets: fc.record({ 'service-a': target, 'service-b': target, website: target }),
    listed: fc.subarray(['service-a', 'service-b', 'website']),
  });
  let [generated, allowing] = [0, 0];

  test('a pattern never starts what a rule with that target would not', () => {
    fc.assert(
      fc.property(scenario, ({ outbound, own, targets, listed }) => {
        const snapshots = Object.fromEntries(
          Object.entries(targets).map(([name, { inbound, visibility }], index) => [
            `octo/${name}`,
            aRepository(`octo/${name}`, JSON.stringify({ inbound }), {
              id: 101 + index,
              visibility,
              refs: { v1: 'tag' },
            }),
          ]),
        );
        const ids = Object.keys(targets);
        const candidates: Candidates = {
          listedAt: null,
          isComplete: true,
          repositories: listed.map((name) => ({
            repositoryId: 101 + ids.indexOf(name),
            name,
            workflows: ['cd.yml', 'qa.yml'],
          })),
        };
        const decideWith = (rules: readonly unknown[]): Plan =>
          decide({
            run: aRun(),
            lineage: root,
            source: aRepository('octo/app', JSON.stringify({ outbound: rules }), {
              id: 1,
              visibility: own,
              heads: [readHead(aRun())],
            }),
            targets: snapshots,
            guardRails: { ...noGuardRails, ...allowPatterns },
            candidates,
          });
        const key = ({ dispatchId, ref, inputs }: Decision) => JSON.stringify([dispatchId, ref, inputs]);
        const allowed = ({ decisions }: Plan) => decisions.filter(({ effect }) => effect === 'allow');
        const byPattern = allowed(decideWith(outbound)).filter(({ pattern }) => pattern !== undefined);
        generated += 1;
        allowing += byPattern.length > 0 ? 1 : 0;
        for (const decision of byPattern) {
          const [, rule = '', at = ''] = /^outbound\[(\d+)\]\.targets\[(\d+)\]$/.exec(decision.rule) ?? [];
          const { source, targets: written } = outbound[Number(rule)] ?? { source: {}, targets: [] };
          const { public: _, ...named } = { public: true, ...written[Number(at)] };
          const plain = { source, targets: [{ ...named, repository: decision.route.target.repository }] };
          expect(allowed(decideWith([plain])).map(key)).toEqual([key(decision)]);
          expect(listed).toContain(decision.route.target.repository.slice('octo/'.length));
        }
      }),
      { numRuns: 100 },
    );
  });

  afterAll(() => {
    // A property about what is allowed says little if nothing is. A sixth of the scenarios allow something; that fewer than
    // three of 100 do happens by chance about twice in a million runs.
    expect(allowing / generated).toBeGreaterThan(0.02);
  });
});

describe('the dispatching.yml', () => {
  const problems = (text: string): string[] => {
    const compiled = compileFile(text);
    return compiled.ok ? [] : compiled.errors.map(({ message, fix }) => `${message}: ${fix}`);
  };
  const named = 'name the repository, in a target of its own';

  test('accepts patterns of bare names', () => {
    for (const pattern of ['*', 'service-*', '*-api', 'a*b*c'])
      expect(problems(rule(pattern, ', public: true'))).toEqual([]);
  });

  test.each([
    ['a pattern with an owner', rule('octo/service-*'), [/contains an owner: remove the owner/]],
    ['a pattern as owner', rule('*/service'), [/contains an owner/]],
    ['`***`', rule('***'), [/`\*\*\*` is not supported/]],
    [
      'a repository id',
      rule('*', ', repository-id: 5'),
      [`\`repository-id\` cannot be combined with a pattern: ${named}`],
    ],
    ['a check', rule('*', ', check: deploy'), [`\`check\` cannot be combined with a pattern: ${named}`]],
    ['`public` beside a name', rule('deploy', ', public: true'), [/`public` belongs to a pattern/]],
    [
      'a job',
      rule('*').replace('workflow: ci.yml', 'job: ci.yml'),
      [`\`job\` cannot be combined with a pattern: ${named}`],
    ],
    [
      '21 patterns',
      `outbound:\n${Array.from({ length: 21 }, (_, n) => `  - source: { workflow: ci.yml }\n    targets: [{ repository: 'a${n}*', workflow: cd.yml }]\n`).join('')}`,
      [/21 targets with a pattern: use at most 20/],
    ],
  ])('refuses %s', (_, text, expected) => {
    const found = problems(text);
    expect(found).toHaveLength(expected.length);
    for (const [index, text] of expected.entries()) expect(found[index]).toMatch(text);
  });
});
