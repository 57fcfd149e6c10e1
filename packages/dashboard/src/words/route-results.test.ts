import { expect, test } from '@jest/globals';
import {
  heightOfResult,
  rateOf,
  refusalsIn,
  type RouteResult,
  sentenceOfDurations,
  sentenceOfResults,
} from './route-results.ts';

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

test('refusals are counted back to the last result that was none', () => {
  const at = (minute: number): RouteResult => ({ ...denied, time: `2026-11-28T09:0${minute}:00.000Z` });
  expect(refusalsIn([at(5), at(4), completed('success'), at(1)])).toEqual({
    count: 2,
    firstAt: at(4).time,
    isCut: false,
  });
  expect(refusalsIn([at(5), at(4)])).toEqual({ count: 2, firstAt: at(4).time, isCut: false });
  expect(refusalsIn([completed('success'), at(1)])).toBeNull();
  expect(refusalsIn([])).toBeNull();
  expect(refusalsIn(Array.from({ length: 24 }, () => at(1)))).toMatchObject({ count: 24, isCut: true });
});

test('the rate is unknown without results', () => {
  expect([rateOf(null), rateOf(0.925), rateOf(0)]).toEqual(['–', '93 %', '0 %']);
});

test('durations are those of the completed runs: the median and the longest, and p95 from 20 of them', () => {
  const runs = (count: number) =>
    Array.from({ length: count }, (_, index) => ({ ...completed('success'), durationMs: (count - index) * 1_000 }));
  expect(sentenceOfDurations([denied, failed])).toBe('–');
  expect(sentenceOfDurations([denied, ...runs(1)])).toBe('1 s, of one completed run');
  expect(sentenceOfDurations([denied, ...runs(4)])).toBe('median 2 s, longest 4 s, over the last 4 completed runs');
  expect(sentenceOfDurations(runs(20))).toBe('median 10 s, p95 19 s, longest 20 s, over the last 20 completed runs');
});
