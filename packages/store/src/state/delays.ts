import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { tryConditionalWrite } from '../conditional-write.ts';
import { expirySeconds, readItem, type StateTable } from './state-table.ts';
import { isAbsent, nowSeconds } from './update-live.ts';

/** The delay of a plan, as it was recorded first. Times are in milliseconds since the epoch. */
export const Delay = z.object({
  since: z.number(),
  /** The next try after the first one. */
  nextTryAt: z.number(),
  /** Until then the plan is tried; afterwards it records what could not be read. */
  giveUpAt: z.number(),
  /** Whether the delay was published. */
  reported: z.boolean(),
});
export type Delay = z.infer<typeof Delay>;

/** Stores since when a plan waits for GitHub. */
export interface DelayStore {
  /** Returns the delay of the plan, or records this one if none is recorded. The first record wins. */
  begin(planKey: string, delay: Omit<Delay, 'reported'>): Promise<Delay>;
  /** Records that the delay was published. */
  markReported(planKey: string): Promise<void>;
}

// Longer than a message can wait in its queue. A message that is redriven later waits anew.
const retentionDays = 4;

const keyOf = (planKey: string) => ({ pk: `delay#${planKey}` });

export function createDelayStore(table: StateTable): DelayStore {
  const find = async (planKey: string): Promise<Delay | null> => {
    const item = await readItem(table, keyOf(planKey).pk);
    return item === null ? null : z.parse(Delay, item);
  };
  return {
    begin: async (planKey, { since, nextTryAt, giveUpAt }) => {
      const known = await find(planKey);
      if (known !== null) return known;
      const delay = { since, nextTryAt, giveUpAt, reported: false };
      const isFirst = await tryConditionalWrite(
        table.client.send(
          new UpdateCommand({
            TableName: table.name,
            Key: keyOf(planKey),
            UpdateExpression:
              'SET since = :since, nextTryAt = :nextTryAt, giveUpAt = :giveUpAt, reported = :reported, expiresAt = :expiresAt',
            ConditionExpression: isAbsent,
            ExpressionAttributeValues: {
              ':since': since,
              ':nextTryAt': nextTryAt,
              ':giveUpAt': giveUpAt,
              ':reported': false,
              ':expiresAt': expirySeconds(giveUpAt, retentionDays),
              ...nowSeconds(table),
            },
          }),
        ),
      );
      return isFirst ? delay : ((await find(planKey)) ?? delay);
    },
    markReported: async (planKey) => {
      await tryConditionalWrite(
        table.client.send(
          new UpdateCommand({
            TableName: table.name,
            Key: keyOf(planKey),
            UpdateExpression: 'SET reported = :reported',
            ConditionExpression: 'attribute_exists(pk)',
            ExpressionAttributeValues: { ':reported': true },
          }),
        ),
      );
    },
  };
}
