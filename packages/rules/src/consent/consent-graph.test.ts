import { type ConsentEdge, foldName } from '@dispatcher/contracts';
import { readHead } from '@dispatcher/contracts/testing';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { decide } from '../decide/decide.ts';
import { aRepository, aRun, noGuardRails, root } from '../testing/run-scenario.ts';
import { consentGraph } from './consent-graph.ts';
import { findCycles } from './find-cycles.ts';
import type { ObservedRepository } from './known-repositories.ts';
import { observeConfig } from './observe-config.ts';

type Rules = Readonly<Record<'outbound' | 'inbound', readonly unknown[]>>;

/** Returns what a repository with these rules says. */
function observed(
  name: string,
  rules: Partial<Rules> | string | null,
  change: Partial<ObservedRepository> & { readonly id?: number } = {},
): ObservedRepository {
  const { id = name.length, ...rest } = change;
  const text = rules === null || typeof rules === 'string' ? rules : JSON.stringify(rules);
  const observation = observeConfig(aRepository(name, text, { id }));
  if (observation === null) throw new Error('The repository was not read.');
  return { ...observation, observedAt: '2026-01-01T00:00:00.000Z', formerNames: [], ...rest };
}

const asks = (repository: string, more: object = {}, conditions: object = {}) => ({
  outbound: [{ source: { workflow: 'ci.yml', ...conditions }, targets: [{ repository, workflow: 'cd.yml', ...more }] }],
});
const accepts = (repository: string, more: object = {}, conditions: object = {}) => ({
  inbound: [{ source: { repository, workflow: 'ci.yml', ...conditions }, targets: [{ workflow: 'cd.yml', ...more }] }],
});

function edgesOf(...repositories: readonly ObservedRepository[]): ConsentEdge[] {
  const all = consentGraph(repositories).repositories.flatMap(({ outbound, inbound }) => [...outbound, ...inbound]);
  return [...new Set(all)];
}

/** Prints an edge as `agreed octo/app:ci.yml → octo/deploy:cd.yml`, with the code of a refusal. */
function text({ state, source, target, code }: ConsentEdge): string {
  const from = 'workflow' in source ? `${source.repository}:${source.workflow}` : `${source.requester} ${source.name}`;
  const to = target.workflow === null ? `#${target.eventType}` : `:${target.workflow}`;
  return `${state} ${from} → ${target.repository}${to}${code === null ? '' : ` (${code})`}`;
}
const texts = (...repositories: readonly ObservedRepository[]) => edgesOf(...repositories).map(text);

