import * as z from 'zod/mini';

/**
 * The number of the last entry that an item contains, by shard. Items of one repository have one shard; totals have all of
 * them, and so does an item whose repository has changed its shard with `FACT_SHARDS`.
 */
export type UpTo = ReadonlyMap<number, number>;

const Text = z.string().check(z.regex(/^\d+:\d+(,\d+:\d+)*$/));

/** Returns the stored form, `0:15,3:7`. A text, because a condition compares it as a whole. */
export function formatUpTo(upTo: UpTo): string {
  return [...upTo]
    .toSorted(([left], [right]) => left - right)
    .map((pair) => pair.join(':'))
    .join(',');
}

export function parseUpTo(text: unknown): UpTo {
  return new Map(
    z
      .parse(Text, text)
      .split(',')
      .map((pair) => pair.split(':').map(Number) as [number, number]),
  );
}
