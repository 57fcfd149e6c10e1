import { BatchGetCommand } from '@aws-sdk/lib-dynamodb';
import { type FactWriter, pauseBefore } from '../facts/fact-writer.ts';
import type { StoredItem } from '../stored-item.ts';
import { concurrently, inGroups } from './concurrently.ts';

interface Key {
  readonly pk: string;
  readonly sk: string;
}

// DynamoDB's limit.
const maxKeys = 100;
const atOnce = 8;
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
export async function batchGet(
  writer: FactWriter,
  table: string,
  keys: readonly Key[],
  attributes?: readonly string[],
): Promise<FoundItems> {
  const found = new Map<string, StoredItem>();
  const projection = attributes === undefined ? {} : projectionOf(attributes);
  await concurrently(inGroups(keys, maxKeys), atOnce, async (group) => {
    let pending: readonly Key[] = group;
    for (let tries = 1; pending.length > 0; tries += 1) {
      const { Responses: responses = {}, UnprocessedKeys: unprocessed = {} } = await writer.client.send(
        new BatchGetCommand({ RequestItems: { [table]: { Keys: [...pending], ConsistentRead: true, ...projection } } }),
      );
      for (const item of (responses[table] ?? []) as StoredItem[]) found.set(nameOf(item), item);
      pending = (unprocessed[table]?.Keys ?? []) as Key[];
      if (pending.length === 0) return;
      if (tries === maxTries) {
        throw new Error(
          `DynamoDB left ${pending.length} of ${group.length} keys of table ${table} unprocessed ${tries} times, probably because it throttles. The next roll-up tries again.`,
        );
      }
      await pauseBefore(writer, tries);
    }
  });
  return { get: (key) => found.get(nameOf(key)) };
}

function projectionOf(attributes: readonly string[]) {
  const names = ['pk', 'sk', ...attributes].map((name, index) => [`#a${index}`, name] as const);
  return {
    ProjectionExpression: names.map(([token]) => token).join(', '),
    ExpressionAttributeNames: Object.fromEntries(names),
  };
}
