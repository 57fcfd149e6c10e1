import { describe, expect, test } from '@jest/globals';
import { asSeenBySource } from './source-view.ts';
import { aRepository, aRun, decisionIn, inbound, outbound, type World } from '../testing/run-scenario.ts';

const seen = (world: World) => asSeenBySource(decisionIn(world));
const repository = (config: string | null, changes = {}) => aRepository('octo/deploy', config, changes);
const stranger = inbound.replace('repository: app', 'repository: somebody');

describe('what the source sees of a target that is not public', () => {
  const absent = seen({ target: { state: 'absent' } });

  test.each<[string, World['target']]>([
    ['that has no file', repository(null)],
    ['whose file is invalid', repository('inbound: 3')],
    ['that names somebody else', stranger],
    ['that names the source for another workflow', inbound.replace('ci.yml', 'other.yml')],
    ['that names the source for another target workflow', inbound.replace('cd.yml', 'other.yml')],
    ['that is archived', repository(null, { isArchived: true })],
    ['that is archived and names somebody else', repository(stranger, { isArchived: true })],
    ['that is empty', repository(null, { defaultBranch: null })],
    ['that is internal', repository(null, { visibility: 'internal' })],
    ['that GitHub gave no answer about', { state: 'unknown', reason: 'organization SAML enforcement' }],
    ['that is spelled in another case', { ...repository(stranger), owner: 'Octo', name: 'Deploy' }],
  ])('a target %s looks the same as one that does not exist', (_, target) => {
    expect(seen({ target: target ?? '' })).toEqual(absent);
  });

  test('a target that does not exist is told as one that refuses', () => {
    expect(absent).toMatchObject({ code: 'target-refused', responsible: 'target' });
    expect(absent.checks.every(({ side }) => side !== 'target')).toBe(true);
    expect(absent.checks.length).toBeGreaterThan(10);
  });

  test('what the source itself got wrong is told the same whether the target exists or not', () => {
    const source = outbound.replace('cd.yml', "cd.yml, inputs: { x: '${{ source.actor }}' }");
    const run = aRun({ actor: null });
    const exists = seen({ run, source });
    expect(exists).toEqual(seen({ run, source, target: { state: 'absent' } }));
    expect(exists.code).toBe('input-value-invalid');
  });

  test('the route a decision shows is spelled as the source wrote it', () => {
    const target = { ...repository(stranger), owner: 'OCTO', name: 'DEPLOY' };
    expect(decisionIn({ target }).route.target.repository).toBe('octo/deploy');
  });
});

describe('what the source sees of a target that names it', () => {
  test('the precise code, and nothing of what the rule says', () => {
    const target = inbound.replace('ci.yml', "ci.yml, branches: ['secret-branch']");
    const view = seen({ target });
    expect(view.code).toBe('inbound-branch');
    expect(JSON.stringify(view)).not.toContain('secret-branch');
    expect(JSON.stringify(decisionIn({ target }))).toContain('secret-branch');
  });

  test('a workflow that is missing', () => {
    expect(seen({ target: repository(inbound, { workflows: { 'cd.yml': { state: 'absent' } } }) }).code).toBe(
      'workflow-missing',
    );
  });

  test('an allowed dispatch', () => {
    expect(seen({}).code).toBe('allowed');
  });
});

test('of a public target the precise code is told: everybody can read it', () => {
  expect(seen({ target: repository(null, { visibility: 'public' }) }).code).toBe('target-no-config');
});
