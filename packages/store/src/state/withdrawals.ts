import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { readItem, type StateTable } from './state-table.ts';

/**
 * Remembers for a while that a plan has shown that consent may have been withdrawn, so that the dispatch function confirms
 * decisions that were made before. What a record concerns is named by the rules package.
 */
export interface WithdrawalStore {
  /** Records the withdrawals for at least that time. */
  put(names: readonly string[], forMs: number): Promise<void>;
}

export const withdrawalKey = (name: string): string => `withdrawal#${name}`;

export function createWithdrawalStore(table: StateTable): WithdrawalStore {
  /** Returns when the record ends, in milliseconds since the epoch; 0 if there is none. */
  const endOf = async (name: string): Promise<number> => {
    const item = await readItem(table, withdrawalKey(name));
    return item === null ? 0 : Number(item['expiresAt']) * 1000;
  };
  const put = async (name: string, forMs: number): Promise<void> => {
    // Most denials repeat, so a record lasts twice as long as needed: it is read each time, and written once a period.
    if ((await endOf(name)) >= table.now() + forMs) return;
    await table.client.send(
      new UpdateCommand({
        TableName: table.name,
        Key: { pk: withdrawalKey(name) },
        UpdateExpression: 'SET expiresAt = :end',
        ExpressionAttributeValues: { ':end': Math.ceil((table.now() + 2 * forMs) / 1000) },
      }),
    );
  };
  return {
    put: async (names, forMs) => {
      await Promise.all(names.map((name) => put(name, forMs)));
    },
  };
}
