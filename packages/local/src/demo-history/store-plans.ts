import { BatchWriteCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import {
  completedStatus,
  createFileStore,
  encodePlan,
  planKey,
  planPersistence,
  retentionDays,
  type StoredFile,
  type StoredPlan,
} from '@dispatcher/store';
import { tableName } from '../aws/provision.ts';

/** DynamoDB's limit of a BatchWriteItem. */
const batchSize = 25;

/** Stores plans as the planning function does: runs of the history can be replayed, and show all their checks. */
export async function storePlans(client: DynamoDBDocumentClient, plans: readonly StoredPlan[]): Promise<void> {
  const { statusAttr, dataAttr, expiryAttr } = planPersistence;
  const expiresAt = Math.floor(Date.now() / 1000) + retentionDays * 86_400;
  // A run that is planned twice under one revision keeps its newest plan, and a batch may name an item only once.
  const items = new Map(plans.map((stored) => [`${stored.plan.runKey}#${stored.plan.revision}`, stored]));
  const puts = [...items.values()].map((stored) => ({
    PutRequest: {
      Item: {
        ...planKey(stored.plan.runKey, stored.plan.revision),
        [statusAttr]: completedStatus,
        [dataAttr]: encodePlan(JSON.stringify(stored)),
        [expiryAttr]: expiresAt,
      },
    },
  }));
  for (let start = 0; start < puts.length; start += batchSize) {
    let pending = puts.slice(start, start + batchSize);
    while (pending.length > 0) {
      const { UnprocessedItems: left = {} } = await client.send(
        new BatchWriteCommand({ RequestItems: { [tableName('plans')]: pending } }),
      );
      pending = (left[tableName('plans')] ?? []) as typeof pending;
    }
  }
}

/** Stores the contents of the files that the plans were decided on: a page shows them beside the decision. */
export async function storeFiles(client: DynamoDBDocumentClient, files: readonly StoredFile[]): Promise<void> {
  const store = createFileStore({ client, table: tableName('plans') });
  for (let start = 0; start < files.length; start += batchSize) {
    await Promise.all(files.slice(start, start + batchSize).map((file) => store.put(file)));
  }
}
