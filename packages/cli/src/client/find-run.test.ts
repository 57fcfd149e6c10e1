import { expect, test } from '@jest/globals';
import type { RunSearchResult } from '@dispatcher/store';
import type { ApiClient } from './api-client.ts';
import { findRun } from './find-run.ts';

const url = 'https://github.com/octo-org/deploy/actions/runs/8000000002';
const none = {
  deliveryId: 'd',
  repository: null,
  workflow: null,
  key: null,
  schedule: null,
  webhook: null,
  commit: null,
  outcome: null,
  dispatchId: null,
};
const asStarted: RunSearchResult = {
  ...none,
  runKey: '11-8000000001-1',
  time: '2026-11-28T10:00:00.000Z',
  dispatchId: '0'.repeat(32),
};
const asSource = (outcome: 'planned' | 'no-match'): RunSearchResult => ({
  ...none,
  runKey: '12-8000000002-1',
  time: '2026-11-28T10:05:00.000Z',
  outcome,
});

const apiOf = (runs: readonly RunSearchResult[]) => ({ get: async () => ({ runs }) }) as unknown as ApiClient;

test('a started run that has completed itself, without a rule for it, is answered by the run that started it', async () => {
  const found = await findRun(apiOf([asSource('no-match'), asStarted]), url);
  expect(found).toEqual({
    runKey: asStarted.runKey,
    dispatchId: asStarted.dispatchId,
    others: ['12-8000000002-1'],
  });
});

test('a started run that is itself a source with a rule is answered by what it started', async () => {
  const found = await findRun(apiOf([asSource('planned'), asStarted]), url);
  expect(found).toEqual({ runKey: '12-8000000002-1', dispatchId: null, others: [asStarted.runKey] });
});
