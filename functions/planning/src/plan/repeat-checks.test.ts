import { describe, expect, test } from '@jest/globals';
import { type ChecksRerequested, checkExternalId, fileCheckKey } from '@dispatcher/contracts';
import { GitHubPermanentError } from '@dispatcher/github';
import type { Attempt } from '@dispatcher/lambda';
import { silent } from '@dispatcher/lambda/testing';
import type { RepeatedCheck } from '../hints/check-change.ts';
import { repeatChecks, type RepeatChecksDependencies } from './repeat-checks.ts';

// Which checks a "Re-run" is about. What is decided again, and started, is tested with the whole system (packages/local).

const sha = 'c'.repeat(40);
const rerequested: ChecksRerequested = {
  type: 'checks.rerequested',
  version: 1,
  deliveryId: 'guid-2',
  receivedAt: '2026-11-03T14:00:00.000Z',
  installationId: 5,
  repository: { id: 11, owner: 'octo-org', name: 'app' },
  suiteId: 42,
  externalId: null,
  sender: 'octocat',
};
const attempt: Attempt = {
  messageId: 'm',
  attempt: 1,
  isLast: false,
  signal: new AbortController().signal,
  log: silent,
};

/** Handles a "Re-run" and returns which files were checked again, and of which runs the plan was read. */
async function repeat(
  message: Partial<ChecksRerequested>,
  listOfSuite: () => Promise<readonly { readonly id: number; readonly externalId: string }[]> = async () => [],
) {
  const files: RepeatedCheck[] = [];
  const runs: string[] = [];
  const deps = {
    checks: { listOfSuite },
    recheckFile: async (check: RepeatedCheck) => void files.push(check),
    plans: {
      getNewestPlan: async (runKey: string) => {
        runs.push(runKey);
        return null;
      },
    },
  } as unknown as RepeatChecksDependencies;
  await repeatChecks(deps, { ...rerequested, ...message }, attempt);
  return { files, runs };
}

const ofFile = checkExternalId(fileCheckKey({ repositoryId: 11, sha }));
const ofRun = checkExternalId('11-77-1');

describe('"Re-run"', () => {
  test('of one check is about its run', async () => {
    expect(await repeat({ externalId: ofRun })).toEqual({ files: [], runs: ['11-77-1'] });
  });

  test('of the check of a dispatching.yml is about its commit', async () => {
    const { files, runs } = await repeat({ externalId: ofFile });
    expect(files).toMatchObject([
      { repositoryId: 11, sha, owner: 'octo-org', name: 'app', installationId: 5, deliveryId: 'guid-2' },
    ]);
    expect(runs).toEqual([]);
  });

  test.each([
    ['of another repository', checkExternalId(fileCheckKey({ repositoryId: 12, sha }))],
    ['that Dispatcher did not write', 'dispatcher/something'],
    ['without an id', ''],
  ])('of a check %s does nothing', async (_, externalId) => {
    expect(await repeat({ externalId })).toEqual({ files: [], runs: [] });
  });
});

describe('"Re-run all checks"', () => {
  test('is about every run and every file of the suite, each once', async () => {
    const listed = [ofRun, ofRun, ofFile, checkExternalId('11-78-1'), 'another'].map((externalId, id) => ({
      id,
      externalId,
    }));
    const { files, runs } = await repeat({}, async () => listed);
    expect(runs).toEqual(['11-77-1', '11-78-1']);
    expect(files).toHaveLength(1);
  });

  test('does nothing if the App may not read the suite', async () => {
    const refuse = () => Promise.reject(new GitHubPermanentError('Resource not accessible by integration', 403));
    expect(await repeat({}, refuse)).toEqual({ files: [], runs: [] });
  });
});
