import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { secondsFrom, type StateTable } from './table.ts';

/** How often each message was tried. A message's first receive needs no record, so an absent one stands for 1. */
export interface AttemptStore {
  /** Counts the attempt that begins now and returns its number: 2 for the first one that is recorded. */
  begin(queue: string, messageId: string): Promise<number>;
  /** Takes the running attempt back: a deferral is no fault of the message. */
  defer(queue: string, messageId: string): Promise<void>;
}

// One day longer than SQS keeps a message.
const attemptDays = 15;

export function createAttemptStore(table: StateTable): AttemptStore {
  // The SDK's own repeat after a lost answer can count twice; that costs one attempt of many, never a message.
  const add = async (queue: string, messageId: string, by: 1 | -1): Promise<number> => {
    const { Attributes: item } = await table.client.send(
      new UpdateCommand({
        TableName: table.name,
        Key: { pk: `attempts#${queue}#${messageId}` },
        UpdateExpression: 'SET attempts = if_not_exists(attempts, :first) + :by, expiresAt = :expiresAt',
        ExpressionAttributeValues: { ':first': 1, ':by': by, ':expiresAt': secondsFrom(table.now(), attemptDays) },
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
  };
}
