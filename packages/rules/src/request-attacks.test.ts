import type { RequestedDispatch, Decision } from '@dispatcher/contracts';
import { afterAll, describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { targetsOfRequest } from './decide.ts';
import { asSeenBySource } from './source-view.ts';
import {
  anEvent,
  aRequest,
  aWorkflow,
  consent,
  requestOutcomeIn,
  requestPlanIn,
  type RequestWorld,
} from './testing/requests.ts';
import { aRepository, inbound, noGuardRails, outcomeIn } from './testing/world.ts';

const asking = (changes: object): RequestedDispatch => ({ ...aWorkflow, ...changes });
const keyRule = (source: string, target = '{ workflow: cd.yml }') =>
  `inbound:\n  - source: ${source}\n    targets: [${target}]\n`;

test('key and target agree: allowed, on the default branch', () => {
  const [decision] = requestPlanIn().decisions;
  expect(decision).toMatchObject({ effect: 'allow', ref: 'main', rule: 'targets[0]', inputs: {} });
  expect(decision).not.toHaveProperty('sourceFile');
  expect(requestOutcomeIn({ asked: anEvent })).toBe('allow');
});

describe('a key is its name, and nothing like it', () => {
  test.each(['Nightly', 'NIGHTLY', 'night', 'nightly2', 'nightly.', 'evil-nightly'])('%s is not nightly', (name) => {
    expect(requestOutcomeIn({ key: { name } })).toBe('inbound-no-match');
  });

  test('a look-alike letter makes another name', () => {
    expect(requestOutcomeIn({ key: { name: 'night\u04CFy' } })).toBe('inbound-no-match');
  });

  test('a rule for a repository of that name accepts no key, and a rule for a key no run', () => {
    expect(requestOutcomeIn({ target: inbound })).toBe('inbound-no-match');
    expect(requestOutcomeIn({ key: { name: 'app' }, target: inbound })).toBe('inbound-no-match');
    expect(requestOutcomeIn({ key: { name: '*' }, target: keyRule("{ repository: '*', workflow: ci.yml }") })).toBe(
      'inbound-no-match',
    );
    expect(outcomeIn({ target: consent })).toBe('inbound-no-match');
    expect(outcomeIn({ target: keyRule('{ key: app }') })).toBe('inbound-no-match');
  });

  test('a target without rules consents to nothing', () => {
    expect(requestOutcomeIn({ target: 'inbound: []' })).toBe('inbound-no-match');
    expect(requestOutcomeIn({ target: aRepository('octo/deploy', null) })).toBe('target-no-config');
  });
});

describe('consent is to one thing', () => {
  test('another workflow, or another event type, is not consented', () => {
    expect(requestOutcomeIn({ asked: asking({ workflow: 'evil-cd.yml' }) })).toBe('inbound-no-match');
    expect(requestOutcomeIn({ asked: asking({ workflow: 'CD.yml' }) })).toBe('inbound-no-match');
    expect(requestOutcomeIn({ asked: { ...anEvent, eventType: 'Deploy' } })).toBe('inbound-no-match');
    expect(requestOutcomeIn({ asked: { ...anEvent, eventType: 'deploy-all' } })).toBe('inbound-no-match');
  });

  test('a workflow is no event type of that name, nor the other way round', () => {
    expect(requestOutcomeIn({ asked: { ...anEvent, eventType: 'cd.yml' } })).toBe('inbound-no-match');
    const target = keyRule('{ key: nightly }', '{ event-type: cd.yml }');
    expect(requestOutcomeIn({ target })).toBe('inbound-no-match');
  });

  test('a ref and an input need the target’s consent', () => {
    const reading = (rule: string) =>
      aRepository('octo/deploy', keyRule('{ key: nightly }', rule), { refs: { v1: 'tag' } });
    expect(requestOutcomeIn({ asked: asking({ ref: 'v1' }) })).toBe('inbound-ref');
    expect(
      requestOutcomeIn({ asked: asking({ ref: 'v1' }), target: reading("{ workflow: cd.yml, refs: ['v*'] }") }),
    ).toBe('allow');
    expect(requestOutcomeIn({ asked: asking({ inputs: { sha: 'x' } }) })).toBe('inbound-input');
    expect(
      requestOutcomeIn({
        asked: asking({ inputs: { sha: 'x' } }),
        target: reading('{ workflow: cd.yml, inputs: [sha] }'),
      }),
    ).toBe('allow');
  });

  test('the operator’s default ref needs the same consent', () => {
    expect(requestOutcomeIn({ guardRails: { defaultRef: 'live' } })).toBe('inbound-ref');
  });

  test('a value with a line break is refused', () => {
    expect(requestOutcomeIn({ asked: asking({ inputs: { sha: 'a\nb' } }) })).toBe('input-value-invalid');
  });
});

describe('the scope of a key', () => {
  const scoped = (...targets: string[]) => ({ key: { targets } });

  test.each(['octo/deploy', 'Octo/DEPLOY', 'octo/deploy:cd.yml', 'OCTO/deploy:cd.yml'])(
    '%s names cd.yml there',
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
  ])('`%s` does not', (scope) => {
    expect(requestOutcomeIn(scoped(scope))).toBe('key-scope');
  });

  test('an event type is named with # and exactly', () => {
    expect(requestOutcomeIn({ asked: anEvent, ...scoped('octo/deploy#deploy') })).toBe('allow');
    expect(requestOutcomeIn({ asked: anEvent, ...scoped('octo/deploy#Deploy') })).toBe('key-scope');
    expect(requestOutcomeIn({ asked: anEvent, ...scoped('octo/deploy:deploy') })).toBe('key-scope');
    const odd = { ...anEvent, eventType: 'a:b#c' };
    const target = keyRule('{ key: nightly }', "{ event-type: 'a:b#c' }");
    expect(requestOutcomeIn({ asked: odd, target, ...scoped('octo/deploy#a:b#c') })).toBe('allow');
  });

  test('a key without a scope may ask for nothing, and its target is not even read', () => {
    expect(requestOutcomeIn(scoped())).toBe('key-scope');
    expect(targetsOfRequest(aRequest(scoped()), noGuardRails)).toEqual([]);
    expect(targetsOfRequest(aRequest({ asked: asking({ ref: 'v1' }) }), noGuardRails)).toEqual([
      { owner: 'octo', name: 'deploy', workflows: ['cd.yml'], refs: ['v1'] },
    ]);
  });
});

