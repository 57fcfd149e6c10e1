import { DeleteCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import type { FactWriter } from '../facts/fact-writer.ts';
import { itemOf } from '../projections/projection-items.ts';
import type { LogWriter } from './append.ts';
import { concurrently } from './concurrently.ts';
import { type Cursor, firstCursor, readCursor, replaceCursor, shardsWithCursor } from './cursors.ts';
import { storedItems } from './stored-items.ts';
import { formatUpTo } from './up-to.ts';
import { nameOf, refold } from './whole-log.ts';

/** What a rebuild has done. */
export interface RebuildReport {
  readonly facts: number;
  readonly items: number;
  /** Items that no fact of the logs is about. */
  readonly deleted: number;
  readonly logs: readonly { readonly shard: number; readonly first: number; readonly last: number }[];
}

const putsAtOnce = 16;

/**
 * Folds the logs again and replaces every folded item, for when a table was restored to an earlier time. Roll-ups wait
 * meanwhile. Facts may be recorded meanwhile. May be repeated after a crash, which leaves the roll-ups waiting.
 * @throws Error if another rebuild is running at the same time
 */
export async function rebuildProjections(writer: LogWriter): Promise<RebuildReport> {
  const rebuildingSince = new Date(writer.now()).toISOString();
  const configured = Array.from({ length: writer.shards }, (_, shard) => shard);
  const shards = [...new Set([...configured, ...(await shardsWithCursor(writer))])];
  const held = new Map<number, Cursor>();
  for (const shard of shards) held.set(shard, await holdCursor(writer, shard, rebuildingSince));
  const { items, logs } = await refold(writer);
  const upTo = new Map(logs.map(({ shard, last }) => [shard, last.number]));
  await concurrently([...items.values()], putsAtOnce, async ({ subject, state, last }) => {
    // Folded up to the end of each log that it has facts of, so that no item says less than its cursor.
    const ends = new Map([...last.keys()].map((shard) => [shard, upTo.get(shard) ?? 0]));
    const Item = itemOf(subject, state, formatUpTo(ends), writer.retentionDays);
    await writer.client.send(new PutCommand({ TableName: writer.tables.projections, Item }));
  });
  const deleted = await deleteOthers(writer, items);
  for (const shard of new Set([...shards, ...upTo.keys()])) {
    const cursor = held.get(shard) ?? null;
    const end = logs.find((log) => log.shard === shard);
    const next =
      end === undefined
        ? firstCursor
        : { entry: end.last.number, last: { id: end.last.id, expiresAt: end.last.expiresAt }, rebuildingSince: null };
    if (await replaceCursor(writer, shard, cursor, next)) continue;
    throw new Error('Another rebuild has started. Wait for it, then run `dispatcher projections verify`.');
  }
  return {
    facts: logs.reduce((sum, { facts }) => sum + facts, 0),
    items: items.size,
    deleted,
    logs: logs.map(({ shard, first, last }) => ({ shard, first: first.number, last: last.number })),
  };
}

/** Makes roll-ups of this shard wait, also one that is folding: the cursor that it has read is replaced. */
async function holdCursor(writer: LogWriter, shard: number, rebuildingSince: string): Promise<Cursor> {
  for (;;) {
    const read = await readCursor(writer, shard);
    const next = { ...(read ?? firstCursor), rebuildingSince };
    if (await replaceCursor(writer, shard, read, next)) return { ...next, version: (read?.version ?? 0) + 1 };
  }
}

async function deleteOthers(writer: FactWriter, items: ReadonlyMap<string, unknown>): Promise<number> {
  let deleted = 0;
  for await (const { subject, item } of storedItems(writer)) {
    if (items.has(nameOf(subject))) continue;
    const Key = { pk: item.pk, sk: item.sk };
    await writer.client.send(new DeleteCommand({ TableName: writer.tables.projections, Key }));
    deleted += 1;
  }
  return deleted;
}
