import { describe, expect, test } from '@jest/globals';
import type { OwnerPolicies } from '@dispatcher/contracts';
import { readFile } from '@dispatcher/contracts/testing';
import { asSeenBySource } from './source-view.ts';
import { aFile, aRepository, aRun, decisionIn, inbound, outbound, type RunScenario } from '../testing/run-scenario.ts';

const seen = (scenario: RunScenario) => asSeenBySource(decisionIn(scenario));
const repository = (config: string | null, changes = {}) => aRepository('octo/deploy', config, changes);
const otherSource = inbound.replace('repository: app', 'repository: somebody');

describe('what the source sees of a target that is not public and does not name it', () => {
  const absent = seen({ target: { state: 'absent' } });

  test.each<[string, RunScenario['target']]>([
    ['without a dispatching.yml', repository(null)],
    ['with an invalid dispatching.yml', repository('inbound: 3')],
    ['that names another source', otherSource],
    ['that names the source for another workflow', inbound.replace('ci.yml', 'other.yml')],
    ['that names the source for another target workflow', inbound.replace('cd.yml', 'other.yml')],
    ['that is archived', repository(null, { isArchived: true })],
    ['that is archived and names another source', repository(otherSource, { isArchived: true })],
    ['that is empty', repository(null, { defaultBranch: null })],
    ['that is internal', repository(null, { visibility: 'internal' })],
    ['that GitHub did not respond for', { state: 'unknown', reason: 'organization SAML enforcement' }],
    ['that the source spells in another case', { ...repository(otherSource), owner: 'Octo', name: 'Deploy' }],
  ])('a target %s looks the same as one that does not exist', (_, target) => {
    expect(seen({ target: target ?? '' })).toEqual(absent);
  });

  test('a target that does not exist is shown as `target-refused`, without checks of the target', () => {
    expect(absent).toMatchObject({ code: 'target-refused', responsible: 'target' });
    expect(absent.checks.every(({ side }) => side !== 'target')).toBe(true);
    expect(absent.checks.length).toBeGreaterThan(10);
  });

  test('an error of the source is shown the same whether the target exists or not', () => {
    const source = outbound.replace('cd.yml', "cd.yml, inputs: { x: '${{ source.actor }}' }");
    const run = aRun({ actor: null });
    const exists = seen({ run, source });
    expect(exists).toEqual(seen({ run, source, target: { state: 'absent' } }));
    expect(exists.code).toBe('input-value-invalid');
  });

  test('a decision shows the route as the source spells it', () => {
    const target = { ...repository(otherSource), owner: 'OCTO', name: 'DEPLOY' };
    expect(decisionIn({ target }).route.target.repository).toBe('octo/deploy');
  });
});

/** What the policy of the owner of both repositories says. */
function policyOf(text: string): OwnerPolicies {
  const file = readFile(`policy ${text}`, text);
  if (file.state !== 'read') throw new Error('The file was not read.');
  const snapshot = { state: 'read', repositoryId: 77, repository: 'octo/.github', sha: 'c'.repeat(40), file } as const;
  return { octo: { snapshot, seenIn: 77 } };
}

describe('whatever the source, its policy and the operator say', () => {
  const target = (text: string) => outbound.replace('cd.yml', `cd.yml, ${text}`);
  const unreadable: OwnerPolicies = { octo: { snapshot: { state: 'absent' }, seenIn: 77 } };

  test.each<[string, RunScenario]>([
    ['an outbound target that is a dry run', { source: target('enabled: dry-run') }],
    ['a system that is a dry run', { guardRails: { dryRun: true } }],
    ['a target with a check', { source: target('check: deploy') }],
    ['a target with a ref and inputs', { source: target('ref: release, inputs: { sha: a }') }],
    ['a policy that admits both', { policies: policyOf('sources: ["*"]\ntargets: ["*"]\n') }],
    ['a policy that excludes the source', { policies: policyOf('sources: [other]\n') }],
    ['a policy that excludes the target', { policies: policyOf('targets: [other]\n') }],
    ['a policy that only evaluates', { policies: policyOf('targets: [other]\nenforcement: evaluate\n') }],
    ['a policy that is disabled', { policies: policyOf('targets: [other]\nenforcement: disabled\n') }],
    ['a policy with a limit of targets', { policies: policyOf('max-targets: 1\n') }],
    ['an invalid policy', { policies: policyOf('sauces: [app]\n') }],
    ['a policy that cannot be read any more', { policies: unreadable }],
    ['a policy that is required and missing', { guardRails: { requirePolicy: ['octo'] }, policies: {} }],
    ['an allowlist without the target', { guardRails: { targetRepositories: ['octo/other'] } }],
  ])('%s: a hidden target looks as if it did not exist', (_, scenario) => {
    const absent = seen({ ...scenario, target: { state: 'absent' } });
    for (const hidden of [
      repository(null),
      repository('inbound: 3'),
      repository(otherSource),
      repository(otherSource, { isArchived: true }),
      repository(inbound.replace('cd.yml', 'other.yml')),
      // Rules that are a dry run or disabled, for others and for the source.
      repository(otherSource.replace('cd.yml', 'cd.yml, enabled: dry-run')),
      repository(inbound.replace('cd.yml', 'cd.yml, enabled: false')),
      repository(otherSource.replace('cd.yml', 'cd.yml, report: none')),
    ]) {
      expect(JSON.stringify(seen({ ...scenario, target: hidden }))).toBe(JSON.stringify(absent));
    }
  });
});

