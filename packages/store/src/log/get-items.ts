import { setTimeout } from 'node:timers/promises';
import { batchGet } from '../batch-get.ts';
import type { FactWriter } from '../facts/fact-writer.ts';
import type { StoredItem } from '../stored-item.ts';
import { concurrently, inGroups } from './concurrently.ts';

interface Key {
  readonly pk: string;
  readonly sk: string;
}

// DynamoDB's limit.
const maxKeys = 100;
const atOnce = 8;
/** More than a dispatch has: a roll-up can wait longer. */
const maxTries = 8;

const nameOf = ({ pk, sk }: Key): string => JSON.stringify([pk, sk]);

/** Items by key. An item that DynamoDB did not process is never taken for absent. */
export interface FoundItems {
  get(key: Key): StoredItem | undefined;
}

/**
 * Reads items with strong consistency.
 * @param keys without duplicates
 * @param attributes the attributes to return besides the key; all if absent
 * @throws Error if DynamoDB left keys unprocessed at every try: to fold an item as if it were absent would overwrite it
 */
export async function getItems(
  { client, pause = setTimeout, random = Math.random }: FactWriter,
  table: string,
  keys: readonly Key[],
  attributes?: readonly string[],
): Promise<FoundItems> {
  const found = new Map<string, StoredItem>();
  await concurrently(inGroups(keys, maxKeys), atOnce, async (group) => {
    const { [table]: items = [] } = await batchGet(
      { client, pause, random },
      { [table]: group },
      { attributes, maxTries },
    );
    for (const item of items as (StoredItem | null)[]) if (item !== null) found.set(nameOf(item), item);
  });
  return { get: (key) => found.get(nameOf(key)) };
}