describe('a key that is decided on again', () => {
  const live = { targets: ['octo/deploy'], ended: null };

  test('and is as it was is allowed as it was', () => {
    expect(requestOutcomeIn({ now: live })).toBe('allow');
  });

  test('and was revoked since is refused, whatever its scope, and its target is not even read', () => {
    const now = { ...live, ended: 'revoked since 2026-01-31T12:00:00.000Z' };
    expect(requestOutcomeIn({ now })).toBe('key-ended');
    expect(requestOutcomeIn({ now: { ...now, targets: [] } })).toBe('key-ended');
    expect(requestPlanIn({ now }).decisions[0]?.message).toBe(
      'octo/deploy:cd.yml was requested by key nightly, and that key is revoked since 2026-01-31T12:00:00.000Z.',
    );
    expect(targetsOfRequest(aRequest(), noGuardRails, now)).toEqual([]);
  });

  test('and may ask for less than it did is held to what it may now', () => {
    const now = { ...live, targets: ['octo/deploy:qa.yml'] };
    expect(requestOutcomeIn({ now })).toBe('key-scope');
    expect(targetsOfRequest(aRequest(), noGuardRails, now)).toEqual([]);
  });
});

describe('the operator’s guard rails', () => {
  test('a pause and the list of targets hold for keys as well', () => {
    expect(requestOutcomeIn({ guardRails: { paused: true } })).toBe('paused');
    expect(requestOutcomeIn({ guardRails: { targetRepositories: ['octo/other'] } })).toBe('target-not-allowed');
    expect(requestOutcomeIn({ guardRails: { maxDispatchDepth: 0 } })).toBe('depth-exceeded');
  });

  test('the lists of sources name repositories and workflows, and a key is neither', () => {
    const guardRails = { sourceRepositories: ['octo/none'], sourceWorkflows: ['none.yml'] };
    expect(requestOutcomeIn({ guardRails })).toBe('allow');
  });
});

