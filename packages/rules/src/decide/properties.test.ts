import { type Decision, type GuardRails, type HeadSnapshot, type Plan, targetLabel } from '@dispatcher/contracts';
import { readHead } from '@dispatcher/contracts/testing';
import { afterAll, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { decide } from './decide.ts';
import { aRepository, aRun, noGuardRails, root } from '../testing/run-scenario.ts';

/**
 * Generates small scenarios with few names, so that rules often match runs. Files are written as JSON, which is also
 * YAML. The share of scenarios that allow something is printed at the end.
 */
const pick = <Value>(...values: Value[]) => fc.constantFrom(...values);
const optional = { requiredKeys: [] };

const workflow = pick('ci.yml', 'ci.yml', 'ci.yml', 'ci.yml', 'evil-ci.yml');
const conditions = {
  branches: pick(['main'], ['**'], ['**'], ['main', 'release/*'], ['**', '!main']),
  events: pick(['push'], ['push', 'schedule'], ['push', 'issue_comment', 'pull_request'], ['push', 'release']),
  conclusions: pick(['success'], ['success', 'failure']),
};
const moreConditions = { tags: pick(['main'], ['**'], ['release/*']), attempts: pick([1], [1, 2], [2]) };
/** Generates the source of a rule; one in four has the conditions that most rules do without. */
function ruleSource<Fields extends object>(fields: { [Key in keyof Fields]: fc.Arbitrary<Fields[Key]> }) {
  const required = { requiredKeys: ['workflow', ...Object.keys(fields)] as never[] };
  const plain = fc.record({ ...fields, workflow, ...conditions }, required);
  const more = fc.record({ ...fields, workflow, ...conditions, ...moreConditions }, required);
  return fc.oneof({ weight: 3, arbitrary: plain }, { weight: 1, arbitrary: more }) as fc.Arbitrary<Fields & RuleSource>;
}
interface RuleSource {
  workflow: string;
  branches?: string[];
  tags?: string[];
  events?: string[];
  attempts?: number[];
}
/** Evaluates the patterns above without the code under test. */
const matchesName = (patterns: readonly string[], name: string) =>
  patterns.includes('!main') && name === 'main'
    ? false
    : patterns.some(
        (pattern) => pattern === '**' || pattern === name || (pattern === 'release/*' && name === 'release/1'),
      );
const target = pick('cd.yml', 'cd.yml', 'cd.yml', 'qa.yml');

const outboundTarget = fc.record(
  {
    repository: pick('deploy', 'deploy', 'octo/deploy', 'Octo/DEPLOY', 'other'),
    workflow: target,
    id: pick('a', 'b'),
    ref: pick('main', 'main', 'v1'),
    inputs: pick({}, {}, { sha: '${{ source.head_sha }}' }, { sha: 'x', env: 'y' }),
    enabled: pick(true, true, true, false),
  },
  { requiredKeys: ['repository', 'workflow'] },
);
const outboundRule = fc.record({
  source: ruleSource({}),
  targets: fc.array(outboundTarget, { minLength: 1, maxLength: 3 }),
});
const inboundTarget = fc.record(
  { workflow: target, refs: pick(['*'], ['v*'], ['live']), inputs: pick(['sha'], ['sha', 'env']) },
  { requiredKeys: ['workflow'] },
);
const inboundRule = fc.record({
  source: ruleSource({ repository: pick('app', 'app', 'octo/*', '*', 'mallory/app') }),
  targets: fc.array(inboundTarget, { minLength: 1, maxLength: 3 }),
});
const run = fc
  .record(
    {
      event: pick(...Array<string>(8).fill('push'), 'schedule', 'issue_comment', 'pull_request', 'release'),
      headBranch: pick('main', 'main', 'main', 'main', 'main', 'release/1', null),
      attempt: pick(1, 1, 1, 1, 2),
    },
    optional,
  )
  .map((changes) => aRun(changes));
const sha = 'a'.repeat(40);
const branch = (comparison: 'identical' | 'behind' | 'ahead' | 'diverged') =>
  ({ state: 'read', sha, comparison }) as const;
const absent = { state: 'absent' } as const;
const unknown = { state: 'unknown', reason: 'x' } as const;
const often = <Value>(usual: Value, ...others: Value[]) =>
  fc.oneof({ weight: 24, arbitrary: fc.constant(usual) }, { weight: others.length, arbitrary: pick(...others) });
const head = fc.record({
  branch: often<HeadSnapshot['branch']>(
    branch('behind'),
    branch('identical'),
    branch('ahead'),
    branch('diverged'),
    absent,
    unknown,
  ),
  tag: often<HeadSnapshot['tag']>(absent, { state: 'read', sha }, { state: 'read', sha: 'b'.repeat(40) }, unknown),
});
const scenario = fc.record({
  run,
  head,
  outbound: fc.array(outboundRule, { minLength: 2, maxLength: 5 }),
  inbound: fc.array(inboundRule, { minLength: 2, maxLength: 5 }),
});
type Scenario = typeof scenario extends fc.Arbitrary<infer Value> ? Value : never;

function planFor({ run, head, outbound, inbound }: Scenario, guardRails: Partial<GuardRails> = {}): Plan {
  return decide({
    run,
    lineage: root,
    source: aRepository('octo/app', JSON.stringify({ outbound }), { id: 1, heads: [readHead(run, head)] }),
    targets: {
      'octo/deploy': aRepository('octo/deploy', JSON.stringify({ inbound }), { refs: { v1: 'tag' } }),
      'octo/other': { state: 'absent' },
    },
    guardRails: { ...noGuardRails, maxTargetsPerRun: 1000, ...guardRails },
  });
}

const allowed = ({ decisions }: Plan): Decision[] => decisions.filter(({ effect }) => effect === 'allow');
const keyOf = ({ routeId, ref, inputs }: Decision) => JSON.stringify([routeId, ref, inputs]);

let generated = 0;
let allowing = 0;
const settings = { numRuns: 150 };

function recordPlan(plan: Plan): Plan {
  generated += 1;
  if (allowed(plan).length > 0) allowing += 1;
  return plan;
}

describe('for any pair of files', () => {
  test('every matched route has exactly one decision, and an allowed one satisfies every check', () => {
    fc.assert(
      fc.property(scenario, (scenario) => {
        const { decisions, outcome, code, unmatched } = recordPlan(planFor(scenario));
        const labels = decisions.map(({ rule }) => rule);
        expect(new Set(labels).size).toBe(labels.length);
        const written = scenario.outbound.flatMap(({ targets }, r) =>
          targets.map((_, t) => `outbound[${r}].targets[${t}]`),
        );
        const left = unmatched.map(({ rule }) => rule);
        const decidedOrLeft = written.filter((label) => {
          const isLeft = left.includes(label) || left.includes(label.split('.')[0] ?? '');
          return labels.includes(label) !== isLeft;
        });
        expect(decidedOrLeft).toEqual(written);
        expect(outcome).toBe(decisions.length > 0 ? 'planned' : 'no-match');
        expect(code).toBe(outcome);
        for (const { effect, checks, code: why } of decisions) {
          expect(effect === 'allow').toBe(checks.every(({ satisfied }) => satisfied));
          expect(why === 'allowed').toBe(effect === 'allow');
        }
      }),
      settings,
    );
  });

  test('at most one decision per route is allowed', () => {
    fc.assert(
      fc.property(scenario, (scenario) => {
        const routes = allowed(recordPlan(planFor(scenario))).map(({ routeId }) => routeId);
        expect(new Set(routes).size).toBe(routes.length);
      }),
      settings,
    );
  });

  test('no source file widens what the inbound rules accept', () => {
    // The widest possible source file requests everything. What is then allowed depends on the target alone.
    const everything = (names: string[], ref: string) => ({
      source: {
        workflow: 'ci.yml',
        branches: ['**'],
        tags: ['**'],
        events: ['push', 'schedule', 'issue_comment', 'pull_request', 'release'],
      },
      targets: ['cd.yml', 'qa.yml'].map((workflow) => ({
        repository: 'octo/deploy',
        workflow,
        id: `${names.length}-${ref}`,
        ref,
        inputs: Object.fromEntries(names.map((name) => [name, 'x'])),
      })),
    });
    const wide = ['main', 'v1'].flatMap((ref) => [[], ['sha'], ['sha', 'env']].map((names) => everything(names, ref)));
    fc.assert(
      fc.property(scenario, (scenario) => {
        const ceiling = new Set(
          allowed(planFor({ ...scenario, outbound: wide })).map(({ route, ref, inputs }) =>
            JSON.stringify([targetLabel(route.target).toLowerCase(), ref, Object.keys(inputs)]),
          ),
        );
        for (const { route, ref, inputs } of allowed(recordPlan(planFor(scenario)))) {
          if (scenario.run.workflow !== 'ci.yml') continue;
          expect(ceiling).toContain(
            JSON.stringify([targetLabel(route.target).toLowerCase(), ref, Object.keys(inputs)]),
          );
        }
      }),
      settings,
    );
  });

  test('what is allowed matches an inbound rule, evaluated independently', () => {
    fc.assert(
      fc.property(scenario, (scenario) => {
        for (const { route, ref, inputs } of allowed(recordPlan(planFor(scenario)))) {
          const consent = scenario.inbound.some(
            ({ source, targets }) =>
              source.workflow === scenario.run.workflow &&
              source.repository !== 'mallory/app' &&
              (source.events ?? ['push', 'schedule', 'release']).includes(scenario.run.run.event) &&
              targets.some(
                (target) =>
                  `octo/deploy:${target.workflow}` === targetLabel(route.target).toLowerCase() &&
                  (ref === 'main' || (target.refs !== undefined && !target.refs.includes('live'))) &&
                  Object.keys(inputs).every((name) => (target.inputs ?? ([] as string[])).includes(name)),
              ),
          );
          expect(consent).toBe(true);
        }
      }),
      settings,
    );
  });

  test('what is allowed belongs to a branch or tag that both sides accept, evaluated independently', () => {
    const accepts = (source: { branches?: string[]; tags?: string[] }, type: 'branch' | 'tag', name: string) =>
      type === 'tag'
        ? matchesName(source.tags ?? [], name)
        : matchesName(source.branches ?? (source.tags === undefined ? ['main'] : []), name);
    fc.assert(
      fc.property(scenario, (scenario) => {
        const plan = recordPlan(planFor(scenario));
        if (allowed(plan).length === 0) return;
        const { headBranch, event, attempt } = scenario.run.run;
        const { branch: branchOfRun, tag } = scenario.head;
        const contains = branchOfRun.state === 'read' && ['identical', 'behind'].includes(branchOfRun.comparison);
        const types = [
          ...(contains ? (['branch'] as const) : []),
          ...(tag.state === 'read' && tag.sha === sha ? (['tag'] as const) : []),
        ];
        expect(types.length).toBeGreaterThan(0);
        for (const rules of [scenario.outbound, scenario.inbound]) {
          const isAccepted = rules.some(
            ({ source }) =>
              types.every((type) => accepts(source, type, headBranch ?? '')) &&
              (source.attempts ?? [attempt]).includes(attempt),
          );
          expect(isAccepted).toBe(true);
        }
        if (event === 'release') expect(types).toEqual(['tag']);
        if (event === 'pull_request') expect([types, headBranch]).toEqual([['branch'], 'release/1']);
      }),
      settings,
    );
  });

  test('removing an inbound rule never allows more', () => {
    fc.assert(
      fc.property(scenario, fc.nat(), (scenario, index) => {
        const before = new Set(allowed(recordPlan(planFor(scenario))).map(keyOf));
        const inbound = scenario.inbound.filter((_, at) => at !== index % scenario.inbound.length);
        for (const decision of allowed(planFor({ ...scenario, inbound }))) expect(before).toContain(keyOf(decision));
      }),
      settings,
    );
  });

  test('the order of inbound rules changes nothing', () => {
    const facts = (plan: Plan) => plan.decisions.map(({ routeId, effect, code, ref }) => [routeId, effect, code, ref]);
    fc.assert(
      fc.property(scenario, (scenario) => {
        const reversed = planFor({ ...scenario, inbound: scenario.inbound.toReversed() });
        expect(facts(reversed)).toEqual(facts(recordPlan(planFor(scenario))));
      }),
      settings,
    );
  });

  test('the order of outbound rules changes only which duplicate is allowed', () => {
    const routes = (plan: Plan) =>
      plan.decisions
        .filter(({ code }) => code !== 'duplicate-route')
        .map(({ routeId }) => routeId)
        .sort();
    const single = (plan: Plan) => {
      const ids = plan.decisions.map(({ routeId }) => routeId);
      return plan.decisions
        .filter(({ routeId }) => ids.filter((id) => id === routeId).length === 1)
        .map((decision) => `${decision.code} ${keyOf(decision)}`)
        .sort();
    };
    fc.assert(
      fc.property(scenario, (scenario) => {
        const plan = recordPlan(planFor(scenario));
        const reversed = planFor({ ...scenario, outbound: scenario.outbound.toReversed() });
        expect(routes(reversed)).toEqual(routes(plan));
        expect(single(reversed)).toEqual(single(plan));
      }),
      settings,
    );
  });

  test('renaming target ids changes no effect', () => {
    fc.assert(
      fc.property(scenario, (scenario) => {
        const outbound = scenario.outbound.map((rule) => ({
          ...rule,
          targets: rule.targets.map((target) =>
            target.id === undefined ? target : { ...target, id: `new-${target.id}` },
          ),
        }));
        const effects = (plan: Plan) =>
          plan.decisions.map(({ effect, code, ref, inputs }) => [effect, code, ref, inputs]);
        const renamed = planFor({ ...scenario, outbound });
        expect(effects(renamed)).toEqual(effects(recordPlan(planFor(scenario))));
      }),
      settings,
    );
  });
});

afterAll(() => {
  const share = Math.round((100 * allowing) / generated);
  process.stdout.write(`properties: ${generated} scenarios, ${share} % of them allow something\n`);
  expect(share).toBeGreaterThanOrEqual(20);
});
