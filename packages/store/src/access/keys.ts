import { KeyRole } from '@dispatcher/contracts';
import { GetCommand, PutCommand, QueryCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { writtenIf } from '../conditions.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import type { Page, PageRequest } from '../pages.ts';
import type { AccessTable } from './table.ts';

export const ApiKeyRecord = z.object({
  /** 16 hex digits; no secret. */
  keyId: z.string(),
  /** While a key is rotated, two keys have one name. */
  name: z.string(),
  role: KeyRole,
  /** What a `dispatch` key may start: `owner/name`, `owner/name:workflow.yml` or `owner/name#event-type`. Else empty. */
  targets: z.array(z.string()),
  /** SHA-256 of the secret, as hex: the secret has 256 random bits, so that nothing slower is needed. */
  secretHash: z.string(),
  createdAt: z.iso.datetime(),
  createdBy: z.string(),
  expiresAt: z.nullable(z.iso.datetime()),
  revokedAt: z.nullable(z.iso.datetime()),
});
export type ApiKeyRecord = z.infer<typeof ApiKeyRecord>;

/** @param at milliseconds since the epoch */
export function isLiveKey({ expiresAt, revokedAt }: ApiKeyRecord, at: number): boolean {
  return revokedAt === null && (expiresAt === null || at < Date.parse(expiresAt));
}

export interface ApiKeys {
  /** @throws Error where the id is taken */
  create(record: ApiKeyRecord): Promise<void>;
  /** Whatever its state: see {@link isLiveKey}. Null where there is none. */
  find(keyId: string): Promise<ApiKeyRecord | null>;
  /** By id, those revoked and expired among them. @throws CursorInvalid */
  list(request: PageRequest): Promise<Page<ApiKeyRecord>>;
  /** The key as it is then; a first revocation stands. Null where there is no such key. @param at ISO 8601 */
  revoke(keyId: string, at: string): Promise<ApiKeyRecord | null>;
}

const pk = 'key';

// No time to live: who once had a key must stay to be seen.
export function createApiKeys({ client, name: TableName }: AccessTable): ApiKeys {
  const find = async (keyId: string) => {
    const { Item: item } = await client.send(
      new GetCommand({ TableName, Key: { pk, sk: keyId }, ConsistentRead: true }),
    );
    return item === undefined ? null : z.parse(ApiKeyRecord, item['key']);
  };
  return {
    find,
    create: async (record) => {
      const put = new PutCommand({
        TableName,
        Item: { pk, sk: record.keyId, key: z.parse(ApiKeyRecord, record) },
        ConditionExpression: 'attribute_not_exists(pk)',
      });
      if (!(await writtenIf(client.send(put)))) throw new Error(`There is a key ${record.keyId} already.`);
    },
    list: async ({ cursor, limit = 100 }) => {
      const { Items: items = [], LastEvaluatedKey: last } = await client.send(
        new QueryCommand({
          TableName,
          KeyConditionExpression: 'pk = :pk',
          ExpressionAttributeValues: { ':pk': pk },
          Limit: limit,
          ...(cursor === undefined ? {} : { ExclusiveStartKey: { pk, sk: decodeCursor(cursor, 1)[0] } }),
        }),
      );
      return {
        items: items.map((item) => z.parse(ApiKeyRecord, item['key'])),
        cursor: last === undefined ? null : encodeCursor([last['sk'] as string]),
      };
    },
    revoke: async (keyId, at) => {
      const revocation = new UpdateCommand({
        TableName,
        Key: { pk, sk: keyId },
        UpdateExpression: 'SET #key.revokedAt = :at',
        ConditionExpression: '#key.revokedAt = :null',
        ExpressionAttributeNames: { '#key': 'key' },
        ExpressionAttributeValues: { ':at': at, ':null': null },
      });
      await writtenIf(client.send(revocation));
      return find(keyId);
    },
  };
}
