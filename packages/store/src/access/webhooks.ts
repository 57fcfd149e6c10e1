import { DeleteCommand, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { targetOfWebhook, Webhook, DateTime } from '@dispatcher/contracts';
import * as z from 'zod/mini';
import { tryConditionalWrite } from '../conditional-write.ts';
import { type List, type Page, type PageRequest, readPage } from '../pages.ts';
import type { AccessTable } from './access-table.ts';

/** Which versions of the secret are accepted. The secret itself is in Secrets Manager. */
export const WebhookSecret = z.object({
  version: z.string(),
  /** After a rotation: the version before, and until when it is accepted. */
  previous: z.nullable(z.object({ version: z.string(), until: DateTime })),
});
export type WebhookSecret = z.infer<typeof WebhookSecret>;

/** What the ingress function writes of a webhook; it may write nothing else of it. */
export const WebhookReceipts = z.object({
  /** That of the webhook, so that nothing is written to one that was created again under the same name. */
  webhookId: z.string(),
  /** The last message that requested its dispatch; null if there was none. */
  last: z.nullable(z.object({ receivedAt: DateTime, runKey: z.string() })),
  /** Number of messages that were refused since the last one that was not. Once a minute after the first ten. */
  refusedInARow: z.int(),
  /** The last message that was refused; null if there was none. */
  refused: z.nullable(z.object({ at: DateTime, reason: z.string() })),
});
export type WebhookReceipts = z.infer<typeof WebhookReceipts>;

export const StoredWebhook = z.object({
  webhook: Webhook,
  /** Null unless an operator paused it. */
  pausedAt: z.nullable(DateTime),
  secret: WebhookSecret,
  receipts: WebhookReceipts,
});
export type StoredWebhook = z.infer<typeof StoredWebhook>;

/** The webhook of that name, unless it was created again since. */
export type WebhookReference = Pick<Webhook, 'name' | 'webhookId'>;

/**
 * Returns the scope of a webhook, and why it has ended; null: it has not.
 * @param stored the webhook that has the name now; null if there is none
 * @param webhookId the webhook that requested a dispatch
 */
export function currentWebhook(stored: StoredWebhook | null, webhookId: string) {
  if (stored === null || stored.webhook.webhookId !== webhookId) return { targets: [], ended: 'deleted' };
  const ended = stored.pausedAt === null ? null : `paused since ${stored.pausedAt}`;
  return { targets: [targetOfWebhook(stored.webhook)], ended };
}

export interface Webhooks {
  /** @returns false, and stores nothing, if a webhook has this name */
  create(stored: StoredWebhook): Promise<boolean>;
  /** Returns null if there is none with this name. */
  getWebhook(name: string): Promise<StoredWebhook | null>;
  /** By name. @throws InvalidCursorError */
  list(request: PageRequest): Promise<Page<StoredWebhook>>;
  /** @param at when it was paused; null resumes it @returns false if it was deleted */
  setPaused(webhook: WebhookReference, at: string | null): Promise<boolean>;
  /** @param from the secret that was read @returns false, and stores nothing, if another one is stored, or it was deleted */
  rotate(webhook: WebhookReference, from: WebhookSecret, to: WebhookSecret): Promise<boolean>;
  /** @returns false if it was deleted before */
  delete(webhook: WebhookReference): Promise<boolean>;
  /** Records that a message was not refused. @param last null if it requested nothing */
  recordAccepted(webhook: WebhookReference, last: WebhookReceipts['last']): Promise<void>;
  /**
   * Records that a message was refused, in addition to those before.
   * @returns how many have been refused in a row; null if the webhook was deleted
   */
  recordRefused(webhook: WebhookReference, refused: NonNullable<WebhookReceipts['refused']>): Promise<number | null>;
  /**
   * Returns when a message with this content was first received, if that was within the time; otherwise it is now, and is
   * stored. So a message that is sent again is the same one, even if two of them arrive at once.
   */
  firstReceivedAt(webhookId: string, content: string, withinMs: number): Promise<string>;
}

const partition = 'webhook';
const messagesPartition = 'webhook-message';

/** Returns the key of the item of a webhook. */
export const webhookItemKey = (name: string) => ({ pk: partition, sk: name });

/** Returns the webhook of an item; null without one. */
export function parseWebhook(item: Readonly<Record<string, unknown>> | null): StoredWebhook | null {
  return item === null ? null : z.parse(StoredWebhook, item);
}

// Without expiry: it exists until an operator deletes it.
export function createWebhooks({ client, name: TableName, now }: AccessTable): Webhooks {
  const all: List = { table: TableName, index: null, hash: 'pk', value: partition, newestFirst: false };
  const getWebhook = async (name: string) => {
    const get = new GetCommand({ TableName, Key: webhookItemKey(name), ConsistentRead: true });
    const { Item: item = null } = await client.send(get);
    return parseWebhook(item);
  };
  /**
   * Changes fields of the receipts, among them `refusedInARow`. Names no other attribute: the role of the ingress function
   * allows none.
   * @returns how many messages were refused in a row; null if the webhook was deleted
   */
  const record = async (
    { name, webhookId }: WebhookReference,
    changes: Readonly<Record<string, string>>,
    values: Readonly<Record<string, unknown>>,
  ): Promise<number | null> => {
    const assignments = Object.entries(changes).map(([field, value]) => `#receipts.#${field} = ${value}`);
    const names = Object.keys(changes).map((field) => [`#${field}`, field]);
    const update = new UpdateCommand({
      TableName,
      Key: webhookItemKey(name),
      UpdateExpression: `SET ${assignments.join(', ')}`,
      ConditionExpression: '#receipts.webhookId = :id',
      ExpressionAttributeNames: { '#receipts': 'receipts', ...Object.fromEntries(names) },
      ExpressionAttributeValues: { ':id': webhookId, ...values },
      ReturnValues: 'UPDATED_NEW',
    });
    let inARow: number | null = null;
    const write = async () => {
      const { Attributes } = await client.send(update);
      inARow = z.parse(z.pick(WebhookReceipts, { refusedInARow: true }), Attributes?.['receipts']).refusedInARow;
    };
    await tryConditionalWrite(write());
    return inARow;
  };
  return {
    create: (stored) => {
      const Item = { ...webhookItemKey(stored.webhook.name), ...z.parse(StoredWebhook, stored) };
      const put = new PutCommand({ TableName, Item, ConditionExpression: 'attribute_not_exists(pk)' });
      return tryConditionalWrite(client.send(put));
    },
    getWebhook,
    list: (request) => readPage(client, all, request, (item) => z.parse(StoredWebhook, item)),
    setPaused: async ({ name, webhookId }, at) => {
      const update = new UpdateCommand({
        TableName,
        Key: webhookItemKey(name),
        UpdateExpression: 'SET pausedAt = :at',
        // The first pause counts when it is paused again.
        ConditionExpression: `#webhook.webhookId = :id${at === null ? '' : ' AND pausedAt = :none'}`,
        ExpressionAttributeNames: { '#webhook': 'webhook' },
        ExpressionAttributeValues: { ':at': at, ':id': webhookId, ...(at === null ? {} : { ':none': null }) },
      });
      const isChanged = await tryConditionalWrite(client.send(update));
      return isChanged || (await getWebhook(name))?.webhook.webhookId === webhookId;
    },
    rotate: ({ name, webhookId }, from, to) => {
      const update = new UpdateCommand({
        TableName,
        Key: webhookItemKey(name),
        UpdateExpression: 'SET #secret = :to',
        ConditionExpression: '#webhook.webhookId = :id AND #secret.#version = :from',
        ExpressionAttributeNames: { '#webhook': 'webhook', '#secret': 'secret', '#version': 'version' },
        ExpressionAttributeValues: { ':id': webhookId, ':from': from.version, ':to': z.parse(WebhookSecret, to) },
      });
      return tryConditionalWrite(client.send(update));
    },
    delete: ({ name, webhookId }) => {
      const deletion = new DeleteCommand({
        TableName,
        Key: webhookItemKey(name),
        ConditionExpression: '#webhook.webhookId = :id',
        ExpressionAttributeNames: { '#webhook': 'webhook' },
        ExpressionAttributeValues: { ':id': webhookId },
      });
      return tryConditionalWrite(client.send(deletion));
    },
    recordAccepted: async (webhook, last) => {
      if (last === null) await record(webhook, { refusedInARow: ':none' }, { ':none': 0 });
      else await record(webhook, { refusedInARow: ':none', last: ':last' }, { ':none': 0, ':last': last });
    },
    recordRefused: (webhook, refused) =>
      record(
        webhook,
        { refusedInARow: '#receipts.#refusedInARow + :one', refused: ':refused' },
        { ':one': 1, ':refused': refused },
      ),
    firstReceivedAt: async (webhookId, content, withinMs) => {
      const at = now();
      const Key = { pk: messagesPartition, sk: `${webhookId}#${content}` };
      const update = new UpdateCommand({
        TableName,
        Key,
        UpdateExpression: 'SET firstAt = :now, expiresAt = :expires',
        ConditionExpression: 'attribute_not_exists(firstAt) OR firstAt < :oldest',
        ExpressionAttributeValues: {
          ':now': new Date(at).toISOString(),
          ':oldest': new Date(at - withinMs).toISOString(),
          ':expires': Math.ceil((at + withinMs) / 1000),
        },
      });
      if (await tryConditionalWrite(client.send(update))) return new Date(at).toISOString();
      const { Item: item } = await client.send(new GetCommand({ TableName, Key, ConsistentRead: true }));
      return z.parse(z.object({ firstAt: DateTime }), item).firstAt;
    },
  };
}
