import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import type { Fact } from '@dispatcher/contracts';
import { createStateStore, type RepositoryIdStore } from '@dispatcher/store';
import { startDynamo, type TestDynamo } from '@dispatcher/store/testing';
import { UsageError } from '../command.ts';
import { confirmCommand } from './confirm-command.ts';

const pair = { source: 'partner/app', target: 'octo/deploy' };
const now = Date.parse('2026-11-03T14:00:00.000Z');

let dynamo: TestDynamo;
let repositoryIds: RepositoryIdStore;
let published: Fact[];
beforeAll(async () => {
  dynamo = await startDynamo();
});
beforeEach(async () => {
  const { state } = await dynamo.createTables();
  ({ repositoryIds } = createStateStore({ client: dynamo.client, table: state }));
  published = [];
  const refused = (repositoryId: number, other: number) => ({
    repositoryId,
    replacement: { repositoryId: other, blobId: 'b' },
  });
  await repositoryIds.putIds(pair, { source: refused(1, 2), target: refused(22, 23) }, null);
});
afterAll(() => dynamo.close());

async function run(...args: string[]) {
  let out = '';
  let err = '';
  const publish = async (facts: readonly Fact[]) => void published.push(...facts);
  const command = confirmCommand({
    operations: async () => ({ repositoryIds, bus: { publish } }),
    user: () => 'octocat',
    now: () => now,
    newId: () => 'action-1',
  });
  const terminal = {
    out: (text: string) => void (out += text),
    err: (text: string) => void (err += text),
    readFile: () => new Uint8Array(),
  };
  return { code: await command.run(args, terminal), out, err };
}

const reason = ['--reason', 'They moved.'];

test('confirms a source with --target, and records who and why', async () => {
  const result = await run('Partner/app', '--target', 'octo/deploy', '--repository-id', '2', ...reason);
  expect(result).toEqual({ code: 0, out: 'Partner/app is repository 2 from now on.\n', err: '' });
  expect(await repositoryIds.getIds(pair)).toMatchObject({
    source: { repositoryId: 2, replacement: null },
    target: { repositoryId: 22, replacement: { repositoryId: 23 } },
  });
  const data = { side: 'source', ...pair, repositoryId: 2, operator: 'octocat', reason: 'They moved.' };
  expect(published).toMatchObject([{ type: 'repository.confirmed', data: { actionId: 'action-1', ...data } }]);
});

test('confirms a target with --source', async () => {
  const result = await run('octo/deploy', '--source', 'partner/app', '--repository-id', '23', ...reason, '--as', 'ada');
  expect(result.code).toBe(0);
  expect((await repositoryIds.getIds(pair))?.target).toEqual({ repositoryId: 23, replacement: null });
  expect(published).toMatchObject([{ data: { side: 'target', operator: 'ada' } }]);
});

test('says what was refused if the id is another one, and changes nothing', async () => {
  const before = await repositoryIds.getIds(pair);
  expect(await run('partner/app', '--target', 'octo/deploy', '--repository-id', '3', ...reason)).toEqual({
    code: 1,
    out: '',
    err: 'Repository 2 was refused as partner/app, not repository 3. Give the id that the decision shows.\n',
  });
  expect(await repositoryIds.getIds(pair)).toEqual(before);
  expect(published).toEqual([]);
});

test('confirms that a policy was removed, so that its absence refuses nothing', async () => {
  await repositoryIds.putPolicy('Octo', 77);
  const args = ['octo/.github', '--policy-removed', '--repository-id', '77', ...reason];
  const out = 'octo has no policy, until its next one is seen.\n';
  expect(await run(...args)).toEqual({ code: 0, out, err: '' });
  expect(await repositoryIds.getPolicy('octo')).toBeNull();
  const data = {
    side: 'policy',
    source: 'octo/.github',
    target: 'octo/.github',
    repositoryId: 77,
    operator: 'octocat',
  };
  expect(published).toMatchObject([{ type: 'repository.confirmed', data }]);
});

test('a policy that was seen in another repository is not confirmed as removed', async () => {
  await repositoryIds.putPolicy('octo', 77);
  const result = await run('octo/.github', '--policy-removed', '--repository-id', '78', ...reason);
  expect(result).toMatchObject({
    code: 1,
    err: expect.stringContaining('seen in repository 77, not in repository 78'),
  });
  expect(await repositoryIds.getPolicy('octo')).toBe(77);
  expect(published).toEqual([]);
});

test.each([
  [['octo/app', '--policy-removed', '--repository-id', '2', ...reason]],
  [['octo/.github', '--policy-removed', '--target', 'octo/deploy', '--repository-id', '2', ...reason]],
  [['octo/.github', '--policy-removed', ...reason]],
  [['--target', 'octo/deploy', '--repository-id', '2', ...reason]],
  [['partner/app', '--repository-id', '2', ...reason]],
  [['partner/app', '--target', 'octo/deploy', '--source', 'octo/deploy', '--repository-id', '2', ...reason]],
  [['partner/app', '--target', 'deploy', '--repository-id', '2', ...reason]],
  [['partner/app', '--target', 'octo/deploy', '--repository-id', '1e3', ...reason]],
  [['partner/app', '--target', 'octo/deploy', ...reason]],
  [['partner/app', '--target', 'octo/deploy', '--repository-id', '2']],
] as const)('%j is a usage error and changes nothing', async (args) => {
  await expect((async () => run(...args))()).rejects.toThrow(UsageError);
  expect((await repositoryIds.getIds(pair))?.source.repositoryId).toBe(1);
});
