import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { expirySeconds, type StateTable } from './state-table.ts';

/**
 * Reserves turns in fairness queues and limits rates. Each queue and each rate limiter is one stored number: a time that
 * every caller advances by one step.
 */
export interface FairnessQueue {
  /**
   * Reserves the next free time of the queue, `from` or later, in milliseconds since the epoch. Messages that wait for
   * the same resource are thus retried one step apart, instead of all at once.
   */
  reserve(queue: string, from: number, stepMs: number): Promise<number>;
  /**
   * Returns true if the rate limiter allows one more call now: one call per step, and after a pause as many at once as
   * fit into `burstMs`. Any span of time thus contains at most (span + burst) / step calls.
   * @param known the stored time if it was read before (see {@link rateLimiterTime}): one write suffices unless it has
   * changed since
   */
  acquirePermit(rateKey: string, stepMs: number, burstMs: number, known?: number): Promise<boolean>;
}

const Item = z.object({ next: z.number() });

export const rateLimiterKey = (rateKey: string): string => `rate-limiter#${rateKey}`;

/** Returns the stored time of a rate limiter in milliseconds since the epoch; 0 if there is none. */
export function rateLimiterTime(item: Readonly<Record<string, unknown>> | null): number {
  return item === null ? 0 : z.parse(Item, item).next;
}
const maxTries = 5;

export function createFairnessQueue(table: StateTable): FairnessQueue {
  // Concurrent writers, or the SDK's retry after a lost response, can only advance the time too far: one caller then
  // waits a step longer.
  const move = async (
    pk: string,
    expression: string,
    condition: string,
    values: Record<string, number>,
  ): Promise<number | null> => {
    const update = new UpdateCommand({
      TableName: table.name,
      Key: { pk },
      UpdateExpression: `SET #next = ${expression}, expiresAt = :expiresAt`,
      ConditionExpression: condition,
      ExpressionAttributeNames: { '#next': 'next' },
      ExpressionAttributeValues: { ...values, ':expiresAt': expirySeconds(table.now(), 2) },
      ReturnValues: 'UPDATED_NEW',
    });
    try {
      const { Attributes: item } = await table.client.send(update);
      return z.parse(Item, item).next;
    } catch (error) {
      if (error instanceof ConditionalCheckFailedException) return null;
      throw error;
    }
  };
  return {
    reserve: async (queue, from, stepMs) => {
      const pk = `fairness-queue#${queue}`;
      const values = { ':from': from, ':step': stepMs };
      for (let tries = 0; tries < maxTries; tries += 1) {
        const next =
          (await move(pk, ':from + :step', 'attribute_not_exists(#next) OR #next < :from', values)) ??
          (await move(pk, '#next + :step', '#next >= :from', values));
        if (next !== null) return next - stepMs;
      }
      // Only the deletion of the item moves it back across `from`. After five lost races, use the time without a place.
      return from;
    },
    acquirePermit: async (rateKey, stepMs, burstMs, known) => {
      const pk = rateLimiterKey(rateKey);
      const now = table.now();
      const values = { ':now': now, ':step': stepMs };
      const afterPause = () => move(pk, ':now + :step', 'attribute_not_exists(#next) OR #next < :now', values);
      const inBurst = () =>
        move(pk, '#next + :step', '#next BETWEEN :now AND :full', { ...values, ':full': now + burstMs });
      // The stored time only grows, except when the item is deleted after it has expired.
      if (known !== undefined && known > now + burstMs) return false;
      const [first, second] = known !== undefined && known >= now ? [inBurst, afterPause] : [afterPause, inBurst];
      return ((await first()) ?? (await second())) !== null;
    },
  };
}
