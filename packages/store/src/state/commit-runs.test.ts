import type { CommitReference, CommitRun } from '@dispatcher/contracts';
import { sampleRun } from '@dispatcher/projections/testing';
import { afterAll, beforeAll, beforeEach, expect, test } from '@jest/globals';
import { startDynamo, type TestDynamo } from '../testing/index.ts';

import { createStateStore, type StateStore } from './index.ts';

const commit: CommitReference = { repositoryId: 11, headSha: 'a'.repeat(40), headBranch: 'main' };

let dynamo: TestDynamo;
let store: StateStore['commitRuns'];
beforeAll(async () => {
  dynamo = await startDynamo();
});
beforeEach(async () => {
  const { state: table } = await dynamo.createTables();
  store = createStateStore({ client: dynamo.newClient(), table }).commitRuns;
});
afterAll(() => dynamo.close());

function runOf(workflow: string, change: Partial<CommitRun['run']> = {}): CommitRun {
  const { run } = sampleRun(1, '2026-03-01T10:00:00.000Z');
  return { workflow, isCompleted: true, run: { ...run, createdAt: '2026-03-01T10:00:00.000Z', ...change } };
}

test('the completed runs of a commit are found together, and those of another branch or commit are not', async () => {
  await Promise.all([store.putRun(commit, runOf('ci.yml')), store.putRun(commit, runOf('security.yml'))]);
  await store.putRun({ ...commit, headBranch: 'release' }, runOf('nightly.yml'));
  await store.putRun({ ...commit, headSha: 'b'.repeat(40) }, runOf('nightly.yml'));
  const { runs } = await store.getCommit(commit);
  expect(runs.map(({ workflow }) => workflow).toSorted()).toEqual(['ci.yml', 'security.yml']);
});

test('of several runs of a workflow the newest attempt of the newest run stays, in whatever order they arrive', async () => {
  const first = runOf('ci.yml', { id: 1, attempt: 1 });
  const again = runOf('ci.yml', { id: 1, attempt: 2 });
  const later = runOf('ci.yml', { id: 2, attempt: 1, createdAt: '2026-03-01T10:05:00.000Z' });
  for (const order of [
    [first, again, later],
    [later, again, first],
    [again, later, first],
  ]) {
    const at = { ...commit, repositoryId: order[0]!.run.id * 10 + order[1]!.run.attempt };
    for (const run of order) await store.putRun(at, run);
    expect((await store.getCommit(at)).runs).toEqual([later]);
  }
});

test('a dispatch is claimed by one run; the same run may claim it again', async () => {
  const [one, other] = ['11-1-1', '11-2-1'].map((runKey) => ({ runKey, runUrl: `https://github.com/${runKey}` }));
  const claims = await Promise.all([store.claim(commit, 'd-1', one!), store.claim(commit, 'd-1', other!)]);
  expect(claims.filter((claimed) => claimed)).toHaveLength(1);
  const winner = claims[0] ? one! : other!;
  expect(await store.claim(commit, 'd-1', winner)).toBe(true);
  expect(await store.claim(commit, 'd-2', other!)).toBe(true);
  expect((await store.getCommit(commit)).claims).toEqual({ 'd-1': winner, 'd-2': other });
});
