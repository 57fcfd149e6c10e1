import type { ConsentEdge } from '@dispatcher/contracts';
import { sampleEdge, sampleGraphOwner, sampleGraphRepository } from '@dispatcher/contracts/testing';
import { expect, test } from '@jest/globals';
import { graphOwnerSeenBy, graphRepositorySeenBy } from './seen-graph.ts';

const viewer = { repositories: new Set(['octo-org/app']), cursorKey: new Uint8Array(32) };

/** Returns an edge that shows what a viewer of the other side must not learn. */
function edge(
  state: ConsentEdge['state'],
  source: string,
  target: string,
  code: ConsentEdge['code'] = null,
): ConsentEdge {
  const places = { outbound: 'outbound[0].targets[0]', inbound: 'inbound[0].targets[0]' };
  const sample = sampleEdge(state, source, target, { ...places, code });
  const known = { repositoryId: 2, renamedTo: 'octo-org/secret', formerRepositoryId: 9 };
  return { ...sample, target: { ...sample.target, ...known } };
}

const app = sampleGraphRepository('Octo-Org/app');

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
  const cycles = [[step('octo-org/app')], [step('octo-org/app'), step('octo-org/hidden')]];
  const owner = sampleGraphOwner('Octo-Org', { cycles, cycleCount: 2 });
  expect(graphOwnerSeenBy(viewer, owner)?.cycles).toEqual([[step('octo-org/app')]]);
  expect(graphOwnerSeenBy(viewer, { ...owner, owner: 'octo-partner' })).toBeNull();
});