describe('the edges of the consent graph', () => {
  test('a target that accepts the request is agreed, with the places of both rules and its route', () => {
    const [edge, ...others] = edgesOf(observed('octo/app', asks('deploy')), observed('octo/deploy', accepts('app')));
    expect(others).toEqual([]);
    expect(edge).toMatchObject({
      state: 'agreed',
      outbound: 'outbound[0].targets[0]',
      inbound: 'inbound[0].targets[0]',
      routeId: expect.stringMatching(/^[0-9a-f]{16}$/),
      source: { repository: 'octo/app', repositoryId: 8, workflow: 'ci.yml' },
      target: { repository: 'octo/deploy', repositoryId: 11, workflow: 'cd.yml' },
    });
  });

  test.each([
    ['has no file', observed('octo/deploy', null), 'target-no-config'],
    ['has an invalid file', observed('octo/deploy', 'inbound: 5'), 'target-config-invalid'],
    ['accepts others only', observed('octo/deploy', accepts('other')), 'inbound-no-match'],
    [
      'accepts no event of the source',
      observed('octo/deploy', accepts('app', {}, { events: ['release'], tags: ['v*'] })),
      'inbound-branch',
    ],
    ['accepts another branch', observed('octo/deploy', accepts('app', {}, { branches: ['live'] })), 'inbound-branch'],
    [
      'accepts another conclusion',
      observed('octo/deploy', accepts('app', {}, { conclusions: ['failure'] })),
      'inbound-conclusion',
    ],
    [
      'accepts another repository of that name',
      observed('octo/deploy', accepts('app', {}, { 'repository-id': 99 })),
      'source-replaced',
    ],
    ['is archived', observed('octo/deploy', accepts('app'), { isActive: false }), 'target-archived'],
  ])('a target that %s is requested, with the code that a decision would have', (_, target, code) => {
    const requested = edgesOf(observed('octo/app', asks('deploy')), target).filter(({ state }) => state !== 'offered');
    expect(requested).toMatchObject([{ state: 'requested', code, inbound: null }]);
  });

  test.each([
    ['a ref', asks('deploy', { ref: 'v1' }), 'inbound-ref'],
    ['an input', asks('deploy', { inputs: { environment: 'live' } }), 'inbound-input'],
    ['another repository under the name of the target', asks('deploy', { 'repository-id': 99 }), 'target-replaced'],
  ])('a request with %s that the target does not accept is requested', (_, source, code) => {
    const edges = edgesOf(observed('octo/app', source), observed('octo/deploy', accepts('app')));
    expect(edges.filter(({ state }) => state === 'requested')).toMatchObject([{ code }]);
  });

  test('an input whose value depends on the run is accepted by its name', () => {
    const source = asks('deploy', { inputs: { sha: '${{ source.head_sha }}' } });
    const values = { inputs: [{ sha: ['a*'] }] };
    expect(texts(observed('octo/app', source), observed('octo/deploy', accepts('app', values)))).toEqual([
      'agreed octo/app:ci.yml → octo/deploy:cd.yml',
    ]);
  });

  test('a target that no repository of the App has is requested', () => {
    expect(texts(observed('octo/app', asks('partner/tool')))).toEqual([
      'requested octo/app:ci.yml → partner/tool:cd.yml (target-not-visible)',
    ]);
  });

  test('inbound rules that nobody uses are offered: by name, by pattern and to an API key', () => {
    const key = { source: { key: 'nightly' }, targets: [{ workflow: 'cd.yml' }, { 'event-type': 'deploy' }] };
    const inbound = [...accepts('app').inbound, ...accepts('octo/lib-*').inbound, key];
    expect(texts(observed('octo/deploy', { inbound })).sort()).toEqual([
      'offered key nightly → octo/deploy#deploy',
      'offered key nightly → octo/deploy:cd.yml',
      'offered octo/app:ci.yml → octo/deploy:cd.yml',
      'offered octo/lib-*:ci.yml → octo/deploy:cd.yml',
    ]);
  });

  test('jobs and runs of a workflow agree only with rules of their own kind', () => {
    const asJob = (rules: object) => JSON.stringify(rules).replaceAll('"workflow":"ci.yml"', '"job":"ci.yml"');
    const environments = (name: string) => ({ environments: [name] });
    const statesOf = (source: object | string, target: object | string) =>
      texts(observed('octo/app', source), observed('octo/deploy', target)).map((line) =>
        line.replace(/ octo.*cd.yml/, ''),
      );
    expect(statesOf(asJob(asks('deploy')), asJob(accepts('app')))).toEqual(['agreed']);
    const neither = ['requested (inbound-no-match)', 'offered'];
    expect(statesOf(asJob(asks('deploy')), accepts('app')).sort()).toEqual(neither.sort());
    expect(statesOf(asks('deploy'), asJob(accepts('app'))).sort()).toEqual(neither.sort());
    const staging = asJob(asks('deploy', {}, environments('staging')));
    expect(statesOf(staging, asJob(accepts('app', {}, environments('Staging'))))).toEqual(['agreed']);
    expect(statesOf(staging, asJob(accepts('app', {}, environments('production'))))).toContain(
      'requested (inbound-environment)',
    );
  });

  test('a pattern that accepts a request is agreed and not offered', () => {
    const sources = ['octo/lib-a', 'octo/lib-b2'].map((name) => observed(name, asks('deploy')));
    expect(texts(...sources, observed('octo/deploy', accepts('octo/lib-*'))).sort()).toEqual([
      'agreed octo/lib-a:ci.yml → octo/deploy:cd.yml',
      'agreed octo/lib-b2:ci.yml → octo/deploy:cd.yml',
    ]);
  });

  test('a target that is switched off requests nothing', () => {
    const source = observed('octo/app', asks('deploy', { enabled: false }));
    expect(texts(source, observed('octo/deploy', accepts('app')))).toEqual([
      'offered octo/app:ci.yml → octo/deploy:cd.yml',
    ]);
  });

  test('a route of two rules is agreed if one of them is accepted', () => {
    const outbound = [...asks('deploy', {}, { branches: ['live'] }).outbound, ...asks('deploy').outbound];
    const [edge] = edgesOf(observed('octo/app', { outbound }), observed('octo/deploy', accepts('app')));
    expect(edge).toMatchObject({ state: 'agreed', outbound: 'outbound[1].targets[0]' });
  });

  test('names compare in any case, and are shown as GitHub spells them', () => {
    const edges = texts(observed('Octo/App', asks('OCTO/deploy')), observed('octo/Deploy', accepts('oCTO/aPP')));
    expect(edges).toEqual(['agreed Octo/App:ci.yml → octo/Deploy:cd.yml']);
  });
});

