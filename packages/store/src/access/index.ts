import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type BulkReplays, createBulkReplays } from './bulk-replays.ts';
import { createIdempotencyKeys, type IdempotencyKeys } from './idempotency-keys.ts';
import { type ApiKeys, createApiKeys } from './api-keys.ts';
import { createRequesters, type Requesters } from './requesters.ts';
import { createSchedules, type Schedules } from './schedules.ts';
import { createSessions, type Sessions } from './sessions.ts';
import { createWebhooks, type Webhooks } from './webhooks.ts';

export type {
  ClaimResult as BeginResult,
  IdempotencyKeys,
  IdempotentRequest,
  StoredResponse,
} from './idempotency-keys.ts';
export {
  BulkReplay,
  BulkReplayChange,
  type BulkReplays,
  BulkReplayState,
  SelectedRun,
  StoredBulkReplay,
} from './bulk-replays.ts';
export {
  ApiKeyRecord,
  type ApiKeys,
  currentKey,
  isLiveKey,
  KeyNameContendedError,
  type KeysWithName,
} from './api-keys.ts';
export type { CurrentRequester as StoredRequester, RequesterReference, Requesters } from './requesters.ts';
export {
  currentSchedule,
  MissedOccurrences,
  type PendingOccurrence,
  type ScheduleProgress,
  type Schedules,
  StoredSchedule,
} from './schedules.ts';
export { Session, type SessionOwner, type Sessions } from './sessions.ts';
export {
  createWebhooks,
  currentWebhook,
  StoredWebhook,
  type WebhookReceipts,
  type WebhookReference,
  type Webhooks,
  type WebhookSecret,
} from './webhooks.ts';

/** API keys, the sessions of people, the stored responses of requests with an idempotency key, bulk replays, schedules, and webhooks. */
export interface AccessStore {
  readonly keys: ApiKeys;
  readonly sessions: Sessions;
  readonly idempotency: IdempotencyKeys;
  readonly bulkReplays: BulkReplays;
  readonly schedules: Schedules;
  readonly webhooks: Webhooks;
  readonly requesters: Requesters;
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
  return {
    keys: createApiKeys(table),
    sessions: createSessions(table),
    idempotency: createIdempotencyKeys(table),
    bulkReplays: createBulkReplays(table),
    schedules: createSchedules(table),
    webhooks: createWebhooks(table),
    requesters: createRequesters(table),
  };
}
