import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { DeleteCommand, UpdateCommand, type UpdateCommandInput } from '@aws-sdk/lib-dynamodb';
import { unmarshall } from '@aws-sdk/util-dynamodb';
import type { Item } from '../batch-get.ts';
import { tryConditionalWrite } from '../conditional-write.ts';
import { isExpired, type StateTable } from './state-table.ts';

/** The condition under which an item can be put that must not exist: DynamoDB deletes expired items late. */
export const isAbsent = 'attribute_not_exists(pk) OR expiresAt <= :now';

/** Returns the value of {@link isAbsent}. */
export const nowSeconds = (table: Pick<StateTable, 'now'>) => ({ ':now': Math.floor(table.now() / 1000) });

type ConditionalUpdate = Pick<
  UpdateCommandInput,
  'UpdateExpression' | 'ExpressionAttributeNames' | 'ExpressionAttributeValues' | 'ReturnValues'
> & { readonly ConditionExpression: string };

/**
 * Updates an item on a condition. An expired item counts as absent: it is deleted first, because an update would keep its
 * other attributes and give them a new expiry.
 * @returns the attributes that `ReturnValues` names; null if the condition failed
 */
export async function updateLive(table: StateTable, pk: string, input: ConditionalUpdate): Promise<Item | null> {
  const update = new UpdateCommand({
    ...input,
    TableName: table.name,
    Key: { pk },
    ConditionExpression: `(${input.ConditionExpression}) AND (attribute_not_exists(expiresAt) OR expiresAt > :seconds)`,
    ExpressionAttributeValues: { ...input.ExpressionAttributeValues, ':seconds': nowSeconds(table)[':now'] },
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
  for (let tries = 1; ; tries += 1) {
    try {
      return (await table.client.send(update)).Attributes ?? {};
    } catch (error) {
      if (!(error instanceof ConditionalCheckFailedException)) throw error;
      if (tries > 1 || !isExpired(unmarshall(error.Item ?? {}), table.now())) return null;
      await deleteExpired(table, pk);
    }
  }
}

/** Deletes an item, unless another worker has renewed it since it was found to be expired. */
async function deleteExpired(table: StateTable, pk: string): Promise<void> {
  const deletion = new DeleteCommand({
    TableName: table.name,
    Key: { pk },
    ConditionExpression: isAbsent,
    ExpressionAttributeValues: nowSeconds(table),
  });
  await tryConditionalWrite(table.client.send(deletion));
}
