import type { Decision, GuardRails, Plan, RepositorySnapshot } from '@dispatcher/contracts';
import { readHead } from '@dispatcher/contracts/testing';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import {
  confirmDecision,
  isNarrowed,
  type PlannedRoute,
  withdrawalNamesOf,
  withdrawalsOf,
} from './confirm-decision.ts';
import { decide } from './decide.ts';
import { aRequest, consent, requestPlanIn } from '../testing/request-scenario.ts';
import {
  aRepository,
  aRun,
  inbound,
  noGuardRails,
  outbound,
  planIn,
  type RunScenario,
} from '../testing/run-scenario.ts';

function plannedOf(plan: Plan): PlannedRoute {
  const index = plan.decisions.findIndex(({ effect }) => effect === 'allow');
  const decision = plan.decisions[index];
  if (decision === undefined) throw new Error(`Nothing is allowed: ${plan.message}`);
  const { trigger, revision, lineage } = plan;
  return { trigger, revision, lineage, index, decision };
}

/** Confirms the allowed decision of the first scenario by the files of the second. Returns `confirmed` or the code. */
function confirm(planned: PlannedRoute, now: RunScenario = {}): string {
  const { source = outbound, target = inbound } = now;
  const withdrawal = withdrawalIn(planned, {
    source: typeof source === 'string' ? aSource(source) : source,
    target: typeof target === 'string' ? aRepository('octo/deploy', target) : target,
    now,
  });
  return withdrawal?.code ?? 'confirmed';
}

const aSource = (text: string) => aRepository('octo/app', text, { id: 1, heads: [readHead(aRun())] });

function withdrawalIn(
  planned: PlannedRoute,
  { source, target, now = {} }: { source: RepositorySnapshot; target: RepositorySnapshot; now?: RunScenario },
) {
  const guardRails = { ...noGuardRails, ...now.guardRails };
  return confirmDecision({ planned, source, targets: { 'octo/deploy': target }, guardRails }).withdrawal;
}

const deploy = (config: string | null, change: Parameters<typeof aRepository>[2] = {}) =>
  aRepository('octo/deploy', config, change);

describe('an allowed decision of a run', () => {
  test('is confirmed while both sides still allow it', () => {
    expect(confirm(plannedOf(planIn()))).toBe('confirmed');
  });

  test('is confirmed while dispatches are paused: a pause delays it', () => {
    expect(confirm(plannedOf(planIn()), { guardRails: { paused: true } })).toBe('confirmed');
  });

  test('is confirmed with the dispatch id of a later generation, which its inputs contain', () => {
    const source = outbound.replace('workflow: cd.yml', 'workflow: cd.yml, inputs: { id: "${{ dispatch.id }}" }');
    const target = inbound.replace('workflow: cd.yml }\n', 'workflow: cd.yml, inputs: [id] }\n');
    const { routeId } = plannedOf(planIn({ source, target })).decision;
    const planned = plannedOf(
      planIn({ source, target, replay: { revision: 3, generations: { [routeId]: 2 }, routeId } }),
    );
    expect(confirm(planned, { source, target })).toBe('confirmed');
  });

  test('is confirmed with the lineage of its plan', () => {
    const path = [
      { repository: 'octo/first', workflow: 'ci.yml' },
      { repository: 'octo/app', workflow: 'ci.yml' },
    ];
    const planned = plannedOf(planIn({ lineage: { state: 'known', dispatchId: 'd', depth: 1, path } }));
    expect(confirm(planned)).toBe('confirmed');
    expect(confirm(planned, { guardRails: { maxDispatchDepth: 1 } })).toBe('depth-exceeded');
  });

  test.each<[string, RunScenario, string]>([
    ['the target’s file is gone', { target: deploy(null) }, 'target-no-config'],
    ['the target’s file is invalid', { target: 'inbound: 1\n' }, 'target-config-invalid'],
    ['the target’s rule is gone', { target: inbound.replace('ci.yml', 'other.yml') }, 'inbound-no-match'],
    [
      'the target’s rule excludes the conclusion',
      { target: inbound.replace('ci.yml }', 'ci.yml, conclusions: [failure] }') },
      'inbound-conclusion',
    ],
    ['the target is archived', { target: deploy(inbound, { isArchived: true }) }, 'target-archived'],
    ['the target is no longer visible', { target: { state: 'absent' } }, 'target-not-visible'],
    ['the source’s rule is gone', { source: outbound.replace('cd.yml', 'other.yml') }, 'no-match'],
    ['the source’s file is invalid', { source: 'outbound: 1\n' }, 'config-invalid'],
    [
      'the source lost the commit',
      {
        source: aRepository('octo/app', outbound, {
          id: 1,
          heads: [readHead(aRun(), { branch: { state: 'absent' } })],
        }),
      },
      'source-commit-gone',
    ],
    [
      'the allowlist of targets is narrower',
      { guardRails: { targetRepositories: ['octo/other'] } },
      'target-not-allowed',
    ],
    [
      'the allowlist of sources is narrower',
      { guardRails: { sourceRepositories: ['octo/other'] } },
      'source-not-allowed',
    ],
  ])('is refused if %s', (_, now, code) => {
    expect(confirm(plannedOf(planIn()), now)).toBe(code);
  });

  test.each<[string, RunScenario]>([
    [
      'the target’s default branch has another name',
      { target: deploy(inbound, { defaultBranch: { name: 'trunk', sha: 'b'.repeat(40) } }) },
    ],
    [
      'the source sends other inputs',
      {
        source: outbound.replace('cd.yml }', 'cd.yml, inputs: { a: b } }'),
        target: inbound.replace('cd.yml }', 'cd.yml, inputs: [a] }'),
      },
    ],
    ['the name belongs to another repository', { target: deploy(inbound, { id: 3 }) }],
    [
      'DEFAULT_DISPATCH_REF names another ref',
      {
        guardRails: { defaultRef: 'live' },
        target: deploy(inbound.replace('cd.yml }', 'cd.yml, refs: [live] }'), { refs: { live: 'branch' } }),
      },
    ],
  ])('is outdated and never changed if %s', (_, now) => {
    expect(confirm(plannedOf(planIn()), now)).toBe('decision-outdated');
  });

  test('that is denied cannot be confirmed', () => {
    const planned = plannedOf(planIn());
    expect(() => confirm({ ...planned, decision: { ...planned.decision, effect: 'deny' } })).toThrow(/is denied/);
  });

  test('the source sees no more of a private target that withdrew its consent than before it consented', () => {
    const withdrawal = withdrawalIn(plannedOf(planIn()), { source: aSource(outbound), target: deploy(null) });
    expect(withdrawal).toMatchObject({ code: 'target-no-config', sourceView: { code: 'target-refused' } });
  });
});

