import { expect, test } from '@jest/globals';
import { problemsOf, sentenceOfState, type SystemFigures } from './system-state.ts';

const now = Date.parse('2026-11-28T09:00:00Z');
const ago = (minutes: number) => new Date(now - minutes * 60_000).toISOString();
const latency = { measured: 0, p50: null, p95: null, p99: null };
const quiet: SystemFigures = {
  summary: {
    window: 'day',
    from: null,
    rolledUpAt: ago(1),
    deliveries: { received: 0, repeated: 0 },
    requests: 0,
    plans: {},
    decisions: {},
    dispatches: {},
    conclusions: {},
    funnel: { received: 0, planned: 0, matched: 0, allowed: 0, started: 0, succeeded: 0 },
    latency: { decided: latency, accepted: latency },
    // A weekend without deliveries is not a problem.
    freshness: { lastDeliveryAt: ago(3_000), checkedUntil: ago(2), checkLagMs: 120_000 },
  },
  queues: {
    sampledAt: ago(1),
    queues: [
      { queue: 'runs', waiting: 0, inFlight: 0, delayed: 0, lastEmptyAt: ago(1) },
      { queue: 'runs-dead-letters', waiting: 3, inFlight: 0, delayed: 0, lastEmptyAt: ago(900) },
    ],
  },
  deadLetters: { rolledUpAt: ago(1), groups: [], queues: [] },
  installations: [],
  pause: { paused: false, changedAt: null, operator: null, reason: null },
};
const idsOf = (figures: Partial<SystemFigures>) => problemsOf({ ...quiet, ...figures }, now).map(({ id }) => id);

test('a quiet system works', () => {
  expect(problemsOf(quiet, now)).toEqual([]);
  expect(sentenceOfState([])).toBe('Working.');
});

test('what has not arrived yet is not a problem', () => {
  const nothing = {
    summary: undefined,
    queues: undefined,
    deadLetters: undefined,
    installations: undefined,
    pause: undefined,
  };
  expect(problemsOf(nothing, now)).toEqual([]);
});

test('a pause, dead letters, a queue that stands still, a missing check and old figures need a person', () => {
  const problems = problemsOf(
    {
      ...quiet,
      summary: {
        ...quiet.summary!,
        rolledUpAt: ago(20),
        freshness: { ...quiet.summary!.freshness, checkLagMs: 3_600_000 },
      },
      queues: {
        sampledAt: ago(1),
        queues: [{ queue: 'runs', waiting: 7, inFlight: 0, delayed: 0, lastEmptyAt: ago(20) }],
      },
      deadLetters: {
        rolledUpAt: ago(1),
        groups: [],
        queues: [{ queue: 'runs', recorded: 2, queueDepth: 2, difference: 0 }],
      },
      pause: { paused: true, changedAt: ago(5), operator: 'ada', reason: 'incident 7' },
    },
    now,
  );
  expect(problems.map(({ id }) => id)).toEqual(['paused', 'dead-letters', 'queue', 'unchecked', 'roll-up']);
  expect(problems[0]?.text).toBe('All dispatches are paused by ada: incident 7');
  expect(problems[1]?.text).toBe('2 dead letters wait for a decision');
  expect(sentenceOfState(problems)).toBe('5 things need you.');
});

test('a queue that is busy but was empty a moment ago works', () => {
  const queues = [{ queue: 'runs', waiting: 50, inFlight: 9, delayed: 0, lastEmptyAt: ago(1) }];
  expect(idsOf({ queues: { sampledAt: ago(1), queues } })).toEqual([]);
});

test('a nearly used rate limit is a warning until it resets', () => {
  const budget = { installationId: 1, resource: 'core', limit: 5_000, remaining: 100, seenAt: ago(1) };
  const low = problemsOf({ ...quiet, installations: [{ ...budget, resetsAt: ago(-10) }] }, now);
  expect(low.map(({ id, isUrgent }) => [id, isUrgent])).toEqual([['rate-limited', false]]);
  expect(sentenceOfState(low)).toBe('Working, with a warning.');
  expect(idsOf({ installations: [{ ...budget, resetsAt: ago(10) }] })).toEqual([]);
});
