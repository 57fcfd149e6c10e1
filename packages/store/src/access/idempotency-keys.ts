import { randomUUID } from 'node:crypto';
import { DeleteCommand, GetCommand, PutCommand, UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { tryConditionalWrite } from '../conditional-write.ts';
import type { AccessTable } from './access-table.ts';

/** What a request was answered. */
export const StoredResponse = z.object({ status: z.int(), contentType: z.string(), body: z.string() });
export type StoredResponse = z.infer<typeof StoredResponse>;

export interface IdempotentRequest {
  /** Whose key it is: two principals may use the same one. */
  readonly principal: string;
  /** As the `Idempotency-Key` header says it. */
  readonly key: string;
  /** Of all that makes the request the same. */
  readonly fingerprint: string;
}

export type BeginResult =
  /** Nobody else has it: answer it, and say so with the lease. */
  | { readonly state: 'begun'; readonly lease: string }
  | { readonly state: 'answered'; readonly answer: StoredResponse }
  /** Another one with this key is being answered. */
  | { readonly state: 'in-progress' }
  /** The key was used for something else. */
  | { readonly state: 'other-request' };

export interface IdempotencyKeys {
  /** A request that began and never ended can begin anew after a minute. */
  begin(request: IdempotentRequest): Promise<BeginResult>;
  /** Keeps the answer for the rest of 24 hours. */
  finish(request: IdempotentRequest, lease: string, answer: StoredResponse): Promise<void>;
  /** Lets the same key begin anew: nothing was done. */
  release(request: IdempotentRequest, lease: string): Promise<void>;
}

const retentionSeconds = 24 * 60 * 60;
// Longer than the function lives with one request.
const leaseMs = 60_000;

const Item = z.object({
  fingerprint: z.string(),
  lease: z.string(),
  answer: z.optional(StoredResponse),
  expiresAt: z.number(),
});

const keyOf = ({ principal, key }: IdempotentRequest) => ({ pk: `idempotency#${principal}`, sk: key });

export function createIdempotencyKeys({ client, name: TableName, now }: AccessTable): IdempotencyKeys {
  const read = async (request: IdempotentRequest) => {
    const { Item: item } = await client.send(new GetCommand({ TableName, Key: keyOf(request), ConsistentRead: true }));
    const parsed = item === undefined ? null : z.parse(Item, item);
    // DynamoDB deletes what is over late, up to days.
    return parsed === null || parsed.expiresAt <= now() / 1000 ? null : parsed;
  };
  const claim = (request: IdempotentRequest, lease: string) =>
    tryConditionalWrite(
      client.send(
        new PutCommand({
          TableName,
          Item: {
            ...keyOf(request),
            fingerprint: request.fingerprint,
            lease,
            leaseUntil: now() + leaseMs,
            expiresAt: Math.floor(now() / 1000) + retentionSeconds,
          },
          ConditionExpression:
            'attribute_not_exists(pk) OR expiresAt <= :seconds OR ' +
            '(attribute_not_exists(answer) AND leaseUntil <= :now AND fingerprint = :fingerprint)',
          ExpressionAttributeValues: {
            ':seconds': Math.floor(now() / 1000),
            ':now': now(),
            ':fingerprint': request.fingerprint,
          },
        }),
      ),
    );
  return {
    begin: async (request) => {
      const lease = randomUUID();
      if (await claim(request, lease)) return { state: 'begun', lease };
      const item = await read(request);
      // Released in between; whoever asks again finds out what became of it.
      if (item === null) return { state: 'in-progress' };
      // The SDK repeated our own write after a lost answer.
      if (item.lease === lease) return { state: 'begun', lease };
      if (item.fingerprint !== request.fingerprint) return { state: 'other-request' };
      return item.answer === undefined ? { state: 'in-progress' } : { state: 'answered', answer: item.answer };
    },
    finish: async (request, lease, answer) => {
      const update = new UpdateCommand({
        TableName,
        Key: keyOf(request),
        UpdateExpression: 'SET answer = :answer',
        ConditionExpression: 'lease = :lease',
        ExpressionAttributeValues: { ':answer': answer, ':lease': lease },
      });
      if (!(await tryConditionalWrite(client.send(update))))
        throw new Error('The lease of the idempotency key was over.');
    },
    release: async (request, lease) => {
      const deletion = new DeleteCommand({
        TableName,
        Key: keyOf(request),
        ConditionExpression: 'lease = :lease',
        ExpressionAttributeValues: { ':lease': lease },
      });
      await tryConditionalWrite(client.send(deletion));
    },
  };
}
