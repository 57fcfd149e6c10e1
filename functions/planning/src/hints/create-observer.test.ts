import type { RepositoryHint, RepositorySnapshot } from '@dispatcher/contracts';
import { readFile, readRepository } from '@dispatcher/contracts/testing';
import { expect, test } from '@jest/globals';
import type { CheckChangeDependencies } from './check-change.ts';
import { createObserver } from './create-observer.ts';

const hint: RepositoryHint = {
  type: 'hint.repository',
  version: 1,
  deliveryId: 'guid-1',
  receivedAt: '2026-11-03T14:00:00.000Z',
  installationId: 5,
  event: 'push',
  action: null,
  repository: { id: 11, owner: 'octo-org', name: 'app' },
  branch: 'main',
  pullRequest: null,
  sha: 'a'.repeat(40),
  isDefaultBranch: true,
};
const repository = readRepository('octo-org/app', readFile('blob', 'outbound: []\n'), { id: 11 });

/** What changes of other branches need. */
const unused = {} as CheckChangeDependencies;

test('a hint about an installation has the sweep look at it, and is tried again if that could not be stored', async () => {
  const requested: number[] = [];
  const observer = (isStored: boolean) =>
    createObserver({
      readRepository: () => Promise.reject(new Error('Nothing is read.')),
      configs: { observe: () => Promise.reject(new Error('Nothing is read.')) },
      requestSweep: async (installationId) => {
        requested.push(installationId);
        return isStored;
      },
      now: () => 0,
      checkChange: unused,
    });
  const { event: _, ...rest } = hint;
  const of = { ...rest, type: 'hint.installation', event: 'installation_repositories', action: 'added' } as const;
  const about = { ...of, account: { id: 1, login: 'octo-org' } };
  const options = { signal: new AbortController().signal };
  await observer(true).installation(about, options);
  await expect(observer(false).installation(about, options)).rejects.toMatchObject({ name: 'DeferError' });
  expect(requested).toEqual([5, 5]);
});

/** Returns the observed repositories after a look that finds this. */
async function observedAfter(found: RepositorySnapshot): Promise<readonly RepositorySnapshot[]> {
  const observed: RepositorySnapshot[] = [];
  const observer = createObserver({
    readRepository: async () => found,
    configs: {
      observe: async (snapshots, seenBy) => {
        expect(seenBy).toBe('hint');
        observed.push(...snapshots);
        return snapshots.length;
      },
    },
    requestSweep: async () => true,
    now: () => 0,
    checkChange: unused,
  });
  await observer.repository(hint, { signal: new AbortController().signal });
  return observed;
}

test('a hint about the default branch records what the repository says now', async () => {
  expect(await observedAfter(repository)).toEqual([repository]);
});

test.each([
  ['is gone', { state: 'absent' } as const],
  ['has passed its name on to another one', { ...repository, id: 12 }],
])('a repository that %s is left to the sweep', async (_, found) => {
  expect(await observedAfter(found)).toEqual([]);
});

test('a repository that GitHub did not return is looked at again', async () => {
  await expect(observedAfter({ state: 'unknown', reason: 'a timeout' })).rejects.toMatchObject({ name: 'DeferError' });
});
