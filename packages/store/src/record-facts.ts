import type { Fact } from '@dispatcher/contracts';
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import { writeProjections } from './projections/write-projections.ts';
import { cut, transactionOf } from './fact-transactions.ts';
import { type FactWriter, pauseBefore } from './facts/fact-writer.ts';
import { settleFacts } from './facts/settle-facts.ts';

// The waits take less than 2 s in total. A batch that needs longer returns to the queue.
const maxTries = 6;

// Transient reasons. ConditionalCheckFailed means that the fact is already counted; any other reason is permanent.
const transient = new Set(['TransactionConflict', 'ThrottlingError', 'ProvisionedThroughputExceeded']);

/**
 * Stores and counts facts, each exactly once, however often and in whatever batches they are passed: a fact is counted in
 * the transaction that stores it, on the condition that it is not stored yet.
 * @throws Error if a transaction fails. Facts stored before it stay stored, and a retry completes the rest.
 */
export async function recordFacts(writer: FactWriter, facts: readonly Fact[]): Promise<void> {
  const distinct = [...new Map(facts.map((fact) => [fact.id, fact])).values()];
  for (const group of cut(distinct)) await commit(writer, group);
  // After the transactions, and for facts already counted too. Inside a transaction, the failed condition of one older
  // fact would cancel all counters. A retry makes up for a crash between the two.
  await writeProjections(writer, facts);
  await settleFacts(writer, facts);
}

async function commit(writer: FactWriter, facts: readonly Fact[]): Promise<void> {
  const { client, tables, retentionDays } = writer;
  let pending = facts;
  let tries = 0;
  while (pending.length > 0) {
    const { actions, factAt } = transactionOf(pending, tables, retentionDays);
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

/** Reads the reasons of a cancelled transaction. @throws the error itself if it is anything else or permanent */
function readCancellation(error: unknown, factAt: ReadonlyMap<number, Fact>) {
  if (!(error instanceof TransactionCanceledException)) throw error;
  const counted = new Set<Fact>();
  let mustWait = false;
  for (const [index, { Code: code = 'None' }] of (error.CancellationReasons ?? []).entries()) {
    const fact = factAt.get(index);
    if (code === 'ConditionalCheckFailed' && fact !== undefined) counted.add(fact);
    else if (transient.has(code)) mustWait = true;
    else if (code !== 'None') throw error;
  }
  if (counted.size === 0 && !mustWait) throw error;
  return { counted, mustWait };
}
