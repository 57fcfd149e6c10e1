import { DeadLetterReason } from '@dispatcher/contracts';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { expirySeconds, type StateTable } from './state-table.ts';

/** Why a message was given up. */
const GivenUp = z.object({
  reason: DeadLetterReason,
  detail: z.string(),
  attempts: z.int(),
  at: z.iso.datetime(),
});
type GivenUp = z.infer<typeof GivenUp>;

/** How often each message was tried. A message's first receive needs no record, so an absent one stands for 1. */
export interface AttemptStore {
  /** Counts the attempt that begins now and returns its number: 2 for the first one that is recorded. */
  begin(queue: string, messageId: string): Promise<number>;
  /** Takes the running attempt back: a deferral is no fault of the message. */
  defer(queue: string, messageId: string): Promise<void>;
  /** Records why the message is given up; the first record stands, and is returned. */
  giveUp(queue: string, messageId: string, why: GivenUp): Promise<GivenUp>;
}

// One day longer than SQS keeps a message.
const attemptDays = 15;

const keyOf = (queue: string, messageId: string) => ({ pk: `attempts#${queue}#${messageId}` });

export function createAttemptStore(table: StateTable): AttemptStore {
  // The SDK's own repeat after a lost answer can count twice; that costs one attempt of many, never a message.
  const add = async (queue: string, messageId: string, by: 1 | -1): Promise<number> => {
    const { Attributes: item } = await table.client.send(
      new UpdateCommand({
        TableName: table.name,
        Key: keyOf(queue, messageId),
        UpdateExpression: 'SET attempts = if_not_exists(attempts, :first) + :by, expiresAt = :expiresAt',
        ExpressionAttributeValues: { ':first': 1, ':by': by, ':expiresAt': expirySeconds(table.now(), attemptDays) },
        ReturnValues: 'UPDATED_NEW',
      }),
    );
    return Number(item?.['attempts']);
  };
  return {
    begin: (queue, messageId) => add(queue, messageId, 1),
    defer: async (queue, messageId) => {
      await add(queue, messageId, -1);
    },
    giveUp: async (queue, messageId, why) => {
      const { Attributes: item } = await table.client.send(
        new UpdateCommand({
          TableName: table.name,
          Key: keyOf(queue, messageId),
          UpdateExpression: 'SET givenUp = if_not_exists(givenUp, :why), expiresAt = :expiresAt',
          ExpressionAttributeValues: { ':why': why, ':expiresAt': expirySeconds(table.now(), attemptDays) },
          ReturnValues: 'UPDATED_NEW',
        }),
      );
      return z.parse(GivenUp, item?.['givenUp']);
    },
  };
}
