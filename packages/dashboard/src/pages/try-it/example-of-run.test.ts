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

const planOf = (planned: object) => ({
  facts: [{ type: 'run.planned', data: { trigger: planned } }] as unknown as Schemas['PlanResponse']['facts'][number][],
  files: [],
});
const request = { repository: 'acme/deploy', workflow: 'cd.yml', ref: 'release/1', inputs: { a: '1', b: 'x=y' } };

test('the request of a schedule becomes an example with what it requested', () => {
  const plan = planOf({
    type: 'dispatch.requested',
    schedule: { id: '1', name: 'nightly', targets: [] },
    request: { kind: 'workflow', ...request },
  });
  expect(exampleOfRun(plan)?.example).toMatchObject({
    trigger: 'schedule',
    requester: 'nightly',
    target: 'acme/deploy',
    targetWorkflow: 'cd.yml',
    ref: 'release/1',
    inputs: 'a=1\nb=x=y',
  });
});

test('the request of a job becomes an example with its run and what it requested', () => {
  const job = { checkRunId: null, environment: 'production' };
  const plan = planOf({ ...trigger, type: 'job.requested', job, request: { ...request, id: 'eu' } });
  expect(exampleOfRun(plan)?.example).toMatchObject({
    trigger: 'job',
    source: 'acme/app',
    environment: 'production',
    target: 'acme/deploy',
    targetId: 'eu',
  });
});

test('an event that a key sends becomes an example with its type', () => {
  const event = { kind: 'event', repository: 'acme/deploy', eventType: 'release' };
  const key = { id: '1', name: 'release-bot', targets: [] };
  expect(exampleOfRun(planOf({ type: 'dispatch.requested', key, request: event }))?.example).toMatchObject({
    trigger: 'key',
    requester: 'release-bot',
    target: 'acme/deploy',
    requested: 'event',
    eventType: 'release',
  });
});

test('a run without a plan has no example', () => {
  expect(exampleOfRun({ facts: [], files: [] })).toBeNull();
});
