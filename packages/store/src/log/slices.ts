import type { Fact } from '@dispatcher/contracts';
import type { FactWriter } from '../facts/fact-writer.ts';
import { factKey } from '../facts/fact-keys.ts';
import { queryOnce } from '../pages.ts';
import { getItems } from './get-items.ts';
import { concurrently } from './concurrently.ts';
import { type LogEntry, parseEntry } from './entries.ts';
import { entryKey, logPartition, ownerOf } from './log-keys.ts';
import { putFact, readOwner } from './put-fact.ts';

/** A fact with the entry under which it counts. */
export interface LoggedFact {
  readonly entry: number;
  readonly fact: Fact;
}

// A page also ends at 1 MB. Some 9,000 facts.
const entriesPerPage = 200;
const putsAtOnce = 16;

/** Reads entries with these numbers and later ones, consistently, up to one page. */
export async function readEntries(
  { client, tables }: FactWriter,
  shard: number,
  from: number,
  limit = entriesPerPage,
): Promise<readonly LogEntry[]> {
  const { items } = await queryOnce(client, {
    TableName: tables.facts,
    KeyConditionExpression: 'pk = :pk AND sk BETWEEN :from AND :to',
    ExpressionAttributeValues: { ':pk': logPartition(shard), ':from': entryKey(shard, from).sk, ':to': '~' },
    ConsistentRead: true,
    Limit: limit,
  });
  return items.map((item) => parseEntry(tables.facts, item));
}

/**
 * Returns the facts that count under these entries. A fact counts under the entry that its item names, and under no
 * other: a repeated batch is a second entry with the same facts. A fact without an item is stored, as its writer would
 * have: it crashed, or is late, and then finds the item there.
 */
export async function countedFacts(
  writer: FactWriter,
  shard: number,
  entries: readonly LogEntry[],
): Promise<readonly LoggedFact[]> {
  const logged = entries.flatMap(({ number, facts }) => facts().map((fact) => ({ entry: number, fact })));
  const named = logged.map((each) => ({ ...each, name: nameOf(each.fact) }));
  const first = [...new Map(named.toReversed().map((each) => [each.name, each])).values()];
  const keys = first.map(({ fact }) => factKey(fact));
  const found = await getItems(writer, writer.tables.facts, keys, ['entry']);
  const owners = new Map<string, unknown>();
  await concurrently(first, putsAtOnce, async ({ entry, fact, name }) => {
    const item = found.get(factKey(fact));
    owners.set(name, item === undefined ? await putAbsent(writer, fact, ownerOf(shard, entry)) : item['entry']);
  });
  return named
    .filter(({ entry, name }) => owners.get(name) === ownerOf(shard, entry))
    .map(({ entry, fact }) => ({ entry, fact }));
}

function nameOf(fact: Fact): string {
  const { pk, sk } = factKey(fact);
  return JSON.stringify([pk, sk]);
}

/** Stores a fact that had no item, and returns the entry that its item names now. */
async function putAbsent(writer: FactWriter, fact: Fact, owner: string): Promise<string | undefined> {
  return (await putFact(writer, fact, owner)) ? owner : readOwner(writer, fact);
}
