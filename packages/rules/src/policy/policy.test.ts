import type { Decision, FileSnapshot, OwnerPolicies, OwnerPolicy, Plan, RunCompleted } from '@dispatcher/contracts';
import { readFile, readHead } from '@dispatcher/contracts/testing';
import { describe, expect, test } from '@jest/globals';
import { Ajv2020 } from 'ajv/dist/2020.js';
import * as fc from 'fast-check';
import { readFileSync, writeFileSync } from 'node:fs';
import { decide, decideRequest, dependsOnUnknown } from '../decide/decide.ts';
import { withdrawalsOf } from '../decide/confirm-decision.ts';
import { asSeenBySource } from '../decide/source-view.ts';
import { targetsToRead } from '../decide/targets-to-read.ts';
import { schemaFileOf, withPolicyTable } from '../reference/pages.ts';
import { aRequest, consent } from '../testing/request-scenario.ts';
import { aRepository, aRun, inbound, noGuardRails, outbound, root } from '../testing/run-scenario.ts';
import { formatFileError } from '../values/problem.ts';
import { policiesToRemember, policyOf, policyOwnersOf } from './apply-policy.ts';
import { compilePolicy, policyJsonSchema } from './compile-policy.ts';

let blobs = 0;
function read(file: string | FileSnapshot): OwnerPolicy['snapshot'] {
  blobs += 1;
  const snapshot = typeof file === 'string' ? readFile(`policy-${blobs}`, file) : file;
  if (snapshot.state === 'absent' || snapshot.state === 'unknown') throw new Error('Not a file that was read.');
  return { state: 'read', repositoryId: 77, repository: 'octo/.github', sha: 'c'.repeat(40), file: snapshot };
}
const owned = (text: string): OwnerPolicy => ({ snapshot: read(text), seenIn: 77 });
const absent: OwnerPolicy = { snapshot: { state: 'absent' }, seenIn: null };

interface Scenario {
  readonly policies?: OwnerPolicies | undefined;
  readonly run?: RunCompleted;
  readonly source?: string;
  readonly target?: string;
  /** `owner/name` of the target. */
  readonly at?: string;
  readonly requirePolicy?: readonly string[];
}

function planOf(scenario: Scenario): Plan {
  const {
    run = aRun(),
    policies,
    source = outbound,
    target = inbound,
    at = 'octo/deploy',
    requirePolicy = [],
  } = scenario;
  return decide({
    run,
    lineage: root,
    source: aRepository('octo/app', source, { id: 1, heads: [readHead(run)] }),
    targets: { [at]: aRepository(at, target, { visibility: 'public' }) },
    guardRails: { ...noGuardRails, requirePolicy },
    policies,
  });
}

function decisionOf(scenario: Scenario): Decision {
  const [decision] = planOf(scenario).decisions;
  if (decision === undefined) throw new Error('No decision.');
  return decision;
}

const outcomeOf = (scenario: Scenario) => decisionOf(scenario).code;
const ofOcto = (text: string): OwnerPolicies => ({ octo: owned(text) });
const partner = {
  at: 'partner/deploy',
  source: outbound.replace('deploy', 'partner/deploy'),
  target: inbound.replace('app', 'octo/app'),
};

