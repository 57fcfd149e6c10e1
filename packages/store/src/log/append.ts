import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import { expiryOf } from '../facts/fact-keys.ts';
import { type FactWriter, pauseBefore } from '../facts/fact-writer.ts';
import { queryOnce } from '../pages.ts';
import { firstCursor, readCursor, replaceCursor } from './cursors.ts';
import type { EntryContent } from './entries.ts';
import { entryKey, logPartition } from './log-keys.ts';

export interface LogWriter extends FactWriter {
  /** `FACT_SHARDS` */
  readonly shards: number;
  readonly now: () => number;
  /** Returns a different id for each entry. */
  readonly newEntryId: () => string;
  /** The end of each log as this process knows it: a guess, which saves the read of nearly every append. */
  readonly ends: Map<number, number>;
}

// Ten writers at 120 appends a second need six tries on average. A batch that needs more returns to the queue.
const maxTries = 20;

/**
 * Puts the facts at the end of a log, under the first number that is free. Numbers are dense, so nothing can appear
 * behind a number that was read, whatever a clock says and however long a writer was paused.
 * @returns the number of the entry
 * @throws Error if other writers took the number at every try
 */
export async function append(writer: LogWriter, shard: number, { facts, bytes }: EntryContent): Promise<number> {
  const id = writer.newEntryId();
  const at = writer.now();
  const expiresAt = Math.max(...facts.map(({ time }) => expiryOf(time, writer.retentionDays)));
  const entry = { id, at, facts: bytes, expiresAt };
  let end = writer.ends.get(shard) ?? (await readEnd(writer, shard));
  for (let tries = 1; tries <= maxTries; tries += 1) {
    const number = end + 1;
    if (await putEntry(writer, shard, number, entry)) {
      writer.ends.set(shard, Math.max(number, writer.ends.get(shard) ?? 0));
      return number;
    }
    // The first guess may just be old. After that, others append at the same time.
    if (tries > 1) await pauseBefore(writer, Math.min(tries - 1, 3));
    end = await readEnd(writer, shard);
    writer.ends.set(shard, end);
  }
  throw new Error(
    `Other writers took the next number of log ${shard} ${maxTries} times. The batch is retried. If this repeats, raise FACT_SHARDS.`,
  );
}

async function putEntry(
  { client, tables }: LogWriter,
  shard: number,
  number: number,
  entry: { readonly id: string } & Readonly<Record<string, unknown>>,
): Promise<boolean> {
  const put = new PutCommand({
    TableName: tables.facts,
    Item: { ...entryKey(shard, number), ...entry },
    ConditionExpression: 'attribute_not_exists(pk)',
    ReturnValuesOnConditionCheckFailure: 'ALL_OLD',
  });
  try {
    await client.send(put);
    return true;
  } catch (error) {
    if (!(error instanceof ConditionalCheckFailedException)) throw error;
    // The SDK repeats a request whose response was lost. To take its entry for another writer's would only append twice.
    return error.Item?.['id']?.S === entry.id;
  }
}

/** Reads the number of the last entry. */
async function readEnd(writer: LogWriter, shard: number): Promise<number> {
  const { items } = await queryOnce(writer.client, {
    TableName: writer.tables.facts,
    KeyConditionExpression: 'pk = :pk',
    ExpressionAttributeValues: { ':pk': logPartition(shard) },
    ScanIndexForward: false,
    Limit: 1,
    ConsistentRead: true,
    ProjectionExpression: 'pk, sk',
  });
  const [last] = items;
  if (last !== undefined) return Number(last.sk);
  // An empty log: new, or all entries have expired. Numbers continue after the folded ones. A new log gets its cursor
  // before its first entry, because every log with a cursor is folded, also after FACT_SHARDS has become smaller.
  const cursor = await readCursor(writer, shard);
  if (cursor === null) await replaceCursor(writer, shard, null, firstCursor);
  return cursor?.entry ?? 0;
}
