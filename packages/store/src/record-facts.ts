import type { Fact } from '@dispatcher/contracts';
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { writeProjections } from './projections/write-projections.ts';
import { cut, transactionOf } from './fact-transactions.ts';
import { type FactWriter, pauseBefore } from './facts/fact-writer.ts';

// Together under 2 s: whoever waits longer for a busy counter had better go back to the queue.
const maxTries = 6;

// Reasons that say "not now". ConditionalCheckFailed says "already counted"; anything else is a fault of the request.
const passing = new Set(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded']);

/**
 * Stores facts and counts them, each exactly once however often and in whatever batches they come: a fact is counted
 * in the transaction that stores it, under the condition that it is not stored yet.
 * @throws Error when a transaction does not get through; what was stored until then stays, and a repeat completes it.
 */
export async function recordFacts(writer: FactWriter, facts: readonly Fact[]): Promise<void> {
  const distinct = [...new Map(facts.map((fact) => [fact.id, fact])).values()];
  for (const group of cut(distinct)) await commit(writer, group);
  // Afterwards, and for facts already counted too: inside, an older fact's failed condition would cancel everybody's
  // counters; and a crash between the two is made good by the repeat.
  await writeProjections(writer, facts);
}

async function commit(writer: FactWriter, facts: readonly Fact[]): Promise<void> {
  const { client, tables } = writer;
  let pending = facts;
  let tries = 0;
  while (pending.length > 0) {
    const { actions, factAt } = transactionOf(pending, tables);
    try {
      await client.send(new TransactWriteCommand({ TransactItems: [...actions] }));
      return;
    } catch (error) {
      const { counted, mustWait } = readCancellation(error, factAt);
      pending = pending.filter((fact) => !counted.has(fact));
      if (mustWait) {
        tries += 1;
        if (tries === maxTries) throw error;
        await pauseBefore(writer, tries);
      }
    }
  }
}

/** @throws the error itself where it is no cancellation, or one that another try would meet again. */
function readCancellation(error: unknown, factAt: ReadonlyMap<number, Fact>) {
  if (!(error instanceof TransactionCanceledException)) throw error;
  const counted = new Set<Fact>();
  let mustWait = false;
  for (const [index, { Code: code = 'None' }] of (error.CancellationReasons ?? []).entries()) {
    const fact = factAt.get(index);
    if (code === 'ConditionalCheckFailed' && fact !== undefined) counted.add(fact);
    else if (passing.has(code)) mustWait = true;
    else if (code !== 'None') throw error;
  }
  if (counted.size === 0 && !mustWait) throw error;
  return { counted, mustWait };
}