describe('the ids behind the names', () => {
  const source = observed('octo/app', asks('deploy'));

  test('a target that was renamed shows its new name, and is not agreed under the old one', () => {
    const target = observed('octo/release', accepts('app'), { formerNames: ['octo/deploy'] });
    const [edge] = edgesOf(source, target);
    expect(edge).toMatchObject({
      state: 'requested',
      code: 'target-not-visible',
      target: { repository: 'octo/deploy', repositoryId: null, renamedTo: 'octo/release' },
    });
  });

  test('a name that was registered again shows the repository that had it before', () => {
    const before = observed('octo/deploy', accepts('app'), { id: 1, state: 'gone' });
    const now = observed('octo/deploy', accepts('app'), { id: 2 });
    expect(edgesOf(source, before, now)).toMatchObject([
      { state: 'agreed', target: { repositoryId: 2, formerRepositoryId: 1 } },
    ]);
  });

  test('of two repositories with one name, the one that was observed last has it', () => {
    const stale = observed('octo/deploy', accepts('other'), { id: 1, observedAt: '2026-01-01T00:00:00.000Z' });
    const now = observed('octo/deploy', accepts('app'), { id: 2, observedAt: '2026-01-02T00:00:00.000Z' });
    for (const order of [
      [stale, now],
      [now, stale],
    ]) {
      expect(edgesOf(source, ...order)).toMatchObject([{ state: 'agreed', target: { repositoryId: 2 } }]);
    }
  });
});

describe('circles', () => {
  const ring = (conditions: object = {}) =>
    ['a', 'b', 'c'].map((name, at) => {
      const rule = (repository: string) => ({ repository: `octo/${repository}`, workflow: 'ci.yml' });
      const next = ['b', 'c', 'a'][at] ?? '';
      const previous = ['c', 'a', 'b'][at] ?? '';
      return observed(
        `octo/${name}`,
        {
          outbound: [{ source: { workflow: 'ci.yml', ...conditions }, targets: [rule(next)] }],
          inbound: [{ source: { ...rule(previous), ...conditions }, targets: [{ workflow: 'ci.yml' }] }],
        },
        { id: at + 1 },
      );
    });

  test('three repositories that start each other are one circle of their owner', () => {
    const { owners } = consentGraph(ring());
    const step = (name: string) => ({ repository: `octo/${name}`, workflow: 'ci.yml' });
    expect(owners).toMatchObject([{ owner: 'octo', agreed: 3, cycleCount: 1, cycles: [['a', 'b', 'c'].map(step)] }]);
  });

  test('rules for pushes only do not make a circle: a started run is not a push', () => {
    expect(consentGraph(ring({ events: ['push'] })).owners).toMatchObject([{ agreed: 3, cycleCount: 0 }]);
  });

  test('a chain of sixty repositories has no circle', () => {
    const chain = Array.from({ length: 60 }, (_, at) =>
      observed(`octo/r${at}`, { ...asks(`r${at + 1}`), ...accepts(`r${at - 1}`) }, { id: at + 1 }),
    );
    expect(consentGraph(chain).owners).toMatchObject([{ repositories: 60, agreed: 59, cycleCount: 0 }]);
  });
});

test('an offer to a repository of another owner is counted where it is listed: with the owner who offers it', () => {
  const offering = observed('partner/tool', accepts('octo/app'), { id: 2 });
  const { owners } = consentGraph([observed('octo/app', {}, { id: 1 }), offering]);
  expect(owners).toMatchObject([
    { owner: 'octo', offered: 0 },
    { owner: 'partner', offered: 1 },
  ]);
});

test('more offers than a call has arguments are listed', () => {
  const targets = Array.from({ length: 500 }, (_, at) => ({ workflow: `cd-${at}.yml` }));
  const inbound = Array.from({ length: 3 }, (_, at) => ({
    source: { repository: `app-${at}`, workflow: 'ci.yml' },
    targets,
  }));
  const offering = observed('octo/deploy', { inbound });
  const all = Array.from({ length: 100 }, (_, at) => ({
    ...offering,
    repository: `octo/deploy-${at}`,
    repositoryId: at,
  }));
  expect(consentGraph(all).owners).toMatchObject([{ offered: 150_000 }]);
});

test('circles of a large graph are found without recursion', () => {
  const names = Array.from({ length: 20_000 }, (_, at) => `n${String(at).padStart(5, '0')}`);
  const chain = new Map(names.map((name, at) => [name, new Set(names.slice(at + 1, at + 2))]));
  expect(findCycles(chain)).toEqual([]);
  const closed = new Map([...chain, ['n19999', new Set(['n19998', 'n00000'])]]);
  expect(findCycles(closed)).toEqual([names]);
});

// Small files with few names, so that rules often match.
const pick = <Value>(...values: Value[]) => fc.constantFrom(...values);
/** Picks the first value three times as often as all others together, so that both sides often accept a run. */
const mostly = <Value>(first: Value, ...others: Value[]) =>
  fc.oneof({ weight: 3, arbitrary: fc.constant(first) }, { weight: 1, arbitrary: pick(...others) });
