import { type DynamoDBDocumentClient, PutCommand } from '@aws-sdk/lib-dynamodb';
import { encodePlan } from '../plans/plan-encoding.ts';
import { completedStatus, planKey, planPersistence, type StoredPlan } from '../plans/stored-plan.ts';

/** Stores a plan as the planning function does, or replaces it. */
export async function putPlan(client: DynamoDBDocumentClient, table: string, stored: StoredPlan): Promise<void> {
  const { statusAttr, dataAttr } = planPersistence;
  const { runKey, revision } = stored.plan;
  const record = { [statusAttr]: completedStatus, [dataAttr]: encodePlan(JSON.stringify(stored)) };
  await client.send(new PutCommand({ TableName: table, Item: { ...planKey(runKey, revision), ...record } }));
}
