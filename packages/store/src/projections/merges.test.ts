import type { Fact } from '@dispatcher/contracts';
import { describe, expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { orderOf } from '../facts/fact-keys.ts';
import { histories } from '@dispatcher/projections/testing';
import { type Addition, additionsOf, sumAdditions, sumOf } from './counters.ts';
import { bucketOf, percentilesOf, upperEndOf } from './histogram.ts';
import { newestOf } from './latest-rows.ts';
import { deadLetterIdOf, mergeDeadLetter, unknownDeadLetter } from './dead-letters.ts';
import { mergeSamples } from './queue-samples.ts';
import { mergeStatus, maxRouteResults, resultOf } from './route-status.ts';

/** Returns the facts in another order, some of them twice. */
function rearranged(facts: readonly Fact[], places: readonly number[]): Fact[] {
  const twice = facts.filter((_, index) => (places[index % places.length] ?? 0) % 3 === 0);
  return [...facts, ...twice]
    .map((fact, index) => ({ fact, place: (places[index % places.length] ?? 0) * (1 + (index % 5)) }))
    .toSorted((a, b) => a.place - b.place)
    .map(({ fact }) => fact);
}

const orders = fc.array(fc.nat({ max: 10_000 }), { minLength: 23, maxLength: 23 });
const routeFacts = (facts: readonly Fact[]) => facts.filter((fact) => mergeStatus(null, [fact], null) !== null);

function resultsOf(facts: readonly Fact[]) {
  const ends = facts.flatMap((fact) => {
    const result = resultOf(fact);
    return result === null ? [] : [{ order: orderOf(fact), result }];
  });
  const distinct = [...new Map(ends.map((end) => [end.order, end])).values()];
  const newest = distinct.toSorted((a, b) => (a.order < b.order ? 1 : -1)).slice(0, maxRouteResults);
  return newest.map(({ result }) => result);
}

describe('10,000 random histories merge to the same projections', () => {
  test('in any order, in any batches and with repeats', () => {
    fc.assert(
      fc.property(histories, orders, fc.nat({ max: 40 }), (facts, places, at) => {
        const other = rearranged(facts, places);
        const [first, rest] = [other.slice(0, at), other.slice(at)];

        const newest = (values: readonly Fact[]) =>
          newestOf(values).toSorted((a, b) =>
            JSON.stringify([a.key, a.name]) < JSON.stringify([b.key, b.name]) ? -1 : 1,
          );
        expect(newest(other)).toEqual(newest(facts));

        const results = resultsOf(facts);
        const partly = mergeStatus(null, routeFacts(first), resultsOf(first));
        expect(mergeStatus(partly, routeFacts(rest), results)).toEqual(mergeStatus(null, routeFacts(facts), results));

        for (const id of new Set(facts.map(deadLetterIdOf))) {
          const own = (some: readonly Fact[]) => some.filter((fact) => id !== null && deadLetterIdOf(fact) === id);
          const half = mergeDeadLetter(unknownDeadLetter, own(first));
          expect(mergeDeadLetter(half, own(rest))).toEqual(mergeDeadLetter(unknownDeadLetter, own(facts)));
        }

        const samples = (some: readonly Fact[]) => some.filter((fact) => fact.type === 'queues.sampled');
        expect(mergeSamples(mergeSamples(null, samples(first)), samples(rest))).toEqual(
          mergeSamples(null, samples(facts)),
        );
      }),
      { numRuns: 5_000 },
    );
  });

  test('counted at once or one by one', () => {
    const counted = (additions: readonly Addition[]) => {
      const sums = new Map<string, Addition['add']>();
      for (const { key, add } of additions) {
        const name = JSON.stringify(key);
        sums.set(name, sumOf([sums.get(name) ?? {}, add]));
      }
      return sums;
    };
    fc.assert(
      fc.property(histories, (facts) => {
        expect(counted(sumAdditions(facts))).toEqual(counted(facts.flatMap(additionsOf)));
      }),
      { numRuns: 5_000 },
    );
  });
});

describe('latencies', () => {
  test('the upper end of a bucket is at most a fifth above every latency in it', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 30 * 24 * 60 * 60 * 1000 }), (milliseconds) => {
        const end = upperEndOf(bucketOf(milliseconds));
        expect(end).toBeGreaterThanOrEqual(milliseconds);
        expect(end).toBeLessThanOrEqual(Math.ceil(milliseconds * 1.19) + 1);
      }),
    );
  });

  test('a negative latency, caused by clock differences, counts as the shortest', () => {
    expect(percentilesOf({ [bucketOf(-5_000)]: 1 })).toEqual({ measured: 1, p50: 1, p95: 1, p99: 1 });
  });

  test('percentiles without measurements are null', () => {
    expect(percentilesOf({})).toEqual({ measured: 0, p50: null, p95: null, p99: null });
  });

  test('two slow responses in a hundred raise the 99th percentile, not the 95th', () => {
    const slow = bucketOf(60_000);
    const actual = percentilesOf({ [bucketOf(1_000)]: 196, [slow]: 4 });
    expect(actual).toEqual({ measured: 200, p50: 1_024, p95: 1_024, p99: upperEndOf(slow) });
  });
});
