import { BatchGetCommand, type DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';

/** Every table has the keys `pk` and, if it has a range key, `sk`. */
export interface ItemKey {
  readonly pk: string;
  readonly sk?: string;
}
export type Item = Readonly<Record<string, unknown>>;

export interface BatchGetDependencies {
  readonly client: DynamoDBDocumentClient;
  /** Waits before unprocessed keys are read again. */
  readonly pause: (milliseconds: number) => Promise<unknown>;
  readonly random?: () => number;
}

export interface BatchGetOptions {
  /** The attributes to return besides the key; all if absent. */
  readonly attributes?: readonly string[] | undefined;
  /** Default: 6, with waits of at most 1.3 s in total. Each further try about doubles the total. */
  readonly maxTries?: number;
}

const minPauseMs = 20;

/**
 * Reads items of several tables with one consistent `BatchGetItem`. What DynamoDB leaves unprocessed is read again: it is
 * not absent.
 * @param keys by physical table name; at most 100 in all
 * @returns the items in the order of their keys; null for an item that does not exist
 * @throws Error if keys stay unprocessed
 */
export async function batchGet(
  { client, pause, random = Math.random }: BatchGetDependencies,
  keys: Readonly<Record<string, readonly ItemKey[]>>,
  { attributes, maxTries = 6 }: BatchGetOptions = {},
): Promise<Record<string, (Item | null)[]>> {
  const found = new Map<string, Item>();
  const projection = attributes === undefined ? {} : projectionOf(attributes);
  let pending = withoutEmpty(Object.entries(keys));
  for (let tries = 0; pending.length > 0; tries += 1) {
    if (tries === maxTries) {
      const counts = pending.map(([table, list]) => `${table}: ${list.length}`).join(', ');
      throw new Error(
        `DynamoDB left keys unprocessed ${tries} times (${counts}), probably because it throttles. Messages and roll-ups are ` +
          'retried automatically; repeat any other command. If this continues, check the metric ReadThrottleEvents of the table.',
      );
    }
    if (tries > 0) await pause(minPauseMs * 2 ** tries * random());
    const requests = pending.map(([table, list]) => {
      const request = { Keys: list.map((key) => ({ ...key })), ConsistentRead: true, ...projection };
      return [table, request] as const;
    });
    const { Responses: responses = {}, UnprocessedKeys: unprocessed = {} } = await client.send(
      new BatchGetCommand({ RequestItems: Object.fromEntries(requests) }),
    );
    for (const [table, items] of Object.entries(responses)) {
      for (const item of items) found.set(placeOf(table, item), item);
    }
    pending = withoutEmpty(Object.entries(unprocessed).map(([table, { Keys = [] }]) => [table, Keys as ItemKey[]]));
  }
  return Object.fromEntries(
    Object.entries(keys).map(([table, list]) => [table, list.map((key) => found.get(placeOf(table, key)) ?? null)]),
  );
}

type KeysOfTable = readonly [table: string, keys: readonly ItemKey[]];

const withoutEmpty = (tables: readonly KeysOfTable[]): readonly KeysOfTable[] =>
  tables.filter(([, keys]) => keys.length > 0);

function projectionOf(attributes: readonly string[]) {
  const names = ['pk', 'sk', ...attributes].map((name, index) => [`#a${index}`, name] as const);
  return {
    ProjectionExpression: names.map(([token]) => token).join(', '),
    ExpressionAttributeNames: Object.fromEntries(names),
  };
}

function placeOf(table: string, { pk, sk }: Item | ItemKey): string {
  return JSON.stringify([table, pk, sk ?? null]);
}
