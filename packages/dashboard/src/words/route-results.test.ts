import { expect, test } from '@jest/globals';
import { heightOfResult, medianDuration, rateOf, type RouteResult, sentenceOfResults } from './route-results.ts';

const time = '2026-11-28T09:00:00.000Z';
const completed = (conclusion: string | null, durationMs: number | null = null): RouteResult => ({
  time,
  state: 'completed',
  conclusion,
  durationMs,
});
const denied: RouteResult = { time, state: 'denied', conclusion: null };
const failed: RouteResult = { time, state: 'failed', conclusion: null };

test('the sentence counts each kind, most frequent first', () => {
  const results = [completed('success'), completed('failure'), denied, completed('success'), failed];
  expect(sentenceOfResults(results)).toBe('Last 5 results: 2 succeeded, 1 failed, 1 refused, 1 not started');
  expect(sentenceOfResults([])).toBe('No results yet');
});

test('a success, a failure, a refusal and everything else differ in height', () => {
  const heights = [completed('success'), completed('failure'), denied, completed('cancelled')].map(heightOfResult);
  expect(new Set(heights).size).toBe(4);
});

test('rate and median are unknown without results', () => {
  expect([rateOf(null), rateOf(undefined), rateOf(0.925), rateOf(0)]).toEqual(['–', '–', '93 %', '0 %']);
  expect(medianDuration([completed('success', 3_000), completed('success', 1_000), denied])).toBe(1_000);
  expect(medianDuration([denied])).toBeNull();
});
