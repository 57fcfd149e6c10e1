import type { RequestEntry } from '@dispatcher/github-emulator';
import { describe, expect, test } from '@jest/globals';
import { checkInterventions, findPostsDuringPause } from './check-interventions.ts';
import type { Evidence } from './evidence.ts';

const start = Date.parse('2026-01-02T03:00:00.000Z');
const dispatchId = 'd'.repeat(32);
const runKey = '11-1-1';

const postAt = (seconds: number) =>
  ({ operation: 'dispatch', at: new Date(start + seconds * 1_000).toISOString() }) as unknown as RequestEntry;
const decided = { type: 'route.decided', runKey, data: { decision: { effect: 'allow', dispatchId } } };
const result = (type: 'dispatch.accepted' | 'dispatch.failed') => ({ type, runKey, data: { dispatchId } });
const deadLetter = { type: 'message.dead-lettered', runKey, data: { reason: 'decision-not-in-plan' } };
const run = { startedByInstallation: 1, inputs: { dispatch: dispatchId } };
const evidenceOf = (facts: readonly object[], runs: readonly object[] = []) =>
  ({ facts, runs, issues: [], checks: [], earlyPasses: [], totals: {}, differences: [] }) as unknown as Evidence;

const check = (kind: 'pause' | 'withdraw' | 'lose-plan', posts: number[], evidence = evidenceOf([])) =>
  checkInterventions(evidence, posts.map(postAt), [{ kind, at: start, until: start + 600_000 }]);

describe('a POST after an intervention', () => {
  test('is accepted within a lease, and after the end of a pause', () => {
    expect(check('pause', [0, 30, 600])).toEqual([]);
  });

  test('is a violation one lease after a pause or after the loss of the plan', () => {
    expect(check('pause', [31])).toEqual(['a POST was sent 31000 ms after the intervention pause']);
    expect(check('lose-plan', [31])).toHaveLength(1);
  });

  test('is a violation after a withdrawal once decisions must be confirmed', () => {
    expect(check('withdraw', [330])).toEqual([]);
    expect(check('withdraw', [331])).toHaveLength(1);
  });
});

describe('an allowed decision after an intervention', () => {
  test.each<[string, Evidence]>([
    ['is accepted and started once', evidenceOf([decided, result('dispatch.accepted')], [run])],
    ['is refused', evidenceOf([decided, result('dispatch.failed')])],
    ['becomes a dead letter', evidenceOf([decided, deadLetter])],
  ])('%s without violations', (_, evidence) => {
    expect(check('lose-plan', [], evidence)).toEqual([]);
  });

  test.each<[string, Evidence]>([
    ['without a result', evidenceOf([decided])],
    ['that is refused and started', evidenceOf([decided, result('dispatch.failed')], [run])],
    ['that is accepted and refused', evidenceOf([decided, result('dispatch.accepted'), result('dispatch.failed')])],
    ['that is started twice', evidenceOf([decided, result('dispatch.accepted')], [run, run])],
    ['that nobody made', evidenceOf([], [run])],
  ])('%s is a violation', (_, evidence) => {
    expect(check('withdraw', [], evidence)).toHaveLength(1);
  });
});

test('of the POSTs around a pause, those while it is in effect are violations', () => {
  const requests = [0, 5, 9, 10, 11].map(postAt);
  const found = findPostsDuringPause(requests, { from: start + 1_500, until: start + 10_900 });
  expect(found.map((text) => /(\d+) ms/.exec(text)?.[1])).toEqual(['3500', '7500']);
});

test('without an intervention nothing is checked here', () => {
  expect(checkInterventions(evidenceOf([decided]), [postAt(9_999)], [])).toEqual([]);
});
