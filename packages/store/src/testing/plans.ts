import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { planKey, planPersistence, type StoredPlan } from '../state/plans.ts';

/** Stores a plan as the planning function does, or replaces it. */
export async function putPlan(client: DynamoDBDocumentClient, table: string, stored: StoredPlan): Promise<void> {
  const { keyAttr, statusAttr, dataAttr } = planPersistence;
  const { runKey, revision } = stored.plan;
  const item = { [keyAttr]: planKey(runKey, revision), [statusAttr]: 'COMPLETED', [dataAttr]: JSON.stringify(stored) };
  await client.send(new PutCommand({ TableName: table, Item: item }));
}
