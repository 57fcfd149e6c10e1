import { createHash } from 'node:crypto';
import { DeleteCommand, type DynamoDBDocumentClient, PutCommand, QueryCommand } from '@aws-sdk/lib-dynamodb';
import { expirySeconds, retentionDays } from '../state/state-table.ts';

/** A group of check runs with an open one, and its position among those of its day. */
export interface OpenGroup {
  readonly key: string;
  readonly position: string;
}

/** Stores which groups of check runs have an open one, by day. */
export interface OpenChecks {
  /** Adds the group to those of the day of `at`, in milliseconds since the epoch. */
  add(key: string, at: number): Promise<void>;
  remove(key: string, at: number): Promise<void>;
  /**
   * Returns the next groups of the day of `at`, at most 100, in the order of their positions; none after the last one.
   * @param after a position, or any text of hex digits; '' for the first groups
   */
  list(at: number, after: string): Promise<readonly OpenGroup[]>;
}

export interface OpenChecksOptions {
  readonly client: DynamoDBDocumentClient;
  /** Physical name: `PLANS_TABLE`. */
  readonly table: string;
}

const pageSize = 100;

const partitionOf = (at: number): string => `open-checks#${new Date(at).toISOString().slice(0, 10)}`;

// Hashed, so that positions are spread evenly: a reader can begin anywhere, and DynamoDB can split a busy day.
const hashDigits = 8;
const positionOf = (key: string): string =>
  `${createHash('sha256').update(key).digest('hex').slice(0, hashDigits)}#${key}`;

const keyOf = (key: string, at: number) => ({ pk: partitionOf(at), sk: positionOf(key) });

/** Each group is an item of its own: adding or removing one costs one write unit, however many are open. */
export function createOpenChecks({ client, table: TableName }: OpenChecksOptions): OpenChecks {
  return {
    add: async (key, at) => {
      const Item = { ...keyOf(key, at), expiresAt: expirySeconds(at, retentionDays) };
      await client.send(new PutCommand({ TableName, Item }));
    },
    remove: async (key, at) => {
      await client.send(new DeleteCommand({ TableName, Key: keyOf(key, at) }));
    },
    list: async (at, after) => {
      const query = new QueryCommand({
        TableName,
        KeyConditionExpression: 'pk = :pk AND sk > :after',
        // DynamoDB accepts no empty value of a key.
        ExpressionAttributeValues: { ':pk': partitionOf(at), ':after': after === '' ? ' ' : after },
        Limit: pageSize,
        ConsistentRead: true,
      });
      const { Items: items = [] } = await client.send(query);
      return items.map(({ sk }) => ({ key: String(sk).slice(hashDigits + 1), position: String(sk) }));
    },
  };
}
