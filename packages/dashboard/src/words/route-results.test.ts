import { expect, test } from '@jest/globals';
import { heightOfResult, rateOf, type RouteResult, sentenceOfResults } from './route-results.ts';

const time = '2026-11-28T09:00:00.000Z';
const completed = (conclusion: string | null): RouteResult => ({
  time,
  state: 'completed',
  conclusion,
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

test('the rate is unknown without results', () => {
  expect([rateOf(null), rateOf(0.925), rateOf(0)]).toEqual(['–', '93 %', '0 %']);
});
