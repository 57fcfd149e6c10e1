import { KeyRole } from '@dispatcher/contracts';
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { GetCommand, QueryCommand, TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { tryConditionalWrite } from '../conditional-write.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import type { Page, PageRequest } from '../pages.ts';
import type { AccessTable } from './access-table.ts';

export const ApiKeyRecord = z.object({
  /** 16 hex digits; no secret. */
  keyId: z.string(),
  /** While a key is rotated, two keys have one name. */
  name: z.string(),
  role: KeyRole,
  /**
   * What a `dispatch` key may start: `owner/name`, `owner/name:workflow.yml` or `owner/name#event-type`. Else empty.
   */
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

/** All that was ever made under one name, as it is at one moment. */
export interface KeysWithName {
  /** The oldest first; those revoked and expired among them. */
  readonly keys: readonly ApiKeyRecord[];
  /** How many were made: whoever makes one more says so, and is refused where somebody was quicker. */
  readonly made: number;
}

/** Rules consent to names, so that whether one more key may have a name is decided on all that have it. */
export class KeyNameContendedError extends Error {
  override readonly name = 'KeyNameContendedError';
}

export interface ApiKeys {
  /**
   * @param made as {@link ApiKeys.named} told it when it was decided that the name may be given
   * @throws KeyNameContended where another key of that name was made since
   * @throws Error where the id is taken
   */
  create(record: ApiKeyRecord, made: number): Promise<void>;
  findByName(name: string): Promise<KeysWithName>;
  /** Whatever its state: see {@link isLiveKey}. Null where there is none. */
  find(keyId: string): Promise<ApiKeyRecord | null>;
  /** By id, those revoked and expired among them. @throws CursorInvalid */
  list(request: PageRequest): Promise<Page<ApiKeyRecord>>;
  /** The key as it is then; a first revocation stands. Null where there is no such key. @param at ISO 8601 */
  revoke(keyId: string, at: string): Promise<ApiKeyRecord | null>;
}

const pk = 'key';
const NameItem = z.object({ keyIds: z.array(z.string()) });
const nameKey = (name: string) => ({ pk: 'key-name', sk: name });

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
    create: async (record, made) => {
      const key = {
        Put: {
          TableName,
          Item: { pk, sk: record.keyId, key: z.parse(ApiKeyRecord, record) },
          ConditionExpression: 'attribute_not_exists(pk)',
        },
      };
      const name = {
        Update: {
          TableName,
          Key: nameKey(record.name),
          UpdateExpression: 'SET keyIds = list_append(if_not_exists(keyIds, :none), :new)',
          ConditionExpression: made === 0 ? 'attribute_not_exists(keyIds)' : 'size(keyIds) = :made',
          ExpressionAttributeValues: { ':none': [], ':new': [record.keyId], ...(made === 0 ? {} : { ':made': made }) },
        },
      };
      try {
        await client.send(new TransactWriteCommand({ TransactItems: [key, name] }));
      } catch (error) {
        throw toKeyError(error, record);
      }
    },
    findByName: async (name) => {
      const { Item: item } = await client.send(new GetCommand({ TableName, Key: nameKey(name), ConsistentRead: true }));
      const { keyIds } = item === undefined ? { keyIds: [] } : z.parse(NameItem, item);
      const found = await Promise.all(keyIds.map(find));
      return { keys: found.filter((key) => key !== null), made: keyIds.length };
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
      await tryConditionalWrite(client.send(revocation));
      return find(keyId);
    },
  };
}

/** What a transaction that was not written says to whoever wanted the key. */
function toKeyError(error: unknown, { keyId, name }: ApiKeyRecord): unknown {
  if (!(error instanceof TransactionCanceledException)) return error;
  const [ofKey, ofName] = (error.CancellationReasons ?? []).map(({ Code: code }) => code);
  if (ofKey === 'ConditionalCheckFailed') return new Error(`There is a key ${keyId} already.`);
  // A conflict is another one who makes a key of this name right now: only that writes the item of the name.
  return ofName === 'ConditionalCheckFailed' || ofName === 'TransactionConflict'
    ? new KeyNameContendedError(`Another key named ${name} was made in the same moment.`)
    : error;
}