describe('what the source sees of repositories that only other files name', () => {
  const secret = 'octo/secret';
  const chain = [
    { repository: secret, workflow: 'ci.yml' },
    { repository: 'octo/deploy', workflow: 'other.yml' },
  ];
  const known = (...path: typeof chain): RunScenario => ({
    lineage: { state: 'known', dispatchId: 'd'.repeat(32), depth: path.length, path },
  });
  const policies = policyOf('sources: [app, secret]\n');

  test.each<[string, string, RunScenario]>([
    ['a refused route of a chain', 'target-refused', { ...known(...chain), target: { state: 'absent' } }],
    ['a chain that comes back', 'route-loop', known(...chain, { repository: 'octo/deploy', workflow: 'cd.yml' })],
    ['a chain that is too long', 'depth-exceeded', { ...known(...chain), guardRails: { maxDispatchDepth: 2 } }],
    ['a refused route beside a policy', 'target-refused', { policies, target: { state: 'absent' } }],
    ['a policy that refuses', 'policy-refused', { policies: policyOf('sources: [secret]\n') }],
    ['a policy with errors', 'policy-invalid', { policies: policyOf('secret: true\n') }],
  ])('%s: none of their names', (_, code, scenario) => {
    const view = seen(scenario);
    expect(view.code).toBe(code);
    expect(JSON.stringify(view)).not.toContain('secret');
    expect(JSON.stringify(decisionIn(scenario))).toContain('secret');
  });

  test('how long the chain is, and which side of a policy refuses', () => {
    const { checks } = seen(known(...chain));
    expect(checks).toContainEqual(
      expect.objectContaining({ name: 'depth', actual: 'dispatch 3 after other workflows' }),
    );
    expect(seen({ policies: policyOf('sources: [secret]\n') }).checks).toContainEqual(
      expect.objectContaining({ name: 'policy-source', expected: 'what the policy accepts', actual: 'app' }),
    );
  });

  test('that a check of Dispatcher triggered the run, because this names nobody', () => {
    expect(seen({ lineage: { state: 'own-check' } })).toMatchObject({
      code: 'route-loop',
      message: expect.stringContaining('a check of Dispatcher triggered the run'),
    });
  });
});

describe('what the source sees of a target that names it', () => {
  test('the precise code, without anything from the target’s rule', () => {
    const target = inbound.replace('ci.yml', "ci.yml, branches: ['secret-branch']");
    const view = seen({ target });
    expect(view.code).toBe('inbound-branch');
    expect(JSON.stringify(view)).not.toContain('secret-branch');
    expect(JSON.stringify(decisionIn({ target }))).toContain('secret-branch');
  });

  test('the code of a missing workflow', () => {
    expect(seen({ target: repository(inbound, { workflows: { 'cd.yml': { state: 'absent' } } }) }).code).toBe(
      'workflow-missing',
    );
  });

  test('the message about an input that the workflow does not accept, because the rule accepts the route', () => {
    const workflow = aFile('on: { workflow_dispatch: { inputs: { size: { type: number } } } }');
    const target = repository(inbound.replace('cd.yml', 'cd.yml, inputs: [size]'), {
      workflows: { 'cd.yml': workflow },
    });
    const source = outbound.replace('cd.yml', 'cd.yml, inputs: { size: large }');
    expect(seen({ source, target })).toMatchObject({
      code: 'input-type',
      message: 'octo/deploy:cd.yml does not accept size: large; it accepts size: a number.',
      fix: 'Send a value of that type.',
    });
  });

  test('the code of an allowed dispatch', () => {
    expect(seen({}).code).toBe('allowed');
  });
});

test('the source sees the precise code of a public target, whose file everyone can read', () => {
  expect(seen({ target: repository(null, { visibility: 'public' }) }).code).toBe('target-no-config');
});
