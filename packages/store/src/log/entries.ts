import { deflateRawSync, inflateRawSync } from 'node:zlib';
import type { Fact } from '@dispatcher/contracts';
import * as z from 'zod/mini';
import { factDictionaries, newestDictionary } from '../facts/fact-dictionary.ts';
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

/** Returns facts as they are stored: the number of the dictionary of facts, then their JSON, deflated with it. */
function encodeFacts(facts: readonly Fact[]): Uint8Array {
  const dictionary = dictionaryBytes(newestDictionary);
  return Buffer.concat([Buffer.of(newestDictionary), deflateRawSync(JSON.stringify(facts), { level: 9, dictionary })]);
}

function decodeFacts(bytes: Uint8Array): readonly Fact[] {
  const dictionary = dictionaryBytes(bytes[0] ?? 0);
  return JSON.parse(inflateRawSync(bytes.subarray(1), { dictionary }).toString()) as readonly Fact[];
}

const dictionaries = new Map<number, Buffer>();

/** @throws Error if the entry was written by a newer version of Dispatcher */
function dictionaryBytes(version: number): Buffer {
  const known = dictionaries.get(version);
  if (known !== undefined) return known;
  const text = factDictionaries[version];
  if (text === undefined) {
    throw new Error(
      `An entry of the log was deflated with dictionary ${version}, which this version of Dispatcher does not have. Deploy the version that wrote it.`,
    );
  }
  const bytes = Buffer.from(text);
  dictionaries.set(version, bytes);
  return bytes;
}

/** @throws StoredItemError if the item is not an entry */
export function parseEntry(table: string, item: StoredItem): LogEntry {
  return parseItem(table, item, () => {
    const { sk, facts, ...rest } = z.parse(StoredEntry, item);
    // Not parsed by their schema, which would cost more than the rest of a fold: they were parsed before they were appended.
    return { ...rest, number: Number(sk), facts: () => decodeFacts(facts) };
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
