import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createIdempotencyKeys, type IdempotencyKeys } from './idempotency-keys.ts';
import { type ApiKeys, createApiKeys } from './api-keys.ts';

export type {
  ClaimResult as BeginResult,
  IdempotencyKeys,
  IdempotentRequest,
  StoredResponse,
} from './idempotency-keys.ts';
export {
  ApiKeyRecord,
  type ApiKeys,
  currentKey,
  isLiveKey,
  KeyNameContendedError,
  type KeysWithName,
} from './api-keys.ts';

/** API keys, and the stored responses of requests with an idempotency key. */
export interface AccessStore {
  readonly keys: ApiKeys;
  readonly idempotency: IdempotencyKeys;
}

export interface AccessStoreOptions {
  readonly client: DynamoDBDocumentClient;
  /** Physical name: `ACCESS_TABLE`. */
  readonly table: string;
  /** Returns milliseconds since the epoch; the system clock by default. */
  readonly now?: () => number;
}

export function createAccessStore({ client, table: name, now = Date.now }: AccessStoreOptions): AccessStore {
  const table = { client, name, now };
  return { keys: createApiKeys(table), idempotency: createIdempotencyKeys(table) };
}
