import type { Kind, States, Subject } from '@dispatcher/projections';
import type { FactWriter } from '../facts/fact-writer.ts';
import type { LogEntry } from './entries.ts';
import { changesOf, projectionOf } from './fold-items.ts';
import { maxShards } from './log-keys.ts';
import { countedFacts, readEntries } from './slices.ts';

/** The last entry of one log. */
export interface LogEnd {
  readonly shard: number;
  readonly first: LogEntry;
  readonly last: LogEntry;
  readonly facts: number;
}

/** An item as the whole log folds to it. */
export interface RefoldedItem {
  readonly subject: Subject;
  readonly state: States[Kind];
  /** The last entry with a fact about it, by shard. */
  readonly last: ReadonlyMap<number, number>;
}

export const nameOf = ({ kind, name }: Subject): string => `${kind} ${name}`;

/**
 * Folds every log from its first entry. Holds the states in memory: some 1 KB for each repository and each route.
 * @param isIncluded whether the item takes the fact of this entry
 */
export async function refold(
  writer: FactWriter,
  isIncluded: (subject: Subject, shard: number, entry: number) => boolean = () => true,
): Promise<{ readonly items: ReadonlyMap<string, RefoldedItem>; readonly logs: readonly LogEnd[] }> {
  const items = new Map<string, RefoldedItem>();
  const logs: LogEnd[] = [];
  for (let shard = 0; shard < maxShards; shard += 1) {
    const end = await refoldShard(writer, shard, items, isIncluded);
    if (end !== null) logs.push(end);
  }
  return { items, logs };
}

async function refoldShard(
  writer: FactWriter,
  shard: number,
  items: Map<string, RefoldedItem>,
  isIncluded: (subject: Subject, shard: number, entry: number) => boolean,
): Promise<LogEnd | null> {
  let end = null as LogEnd | null;
  for (;;) {
    const entries: readonly LogEntry[] = await readEntries(writer, shard, (end?.last.number ?? 0) + 1);
    const [first] = entries;
    const last = entries.at(-1);
    if (first === undefined || last === undefined) return end;
    const facts = await countedFacts(writer, shard, entries);
    for (const { subject, facts: changing } of changesOf(facts)) {
      const own = changing.filter(({ entry }) => isIncluded(subject, shard, entry));
      const newest = own.at(-1);
      if (newest === undefined) continue;
      const name = nameOf(subject);
      const known = items.get(name);
      const state = projectionOf(subject.kind).fold(
        known?.state ?? null,
        own.map(({ fact }) => fact),
      );
      if (state === null) continue;
      items.set(name, { subject, state, last: new Map([...(known?.last ?? []), [shard, newest.entry]]) });
    }
    end = { shard, first: end?.first ?? first, last, facts: (end?.facts ?? 0) + facts.length };
  }
}
