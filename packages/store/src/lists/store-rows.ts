import { isDeepStrictEqual } from 'node:util';
import type { Fact } from '@dispatcher/contracts';
import { GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import { tryConditionalWrite } from '../conditional-write.ts';
import { type FactWriter, pauseBefore } from '../facts/fact-writer.ts';
import type { ProjectionKey } from '../projections/projection-keys.ts';
import type { StoredItem } from '../stored-item.ts';
import { mergeRow, type RowItem, type Statement, statementsOf } from './write-rows.ts';

/**
 * Writes the rows of lists. The result does not depend on the order of facts or on repeats, so a retry makes up for a
 * crash.
 * @throws Error if other writers changed a row at every try
 */
export async function storeRows(writer: FactWriter, facts: readonly Fact[]): Promise<void> {
  await Promise.all(
    statementsOf(facts).map(([key, statements]) =>
      retryUntilUncontended(writer, () => writeRow(writer, key, statements)),
    ),
  );
}

// At most two functions write at the same time. After this many conflicts the batch returns to the queue.
const maxTries = 8;

/** Retries a read-merge-write until no other writer changed the item in between. */
async function retryUntilUncontended(writer: FactWriter, tryOnce: () => Promise<boolean>): Promise<void> {
  for (let tries = 1; !(await tryOnce()); tries += 1) {
    if (tries === maxTries)
      throw new Error(`Other writers changed a row ${tries} times during its update. The batch is retried.`);
    await pauseBefore(writer, tries);
  }
}

type Versioned = StoredItem & { readonly version: number };

/** Returns the put of a merged item, on the condition that the stored item is still the one that was read. */
function putIfUnchanged(writer: FactWriter, read: Versioned | undefined, item: ProjectionKey) {
  const put = { TableName: writer.tables.projections, Item: { ...item, version: (read?.version ?? 0) + 1 } };
  return read === undefined
    ? { ...put, ConditionExpression: 'attribute_not_exists(pk)' }
    : {
        ...put,
        ConditionExpression: 'version = :version',
        ExpressionAttributeValues: { ':version': read.version },
      };
}

async function readVersioned({ client, tables }: FactWriter, key: ProjectionKey): Promise<Versioned | undefined> {
  const { Item: item } = await client.send(
    new GetCommand({ TableName: tables.projections, Key: key, ConsistentRead: true }),
  );
  return item as Versioned | undefined;
}

async function writeRow(writer: FactWriter, key: ProjectionKey, statements: readonly Statement[]): Promise<boolean> {
  // Saves the read for nearly every delivery and for half of the writes of a dispatch.
  const first = putIfUnchanged(writer, undefined, mergeRow(undefined, key, statements, writer.retentionDays));
  if (
    statements.some(({ isFirst }) => isFirst) &&
    (await tryConditionalWrite(writer.client.send(new PutCommand(first))))
  ) {
    return true;
  }
  const read = await readVersioned(writer, key);
  const merged = mergeRow(read as (Versioned & RowItem) | undefined, key, statements, writer.retentionDays);
  if (read !== undefined && isDeepStrictEqual({ ...merged, version: read.version }, read)) return true;
  return tryConditionalWrite(writer.client.send(new PutCommand(putIfUnchanged(writer, read, merged))));
}
