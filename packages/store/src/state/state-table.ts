import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import type { Item } from '../batch-get.ts';

/** Reads an item with strong consistency, by its partition key. Returns null if there is none. */
export type ItemRead = (pk: string) => Promise<Item | null>;

export interface StateTable {
  readonly client: DynamoDBDocumentClient;
  /** Physical name. */
  readonly name: string;
  readonly read: ItemRead;
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

/** Returns a function that reads each item with a request of its own. */
export function readAlone(client: DynamoDBDocumentClient, name: string): ItemRead {
  return async (pk) => {
    const { Item: item } = await client.send(new GetCommand({ TableName: name, Key: { pk }, ConsistentRead: true }));
    return item ?? null;
  };
}

/** Returns null for a missing or an expired item: DynamoDB can take days to delete expired items. */
export async function readItem(table: Pick<StateTable, 'now' | 'read'>, pk: string): Promise<Item | null> {
  return liveItem(await table.read(pk), table.now());
}

/** Returns null for a missing or an expired item. @param now milliseconds since the epoch */
export function liveItem(item: Item | null | undefined, now: number): Item | null {
  return item === undefined || item === null || isExpired(item, now) ? null : item;
}

/** Returns whether an item has expired: DynamoDB can take days to delete it. */
export function isExpired({ expiresAt }: Readonly<Record<string, unknown>>, now: number): boolean {
  return typeof expiresAt === 'number' && expiresAt * 1000 <= now;
}
