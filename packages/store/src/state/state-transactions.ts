import { TransactionCanceledException, TransactionConflictException } from '@aws-sdk/client-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import { TransactWriteCommand, type TransactWriteCommandInput } from '@aws-sdk/lib-dynamodb';
import type { StateTable } from './state-table.ts';

export type Action = NonNullable<TransactWriteCommandInput['TransactItems']>[number];

/** What a transaction did. */
export type TransactionResult =
  | { readonly written: true }
  /** A condition failed, and nothing was written. */
  | { readonly written: false; readonly refusals: readonly (Refused | null)[] };

/** A condition that failed, with the item that it failed on; null: there is none. */
export interface Refused {
  readonly item: Readonly<Record<string, unknown>> | null;
}

/**
 * Writes all of the actions or none. The result has an entry for each action, in the same order: null if its condition
 * held. The SDK repeats a request whose response was lost with the same token, so a repeat is not refused by its own write.
 */
export function transactOrExplain(table: StateTable, actions: readonly Action[]): Promise<TransactionResult> {
  const items = actions.map(withOldItem);
  return retryOnConflict(table, async (): Promise<TransactionResult> => {
    try {
      await table.client.send(new TransactWriteCommand({ TransactItems: items }));
      return { written: true };
    } catch (error) {
      if (!cancellationReasonsOf(error).includes(conditionFailed)) throw error;
      const { CancellationReasons: reasons = [] } = error as TransactionCanceledException;
      const refusals = reasons.map(({ Code: code, Item: item }) =>
        code === conditionFailed ? { item: item === undefined ? null : unmarshall(item) } : null,
      );
      return { written: false, refusals };
    }
  });
}

/** Returns true if everything was written, false if a condition failed and nothing was written. */
export async function transact(table: StateTable, actions: readonly Action[]): Promise<boolean> {
  return (await transactOrExplain(table, actions)).written;
}

const conditionFailed = 'ConditionalCheckFailed';

function withOldItem(action: Action): Action {
  return Object.fromEntries(
    Object.entries(action).map(([kind, input]) => [
      kind,
      { ...(input as object), ReturnValuesOnConditionCheckFailure: 'ALL_OLD' },
    ]),
  ) as Action;
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
