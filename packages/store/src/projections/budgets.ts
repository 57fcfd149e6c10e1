import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import type { Installation } from '@dispatcher/projections';
import { tryConditionalWrite } from '../conditional-write.ts';
import { installationKey } from './projection-keys.ts';

/** Stores the remaining rate limits of installations. They are gauges: only the newest value of each is kept. */
export interface BudgetStore {
  /** Replaces a value of an earlier minute. Returns false if one of this minute or a later one is stored. */
  setBudget(budget: Installation): Promise<boolean>;
}

const minuteMs = 60_000;

/** @param table physical name of the table `projections` */
export function createBudgetStore({
  client,
  table,
}: {
  readonly client: DynamoDBDocumentClient;
  readonly table: string;
}): BudgetStore {
  return {
    setBudget: (row) => {
      const minute = Math.floor(Date.parse(row.seenAt) / minuteMs);
      const put = new PutCommand({
        TableName: table,
        Item: { ...installationKey(row.installationId, row.resource), row, minute },
        ConditionExpression: 'attribute_not_exists(pk) OR #minute < :minute',
        ExpressionAttributeNames: { '#minute': 'minute' },
        ExpressionAttributeValues: { ':minute': minute },
      });
      return tryConditionalWrite(client.send(put));
    },
  };
}
