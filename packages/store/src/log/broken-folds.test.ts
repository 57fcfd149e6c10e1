import type { Fact } from '@dispatcher/contracts';
import { histories } from '@dispatcher/projections/testing';
import { expect, test } from '@jest/globals';
import * as fc from 'fast-check';
import { storedCounters } from '../testing/stored-counters.ts';
import { foldHistory, memoryStores } from '../testing/log-histories.ts';
import { transports } from '../testing/transports.ts';
import { consistentLog, type LogSource } from './fold-log.ts';
import { countedFacts, readEntries } from './slices.ts';
import { factKey } from '../facts/fact-keys.ts';
import { getItems } from './get-items.ts';

// The random histories must notice a fold that is wrong in one of these ways: otherwise they would prove nothing.

/** Counts every fact of every entry, also where another entry owns it. */
const withoutOwners: LogSource = {
  ...consistentLog,
  countedFacts: async (writer, shard, entries) => {
    await countedFacts(writer, shard, entries);
    return entries.flatMap(({ number, facts }) => facts().map((fact) => ({ entry: number, fact })));
  },
};

/** Leaves facts out that are not stored yet, instead of storing them. */
const withoutAbsent: LogSource = {
  ...consistentLog,
  countedFacts: async (writer, shard, entries) => {
    const keys = new Map(
      entries.flatMap(({ facts }) => facts().map((fact) => [JSON.stringify(factKey(fact)), factKey(fact)] as const)),
    );
    const found = await getItems(writer, writer.tables.facts, [...keys.values()]);
    const counted = await countedFacts(
      writer,
      shard,
      entries.map((entry) => ({
        ...entry,
        facts: () => entry.facts().filter((fact) => found.get(factKey(fact)) !== undefined),
      })),
    );
    return counted;
  },
};

/** Reads what was appended later than the last time that it saw, by the writers' clocks, instead of by number. */
function byTime(): LogSource {
  const seen = new Map<number, number>();
  return {
    ...consistentLog,
    entriesAfter: async (writer, shard) => {
      const since = seen.get(shard) ?? -1;
      const entries = (await readEntries(writer, shard, 0)).filter(({ at }) => at > since);
      seen.set(shard, Math.max(since, ...entries.map(({ at }) => at)));
      return entries;
    },
  };
}

/** Returns whether the counters of all time are those of the facts. */
async function isCounted(facts: readonly Fact[], how: Parameters<typeof memoryStores>[0], source?: LogSource) {
  const stores = memoryStores(how, source);
  await foldHistory(facts, how, { storeOf: stores.storeOf, reader: stores.reader });
  const { counters } = expectedCounters(facts);
  const actual = await storedCounters(stores.client, 'projections', 'all');
  return Object.entries(counters).every(([name, count]) => actual[name] === count);
}

function expectedCounters(facts: readonly Fact[]) {
  const decided = facts.filter((fact) => fact.type === 'route.decided');
  const counters: Record<string, number> = {};
  for (const { data } of decided) {
    const name = `decisions.${data.decision.code}`;
    counters[name] = (counters[name] ?? 0) + 1;
  }
  return { counters };
}

const numRuns = 1_000;

test.each([
  ['without the owner rule', () => withoutOwners],
  ['without storing what is absent', () => withoutAbsent],
  ['with a cursor by time', byTime],
])('a fold %s is noticed', async (_, sourceOf) => {
  const result = await fc.check(
    fc.asyncProperty(histories, transports, (facts, how) => isCounted(facts, how, sourceOf())),
    { numRuns, endOnFailure: true },
  );
  expect(result.failed).toBe(true);
});

test('the fold itself counts every fact once in the same histories', async () => {
  await fc.assert(
    fc.asyncProperty(histories, transports, (facts, how) => isCounted(facts, how)),
    { numRuns: 50 },
  );
});
