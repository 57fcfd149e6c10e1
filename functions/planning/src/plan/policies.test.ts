import { defaultGuardRails, type RepositorySnapshot } from '@dispatcher/contracts';
import { expect, test } from '@jest/globals';
import { readFile, readRepository } from '@dispatcher/contracts/testing';
import { createRepositoryIds } from '../testing/fixtures.ts';
import { mergePolicies, noPolicies, readPolicies, rememberPolicies } from './policies.ts';

const sha = 'b'.repeat(40);
const github = (policy: string | null): RepositorySnapshot => ({
  ...readRepository('octo/.github', { state: 'absent' }, { id: 77, defaultBranch: { name: 'main', sha } }),
  policy: policy === null ? { state: 'absent' } : readFile('policy', policy),
});

test('a policy is remembered once, and its absence is then known', async () => {
  expect(defaultGuardRails.requirePolicy).toEqual([]);
  const repositoryIds = createRepositoryIds();
  let puts = 0;
  const counting: typeof repositoryIds = {
    ...repositoryIds,
    putPolicy: async (...args) => {
      puts += 1;
      return repositoryIds.putPolicy(...args);
    },
  };
  let current = github('sources: [app]');
  const requested: (readonly string[])[] = [];
  const reader = {
    readSource: () => Promise.reject(new Error('Not read here.')),
    readTargets: () => Promise.reject(new Error('Not read here.')),
    readPolicies: async (_: unknown, owners: readonly string[]) => {
      requested.push(owners);
      return Object.fromEntries(owners.map((owner) => [owner, current] as const));
    },
  };
  const deps = { reader, repositoryIds: counting };
  const read = () => readPolicies(deps, { installationId: 7, owner: 'octo' }, ['octo'], {});

  const first = await read();
  expect(first.policies['octo']).toMatchObject({ snapshot: { state: 'read', repositoryId: 77 }, seenIn: null });
  await rememberPolicies(deps, first.policies);
  const second = await read();
  expect(second.policies['octo']).toMatchObject({ seenIn: 77 });
  await rememberPolicies(deps, second.policies);
  expect(puts).toBe(1);

  current = github(null);
  const gone = await read();
  expect(gone.policies['octo']).toEqual({ snapshot: { state: 'absent' }, seenIn: 77 });
  expect(gone.repositories.map(([name]) => name)).toEqual(['octo/.github']);
  current = { state: 'absent' };
  expect((await read()).policies['octo']).toEqual({ snapshot: { state: 'absent' }, seenIn: 77 });
  expect(mergePolicies(noPolicies, gone)).toEqual(gone);
  expect(await readPolicies(deps, null, [], {})).toEqual(noPolicies);
  expect(requested).toHaveLength(4);
});
