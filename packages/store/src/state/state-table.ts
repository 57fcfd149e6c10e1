import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';

export interface StateTable {
  readonly client: DynamoDBDocumentClient;
  /** Physical name. */
  readonly name: string;
  /** Milliseconds since the epoch. */
  readonly now: () => number;
  /** Waits that many milliseconds between two tries of a write that met another. */
  readonly pause: (milliseconds: number) => Promise<unknown>;
}

const daySeconds = 24 * 60 * 60;

/** Plans, ledger and lineage outlive every redelivery and redrive, and the 30 days after which a run is too old. */
export const retentionDays = 100;

export function expirySeconds(now: number, days: number): number {
  return Math.floor(now / 1000) + days * daySeconds;
}

/** Null where there is no item, or one whose time is over: DynamoDB deletes those late, up to days. */
export async function readItem(table: StateTable, pk: string): Promise<Record<string, unknown> | null> {
  const { Item: item } = await table.client.send(
    new GetCommand({ TableName: table.name, Key: { pk }, ConsistentRead: true }),
  );
  if (item === undefined) return null;
  const expiresAt: unknown = item['expiresAt'];
  return typeof expiresAt === 'number' && expiresAt * 1000 <= table.now() ? null : item;
}
