import type { RequestedDispatch, Decision } from '@dispatcher/contracts';
import { afterAll, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { targetsOfRequest } from './targets-to-read.ts';
import { asSeenBySource } from './source-view.ts';
import {
  anEvent,
  aRequest,
  aWorkflow,
  consent,
  requestOutcomeIn,
  requestPlanIn,
  type RequestScenario,
} from '../testing/request-scenario.ts';
import { aFile, aRepository, inbound, noGuardRails, outcomeIn } from '../testing/run-scenario.ts';

const requestFor = (changes: object): RequestedDispatch => ({ ...aWorkflow, ...changes });
const keyRule = (source: string, target = '{ workflow: cd.yml }') =>
  `inbound:\n  - source: ${source}\n    targets: [${target}]\n`;

test('a request that scope and target accept is allowed, on the default branch', () => {
  const [decision] = requestPlanIn().decisions;
  expect(decision).toMatchObject({ effect: 'allow', ref: 'main', rule: 'targets[0]', inputs: {} });
  expect(decision).not.toHaveProperty('sourceFile');
  expect(requestOutcomeIn({ request: anEvent })).toBe('allow');
});

describe('an inbound rule for a key', () => {
  test.each(['Nightly', 'NIGHTLY', 'night', 'nightly2', 'nightly.', 'evil-nightly'])(
    'for nightly does not match %s',
    (name) => {
      expect(requestOutcomeIn({ key: { name } })).toBe('inbound-no-match');
    },
  );

  test('does not match a name with a look-alike character', () => {
    expect(requestOutcomeIn({ key: { name: 'night\u04CFy' } })).toBe('inbound-no-match');
  });

  test('matches no run, and a rule for runs of a repository with the same name matches no key', () => {
    expect(requestOutcomeIn({ target: inbound })).toBe('inbound-no-match');
    expect(requestOutcomeIn({ key: { name: 'app' }, target: inbound })).toBe('inbound-no-match');
    expect(requestOutcomeIn({ key: { name: '*' }, target: keyRule("{ repository: '*', workflow: ci.yml }") })).toBe(
      'inbound-no-match',
    );
    expect(outcomeIn({ target: consent })).toBe('inbound-no-match');
    expect(outcomeIn({ target: keyRule('{ key: app }') })).toBe('inbound-no-match');
  });

  test('is required: a target without rules accepts nothing', () => {
    expect(requestOutcomeIn({ target: 'inbound: []' })).toBe('inbound-no-match');
    expect(requestOutcomeIn({ target: aRepository('octo/deploy', null) })).toBe('target-no-config');
  });
});

describe('the consent of the target', () => {
  test('does not cover another workflow or event type', () => {
    expect(requestOutcomeIn({ request: requestFor({ workflow: 'evil-cd.yml' }) })).toBe('inbound-no-match');
    expect(requestOutcomeIn({ request: requestFor({ workflow: 'CD.yml' }) })).toBe('inbound-no-match');
    expect(requestOutcomeIn({ request: { ...anEvent, eventType: 'Deploy' } })).toBe('inbound-no-match');
    expect(requestOutcomeIn({ request: { ...anEvent, eventType: 'deploy-all' } })).toBe('inbound-no-match');
  });

  test('to a workflow does not cover an event type with the same name, nor the reverse', () => {
    expect(requestOutcomeIn({ request: { ...anEvent, eventType: 'cd.yml' } })).toBe('inbound-no-match');
    const target = keyRule('{ key: nightly }', '{ event-type: cd.yml }');
    expect(requestOutcomeIn({ target })).toBe('inbound-no-match');
  });

  test('is needed for a ref and for an input', () => {
    const deploy = (rule: string) =>
      aRepository('octo/deploy', keyRule('{ key: nightly }', rule), { refs: { v1: 'tag' } });
    expect(requestOutcomeIn({ request: requestFor({ ref: 'v1' }) })).toBe('inbound-ref');
    expect(
      requestOutcomeIn({ request: requestFor({ ref: 'v1' }), target: deploy("{ workflow: cd.yml, refs: ['v*'] }") }),
    ).toBe('allow');
    expect(requestOutcomeIn({ request: requestFor({ inputs: { sha: 'x' } }) })).toBe('inbound-input');
    expect(
      requestOutcomeIn({
        request: requestFor({ inputs: { sha: 'x' } }),
        target: deploy('{ workflow: cd.yml, inputs: [sha] }'),
      }),
    ).toBe('allow');
  });

  test('is needed for the operator’s default ref too', () => {
    expect(requestOutcomeIn({ guardRails: { defaultRef: 'live' } })).toBe('inbound-ref');
  });

  test('does not help an input value with a control character: it is refused', () => {
    expect(requestOutcomeIn({ request: requestFor({ inputs: { sha: 'a\0b' } }) })).toBe('input-value-invalid');
  });
});

describe('the scope of a key', () => {
  const scoped = (...targets: string[]) => ({ key: { targets } });

  test.each(['octo/deploy', 'Octo/DEPLOY', 'octo/deploy:cd.yml', 'OCTO/deploy:cd.yml'])(
    '%s includes cd.yml of octo/deploy',
    (scope) => {
      expect(requestOutcomeIn(scoped(scope))).toBe('allow');
    },
  );

  test.each([
    '',
    '*',
    'octo/*',
    'octo',
    'deploy',
    'octo/deploy2',
    'octo/deploy/',
    ' octo/deploy',
    'octo/deploy:',
    'octo/deploy:CD.yml',
    'octo/deploy:cd.yml ',
    'octo/deploy:*',
    'octo/deploy:evil-cd.yml',
    'octo/deploy:.github/workflows/cd.yml',
    'octo/deploy#cd.yml',
    'octo/deploy#deploy',
    '\u212Acto/deploy',
  ])('`%s` does not include it', (scope) => {
    expect(requestOutcomeIn(scoped(scope))).toBe('key-scope');
  });

  test('includes an event type written after `#`, compared exactly', () => {
    expect(requestOutcomeIn({ request: anEvent, ...scoped('octo/deploy#deploy') })).toBe('allow');
    expect(requestOutcomeIn({ request: anEvent, ...scoped('octo/deploy#Deploy') })).toBe('key-scope');
    expect(requestOutcomeIn({ request: anEvent, ...scoped('octo/deploy:deploy') })).toBe('key-scope');
    const odd = { ...anEvent, eventType: 'a:b#c' };
    const target = keyRule('{ key: nightly }', "{ event-type: 'a:b#c' }");
    expect(requestOutcomeIn({ request: odd, target, ...scoped('octo/deploy#a:b#c') })).toBe('allow');
  });

  test('that is empty allows nothing, and the target is not read', () => {
    expect(requestOutcomeIn(scoped())).toBe('key-scope');
    expect(targetsOfRequest(aRequest(scoped()), noGuardRails)).toEqual([]);
    expect(targetsOfRequest(aRequest({ request: requestFor({ ref: 'v1' }) }), noGuardRails)).toEqual([
      { owner: 'octo', name: 'deploy', workflows: ['cd.yml'], refs: ['v1'] },
    ]);
  });
});

describe('a replayed request', () => {
  const live = { targets: ['octo/deploy'], ended: null };

  test('whose key has not changed is allowed again', () => {
    expect(requestOutcomeIn({ now: live })).toBe('allow');
  });

  test('whose key has been revoked is refused, whatever its scope, and the target is not read', () => {
    const now = { ...live, ended: 'revoked since 2026-01-31T12:00:00.000Z' };
    expect(requestOutcomeIn({ now })).toBe('key-ended');
    expect(requestOutcomeIn({ now: { ...now, targets: [] } })).toBe('key-ended');
    expect(requestPlanIn({ now }).decisions[0]?.message).toBe(
      'octo/deploy:cd.yml was requested by key nightly, and that key is revoked since 2026-01-31T12:00:00.000Z.',
    );
    expect(targetsOfRequest(aRequest(), noGuardRails, now)).toEqual([]);
  });

  test('is checked against the current scope of the key', () => {
    const now = { ...live, targets: ['octo/deploy:qa.yml'] };
    expect(requestOutcomeIn({ now })).toBe('key-scope');
    expect(targetsOfRequest(aRequest(), noGuardRails, now)).toEqual([]);
  });
});

describe('the operator’s settings', () => {
  test('for pausing, targets and depth apply to keys', () => {
    expect(requestOutcomeIn({ guardRails: { paused: true } })).toBe('paused');
    expect(requestOutcomeIn({ guardRails: { targetRepositories: ['octo/other'] } })).toBe('target-not-allowed');
    expect(requestOutcomeIn({ guardRails: { maxDispatchDepth: 0 } })).toBe('depth-exceeded');
  });

  test('for source repositories and workflows do not apply to keys', () => {
    const guardRails = { sourceRepositories: ['octo/none'], sourceWorkflows: ['none.yml'] };
    expect(requestOutcomeIn({ guardRails })).toBe('allow');
  });
});

describe('what GitHub would refuse', () => {
  test('an event without `contents: write`; reported only after consent', () => {
    const scenario = { request: anEvent, permissions: { contents: 'read', actions: 'write' } };
    expect(requestOutcomeIn(scenario)).toBe('app-permission-missing');
    expect(requestOutcomeIn({ ...scenario, permissions: {} })).toBe('app-permission-missing');
    expect(requestOutcomeIn({ ...scenario, key: { name: 'other' } })).toBe('inbound-no-match');
    expect(requestOutcomeIn({ ...scenario, permissions: null })).toBe('allow');
    expect(requestOutcomeIn({ ...scenario, request: aWorkflow })).toBe('allow');
  });

  test('an archived target and a missing workflow', () => {
    expect(requestOutcomeIn({ target: aRepository('octo/deploy', consent, { isArchived: true }) })).toBe(
      'target-archived',
    );
    const target = aRepository('octo/deploy', consent, { workflows: { 'cd.yml': { state: 'absent' } } });
    expect(requestOutcomeIn({ target })).toBe('workflow-missing');
  });
});

describe('what the holder of a key sees of a target that is not public', () => {
  const seen = (scenario: RequestScenario) => asSeenBySource(requestPlanIn(scenario).decisions[0] as Decision);

  test('does not reveal whether it exists if it does not name the key', () => {
    const absent = seen({ target: { state: 'absent' } });
    expect(absent.code).toBe('target-refused');
    for (const target of [
      inbound,
      'inbound: 3',
      keyRule('{ key: other }'),
      keyRule('{ key: nightly }', '{ workflow: x.yml }'),
    ]) {
      expect(seen({ target })).toEqual(absent);
    }
  });

  test('is the precise code, without anything from the rule, if it names the key', () => {
    const target = aRepository('octo/deploy', keyRule('{ key: nightly }', '{ workflow: cd.yml, refs: [secret] }'), {
      refs: { v1: 'tag' },
    });
    const view = seen({ request: requestFor({ ref: 'v1' }), target });
    expect(view.code).toBe('inbound-ref');
    expect(view.message).toBe('octo/deploy:cd.yml does not accept the ref v1.');
    expect(JSON.stringify(view)).not.toContain('secret');
  });

  test('names the input that the rule does not accept, and none that it does', () => {
    const target = keyRule('{ key: nightly }', '{ workflow: cd.yml, inputs: [secret] }');
    const view = seen({ request: requestFor({ inputs: { sha: 'a', secret: 'b' } }), target });
    expect(view).toMatchObject({
      code: 'inbound-input',
      message: 'octo/deploy:cd.yml does not accept sha.',
      fix: 'Correct or remove the input in the request, or ask the target to accept it in the inbound rule’s inputs.',
    });
    expect(JSON.stringify(view)).not.toContain('secret');
  });

  test.each([
    [
      { sha: 'a', quick: 'True' },
      'input-type',
      'octo/deploy:cd.yml does not accept quick: True; it accepts quick: true or false.',
      'Send a value of that type in the request.',
    ],
    [
      {},
      'input-missing',
      'octo/deploy:cd.yml requires sha; the dispatch sets no inputs.',
      'Set the input in the request, or give it a default in the workflow.',
    ],
    [
      { sha: 'a', other: 'b' },
      'input-undeclared',
      'octo/deploy:cd.yml does not declare other; it declares sha, quick.',
      'Remove the input from the request, or declare it under workflow_dispatch in the target’s workflow.',
    ],
  ])('is the message about the inputs %j, with a fix in terms of the request', (inputs, code, message, fix) => {
    const workflow = aFile(
      'on:\n  workflow_dispatch:\n    inputs:\n      sha: { required: true }\n      quick: { type: boolean }\n',
    );
    const target = aRepository(
      'octo/deploy',
      keyRule('{ key: nightly }', '{ workflow: cd.yml, inputs: [sha, quick, other] }'),
      { workflows: { 'cd.yml': workflow } },
    );
    expect(seen({ request: requestFor({ inputs }), target })).toMatchObject({ code, message, fix });
  });
});

describe('for any key, scope and file', () => {
  const pick = <Value>(...values: Value[]) => fc.constantFrom(...values);
  const target = fc.oneof(
    fc.record({ workflow: pick('cd.yml', 'CD.yml', 'qa.yml') }),
    fc.record({ 'event-type': pick('deploy', 'Deploy', 'cd.yml') }),
  );
  const keyRules = fc.record({
    source: fc.record({ key: pick('nightly', 'nightly', 'Nightly', 'app') }),
    targets: fc.array(target, { minLength: 1, maxLength: 4 }),
  });
  const runRules = fc.record({
    source: fc.record({ repository: pick('*', 'nightly', 'app'), workflow: fc.constant('ci.yml') }),
    targets: fc.array(fc.record({ workflow: pick('cd.yml', 'qa.yml') }), { minLength: 1, maxLength: 2 }),
  });
  const scope = pick('octo/deploy', 'OCTO/deploy', 'octo/deploy:cd.yml', 'octo/deploy#deploy', 'octo/*', 'octo/other');
  const request = pick<RequestedDispatch>(aWorkflow, aWorkflow, requestFor({ workflow: 'qa.yml' }), anEvent, {
    ...anEvent,
    eventType: 'cd.yml',
  });
  const scenario = fc.record({
    request,
    name: pick('nightly', 'nightly', 'Nightly', 'app'),
    targets: fc.array(scope, { minLength: 1, maxLength: 4 }),
    inbound: fc.array(fc.oneof(keyRules, keyRules, runRules), { minLength: 2, maxLength: 5 }),
  });
  let generated = 0;
  let allowing = 0;

  test('what is allowed matches a rule for the key and an entry of its scope, evaluated independently', () => {
    fc.assert(
      fc.property(scenario, ({ request, name, targets, inbound }) => {
        const outcome = requestOutcomeIn({ request, key: { name, targets }, target: JSON.stringify({ inbound }) });
        const what = request.kind === 'workflow' ? request.workflow : request.eventType;
        const separator = request.kind === 'workflow' ? ':' : '#';
        const scoped = targets.some((entry) =>
          ['octo/deploy', `octo/deploy${separator}${what}`].includes(entry.toLowerCase()),
        );
        const consented = inbound.some(
          ({ source, targets: accepted }) =>
            'key' in source &&
            source.key === name &&
            accepted.some((entry) =>
              request.kind === 'workflow'
                ? 'workflow' in entry && entry.workflow === what
                : 'event-type' in entry && entry['event-type'] === what,
            ),
        );
        generated += 1;
        if (outcome === 'allow') allowing += 1;
        expect(outcome === 'allow').toBe(scoped && consented);
      }),
      { numRuns: 500 },
    );
  });

  afterAll(() => {
    const share = Math.round((100 * allowing) / generated);
    process.stdout.write(`requests: ${generated} scenarios, ${share} % of them allow something\n`);
    expect(share).toBeGreaterThanOrEqual(10);
  });
});