describe('the policy of one owner on both sides', () => {
  test.each<[string, string, string]>([
    ['an empty policy', '', 'allowed'],
    ['a policy that names source and target', 'sources: [app]\ntargets: [deploy]', 'allowed'],
    ['patterns that match in any case', "sources: ['A*']\ntargets: ['*-x', 'DEP*']", 'allowed'],
    ['a source that is not named', 'sources: [other]', 'policy-refused'],
    ['no source at all', 'sources: []', 'policy-refused'],
    ['a source that a later pattern excludes', "sources: ['*', '!app']", 'policy-refused'],
    ['a source that a later pattern includes again', "sources: ['*', '!a*', 'app']", 'allowed'],
    ['a target that is not named', 'targets: [other]', 'target-policy-refused'],
    ['an event that is not named', 'events: [schedule]', 'policy-refused'],
    ['a conclusion that is not named', 'conclusions: [failure]', 'policy-refused'],
    ['its event and conclusion', 'events: [push]\nconclusions: [success]', 'allowed'],
    ['no other owners', 'cross-owner: deny', 'allowed'],
    ['a policy that is disabled', 'enforcement: disabled\nsources: []', 'allowed'],
    ['a policy that is only evaluated', 'enforcement: evaluate\nsources: []', 'allowed'],
    ['an invalid policy', 'source: [app]', 'policy-invalid'],
    [
      'an invalid policy that says that it is only evaluated',
      'enforcement: evaluate\nmax-targets: 0',
      'policy-invalid',
    ],
  ])('%s', (_, text, code) => {
    expect(outcomeOf({ policies: ofOcto(text) })).toBe(code);
  });

  test('the message says what the policy accepts', () => {
    expect(decisionOf({ policies: ofOcto("sources: ['lib-*']") })).toMatchObject({
      message:
        'The policy of the source’s owner does not allow octo/app:ci.yml to start octo/deploy:cd.yml: it accepts lib-*, not app.',
      responsible: 'source',
    });
  });

  test('an invalid policy is quoted with line and column', () => {
    expect(decisionOf({ policies: ofOcto('source: [app]') }).message).toContain(
      'dispatching-policy.yml:1:1: unknown key `source`; did you mean `sources`?',
    );
  });

  test('a run that no rule matches is not refused by the policy', () => {
    const plan = planOf({ policies: ofOcto('sources: []'), run: aRun({ event: 'pull_request' }) });
    expect(plan).toMatchObject({ outcome: 'no-match', decisions: [] });
  });

  test('the targets of a run beyond `max-targets` are refused, and refused routes take no place', () => {
    const targets = ['a', 'b', 'c'].map((id) => `{ repository: deploy, workflow: cd.yml, id: ${id} }`);
    const source = `outbound: [{ source: { workflow: ci.yml }, targets: [${targets.join(', ')}, ${targets[0]}] }]`;
    expect(planOf({ source, policies: ofOcto('max-targets: 2') }).decisions.map(({ code }) => code)).toEqual([
      'allowed',
      'allowed',
      'policy-refused',
      'duplicate-route',
    ]);
  });
});

describe('a dispatch between two owners', () => {
  test.each<[string, OwnerPolicies, string]>([
    ['without policies', { octo: absent, partner: absent }, 'allowed'],
    ['with `cross-owner: deny` of the source', { octo: owned('cross-owner: deny'), partner: absent }, 'policy-refused'],
    [
      'with `cross-owner: deny` of the target',
      { octo: absent, partner: owned('cross-owner: deny') },
      'target-policy-refused',
    ],
    [
      'with `sources` of the target’s owner, which are about its own runs',
      { octo: absent, partner: owned('sources: []') },
      'allowed',
    ],
    [
      'with `targets` of the source’s owner, which are about its own workflows',
      { octo: owned('targets: []'), partner: absent },
      'allowed',
    ],
    [
      'with an event that the target’s owner does not accept',
      { octo: absent, partner: owned('events: [release]') },
      'target-policy-refused',
    ],
    [
      'with a conclusion that the target’s owner does not accept',
      { octo: absent, partner: owned('conclusions: [failure]') },
      'target-policy-refused',
    ],
    ['with an invalid policy of the target’s owner', { octo: absent, partner: owned('[]') }, 'target-policy-invalid'],
    ['with a policy that was not read', { octo: absent }, 'target-policy-unreadable'],
  ])('%s', (_, policies, code) => {
    expect(outcomeOf({ ...partner, policies })).toBe(code);
  });

  test('a target that has not agreed shows nothing of the policy of its owner', () => {
    const policies = { octo: absent, partner: owned('cross-owner: deny') };
    const decision = decisionOf({ ...partner, target: 'inbound: []', policies });
    expect(decision.code).toBe('inbound-no-match');
    const refused = asSeenBySource(decisionOf({ ...partner, policies }));
    expect(refused.code).toBe('target-policy-refused');
    expect(JSON.stringify(refused)).not.toContain('repositories of partner only');
  });
});

