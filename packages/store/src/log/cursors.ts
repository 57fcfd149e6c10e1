import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { tryConditionalWrite } from '../conditional-write.ts';
import type { Reader } from '../facts/read-facts.ts';
import { queryOnce } from '../pages.ts';
import { parseItem, type StoredItem } from '../stored-item.ts';

const partition = 'cursors';
const cursorKey = (shard: number) => ({ pk: partition, sk: String(shard).padStart(2, '0') });

/** How far the log of one shard is folded. */
export interface Cursor {
  /** Number of the last folded entry; 0 before the first. */
  readonly entry: number;
  /** Raised by every change. */
  readonly version: number;
  /** Id and expiry (seconds since the epoch) of the last folded entry; null before the first. */
  readonly last: { readonly id: string; readonly expiresAt: number } | null;
  /** When a rebuild of the projections began that has not ended; null otherwise. */
  readonly rebuildingSince: string | null;
}

const StoredCursor = z.object({
  entry: z.int(),
  version: z.int(),
  last: z.nullable(z.object({ id: z.string(), expiresAt: z.number() })),
  rebuildingSince: z.nullable(z.string()),
});

/** The cursor of a shard that has none yet. */
export const firstCursor: Cursor = { entry: 0, version: 0, last: null, rebuildingSince: null };

export async function readCursor({ client, tables }: Reader, shard: number): Promise<Cursor | null> {
  const { Item: item } = await client.send(
    new GetCommand({ TableName: tables.projections, Key: cursorKey(shard), ConsistentRead: true }),
  );
  return item === undefined
    ? null
    : parseItem(tables.projections, item as StoredItem, () => z.parse(StoredCursor, item));
}

/** Returns the shards that have a cursor. */
export async function shardsWithCursor({ client, tables }: Reader): Promise<readonly number[]> {
  const { items } = await queryOnce(client, {
    TableName: tables.projections,
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': partition },
    ConsistentRead: true,
  });
  return items.map(({ sk }) => Number(sk));
}

/**
 * Replaces the cursor on the condition that it is still the one that was read.
 * @param read null if there was none
 * @returns false if another roll-up changed it
 */
export function replaceCursor(
  { client, tables }: Reader,
  shard: number,
  read: Cursor | null,
  next: Omit<Cursor, 'version'>,
): Promise<boolean> {
  const Item = { ...cursorKey(shard), ...next, version: (read?.version ?? 0) + 1 };
  const put =
    read === null
      ? { ConditionExpression: 'attribute_not_exists(pk)' }
      : { ConditionExpression: 'version = :version', ExpressionAttributeValues: { ':version': read.version } };
  return tryConditionalWrite(client.send(new PutCommand({ TableName: tables.projections, Item, ...put })));
}
