import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';

export interface StateTable {
  readonly client: DynamoDBDocumentClient;
  /** Physical name. */
  readonly name: string;
  /** Returns milliseconds since the epoch. */
  readonly now: () => number;
  /** Waits that many milliseconds before a contended write is retried. */
  readonly pause: (milliseconds: number) => Promise<unknown>;
}

const daySeconds = 24 * 60 * 60;

/** Retention of plans, ledger and lineage: longer than any redelivery or redrive and the maximum run age of 30 days. */
export const retentionDays = 100;

export function expirySeconds(now: number, days: number): number {
  return Math.floor(now / 1000) + days * daySeconds;
}

/** Returns null for a missing or an expired item: DynamoDB can take days to delete expired items. */
export async function readItem(table: StateTable, pk: string): Promise<Record<string, unknown> | null> {
  const { Item: item } = await table.client.send(
    new GetCommand({ TableName: table.name, Key: { pk }, ConsistentRead: true }),
  );
  return item === undefined || isExpired(item, table.now()) ? null : item;
}

/** Returns whether an item has expired: DynamoDB can take days to delete it. */
export function isExpired({ expiresAt }: Readonly<Record<string, unknown>>, now: number): boolean {
  return typeof expiresAt === 'number' && expiresAt * 1000 <= now;
}
