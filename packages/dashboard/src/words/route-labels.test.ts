import { expect, test } from '@jest/globals';
import { labelOfRoute, repositoryOfSource } from './route-labels.ts';

test('a route of workflows and a route of a key to an event as text', () => {
  const source = { repository: 'acme/app', workflow: '.github/workflows/ci.yml' };
  expect(labelOfRoute({ source, target: { repository: 'acme/deploy', workflow: 'cd.yml' } })).toBe(
    'acme/app:ci.yml → acme/deploy:cd.yml',
  );
  const key = { key: 'nightly' };
  expect(labelOfRoute({ source: key, target: { repository: 'acme/docs', eventType: 'changed' } })).toBe(
    'API key nightly → acme/docs#changed',
  );
  expect([repositoryOfSource(source), repositoryOfSource(key)]).toEqual(['acme/app', null]);
});
