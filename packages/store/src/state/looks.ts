import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import { tryConditionalWrite } from '../conditional-write.ts';
import { expirySeconds, readItem, type StateTable } from './state-table.ts';

/** Stores when planning last looked at what hints are about. Looks that this process knows of are not read again. */
export interface LookStore {
  /**
   * Returns when the last look that ended had begun, in milliseconds since the epoch; null if none is known.
   * @param after a look that began after this time suffices, even if there was a later one
   */
  getLook(subject: string, after?: number): Promise<number | null>;
  /** Records a look that ended, unless a later one is recorded. */
  putLook(subject: string, startedAt: number): Promise<void>;
}

// Longer than a hint is of use; see maxHintAgeMs of planning.
const retentionDays = 2;
const maxKnown = 1_000;

const keyOf = (subject: string) => `look#${subject}`;

export function createLookStore(table: StateTable): LookStore {
  const known = new Map<string, number>();
  const remember = (subject: string, startedAt: number): void => {
    if (known.size >= maxKnown) known.clear();
    known.set(subject, Math.max(startedAt, known.get(subject) ?? 0));
  };
  return {
    getLook: async (subject, after = Infinity) => {
      const remembered = known.get(subject);
      if (remembered !== undefined && remembered > after) return remembered;
      const item = await readItem(table, keyOf(subject));
      if (item === null) return null;
      const startedAt = Number(item['startedAt']);
      remember(subject, startedAt);
      return startedAt;
    },
    putLook: async (subject, startedAt) => {
      remember(subject, startedAt);
      await tryConditionalWrite(
        table.client.send(
          new UpdateCommand({
            TableName: table.name,
            Key: { pk: keyOf(subject) },
            UpdateExpression: 'SET startedAt = :startedAt, expiresAt = :expiresAt',
            ConditionExpression: 'attribute_not_exists(startedAt) OR startedAt < :startedAt',
            ExpressionAttributeValues: {
              ':startedAt': startedAt,
              ':expiresAt': expirySeconds(table.now(), retentionDays),
            },
          }),
        ),
      );
    },
  };
}
