import { TransactionCanceledException, TransactionConflictException } from '@aws-sdk/client-dynamodb';
import { TransactWriteCommand, type TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import type { StateTable } from './state-table.ts';

export type Action = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** Returns true if everything was written, false if a condition failed and nothing was written. */
export function transact(table: StateTable, actions: readonly Action[]): Promise<boolean> {
  return retryOnConflict(table, async () => {
    try {
      await table.client.send(new TransactWriteCommand({ TransactItems: [...actions] }));
      return true;
    } catch (error) {
      if (cancellationReasonsOf(error).includes('ConditionalCheckFailed')) return false;
      throw error;
    }
  });
}

const maxTries = 5;
const minPauseMs = 20;

/**
 * Retries a write that conflicts with a transaction on the same item. Without the retry, the result of a started run
 * could stay unrecorded. Writes of a single item can conflict with a transaction too.
 */
export async function retryOnConflict<T>(table: StateTable, write: () => Promise<T>): Promise<T> {
  for (let tries = 1; ; tries += 1) {
    try {
      return await write();
    } catch (error) {
      const conflict =
        error instanceof TransactionConflictException || cancellationReasonsOf(error).includes('TransactionConflict');
      if (tries === maxTries || !conflict) throw error;
      await table.pause(minPauseMs * 2 ** tries * Math.random());
    }
  }
}

function cancellationReasonsOf(error: unknown): (string | undefined)[] {
  if (!(error instanceof TransactionCanceledException)) return [];
  return (error.CancellationReasons ?? []).map(({ Code: code }) => code);
}
