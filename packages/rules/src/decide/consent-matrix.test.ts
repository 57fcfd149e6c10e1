import { type Plan, requesterKinds, type TriggerKind, triggerKinds } from '@dispatcher/contracts';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { requestPlanIn } from '../testing/request-scenario.ts';
import { aJob, aRun, planIn } from '../testing/run-scenario.ts';

// One name is used for everything that has one, so that only the kind tells two triggers apart.
const workflow = 'nightly.yml';
const name = 'nightly';
const target = 'inbound-target';

/** Returns the source of an inbound rule that names the trigger of a kind, in one of its spellings. */
const sourceOf: Readonly<Record<TriggerKind, fc.Arbitrary<Readonly<Record<string, unknown>>>>> = {
  run: conditionsWith('workflow', { conclusions: fc.constant(['success', 'failure']) }),
  job: conditionsWith('job', { environments: fc.constant(['production']) }),
  ...(Object.fromEntries(requesterKinds.map((kind) => [kind, fc.constant({ [kind]: name })])) as Record<
    (typeof requesterKinds)[number],
    fc.Arbitrary<Readonly<Record<string, unknown>>>
  >),
};

function conditionsWith(key: string, more: Readonly<Record<string, fc.Arbitrary<readonly string[]>>>) {
  return fc.record(
    {
      repository: fc.constantFrom('app', 'octo/app', 'octo/*', '*'),
      [key]: fc.constantFrom(workflow, `.github/workflows/${workflow}`),
      branches: fc.constantFrom(['main'], ['**']),
      events: fc.constantFrom(['push'], ['push', 'schedule']),
      attempts: fc.constant([1]),
      ...more,
    },
    { requiredKeys: ['repository', key] },
  ) as fc.Arbitrary<Readonly<Record<string, unknown>>>;
}

/** Plans a trigger of a kind that its own side allows, for a target with these inbound rules, or this file. */
function planOf(kind: TriggerKind, inbound: readonly unknown[] | string): Plan {
  const file = typeof inbound === 'string' ? inbound : JSON.stringify({ inbound });
  if (kind !== 'run' && kind !== 'job') return requestPlanIn({ kind, target: file });
  const key = kind === 'run' ? 'workflow' : 'job';
  const targets = [{ repository: 'deploy', workflow: 'cd.yml' }];
  const job = { checkRunId: '9001', environment: 'production' };
  return planIn({
    run: kind === 'run' ? aRun({}, { workflow }) : aJob({}, { workflow, job }),
    source: JSON.stringify({ outbound: [{ source: { [key]: workflow }, targets }] }),
    target: file,
  });
}

const effectsOf = ({ decisions }: Plan) => decisions.map(({ effect }) => effect);
const ruleFor = (source: unknown) => ({ source, targets: [{ workflow: 'cd.yml' }] });

describe.each(triggerKinds.map((kind) => [kind]))('a trigger of the kind %s', (kind) => {
  test('is denied by a target without rules', () => {
    const { decisions } = planOf(kind, []);
    expect(decisions).toMatchObject([{ effect: 'deny', code: 'inbound-no-match' }]);
  });

  test.each(['', '# nothing yet\n', '{}', 'outbound: []'])('is denied by a target with the file %j', (file) => {
    expect(effectsOf(planOf(kind, file))).toEqual(['deny']);
  });

  test('is allowed by every rule that names it', () => {
    fc.assert(
      fc.property(sourceOf[kind], (source) => {
        expect(effectsOf(planOf(kind, [ruleFor(source)]))).toEqual(['allow']);
      }),
    );
  });

  test.each(triggerKinds.filter((other) => other !== kind).map((other) => [other]))(
    'is denied by every rule that names the same name as %s',
    (other) => {
      fc.assert(
        fc.property(fc.array(sourceOf[other], { minLength: 1, maxLength: 3 }), (sources) => {
          const { decisions } = planOf(kind, sources.map(ruleFor));
          expect(decisions).toMatchObject([{ effect: 'deny', code: 'inbound-no-match' }]);
          // It fails in what names the source, so that a private target stays unknown to it.
          const failed = decisions[0]?.closest?.checks.map((check) => check.name) ?? [];
          expect(failed).not.toContain(target);
          expect(failed).toHaveLength(1);
        }),
      );
    },
  );

  test('is denied by rules for all other kinds together', () => {
    const others = triggerKinds.filter((other) => other !== kind).map((other) => sourceOf[other]);
    fc.assert(
      fc.property(fc.tuple(...others), (sources) => {
        expect(effectsOf(planOf(kind, sources.map(ruleFor)))).toEqual(['deny']);
      }),
    );
  });
});

describe('an inbound rule that demands several workflows', () => {
  const needs = ['nightly.yml', 'security.yml'];

  test.each(triggerKinds.map((kind) => [kind]))('admits no trigger of the kind %s alone', (kind) => {
    fc.assert(
      fc.property(
        fc.constantFrom('app', 'octo/app', 'octo/*', '*'),
        fc.constantFrom(needs, needs.toReversed()),
        (repository, workflows) => {
          const { decisions } = planOf(kind, [ruleFor({ repository, needs: workflows })]);
          expect(decisions).toMatchObject([{ effect: 'deny', code: 'inbound-no-match' }]);
        },
      ),
    );
  });
});

describe.each([
  ['run', 'job'],
  ['job', 'workflow'],
] as const)('an outbound rule with the wrong key for a trigger of the kind %s', (kind, key) => {
  test('starts nothing', () => {
    const plan = planIn({
      run: kind === 'run' ? aRun() : aJob(),
      source: JSON.stringify({
        outbound: [{ source: { [key]: 'ci.yml' }, targets: [{ repository: 'deploy', workflow: 'cd.yml' }] }],
      }),
      target: JSON.stringify({ inbound: [ruleFor({ repository: 'app', [key]: 'ci.yml' })] }),
    });
    expect(plan).toMatchObject({ code: 'no-match', decisions: [] });
    expect(plan.unmatched).toMatchObject([{ rule: 'outbound[0]', checks: [{ name: 'source-workflow' }] }]);
  });
});