describe('a policy that is missing', () => {
  test.each<[string, OwnerPolicy, string]>([
    ['and never seen restricts nothing', absent, 'allowed'],
    ['after it was seen refuses everything', { ...absent, seenIn: 77 }, 'policy-unreadable'],
    [
      'because GitHub did not respond refuses everything',
      { ...absent, snapshot: { state: 'unknown', reason: 'x' } },
      'policy-unreadable',
    ],
  ])('%s', (_, policy, code) => {
    expect(outcomeOf({ policies: { octo: policy } })).toBe(code);
  });

  test('is refused where REQUIRE_POLICY names the owner, in any case', () => {
    expect(outcomeOf({ policies: { octo: absent }, requirePolicy: ['OCTO'] })).toBe('policy-unreadable');
    expect(outcomeOf({ policies: { octo: absent }, requirePolicy: ['partner'] })).toBe('allowed');
    expect(outcomeOf({ policies: ofOcto(''), requirePolicy: ['octo'] })).toBe('allowed');
  });

  test('names the repository in which it was seen, which the operator confirms', () => {
    expect(decisionOf({ policies: { octo: { ...absent, seenIn: 77 } } })).toMatchObject({
      responsible: 'operator',
      message: expect.stringContaining('a policy was seen in repository 77'),
    });
  });

  test('is read again only if GitHub did not respond', () => {
    const unread = { ...absent, snapshot: { state: 'unknown', reason: 'x' } } as const;
    expect(dependsOnUnknown(planOf({ policies: { octo: unread } }))).toBe(true);
    expect(dependsOnUnknown(planOf({ ...partner, policies: { octo: absent, partner: unread } }))).toBe(true);
    expect(dependsOnUnknown(planOf({ policies: { octo: { ...absent, seenIn: 77 } } }))).toBe(false);
    expect(dependsOnUnknown(planOf({ policies: { octo: unread }, target: 'inbound: []', requirePolicy: [] }))).toBe(
      true,
    );
  });

  test.each<[string, FileSnapshot]>([
    ['a directory', { state: 'not-a-file', kind: 'a directory' }],
    ['binary', { ...(readFile('b', '') as object), isBinary: true, text: null } as FileSnapshot],
    ['larger than 16 KB', readFile('c', `sources: [app]\n${'# x\n'.repeat(5000)}`)],
  ])('is not the same as one that is %s, which is invalid', (_, file) => {
    expect(outcomeOf({ policies: { octo: { snapshot: read(file), seenIn: null } } })).toBe('policy-invalid');
  });
});

describe('a policy that is only evaluated', () => {
  test('records what it would refuse, on both sides, and refuses nothing', () => {
    const text = 'enforcement: evaluate\nsources: []\ntargets: []\nevents: [schedule]\nmax-targets: 1';
    const decision = decisionOf({ policies: ofOcto(text) });
    expect(decision).toMatchObject({ effect: 'allow', code: 'allowed' });
    expect(decision.wouldRefuse?.map(({ name }) => name)).toEqual([
      'policy-source',
      'policy-event',
      'target-policy-target',
      'target-policy-event',
    ]);
    expect(decision.checks.every(({ satisfied }) => satisfied)).toBe(true);
  });

  test('records nothing if it would allow the dispatch', () => {
    expect(decisionOf({ policies: ofOcto('enforcement: evaluate\nsources: [app]') })).not.toHaveProperty('wouldRefuse');
  });
});

describe('the request of an API key', () => {
  const outcome = (text: string) =>
    decideRequest({
      request: aRequest(),
      targets: { 'octo/deploy': aRepository('octo/deploy', consent) },
      permissions: null,
      guardRails: noGuardRails,
      policies: ofOcto(text),
    }).decisions[0]?.code;

  test('is restricted by `targets` alone: the operator owns the key', () => {
    expect(outcome('targets: [other]')).toBe('target-policy-refused');
    expect(outcome('targets: [deploy]\nsources: []\ncross-owner: deny\nevents: []\nconclusions: []')).toBe('allowed');
  });
});

describe('reading', () => {
  test('a route that the policy of the source refuses is not read', () => {
    const run = aRun();
    const source = aRepository('octo/app', outbound, { id: 1, heads: [readHead(run)] });
    const requests = (text: string) => targetsToRead(run, source, noGuardRails, undefined, root, ofOcto(text));
    expect(requests('sources: []')).toEqual([]);
    expect(requests('sources: [app]')).toHaveLength(1);
  });

  test('a plan needs the policy of each owner once', () => {
    expect(policyOwnersOf(aRun(), [{ owner: 'Octo' }, { owner: 'partner' }, { owner: 'Partner' }])).toEqual([
      'octo',
      'partner',
    ]);
    expect(policyOwnersOf(aRequest(), [{ owner: 'octo' }])).toEqual(['octo']);
  });

  test('a policy is remembered when it is seen first, and when its repository is another one', () => {
    const snapshot = read('');
    expect(policiesToRemember({ octo: { snapshot, seenIn: null } })).toEqual([{ owner: 'octo', repositoryId: 77 }]);
    expect(policiesToRemember({ octo: { snapshot, seenIn: 5 } })).toEqual([{ owner: 'octo', repositoryId: 77 }]);
    expect(policiesToRemember({ octo: { snapshot, seenIn: 77 } })).toEqual([]);
    expect(policiesToRemember({ octo: absent })).toEqual([]);
  });

  test('a repository whose policy was not requested is unknown, and never without a policy', () => {
    expect(policyOf(aRepository('octo/.github', null)).state).toBe('unknown');
    expect(policyOf({ state: 'absent' })).toEqual({ state: 'absent' });
  });

  test('a policy that refuses has withdrawn what waits', () => {
    expect(withdrawalsOf(planOf({ policies: ofOcto('sources: []') }))).toHaveLength(1);
    expect(withdrawalsOf(planOf({ policies: ofOcto('targets: []') }))).toHaveLength(1);
  });
});

