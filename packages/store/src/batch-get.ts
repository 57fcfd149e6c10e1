import { BatchGetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

export type ItemKey = Readonly<Record<string, string>>;
export type Item = Readonly<Record<string, unknown>>;

export interface BatchGetDependencies {
  readonly client: DynamoDBDocumentClient;
  /** Waits before unprocessed keys are read again. */
  readonly pause: (milliseconds: number) => Promise<unknown>;
}

const maxTries = 6;
const minPauseMs = 20;

/**
 * Reads items of several tables with one consistent `BatchGetItem`. What DynamoDB leaves unprocessed is read again: it is
 * not absent.
 * @param keys by physical table name; at most 100 in all
 * @returns the items in the order of their keys; null for an item that does not exist
 * @throws Error if keys stay unprocessed
 */
export async function batchGet(
  { client, pause }: BatchGetDependencies,
  keys: Readonly<Record<string, readonly ItemKey[]>>,
): Promise<Record<string, (Item | null)[]>> {
  const found = new Map<string, Item>();
  let pending: Record<string, { Keys: Record<string, unknown>[]; ConsistentRead: boolean }> = Object.fromEntries(
    Object.entries(keys)
      .filter(([, list]) => list.length > 0)
      .map(([table, list]) => [table, { Keys: list.map((key) => ({ ...key })), ConsistentRead: true }]),
  );
  for (let tries = 1; Object.keys(pending).length > 0; tries += 1) {
    const { Responses: responses = {}, UnprocessedKeys: unprocessed = {} } = await client.send(
      new BatchGetCommand({ RequestItems: pending }),
    );
    for (const [table, items] of Object.entries(responses)) {
      for (const item of items) found.set(placeOf(table, item), item);
    }
    pending = Object.fromEntries(
      Object.entries(unprocessed).map(([table, { Keys = [] }]) => [table, { Keys, ConsistentRead: true }]),
    );
    if (Object.keys(pending).length === 0) break;
    if (tries === maxTries) {
      throw new Error(`DynamoDB left keys of ${Object.keys(pending).join(', ')} unprocessed ${maxTries} times. Retry.`);
    }
    await pause(minPauseMs * 2 ** tries * Math.random());
  }
  return Object.fromEntries(
    Object.entries(keys).map(([table, list]) => [table, list.map((key) => found.get(placeOf(table, key)) ?? null)]),
  );
}

/** Every table has the keys `pk` and, if it has a range key, `sk`. */
function placeOf(table: string, { pk, sk }: Item): string {
  return JSON.stringify([table, pk, sk ?? null]);
}
