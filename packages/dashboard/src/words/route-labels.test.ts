import { expect, test } from '@jest/globals';
import { hiddenName as hiddenNameOfApi } from '@dispatcher/contracts';
import { hiddenName } from './hidden-name.ts';
import { labelOfRoute, labelOfSource, repositoryOfSource } from './route-labels.ts';

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

test('the source that a viewer may not see has words instead of a name', () => {
  expect(hiddenName).toBe(hiddenNameOfApi);
  expect(labelOfSource({ repository: hiddenName, workflow: hiddenName })).toBe('a repository that you may not see');
});