describe('errors of a dispatching-policy.yml', () => {
  test.each<[string, string, string]>([
    ['an unknown key', 'max_targets: 3', '1:1: unknown key `max_targets`; did you mean `max-targets`?'],
    [
      'a repository with an owner',
      'sources: [octo/app]',
      '1:11: `octo/app` names an owner, but a policy is about the repositories of one owner; write the name of a repository of this owner, or a pattern such as `app-*` or `!app-legacy`',
    ],
    [
      'a pattern of another syntax',
      "targets: ['a?b']",
      '1:11: `a?b` is not a repository name or pattern; write the name of a repository of this owner, or a pattern such as `app-*` or `!app-legacy`',
    ],
    [
      'an unknown enforcement',
      'enforcement: on',
      '1:14: `on` is not a valid value of `enforcement`; use one of active, evaluate, disabled',
    ],
    [
      'a text instead of a list',
      'events: push',
      '1:9: `events` must be a list, but is text; write `[…]`, or one line with `- ` for each entry',
    ],
    ['no map', '- app', '1:1: the file must be a map, but is a list; write `key: value` lines'],
    [
      'a limit of 0',
      'max-targets: 0',
      '1:14: `max-targets` must be a whole number from 1, but is 0; write a number, such as `123456`',
    ],
  ])('%s', (_, text, error) => {
    const compiled = compilePolicy(text);
    expect(compiled.ok ? [] : compiled.errors.map(formatFileError)).toEqual([`dispatching-policy.yml:${error}`]);
  });

  test('all errors are reported at once', () => {
    const compiled = compilePolicy('sources: [a/b]\nevents: [pusj]\nx: 1');
    expect(compiled.ok ? [] : compiled.errors.map(({ line }) => line)).toEqual([1, 2, 3]);
  });

  test('no text makes the compiler throw', () => {
    fc.assert(
      fc.property(fc.string({ unit: 'binary', maxLength: 200 }), (text) => typeof compilePolicy(text).ok === 'boolean'),
    );
  });
});

