import { describe, expect, test } from '@jest/globals';
import { Fact } from '@dispatcher/contracts';
import type { FinishedDispatch } from '@dispatcher/store';
import { dispatchFact } from './dispatch-fact.ts';

const route = {
  source: { repository: 'octo-org/app', workflow: 'ci.yml' },
  target: { repository: 'octo-org/deploy', workflow: 'cd.yml' },
};

const started = (revision: number) => ({
  dispatchId: 'd'.repeat(32),
  revision,
  runKey: '11-77-1',
  correlationId: 'delivery-1',
  routeId: 'e'.repeat(16),
  route,
  target: { repositoryId: 22, installationId: 5 },
  ref: 'main',
  inputs: {},
  sourceRunUrl: 'https://github.com/octo-org/app/actions/runs/77',
  sourceEndedAt: '2026-01-02T03:04:05.000Z',
  lineage: { depth: 1, path: [] },
  intendedAt: '2026-01-02T03:04:06.000Z',
});

const accepted = (revision: number): FinishedDispatch => ({
  ...started(revision),
  state: 'accepted',
  workflowRunId: 9,
  htmlUrl: 'https://github.com/octo-org/deploy/actions/runs/9',
  acceptedAt: '2026-01-02T03:04:07.500Z',
});
const failed = (revision: number): FinishedDispatch => ({
  ...started(revision),
  state: 'failed',
  code: 'dispatch-rejected',
  message: 'No ref found for: main',
  status: 422,
  failedAt: '2026-01-02T03:04:08.000Z',
});

describe('the fact of a finished dispatch', () => {
  test.each([
    ['accepted', accepted(0)],
    ['failed', failed(0)],
    ['accepted by a replay', accepted(2)],
    ['failed in a replay', failed(2)],
  ])('%s conforms to its contract, and a repeat is the same fact', (_, record) => {
    const fact = dispatchFact(record);
    expect(Fact.parse(fact)).toEqual(fact);
    expect(dispatchFact(structuredClone(record))).toEqual(fact);
  });

  test('has the time from the end of the source’s run to GitHub’s response', () => {
    expect(dispatchFact(accepted(0)).data).toMatchObject({ latencyMs: 2_500 });
  });

  test('names its revision unless that is the first', () => {
    expect([accepted(0), failed(0)].map((record) => 'revision' in dispatchFact(record).data)).toEqual([false, false]);
    expect([accepted(2), failed(2)].map((record) => dispatchFact(record).data.revision)).toEqual([2, 2]);
  });

  test('is one for all revisions if GitHub accepted it, and one for each that GitHub refused', () => {
    expect(dispatchFact(accepted(1)).id).toBe(dispatchFact(accepted(0)).id);
    expect(dispatchFact(failed(1)).id).not.toBe(dispatchFact(failed(0)).id);
  });
});
