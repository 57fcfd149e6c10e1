import { expect, test } from '@jest/globals';
import type { Schemas } from '../../api/client.ts';
import { exampleOfRun } from './example-of-run.ts';

const source = { repository: 'acme/app', sha: 'a'.repeat(40), path: 'dispatching.yml' };
const target = { repository: 'Acme/Deploy', sha: 'b'.repeat(40), path: '.github/dispatching.yml' };
const trigger = {
  type: 'run.completed',
  repository: { id: 1, owner: 'acme', name: 'app', defaultBranch: 'main' },
  workflow: 'ci.yml',
  run: { event: 'push', headBranch: null, conclusion: 'failure' },
};
const facts = [
  { type: 'run.planned', data: { trigger, sourceFile: source } },
  {
    type: 'route.decided',
    data: { decision: { route: { target: { repository: 'acme/deploy', workflow: 'cd.yml' } }, targetFile: target } },
  },
] as unknown as Schemas['PlanResponse']['facts'][number][];

test('a run becomes an example with the files that its plan was decided on', () => {
  const files = [
    { ...source, blobId: 'source-blob' },
    { ...target, repository: 'acme/deploy', blobId: 'target-blob' },
  ];
  expect(exampleOfRun({ facts, files })).toMatchObject({
    example: { source: 'acme/app', target: 'acme/deploy', branch: 'main', conclusion: 'failure', event: 'push' },
    sourceBlobId: 'source-blob',
    targetBlobId: 'target-blob',
  });
});

test('a file whose content is not stored stays empty', () => {
  expect(exampleOfRun({ facts, files: [] })).toMatchObject({ sourceBlobId: null, targetBlobId: null });
});

test('a request of an API key has no example', () => {
  const request = [
    { type: 'run.planned', data: { trigger: { type: 'dispatch.requested' } } },
  ] as unknown as Schemas['PlanResponse']['facts'][number][];
  expect(exampleOfRun({ facts: request, files: [] })).toBeNull();
  expect(exampleOfRun({ facts: [], files: [] })).toBeNull();
});