const conditions = {
  branches: pick(['main'], ['live'], ['**'], ['release/*'], ['**', '!main'], ['r*', 'main']),
  tags: pick(['v*'], ['main'], ['v1']),
  events: pick(['push'], ['schedule', 'push'], ['release', 'push'], ['pull_request']),
  conclusions: pick(['success'], ['failure'], ['success', 'failure']),
  attempts: pick([1], [2], [1, 2]),
};
/** Most rules have one condition at most; some have several. */
function ruleSource(fields: Readonly<Record<string, fc.Arbitrary<unknown>>>) {
  const workflow = mostly('ci.yml', 'qa.yml');
  const requiredKeys = ['workflow', ...Object.keys(fields)] as never[];
  const { branches, events } = conditions;
  return fc.oneof(
    { weight: 2, arbitrary: fc.record({ ...fields, workflow }) },
    { weight: 2, arbitrary: fc.record({ ...fields, workflow, branches, events }, { requiredKeys }) },
    { weight: 1, arbitrary: fc.record({ ...fields, workflow, ...conditions }, { requiredKeys }) },
  );
}
const outboundRule = fc.record({
  source: ruleSource({}),
  targets: fc.array(
    fc.record(
      {
        repository: pick('deploy', 'deploy', 'octo/DEPLOY', 'other'),
        workflow: mostly('cd.yml', 'qa.yml'),
        'repository-id': mostly(2, 3),
        id: pick('a', 'b'),
        ref: pick('main', 'main', 'v1'),
        inputs: pick({}, {}, { sha: '${{ source.head_sha }}' }, { sha: 'x' }),
        enabled: mostly(true, false),
      },
      { requiredKeys: ['repository', 'workflow'] },
    ),
    { minLength: 1, maxLength: 2 },
  ),
});
const inboundRule = fc.record({
  source: ruleSource({ repository: pick('app', 'app', 'octo/*', 'other') }),
  targets: fc.array(
    fc.record(
      {
        workflow: mostly('cd.yml', 'qa.yml'),
        refs: pick(['*'], ['v*']),
        inputs: pick(['sha'], [{ sha: ['x'] }]),
      },
      { requiredKeys: ['workflow'] },
    ),
    { minLength: 1, maxLength: 2 },
  ),
});
const run = fc.record({
  workflow: mostly('ci.yml', 'qa.yml'),
  headBranch: mostly('main', 'live', 'release/1', 'v1'),
  event: mostly('push', 'schedule', 'release', 'pull_request'),
  conclusion: mostly('success', 'failure'),
  attempt: mostly(1, 2),
  isTag: mostly(false, true),
});

test('a route that a decision allows is agreed in the graph, for any two files and any runs', () => {
  let allowed = 0;
  let requested = 0;
  fc.assert(
    fc.property(
      fc.array(outboundRule, { minLength: 1, maxLength: 3 }),
      fc.array(inboundRule, { minLength: 1, maxLength: 3, size: 'max' }),
      fc.array(run, { minLength: 1, maxLength: 8, size: 'max' }),
      (outbound, inbound, runs) => {
        const source = aRepository('octo/app', JSON.stringify({ outbound }), { id: 1 });
        const target = aRepository('octo/deploy', JSON.stringify({ inbound }), { refs: { v1: 'tag', main: 'branch' } });
        const seen = [observeConfig(source), observeConfig(target)].flatMap((each) =>
          each === null || each.state !== 'valid'
            ? []
            : [{ ...each, observedAt: '2026-01-01T00:00:00.000Z', formerNames: [] }],
        );
        const [app] = consentGraph(seen).repositories.filter(({ repositoryId }) => repositoryId === 1);
        const states = new Map(app?.outbound.map(({ routeId, state }) => [routeId, state]));
        requested += [...states.values()].filter((state) => state === 'requested').length;
        for (const { workflow, isTag, ...changes } of runs) {
          const of = aRun(changes, { workflow });
          const sha = of.run.headSha;
          const absent = { state: 'absent' } as const;
          const head = isTag
            ? readHead(of, { branch: absent, tag: { state: 'read', sha } })
            : readHead(of, { branch: { state: 'read', sha, comparison: 'behind' }, tag: absent });
          const { decisions } = decide({
            run: of,
            lineage: root,
            source: { ...source, heads: [head] },
            targets: { 'octo/deploy': target, 'octo/other': { state: 'absent' } },
            guardRails: noGuardRails,
          });
          for (const { effect, routeId, route } of decisions) {
            expect(states.has(routeId)).toBe(true);
            if (effect !== 'allow') continue;
            allowed += 1;
            expect({ target: foldName(route.target.repository), state: states.get(routeId) }).toEqual({
              target: 'octo/deploy',
              state: 'agreed',
            });
          }
        }
      },
    ),
    { numRuns: 300 },
  );
  // Without both, the test would prove nothing.
  expect(allowed).toBeGreaterThan(20);
  expect(requested).toBeGreaterThan(20);
});