describe('the JSON Schema', () => {
  test('is published beside that of dispatching.yml (if not: npm run docs)', () => {
    const path = new URL('../../../../docs/reference/dispatching-policy.schema.json', import.meta.url);
    const text = schemaFileOf(policyJsonSchema());
    if (process.env['UPDATE_DOCS'] === 'true') writeFileSync(path, text);
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  test('is described in dispatching-policy.md', () => {
    const path = new URL('../../../../docs/reference/dispatching-policy.md', import.meta.url);
    const text = withPolicyTable(readFileSync(path, 'utf8'));
    if (process.env['UPDATE_DOCS'] === 'true') writeFileSync(path, text);
    expect(readFileSync(path, 'utf8')).toBe(text);
  });

  test.each<[object, boolean]>([
    [{}, true],
    [{ enforcement: 'active', sources: ['app-*', '!app-x'], targets: [], 'cross-owner': 'deny' }, true],
    [{ 'max-targets': 3, conclusions: ['success'], events: ['push'] }, true],
    [{ sources: ['octo/app'] }, false],
    [{ 'max-targets': 0 }, false],
    [{ 'cross-owner': true }, false],
    [{ source: [] }, false],
  ])('accepts and refuses the same as the compiler: %j', (value, isValid) => {
    const validate = new Ajv2020({ strict: false }).compile(policyJsonSchema());
    expect([validate(value), compilePolicy(JSON.stringify(value)).ok]).toEqual([isValid, isValid]);
  });
});

// Few names, so that rules often match and policies often name what matches.
const pick = <Value>(...values: Value[]) => fc.constantFrom(...values);
const names = fc.array(pick('app', 'deploy', 'docs', '*', 'd*', '!app', '!docs', '!d*'), { maxLength: 3 });
const policy = fc.record(
  {
    enforcement: pick('active', 'active', 'active', 'evaluate', 'disabled'),
    sources: names,
    targets: names,
    'cross-owner': pick('allow', 'deny'),
    'max-targets': pick(1, 2, 5),
    conclusions: pick(['success'], ['failure'], ['success', 'failure'], []),
    events: pick(['push'], ['schedule'], ['push', 'pull_request']),
  },
  { requiredKeys: [] },
);
const anyPolicy: fc.Arbitrary<OwnerPolicy> = fc.oneof(
  { weight: 6, arbitrary: policy.map((text) => owned(JSON.stringify(text))) },
  { weight: 1, arbitrary: fc.constant(absent) },
  { weight: 1, arbitrary: fc.constant({ ...absent, seenIn: 5 }) },
  { weight: 1, arbitrary: fc.constant(owned('sources: 3')) },
  { weight: 1, arbitrary: fc.constant({ ...absent, snapshot: { state: 'unknown', reason: 'x' } } as const) },
);
const targets = fc.array(
  fc.record({
    repository: pick('deploy', 'docs', 'partner/deploy'),
    workflow: pick('cd.yml', 'qa.yml'),
    enabled: pick<boolean | string>(true, true, true, 'dry-run', false),
  }),
  { minLength: 1, maxLength: 4 },
);
const rules = fc.array(
  fc.record({
    source: fc.record({ workflow: fc.constant('ci.yml'), conclusions: pick(['success'], ['success', 'failure']) }),
    targets,
  }),
  { minLength: 1, maxLength: 3 },
);
const run = fc.record({
  event: pick('push', 'push', 'push', 'schedule'),
  conclusion: pick('success', 'success', 'success', 'failure'),
});
const scenario = fc.record({
  rules,
  run,
  octo: anyPolicy,
  partner: anyPolicy,
  required: pick([], [], ['octo'], ['partner']),
});

test('a policy never adds an allow, and one that is evaluated or disabled changes no effect', () => {
  const consents = JSON.stringify({
    inbound: [
      {
        source: { repository: 'octo/app', workflow: 'ci.yml', conclusions: ['success', 'failure'] },
        targets: [{ workflow: 'cd.yml' }, { workflow: 'qa.yml' }],
      },
    ],
  });
  const repositories = {
    'octo/deploy': aRepository('octo/deploy', consents, { id: 2 }),
    'octo/docs': aRepository('octo/docs', consents, { id: 3 }),
    'partner/deploy': aRepository('partner/deploy', consents, { id: 4 }),
  };
  let [narrowed, allowing] = [0, 0];
  fc.assert(
    fc.property(scenario, ({ rules: some, run: changes, octo, partner: other, required }) => {
      const of = aRun(changes);
      const source = aRepository('octo/app', JSON.stringify({ outbound: some }), { id: 1, heads: [readHead(of)] });
      const input = { run: of, lineage: root, source, targets: repositories };
      const before = decide({ ...input, guardRails: noGuardRails });
      const policies = { octo, partner: other };
      const after = decide({ ...input, guardRails: { ...noGuardRails, requirePolicy: required }, policies });
      const allowed = ({ decisions }: Plan) =>
        decisions
          .filter(({ effect }) => effect === 'allow')
          .map(({ routeId, ref, inputs }) => JSON.stringify([routeId, ref, inputs]));
      const without = new Set(allowed(before));
      for (const key of allowed(after)) expect(without).toContain(key);
      if (without.size > 0) allowing += 1;
      if (allowed(after).length < without.size) narrowed += 1;
      const isInactive = ({ snapshot }: OwnerPolicy) =>
        snapshot.state === 'read' &&
        snapshot.file.state === 'read' &&
        /"(evaluate|disabled)"/.test(snapshot.file.text ?? '');
      if (isInactive(octo) && isInactive(other)) {
        const effects = ({ decisions }: Plan) => decisions.map(({ routeId, effect, code }) => [routeId, effect, code]);
        expect(effects(after)).toEqual(effects(before));
      }
    }),
    { numRuns: 1_000 },
  );
  expect(allowing).toBeGreaterThan(300);
  expect(narrowed).toBeGreaterThan(100);
});
