import { GetCommand } from '@aws-sdk/lib-dynamodb';
import type { RequesterKind } from '@dispatcher/contracts';
import type { AccessTable } from './access-table.ts';
import { apiKeyItemKey, currentKey, parseApiKey } from './api-keys.ts';
import { currentSchedule, parseSchedule, scheduleItemKey } from './schedules.ts';
import { currentWebhook, parseWebhook, webhookItemKey } from './webhooks.ts';

/** Names an API key, a schedule or a webhook, as a request does. */
export interface RequesterReference {
  readonly kind: RequesterKind;
  readonly id: string;
  readonly name: string;
}

/** What a requester may request now. */
export interface CurrentRequester {
  readonly targets: readonly string[];
  /** Why it has ended; null: it has not. */
  readonly ended: string | null;
}

/** Reads the API keys, schedules and webhooks that requests name. */
export interface Requesters {
  getRequester(requester: RequesterReference): Promise<CurrentRequester>;
}

/** Returns the key of the item of a requester. */
export function requesterItemKey({ kind, id, name }: RequesterReference) {
  if (kind === 'key') return apiKeyItemKey(id);
  return kind === 'schedule' ? scheduleItemKey(name) : webhookItemKey(name);
}

/**
 * Returns what a requester may request, from its item.
 * @param item null if it is not stored
 * @param at milliseconds since the epoch
 */
export function currentRequester(
  { kind, id }: RequesterReference,
  item: Readonly<Record<string, unknown>> | null,
  at: number,
): CurrentRequester {
  if (kind === 'key') return currentKey(parseApiKey(item), at);
  return kind === 'schedule' ? currentSchedule(parseSchedule(item), id) : currentWebhook(parseWebhook(item), id);
}

export function createRequesters({ client, name: TableName, now }: AccessTable): Requesters {
  return {
    getRequester: async (requester) => {
      const Key = requesterItemKey(requester);
      const { Item: item = null } = await client.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
      return currentRequester(requester, item, now());
    },
  };
}
