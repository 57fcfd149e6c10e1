import type { Latency } from './projection-schemas.ts';

// Four buckets an octave: a percentile is told at most 19 % too high, and a day of latencies needs some 70 counters.
const perOctave = 4;

/** The number of a latency's bucket. What clocks that disagree make negative counts as nothing. */
export function bucketOf(milliseconds: number): number {
  return milliseconds <= 1 ? 0 : Math.ceil(perOctave * Math.log2(milliseconds));
}

/** In milliseconds. */
export function upperEndOf(bucket: number): number {
  return Math.ceil(2 ** (bucket / perOctave));
}

/** @param counts by the number of the bucket */
export function percentilesOf(counts: Readonly<Record<string, number>>): Latency {
  const buckets = Object.entries(counts)
    .map(([bucket, count]) => ({ bucket: Number(bucket), count }))
    .toSorted((a, b) => a.bucket - b.bucket);
  const measured = buckets.reduce((sum, { count }) => sum + count, 0);
  const at = (share: number): number | null => {
    let seen = 0;
    const found = buckets.find(({ count }) => (seen += count) >= share * measured);
    return found === undefined ? null : upperEndOf(found.bucket);
  };
  return { measured, p50: at(0.5), p95: at(0.95), p99: at(0.99) };
}
