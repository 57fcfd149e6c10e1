import { deflateRawSync, inflateRawSync } from 'node:zlib';
import * as z from 'zod/mini';
import { type StoredItem, UnreadableValueError } from '../stored-item.ts';
import { factDictionaries, newestDictionary } from './fact-dictionary.ts';
import { placeNames } from './fact-places.ts';
import { RecordedFact } from './recorded-fact.ts';

// A fact repeats what its line and its keys say, and what every fact of its type says. Deflated against both, nothing of
// this costs bytes, so a fact is stored whole beside its line and still takes one write unit.

type Attributes = Readonly<Record<string, unknown>>;

/** The largest power of two that dictionary and fact together need. A larger window only costs memory. */
const options = { level: 9, windowBits: 14, memLevel: 7 } as const;

/** Returns the fact, deflated. The first byte names the dictionary. @param item the item without the fact */
export function factBytes(fact: RecordedFact, item: Attributes): Buffer {
  const deflated = deflateRawSync(JSON.stringify(fact), {
    ...options,
    dictionary: dictionaryOf(newestDictionary, item),
  });
  return Buffer.concat([Buffer.from([newestDictionary]), deflated]);
}

/**
 * Returns the fact of an item.
 * @throws UnreadableValueError if it cannot be inflated; ZodError if it does not match its schema
 */
export function parseFact(item: StoredItem): RecordedFact {
  return z.parse(RecordedFact, inflated(z.parse(z.instanceof(Uint8Array), item['fact']), item));
}

function inflated(bytes: Uint8Array, item: StoredItem): unknown {
  try {
    const dictionary = dictionaryOf(bytes[0] ?? 0, item);
    return JSON.parse(inflateRawSync(bytes.subarray(1), { ...options, dictionary }).toString());
  } catch (cause) {
    const reason = cause instanceof Error ? cause.message : 'not a deflated fact';
    throw new UnreadableValueError(`fact: ${reason}`, { cause });
  }
}

/** Ends with what belongs to this item: what is nearest costs the fewest bits. Only attributes that never change. */
function dictionaryOf(version: number, item: Attributes): Buffer {
  const dictionary = factDictionaries[version];
  if (dictionary === undefined) {
    throw new Error(`deflated with dictionary ${version}, which this version of Dispatcher does not have`);
  }
  const { pk, sk, order = '', line = null } = item;
  const places = placeNames.filter((name) => name !== 'feed').map((name) => item[name] ?? '');
  return Buffer.from([dictionary, ...places, pk, order, sk, JSON.stringify(sorted(line))].join('\n'));
}

/** DynamoDB does not keep the order of a map's attributes. */
function sorted(value: unknown): unknown {
  if (typeof value !== 'object' || value === null) return value;
  const entries = Object.entries(value).toSorted(([left], [right]) => (left < right ? -1 : 1));
  return Object.fromEntries(entries.map(([name, each]) => [name, sorted(each)]));
}
