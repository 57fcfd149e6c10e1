import { DeadLetterReason, DateTime } from '@dispatcher/contracts';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { expirySeconds, readItem, type StateTable } from './state-table.ts';

/** Reason why a message was given up. */
const GivenUp = z.object({
  reason: DeadLetterReason,
  detail: z.string(),
  attempts: z.int(),
  at: DateTime,
});
type GivenUp = z.infer<typeof GivenUp>;

/** What is stored about the attempts at a message. */
const Attempts = z.object({
  /** Attempts that failed or died. Deferrals are not counted. */
  counted: z.int(),
  /** An attempt began and did not end. */
  isOpen: z.boolean(),
});
type Attempts = z.infer<typeof Attempts>;

/** Counts the attempts at each message. A message that succeeds at its first receive has no record. */
export interface AttemptStore {
  getAttempts(queue: string, messageId: string): Promise<Attempts | null>;
  /** Records that an attempt begins, and how many attempts are counted. */
  beginAttempt(queue: string, messageId: string, counted: number): Promise<void>;
  /** Records that an attempt ended without success, and how many attempts are counted. */
  endAttempt(queue: string, messageId: string, counted: number): Promise<void>;
  /** Records why the message is given up. The first record wins and is returned. */
  giveUp(queue: string, messageId: string, why: GivenUp): Promise<GivenUp>;
}

// One day longer than the retention of SQS.
const attemptDays = 15;

const keyOf = (queue: string, messageId: string) => ({ pk: `attempts#${queue}#${messageId}` });

export function createAttemptStore(table: StateTable): AttemptStore {
  const put = async (queue: string, messageId: string, counted: number, isOpen: boolean): Promise<void> => {
    await table.client.send(
      new UpdateCommand({
        TableName: table.name,
        Key: keyOf(queue, messageId),
        UpdateExpression: 'SET counted = :counted, isOpen = :isOpen, expiresAt = :expiresAt',
        ExpressionAttributeValues: {
          ':counted': counted,
          ':isOpen': isOpen,
          ':expiresAt': expirySeconds(table.now(), attemptDays),
        },
      }),
    );
  };
  return {
    getAttempts: async (queue, messageId) => {
      const item = await readItem(table, keyOf(queue, messageId).pk);
      const parsed = z.safeParse(Attempts, item);
      // A record can contain nothing but the reason of a dead letter.
      return parsed.success ? parsed.data : null;
    },
    beginAttempt: (queue, messageId, counted) => put(queue, messageId, counted, true),
    endAttempt: (queue, messageId, counted) => put(queue, messageId, counted, false),
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
