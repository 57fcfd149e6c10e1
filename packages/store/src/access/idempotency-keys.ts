import { randomUUID } from 'node:crypto';
import { GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { tryConditionalWrite } from '../conditional-write.ts';
import type { AccessTable } from './access-table.ts';

/** The stored response to a request. */
export const StoredResponse = z.object({ status: z.int(), contentType: z.string(), body: z.string() });
export type StoredResponse = z.infer<typeof StoredResponse>;

export interface IdempotentRequest {
  /** The caller. Two principals may use the same key. */
  readonly principal: string;
  /** Value of the `Idempotency-Key` header. */
  readonly key: string;
  /** Hash of everything that identifies the request. */
  readonly fingerprint: string;
}

export type ClaimResult =
  /**
   * No other request has the key: handle the request, then store its response or release the key, with this lease. Every claim
   * of the key until `expiresAt` has the same one, in seconds since the epoch.
   */
  | { readonly state: 'begun'; readonly lease: string; readonly expiresAt: number }
  | { readonly state: 'answered'; readonly response: StoredResponse }
  /** Another request with this key is in progress. */
  | { readonly state: 'in-progress' }
  /** The key was used for a different request. */
  | { readonly state: 'other-request' };

export interface IdempotencyKeys {
  /** Claims the key. The lease of a request that never finished expires after a minute. */
  claimKey(request: IdempotentRequest): Promise<ClaimResult>;
  /** Stores the response until 24 hours after the request began. */
  putResponse(request: IdempotentRequest, lease: string, response: StoredResponse): Promise<void>;
  /** Releases the key of a request that can be tried again, so that the same key can be used again. */
  releaseKey(request: IdempotentRequest, lease: string): Promise<void>;
}

const retentionSeconds = 24 * 60 * 60;
// Longer than the function's timeout.
const leaseMs = 60_000;

const Item = z.object({
  /** Absent from a key that was released. */
  fingerprint: z.optional(z.string()),
  lease: z.string(),
  /** Milliseconds since the epoch. */
  leaseUntil: z.number(),
  response: z.optional(StoredResponse),
  expiresAt: z.number(),
});

const keyOf = ({ principal, key }: IdempotentRequest) => ({ pk: `idempotency#${principal}`, sk: key });

export function createIdempotencyKeys({ client, name: TableName, now }: AccessTable): IdempotencyKeys {
  const read = async (request: IdempotentRequest) => {
    const { Item: item } = await client.send(new GetCommand({ TableName, Key: keyOf(request), ConsistentRead: true }));
    const parsed = item === undefined ? null : z.parse(Item, item);
    // DynamoDB can take days to delete expired items.
    return parsed === null || parsed.expiresAt <= now() / 1000 ? null : parsed;
  };
  /** Claims a key that nobody has used within 24 hours. */
  const claimNew = (request: IdempotentRequest, lease: string, expiresAt: number) =>
    tryConditionalWrite(
      client.send(
        new PutCommand({
          TableName,
          Item: {
            ...keyOf(request),
            fingerprint: request.fingerprint,
            lease,
            leaseUntil: now() + leaseMs,
            expiresAt,
          },
          ConditionExpression: 'attribute_not_exists(pk) OR expiresAt <= :seconds',
          ExpressionAttributeValues: { ':seconds': Math.floor(now() / 1000) },
        }),
      ),
    );
  /** Claims a key that was released, or whose request never finished. @param former the lease that was read */
  const claimForRetry = (request: IdempotentRequest, lease: string, former: string) =>
    tryConditionalWrite(
      client.send(
        new UpdateCommand({
          TableName,
          Key: keyOf(request),
          UpdateExpression: 'SET fingerprint = :fingerprint, lease = :lease, leaseUntil = :until',
          ConditionExpression: 'lease = :former AND attribute_not_exists(#response)',
          ExpressionAttributeNames: { '#response': 'response' },
          ExpressionAttributeValues: {
            ':fingerprint': request.fingerprint,
            ':lease': lease,
            ':until': now() + leaseMs,
            ':former': former,
          },
        }),
      ),
    );
  return {
    claimKey: async (request) => {
      const lease = randomUUID();
      const expiresAt = Math.floor(now() / 1000) + retentionSeconds;
      if (await claimNew(request, lease, expiresAt)) return { state: 'begun', lease, expiresAt };
      const item = await read(request);
      // Expired between the two calls. The client's next try can claim it.
      if (item === null) return { state: 'in-progress' };
      // The SDK retried this write after a lost response.
      if (item.lease === lease) return { state: 'begun', lease, expiresAt };
      if (item.fingerprint !== undefined && item.fingerprint !== request.fingerprint) return { state: 'other-request' };
      if (item.response !== undefined) return { state: 'answered', response: item.response };
      const isFree = item.leaseUntil <= now() && (await claimForRetry(request, lease, item.lease));
      return isFree ? { state: 'begun', lease, expiresAt: item.expiresAt } : { state: 'in-progress' };
    },
    putResponse: async (request, lease, response) => {
      const update = new UpdateCommand({
        TableName,
        Key: keyOf(request),
        UpdateExpression: 'SET #response = :response',
        ConditionExpression: 'lease = :lease',
        ExpressionAttributeNames: { '#response': 'response' },
        ExpressionAttributeValues: { ':response': response, ':lease': lease },
      });
      if (!(await tryConditionalWrite(client.send(update))))
        throw new Error('The lease of the idempotency key expired before the response was stored.');
    },
    releaseKey: async (request, lease) => {
      const update = new UpdateCommand({
        TableName,
        Key: keyOf(request),
        UpdateExpression: 'SET leaseUntil = :now REMOVE fingerprint',
        ConditionExpression: 'lease = :lease',
        ExpressionAttributeValues: { ':now': now(), ':lease': lease },
      });
      await tryConditionalWrite(client.send(update));
    },
  };
}
