import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Fact } from '@dispatcher/contracts';
import * as z from 'zod/mini';
import { parseItem, type StoredItem } from '../stored-item.ts';

/** One entry of the log: the facts of one append. */
export interface LogEntry {
  readonly number: number;
  /** Tells an entry from another one with the same number, which a restored table can contain. */
  readonly id: string;
  /** When it was appended, in milliseconds since the epoch. Only measures the lag: nothing is ordered by it. */
  readonly at: number;
  /** Seconds since the epoch. */
  readonly expiresAt: number;
  readonly facts: readonly Fact[];
}

const StoredEntry = z.object({
  sk: z.string(),
  id: z.string(),
  at: z.number(),
  expiresAt: z.number(),
  facts: z.instanceof(Uint8Array),
});

export function encodeFacts(facts: readonly Fact[]): Uint8Array {
  return deflateRawSync(JSON.stringify(facts));
}

/** @throws StoredItemError if the item is not an entry */
export function parseEntry(table: string, item: StoredItem): LogEntry {
  return parseItem(table, item, () => {
    const { sk, facts, ...rest } = z.parse(StoredEntry, item);
    // Not parsed by their schema, which would cost more than the rest of a fold: they were parsed before they were appended.
    const parsed = JSON.parse(inflateRawSync(facts).toString()) as readonly Fact[];
    return { ...rest, number: Number(sk), facts: parsed };
  });
}

// An item holds 400 KB. Facts deflate to a twentieth or less, so that a batch is nearly always one entry.
const maxEntryBytes = 300_000;

/** Splits facts into as few groups as fit an entry each. */
export function cutIntoEntries(facts: readonly Fact[]): (readonly Fact[])[] {
  if (facts.length <= 1 || encodeFacts(facts).length <= maxEntryBytes) return facts.length === 0 ? [] : [facts];
  const half = Math.ceil(facts.length / 2);
  return [...cutIntoEntries(facts.slice(0, half)), ...cutIntoEntries(facts.slice(half))];
}
