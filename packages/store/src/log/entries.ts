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
  /** Inflates the facts: most reads begin with an entry whose facts are not needed. */
  readonly facts: () => readonly Fact[];
}

const StoredEntry = z.object({
  sk: z.string(),
  id: z.string(),
  at: z.number(),
  expiresAt: z.number(),
  facts: z.instanceof(Uint8Array),
});

function encodeFacts(facts: readonly Fact[]): Uint8Array {
  return deflateRawSync(JSON.stringify(facts));
}

/** @throws StoredItemError if the item is not an entry */
export function parseEntry(table: string, item: StoredItem): LogEntry {
  return parseItem(table, item, () => {
    const { sk, facts, ...rest } = z.parse(StoredEntry, item);
    // Not parsed by their schema, which would cost more than the rest of a fold: they were parsed before they were appended.
    const inflate = () => JSON.parse(inflateRawSync(facts).toString()) as readonly Fact[];
    return { ...rest, number: Number(sk), facts: inflate };
  });
}

// An item holds 400 KB. Facts deflate to a twentieth or less, so that a batch is nearly always one entry.
const maxEntryBytes = 300_000;

/** Facts that fit one entry, and their stored form. */
export interface EntryContent {
  readonly facts: readonly Fact[];
  readonly bytes: Uint8Array;
}

/** Splits facts into as few entries as they fit. */
export function cutIntoEntries(facts: readonly Fact[]): EntryContent[] {
  const bytes = encodeFacts(facts);
  if (facts.length <= 1 || bytes.length <= maxEntryBytes) return [{ facts, bytes }];
  const half = Math.ceil(facts.length / 2);
  return [...cutIntoEntries(facts.slice(0, half)), ...cutIntoEntries(facts.slice(half))];
}
