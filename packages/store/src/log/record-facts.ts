import type { Fact } from '@dispatcher/contracts';
import { factKey, isKey } from '../facts/fact-keys.ts';
import { append, type LogWriter } from './append.ts';
import { concurrently } from './concurrently.ts';
import { cutIntoEntries } from './entries.ts';
import { ownerOf, shardOf } from './log-keys.ts';
import { putFact } from './put-fact.ts';

// As many as a batch holds.
const atOnce = 45;

/** A fact is larger than a DynamoDB item, or its id than a key. */
export class FactTooLargeError extends Error {
  override readonly name = 'FactTooLargeError';
}

// DynamoDB's limit is 400 KB, counted without JSON's punctuation.
const maxItemBytes = 400_000;

/**
 * Stores facts, each exactly once, however often and in whatever batches they are passed: first as an entry of the log,
 * then each fact under its own key, unless it is there. The roll-up counts a fact under the entry that its item names, so a
 * crash between any two of these writes and a repeat of the batch change nothing.
 * @throws FactTooLargeError before anything is written: an entry with a fact that cannot be stored could not be folded
 * @throws Error if the caller must retry
 */
export async function recordFacts(writer: LogWriter, facts: readonly Fact[]): Promise<void> {
  const distinct = [...new Map(facts.map((fact) => [fact.id, fact])).values()];
  for (const fact of distinct) checkSize(fact);
  const shards = Map.groupBy(distinct, (fact) => shardOf(fact, writer.shards));
  await concurrently([...shards], shards.size, async ([shard, own]) => {
    for (const content of cutIntoEntries(own)) {
      const owner = ownerOf(shard, await append(writer, shard, content));
      await concurrently(content.facts, atOnce, (fact) => putFact(writer, fact, owner));
    }
  });
}

function checkSize(fact: Fact): void {
  const bytes = Buffer.byteLength(JSON.stringify(fact));
  const { pk, sk } = factKey(fact);
  if (bytes <= maxItemBytes && isKey(pk) && isKey(sk)) return;
  throw new FactTooLargeError(
    `Fact ${fact.id.slice(0, 100)} (${fact.type}) has ${bytes} bytes, and its sort key ${Buffer.byteLength(sk)}. DynamoDB stores ${maxItemBytes} bytes under a key of 1,024. It cannot be recorded.`,
  );
}
