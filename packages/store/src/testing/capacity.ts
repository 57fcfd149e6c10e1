import type { TableDescription } from '@dispatcher/topology';
import { itemSize } from '../facts/item-size.ts';
import type { Attributes } from './expressions.ts';

/**
 * Capacity units as DynamoDB bills them: a write unit is 1 KB; a read unit is 4 KB read with strong consistency, or 8 KB
 * with eventual consistency.
 */
export interface Capacity {
  requests: number;
  /** Write units: of writes in transactions, at twice the price; of single writes; and of the updated indexes. */
  transactionUnits: number;
  singleUnits: number;
  indexUnits: number;
  readUnits: number;
  itemsRead: number;
  bytesRead: number;
  /** Of the items, without their index entries. */
  bytesWritten: number;
}

export const noCapacity = (): Capacity => ({
  requests: 0,
  transactionUnits: 0,
  singleUnits: 0,
  indexUnits: 0,
  readUnits: 0,
  itemsRead: 0,
  bytesRead: 0,
  bytesWritten: 0,
});

export const writeUnits = (bytes: number): number => Math.max(1, Math.ceil(bytes / 1024));
export const readUnits = (bytes: number, consistent: boolean): number =>
  Math.max(1, Math.ceil(bytes / 4096)) / (consistent ? 1 : 2);

/** Returns the attributes of an item that an index contains; null if the item has no key of the index. */
export function inIndex(index: TableDescription['indexes'][number], item: Attributes | undefined): Attributes | null {
  if (item === undefined || item[index.hash] === undefined || item[index.range] === undefined) return null;
  const names = ['pk', 'sk', index.hash, index.range, ...index.include];
  return Object.fromEntries(names.filter((name) => item[name] !== undefined).map((name) => [name, item[name]]));
}

/** Returns the write units of the index updates of one write; none for an index whose attributes do not change. */
export function indexUnits(table: TableDescription, before: Attributes | undefined, after: Attributes): number {
  return table.indexes.reduce((sum, index) => {
    const [old, now] = [inIndex(index, before), inIndex(index, after)];
    if (JSON.stringify(old) === JSON.stringify(now)) return sum;
    const moved = old !== null && now !== null && [index.hash, index.range].some((name) => old[name] !== now[name]);
    const removed = old !== null && (now === null || moved) ? writeUnits(itemSize(old)) : 0;
    return sum + removed + (now === null ? 0 : writeUnits(itemSize(now)));
  }, 0);
}
