import type { ConsentEdge, GraphOwner, GraphRepository } from '@dispatcher/contracts';
import { expect, test } from '@jest/globals';
import { graphOwnerSeenBy, graphRepositorySeenBy } from './seen-graph.ts';

const viewer = { repositories: new Set(['octo-org/app']), cursorKey: new Uint8Array(32) };

const named = (repository: string, repositoryId: number) => ({
  repository,
  repositoryId,
  visibility: 'private' as const,
  installationId: 7,
});

function edge(
  state: ConsentEdge['state'],
  source: string,
  target: string,
  code: ConsentEdge['code'] = null,
): ConsentEdge {
  return {
    state,
    source: { ...named(source, 1), workflow: 'ci.yml' },
    target: {
      ...named(target, 2),
      workflow: 'cd.yml',
      eventType: null,
      renamedTo: 'octo-org/secret',
      formerRepositoryId: 9,
    },
    id: null,
    routeId: '0123456789abcdef',
    outbound: 'outbound[0].targets[0]',
    inbound: 'inbound[0].targets[0]',
    code,
  };
}

const app: GraphRepository = {
  ...named('Octo-Org/app', 1),
  isActive: true,
  state: 'valid',
  commit: null,
  path: 'dispatching.yml',
  blobId: null,
  problems: [],
  observedAt: '2026-11-03T14:00:00.000Z',
  formerNames: [],
  isIndexed: true,
  outbound: [],
  inbound: [],
  omitted: 0,
};

test('a hidden repository is not shown', () => {
  expect(graphRepositorySeenBy(viewer, { ...app, repository: 'octo-org/deploy' })).toBeNull();
});

test('a request to a hidden target shows what the source wrote and nothing that only the target knows', () => {
  const exists = edge('requested', 'octo-org/app', 'octo-org/deploy', 'inbound-no-match');
  const archived = edge('requested', 'octo-org/app', 'octo-org/deploy', 'target-archived');
  const [first, second] = [exists, archived].map(
    (each) => graphRepositorySeenBy(viewer, { ...app, outbound: [each] })?.outbound[0],
  );
  expect(first).toMatchObject({ code: 'target-refused', inbound: null, outbound: 'outbound[0].targets[0]' });
  expect(first?.target).toEqual({
    repository: 'octo-org/deploy',
    repositoryId: null,
    visibility: null,
    installationId: null,
    workflow: 'cd.yml',
    eventType: null,
  });
  expect(second).toEqual(first);
});

test('a hidden source is left out and counted, and an offer to it is shown as the file writes it', () => {
  const seen = graphRepositorySeenBy(viewer, {
    ...app,
    inbound: [
      edge('agreed', 'octo-org/hidden', 'octo-org/app'),
      edge('agreed', 'octo-org/app', 'octo-org/app'),
      edge('offered', 'octo-org/hidden', 'octo-org/app'),
    ],
  });
  expect(seen?.omitted).toBe(1);
  expect(seen?.inbound.map(({ state }) => state)).toEqual(['agreed', 'offered']);
  expect(seen?.inbound[1]?.source).toMatchObject({ repository: 'octo-org/hidden', repositoryId: null });
});

test('an owner is shown with the circles whose repositories are all seen', () => {
  const step = (repository: string) => ({ repository, workflow: 'ci.yml' });
  const owner: GraphOwner = {
    owner: 'Octo-Org',
    repositories: 2,
    configured: 2,
    invalid: 0,
    agreed: 2,
    requested: 0,
    offered: 0,
    cycles: [[step('octo-org/app')], [step('octo-org/app'), step('octo-org/hidden')]],
    cycleCount: 2,
    installationIds: [7],
    builtAt: '2026-11-03T15:00:00.000Z',
  };
  expect(graphOwnerSeenBy(viewer, owner)?.cycles).toEqual([[step('octo-org/app')]]);
  expect(graphOwnerSeenBy(viewer, { ...owner, owner: 'octo-partner' })).toBeNull();
});