describe('an allowed decision of a request', () => {
  const planned = plannedOf(requestPlanIn());
  const confirmRequest = (target: string, key: { targets: readonly string[]; ended: string | null }) =>
    confirmDecision({
      planned,
      source: { state: 'absent' },
      targets: { 'octo/deploy': aRepository('octo/deploy', target) },
      guardRails: noGuardRails,
      requester: key,
    }).withdrawal?.code ?? 'confirmed';
  const live = { targets: ['octo/deploy'], ended: null };

  test('is confirmed while the key is live and the target consents', () => {
    expect(confirmRequest(consent, live)).toBe('confirmed');
    expect(planned.trigger).toEqual(aRequest());
  });

  test('is refused if the key was revoked, or its scope no longer names the target', () => {
    expect(confirmRequest(consent, { ...live, ended: 'revoked since 2026-01-31T12:00:00.000Z' })).toBe('key-ended');
    expect(confirmRequest(consent, { targets: ['octo/other'], ended: null })).toBe('key-scope');
  });

  test('is refused if the target no longer names the key', () => {
    expect(confirmRequest(consent.replace('nightly', 'weekly'), live)).toBe('inbound-no-match');
  });
});

test('the guard rails narrow a decision only if they refuse what they allowed', () => {
  const planned = plannedOf(planIn());
  const narrowed = (change: Partial<GuardRails>) => isNarrowed(planned, { ...noGuardRails, ...change });
  expect(narrowed({})).toBe(false);
  expect(narrowed({ paused: true })).toBe(false);
  expect(narrowed({ targetRepositories: ['octo/*'] })).toBe(false);
  expect(narrowed({ targetRepositories: ['octo/other'] })).toBe(true);
  expect(narrowed({ sourceRepositories: ['octo/other'] })).toBe(true);
  expect(narrowed({ sourceWorkflows: ['other.yml'] })).toBe(true);
});

describe('the withdrawals that a plan shows', () => {
  const [ofTarget, ofRoute] = withdrawalNamesOf(planIn().decisions[0] as Decision);

  test.each<[string, RunScenario, (string | undefined)[]]>([
    ['nothing if the route is allowed', {}, []],
    ['the target if it has no file', { target: deploy(null) }, [ofTarget]],
    ['the target if its file is invalid', { target: 'inbound: 1\n' }, [ofTarget]],
    ['the route if no rule names it', { target: inbound.replace('ci.yml', 'other.yml') }, [ofRoute]],
    ['nothing if the source refuses its own route', { guardRails: { targetRepositories: ['octo/other'] } }, []],
    ['nothing if the target could not be read', { target: { state: 'unknown', reason: 'x' } }, []],
  ])('are %s', (_, scenario, names) => {
    expect(withdrawalsOf(planIn(scenario))).toEqual(names);
  });

  test('concern the same route of another run, and the same target of another source', () => {
    const names = withdrawalNamesOf(planIn({ run: aRun({ id: 102 }) }).decisions[0] as Decision);
    expect(names).toEqual([ofTarget, ofRoute]);
    const [ofOtherTarget] = withdrawalNamesOf({
      ...(planIn().decisions[0] as Decision),
      route: { source: { key: 'nightly' }, target: { repository: 'Octo/Deploy', workflow: 'x.yml' } },
    });
    expect(ofOtherTarget).toBe(ofTarget);
  });
});

