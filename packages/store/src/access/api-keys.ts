import { KeyRole, DateTime } from '@dispatcher/contracts';
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { GetCommand, QueryCommand, TransactWriteCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { tryConditionalWrite } from '../conditional-write.ts';
import { decodeCursor, encodeCursor } from '../cursor.ts';
import type { Page, PageRequest } from '../pages.ts';
import type { AccessTable } from './access-table.ts';

const cursorScope = 'api-keys';

export const ApiKeyRecord = z.object({
  /** 16 hex digits; not secret. */
  keyId: z.string(),
  /** Not unique: during a rotation two keys share a name. */
  name: z.string(),
  role: KeyRole,
  /**
   * What a `dispatch` key may start: `owner/name`, `owner/name:workflow.yml` or `owner/name#event-type`. Empty for other
   * roles.
   */
  targets: z.array(z.string()),
  /** SHA-256 of the secret, as hex. The secret has 256 random bits, so a slow password hash is not needed. */
  secretHash: z.string(),
  createdAt: DateTime,
  createdBy: z.string(),
  expiresAt: z.nullable(DateTime),
  revokedAt: z.nullable(DateTime),
  /** To the hour; absent if the key was never used. */
  lastUsedAt: z.optional(DateTime),
});
export type ApiKeyRecord = z.infer<typeof ApiKeyRecord>;

/** Returns whether the key is neither revoked nor expired. @param at milliseconds since the epoch */
export function isLiveKey({ expiresAt, revokedAt }: ApiKeyRecord, at: number): boolean {
  return revokedAt === null && (expiresAt === null || at < Date.parse(expiresAt));
}

/**
 * Returns the scope of a key at a time, and why the key has ended; null: it has not.
 * @param record null if the key does not exist
 * @param at milliseconds since the epoch
 */
export function currentKey(
  record: ApiKeyRecord | null,
  at: number,
): { readonly targets: readonly string[]; readonly ended: string | null } {
  if (record === null) return { targets: [], ended: 'deleted' };
  const { targets, revokedAt, expiresAt } = record;
  if (isLiveKey(record, at)) return { targets, ended: null };
  return { targets, ended: revokedAt === null ? `expired since ${expiresAt}` : `revoked since ${revokedAt}` };
}

/** Every key ever created under one name, read at one moment. */
export interface KeysWithName {
  /** Oldest first, including revoked and expired keys. */
  readonly keys: readonly ApiKeyRecord[];
  /** Number of keys created. A client passes it to `create`, which fails if another key was created since. */
  readonly made: number;
}

/**
 * Reports that another key of the same name was created since the name was checked. Rules consent to key names, so the
 * check must have seen every key of the name.
 */
export class KeyNameContendedError extends Error {
  override readonly name = 'KeyNameContendedError';
}

export interface ApiKeys {
  /**
   * @param made from {@link ApiKeys.findByName}, when the name was checked
   * @throws KeyNameContendedError if another key of that name was created since
   * @throws Error if the id is already in use
   */
  create(record: ApiKeyRecord, made: number): Promise<void>;
  /** Returns every key of the name. */
  findByName(name: string): Promise<KeysWithName>;
  /** Returns the key in any state (see {@link isLiveKey}); null if there is none. */
  getKey(keyId: string): Promise<ApiKeyRecord | null>;
  /** Lists keys by id, including revoked and expired ones. @throws InvalidCursorError */
  list(request: PageRequest): Promise<Page<ApiKeyRecord>>;
  /**
   * Revokes the key and returns it. The first revocation time is kept. Returns null if there is no such key.
   * @param at ISO 8601
   */
  revoke(keyId: string, at: string): Promise<ApiKeyRecord | null>;
  /** Stores when an existing key was used, unless a later use is stored. @param at ISO 8601 */
  recordUse(keyId: string, at: string): Promise<void>;
}

const pk = 'key';

/** Returns the key of the item of an API key. */
export const apiKeyItemKey = (keyId: string) => ({ pk, sk: keyId });

/** Returns the record of an item; null without one. */
export function parseApiKey(item: Readonly<Record<string, unknown>> | null): ApiKeyRecord | null {
  return item === null ? null : toRecord(item);
}
const NameItem = z.object({ keyIds: z.array(z.string()) });
const nameKey = (name: string) => ({ pk: 'key-name', sk: name });

// Without expiry: the record of who once had a key must be kept.
export function createApiKeys({ client, name: TableName }: AccessTable): ApiKeys {
  const find = async (keyId: string) => {
    const { Item: item } = await client.send(
      new GetCommand({ TableName, Key: { pk, sk: keyId }, ConsistentRead: true }),
    );
    return item === undefined ? null : toRecord(item);
  };
  return {
    getKey: find,
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
          ...(cursor === undefined ? {} : { ExclusiveStartKey: { pk, sk: decodeCursor(cursorScope, cursor, 1)[0] } }),
        }),
      );
      return {
        items: items.map(toRecord),
        cursor: last === undefined ? null : encodeCursor(cursorScope, [last['sk'] as string]),
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
    // Planning may write this attribute of a key and no other, so it is not part of `key`.
    recordUse: async (keyId, at) => {
      const use = new UpdateCommand({
        TableName,
        Key: { pk, sk: keyId },
        UpdateExpression: 'SET lastUsedAt = :at',
        ConditionExpression: 'attribute_exists(pk) AND (attribute_not_exists(lastUsedAt) OR lastUsedAt < :at)',
        ExpressionAttributeValues: { ':at': at },
      });
      await tryConditionalWrite(client.send(use));
    },
  };
}

function toRecord({ key, lastUsedAt }: Record<string, unknown>): ApiKeyRecord {
  return z.parse(ApiKeyRecord, lastUsedAt === undefined ? key : { ...(key as object), lastUsedAt });
}

/** Translates the error of a failed `create` transaction. */
function toKeyError(error: unknown, { keyId, name }: ApiKeyRecord): unknown {
  if (!(error instanceof TransactionCanceledException)) return error;
  const [ofKey, ofName] = (error.CancellationReasons ?? []).map(({ Code: code }) => code);
  if (ofKey === 'ConditionalCheckFailed') return new Error(`Key ${keyId} already exists.`);
  // A conflict means that another key of this name is being created: nothing else writes the item of the name.
  return ofName === 'ConditionalCheckFailed' || ofName === 'TransactionConflict'
    ? new KeyNameContendedError(`Another key named ${name} was created at the same time. Try again.`)
    : error;
}
