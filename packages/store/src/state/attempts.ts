import { DeadLetterReason } from '@dispatcher/contracts';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { expirySeconds, type StateTable } from './state-table.ts';

/** Reason why a message was given up. */
const GivenUp = z.object({
  reason: DeadLetterReason,
  detail: z.string(),
  attempts: z.int(),
  at: z.iso.datetime(),
});
type GivenUp = z.infer<typeof GivenUp>;

/** Counts the attempts at each message. The first receive writes no record, so a missing record means 1 attempt. */
export interface AttemptStore {
  /** Counts the attempt that begins now and returns its number. The first recorded attempt is number 2. */
  begin(queue: string, messageId: string): Promise<number>;
  /** Uncounts the current attempt: a deferral is not a failure of the message. */
  defer(queue: string, messageId: string): Promise<void>;
  /** Records why the message is given up. The first record wins and is returned. */
  giveUp(queue: string, messageId: string, why: GivenUp): Promise<GivenUp>;
}

// One day longer than the retention of SQS.
const attemptDays = 15;

const keyOf = (queue: string, messageId: string) => ({ pk: `attempts#${queue}#${messageId}` });

export function createAttemptStore(table: StateTable): AttemptStore {
  // The SDK's retry after a lost response can count twice. That costs one of many attempts, never a message.
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