describe('for any pair of files then and now', () => {
  const pick = <Value>(...values: Value[]) => fc.constantFrom(...values);
  const sourceFile = fc.record({
    workflow: pick('ci.yml', 'ci.yml', 'ci.yml', 'other.yml'),
    ref: pick(undefined, undefined, 'main', 'v1'),
    inputs: pick({}, {}, { sha: 'x' }, { sha: 'y', env: 'z' }),
    repository: pick('deploy', 'deploy', 'deploy', 'other'),
  });
  const targetFile = fc.record({
    repository: pick('app', 'app', 'octo/*', 'mallory'),
    workflow: pick('cd.yml', 'cd.yml', 'cd.yml', 'qa.yml'),
    inputs: pick(['sha', 'env'], ['sha', 'env'], ['sha', 'env'], ['sha', 'env'], ['sha'], []),
    refs: pick(['*'], ['*'], ['*'], ['v1'], []),
    branches: pick(undefined, undefined, undefined, undefined, ['main'], ['release/*']),
  });
  const state = fc.record({
    source: sourceFile,
    target: fc.option(targetFile, { freq: 8 }),
    defaultBranch: pick('main', 'main', 'main', 'trunk'),
    id: pick(2, 2, 2, 3),
    branch: pick('identical', 'behind', 'behind', 'diverged'),
    allowlist: pick([], [], ['octo/*'], ['octo/other']),
  });
  /** States in which both sides agree. */
  const agreeing = fc.record({
    source: fc.record({
      workflow: pick('ci.yml'),
      ref: pick(undefined, 'main', 'v1'),
      inputs: pick({}, { sha: 'x' }),
      repository: pick('deploy'),
    }),
    target: fc.record({
      repository: pick('app', 'octo/*'),
      workflow: pick('cd.yml'),
      inputs: pick(['sha', 'env'], ['sha']),
      refs: pick(['*']),
      branches: pick(undefined, ['main']),
    }),
    defaultBranch: pick('main'),
    id: pick(2),
    branch: pick('identical', 'behind'),
    allowlist: pick([], ['octo/*']),
  });
  const fields: (keyof State)[] = ['source', 'target', 'defaultBranch', 'id', 'branch', 'allowlist'];
  type State = typeof state extends fc.Arbitrary<infer Value> ? Value : never;

  function inputOf({ source, target, defaultBranch, id, branch, allowlist }: State) {
    const { workflow, repository, ...more } = source;
    const outboundFile = {
      outbound: [{ source: { workflow }, targets: [{ repository, workflow: 'cd.yml', ...more }] }],
    };
    const inboundFile = target && {
      inbound: [
        {
          source: { repository: target.repository, workflow: 'ci.yml', branches: target.branches },
          targets: [{ workflow: target.workflow, inputs: target.inputs, refs: target.refs }],
        },
      ],
    };
    const head = readHead(aRun(), {
      branch: { state: 'read', sha: 'a'.repeat(40), comparison: branch as 'identical' | 'behind' | 'diverged' },
    });
    return {
      source: aRepository('octo/app', JSON.stringify(outboundFile), { id: 1, heads: [head] }),
      targets: {
        'octo/deploy': aRepository('octo/deploy', inboundFile && JSON.stringify(inboundFile), {
          id,
          defaultBranch: { name: defaultBranch, sha: 'b'.repeat(40) },
          refs: { v1: 'tag' },
        }),
      },
      guardRails: { ...noGuardRails, targetRepositories: allowlist },
    };
  }

  test('a decision is confirmed exactly if a new plan allows the same dispatch: nothing is added and nothing changed', () => {
    let confirmed = 0;
    let refused = 0;
    fc.assert(
      fc.property(
        fc.oneof(state, agreeing, agreeing),
        state,
        fc.subarray(fields, { maxLength: 2 }),
        (before, other, changed) => {
          const now = { ...before, ...Object.fromEntries(changed.map((field) => [field, other[field]])) };
          const shared = { run: aRun(), lineage: { state: 'root' } } as const;
          const plan = decide({ ...shared, ...inputOf(before) });
          for (const decision of plan.decisions) {
            const planned = { trigger: plan.trigger, revision: 0, lineage: plan.lineage, index: 0, decision };
            const input = inputOf(now);
            if (decision.effect === 'deny') {
              expect(() => confirmDecision({ planned, ...input })).toThrow(/is denied/);
              continue;
            }
            const { withdrawal } = confirmDecision({ planned, ...input });
            const key = ({ routeId, dispatchId, ref, inputs, target }: Decision) =>
              JSON.stringify([routeId, dispatchId, ref, inputs, target?.repositoryId]);
            const allowed = decide({ ...shared, ...input })
              .decisions.filter(({ effect }) => effect === 'allow')
              .map(key);
            expect(withdrawal === null).toBe(allowed.includes(key(decision)));
            if (withdrawal === null) confirmed += 1;
            else refused += 1;
          }
        },
      ),
      { numRuns: 400 },
    );
    expect(Math.min(confirmed, refused)).toBeGreaterThan(50);
  });
});
