import { ConditionalCheckFailedException } from '@aws-sdk/client-dynamodb';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { expirySeconds, type StateTable } from './state-table.ts';

/**
 * Waiting in line, and going at a pace. Both are one number per name: a time that every taker moves on by one step.
 */
export interface FairnessQueue {
  /**
   * The next free turn of a line, from that time on, in milliseconds since the epoch. Whoever waits for something busy
   * comes back at a turn of its own, so that all who wait neither come back together nor one of them too late.
   */
  reserve(line: string, from: number, stepMs: number): Promise<number>;
  /**
   * True where one more may go now: one a step, and after a rest as many at once as fit into `burstMs`. In any span of
   * time there are so at most (span + burst) / step.
   */
  pass(pace: string, stepMs: number, burstMs: number): Promise<boolean>;
}

const Item = z.object({ next: z.number() });
const maxTries = 5;

export function createFairnessQueue(table: StateTable): FairnessQueue {
  // Two writers, or the SDK's repeat after a lost answer, can only move the time too far: somebody waits a step longer.
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
    reserve: async (line, from, stepMs) => {
      const pk = `turn#${line}`;
      const values = { ':from': from, ':step': stepMs };
      for (let tries = 0; tries < maxTries; tries += 1) {
        const next =
          (await move(pk, ':from + :step', 'attribute_not_exists(#next) OR #next < :from', values)) ??
          (await move(pk, '#next + :step', '#next >= :from', values));
        if (next !== null) return next - stepMs;
      }
      // The item is moved back and forth across `from` by nobody but its deletion; a turn without a place will do.
      return from;
    },
    pass: async (pace, stepMs, burstMs) => {
      const pk = `pace#${pace}`;
      const values = { ':now': table.now(), ':step': stepMs };
      const next =
        (await move(pk, ':now + :step', 'attribute_not_exists(#next) OR #next < :now', values)) ??
        (await move(pk, '#next + :step', '#next BETWEEN :now AND :full', {
          ...values,
          ':full': table.now() + burstMs,
        }));
      return next !== null;
    },
  };
}