describe('what GitHub would refuse', () => {
  test('an event without `contents: write`, told after consent', () => {
    const world = { asked: anEvent, permissions: { contents: 'read', actions: 'write' } };
    expect(requestOutcomeIn(world)).toBe('app-permission-missing');
    expect(requestOutcomeIn({ ...world, permissions: {} })).toBe('app-permission-missing');
    expect(requestOutcomeIn({ ...world, key: { name: 'other' } })).toBe('inbound-no-match');
    expect(requestOutcomeIn({ ...world, permissions: null })).toBe('allow');
    expect(requestOutcomeIn({ ...world, asked: aWorkflow })).toBe('allow');
  });

  test('an archived target, and a workflow that is missing', () => {
    expect(requestOutcomeIn({ target: aRepository('octo/deploy', consent, { isArchived: true }) })).toBe(
      'target-archived',
    );
    const target = aRepository('octo/deploy', consent, { workflows: { 'cd.yml': { state: 'absent' } } });
    expect(requestOutcomeIn({ target })).toBe('workflow-missing');
  });
});

describe('what the holder of a key sees of a target that is not public', () => {
  const seen = (world: RequestWorld) => asSeenBySource(requestPlanIn(world).decisions[0] as Decision);

  test('whether it exists is not told where it does not name the key', () => {
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

  test('the precise code and nothing of the rule is told where it does', () => {
    const target = aRepository('octo/deploy', keyRule('{ key: nightly }', '{ workflow: cd.yml, refs: [secret] }'), {
      refs: { v1: 'tag' },
    });
    const view = seen({ asked: asking({ ref: 'v1' }), target });
    expect(view.code).toBe('inbound-ref');
    expect(JSON.stringify(view)).not.toContain('secret');
  });
});

describe('whatever key, scope and file say', () => {
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
  const asked = pick<RequestedDispatch>(aWorkflow, aWorkflow, asking({ workflow: 'qa.yml' }), anEvent, {
    ...anEvent,
    eventType: 'cd.yml',
  });
  const world = fc.record({
    asked,
    name: pick('nightly', 'nightly', 'Nightly', 'app'),
    targets: fc.array(scope, { minLength: 1, maxLength: 4 }),
    inbound: fc.array(fc.oneof(keyRules, keyRules, runRules), { minLength: 2, maxLength: 5 }),
  });
  let generated = 0;
  let allowing = 0;

  test('what is allowed is what one rule for that key and one line of its scope say, read by hand', () => {
    fc.assert(
      fc.property(world, ({ asked, name, targets, inbound }) => {
        const outcome = requestOutcomeIn({ asked, key: { name, targets }, target: JSON.stringify({ inbound }) });
        const what = asked.kind === 'workflow' ? asked.workflow : asked.eventType;
        const mark = asked.kind === 'workflow' ? ':' : '#';
        const scoped = targets.some((line) =>
          ['octo/deploy', `octo/deploy${mark}${what}`].includes(line.toLowerCase()),
        );
        const consented = inbound.some(
          ({ source, targets: accepted }) =>
            'key' in source &&
            source.key === name &&
            accepted.some((one) =>
              asked.kind === 'workflow'
                ? 'workflow' in one && one.workflow === what
                : 'event-type' in one && one['event-type'] === what,
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
    process.stdout.write(`requests: ${generated} worlds, ${share} % of them allow something\n`);
    expect(share).toBeGreaterThanOrEqual(10);
  });
});
