import { deflateSync, inflateSync } from 'node:zlib';
import { type CheckedCommit, FileCheck } from '@dispatcher/contracts';
import { type DynamoDBDocumentClient, GetCommand, PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { tryConditionalWrite } from '../conditional-write.ts';
import { expirySeconds } from '../state/state-table.ts';

/** Stores the results of checking the dispatching.yml of commits, one for each commit. */
export interface FileCheckStore {
  /** Returns null if the commit was not checked, or the result has expired. The read is consistent. */
  getCheck(commit: CheckedCommit): Promise<FileCheck | null>;
  /** Stores a result, unless the commit has one. Returns the stored one. */
  putCheck(check: FileCheck): Promise<FileCheck>;
  /** Stores a result in place of the one that the commit has. */
  replaceCheck(check: FileCheck): Promise<void>;
}

export interface FileCheckStoreOptions {
  readonly client: DynamoDBDocumentClient;
  /** Physical name: `PLANS_TABLE`. */
  readonly table: string;
  /** Returns milliseconds since the epoch; the system clock by default. */
  readonly now?: () => number;
}

/** Longer than a message waits in a queue and its dead letter is kept. */
const retentionDays = 30;

const keyOf = ({ repositoryId, sha }: CheckedCommit) => ({ pk: `file-check#${repositoryId}`, sk: sha });

const Item = z.object({ data: z.instanceof(Uint8Array), expiresAt: z.number() });

export function createFileCheckStore({ client, table, now = Date.now }: FileCheckStoreOptions): FileCheckStore {
  const getCheck = async (commit: CheckedCommit): Promise<FileCheck | null> => {
    const { Item: item } = await client.send(
      new GetCommand({ TableName: table, Key: keyOf(commit), ConsistentRead: true }),
    );
    if (item === undefined) return null;
    const { data, expiresAt } = z.parse(Item, item);
    // DynamoDB can take days to delete expired items.
    return expiresAt * 1000 <= now() ? null : z.parse(FileCheck, JSON.parse(inflateSync(data).toString()));
  };
  const itemOf = (check: FileCheck) => ({
    ...keyOf(check),
    data: deflateSync(JSON.stringify(check), { level: 9 }),
    expiresAt: expirySeconds(now(), retentionDays),
  });
  return {
    getCheck,
    putCheck: async (check) => {
      await tryConditionalWrite(
        client.send(
          new PutCommand({
            TableName: table,
            Item: itemOf(check),
            ConditionExpression: 'attribute_not_exists(pk) OR expiresAt <= :now',
            ExpressionAttributeValues: { ':now': Math.floor(now() / 1000) },
          }),
        ),
      );
      return (await getCheck(check)) ?? check;
    },
    replaceCheck: async (check) => {
      await client.send(new PutCommand({ TableName: table, Item: itemOf(check) }));
    },
  };
}
