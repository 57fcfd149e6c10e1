import { expect, test } from '@jest/globals';
import { listsWith, typeChoices } from './activity-filters.ts';

const all = ['deliveries', 'dispatches', 'audit'] as const;

test.each([
  [{}, [...all]],
  [{ list: 'audit' }, ['audit']],
  [{ type: 'dispatch.failed' }, ['dispatches']],
  [{ list: 'deliveries', type: 'dispatch.failed' }, []],
  [{ source: 'acme/app' }, ['deliveries', 'dispatches']],
  [{ list: 'audit', target: 'acme/app' }, []],
])('%j is looked for in %j', (search, lists) => {
  expect(listsWith(search, all)).toEqual(lists);
});

test('a viewer is offered no types of facts about operators', () => {
  const types = typeChoices(['deliveries', 'dispatches'], undefined).map(([type]) => type);
  expect(types).toContain('dispatch.failed');
  expect(types).not.toContain('operator.acted');
  expect(typeChoices(all, 'dispatches').map(([type]) => type)).not.toContain('run.planned');
});
