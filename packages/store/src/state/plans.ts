import { createHash } from 'node:crypto';
import { Plan } from '@dispatcher/contracts';
import { UpdateCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { writtenIf } from '../conditions.ts';
import { keptDays, readItem, secondsFrom, type StateTable } from './table.ts';

/**
 * What the idempotent *read and decide* returns, as JSON text: a repeat makes its facts from this and nothing else, and
 * text comes back byte for byte.
 */
export const StoredPlan = z.object({
  plan: Plan,
  /** The `time` of the plan's facts. */
  plannedAt: z.iso.datetime(),
});
export type StoredPlan = z.infer<typeof StoredPlan>;

/**
 * Plans are written by Powertools' idempotency (2.35). These are the options of its `DynamoDBPersistenceLayer` with
 * which its records fit the `state` table, and those of its `IdempotencyConfig` with which {@link PlanStore} finds
 * them again.
 */
export const planPersistence = {
  keyAttr: 'pk',
  expiryAttr: 'expiresAt',
  inProgressExpiryAttr: 'inProgressUntil',
  statusAttr: 'status',
  dataAttr: 'data',
} as const;
export const planKeyPrefix = 'plan';
export const planHashFunction = 'sha256';
export const planKeptSeconds = keptDays * 24 * 60 * 60;

/** The idempotency payload of one plan: a raised revision is planned anew, and the earlier plan stays. */
export function planPayload(runKey: string, revision: number): string {
  return `${runKey}#${revision}`;
}

export interface PlanStore {
  /** The revision that counts now: 0 unless an operator's *decide again* raised it. */
  revision(runKey: string): Promise<number>;
  /** Raises it from `from` by one. False where it is not `from` any more: somebody else was quicker. */
  raiseRevision(runKey: string, from: number): Promise<boolean>;
  /** Null where that revision was not planned, or is being planned right now. */
  find(runKey: string, revision: number): Promise<StoredPlan | null>;
}

// Powertools hashes the payload's JSON; a test plans through it and reads the result here.
function planKey(runKey: string, revision: number): string {
  const hash = createHash(planHashFunction).update(JSON.stringify(planPayload(runKey, revision)));
  return `${planKeyPrefix}#${hash.digest('base64')}`;
}

export function createPlanStore(table: StateTable): PlanStore {
  return {
    revision: async (runKey) => {
      const item = await readItem(table, `revision#${runKey}`);
      return item === null ? 0 : z.parse(z.object({ revision: z.int() }), item).revision;
    },
    raiseRevision: (runKey, from) =>
      writtenIf(
        table.client.send(
          new UpdateCommand({
            TableName: table.name,
            Key: { pk: `revision#${runKey}` },
            UpdateExpression: 'SET revision = :next, expiresAt = :expiresAt',
            ConditionExpression: from === 0 ? 'attribute_not_exists(pk)' : 'revision = :from',
            ExpressionAttributeValues: {
              ':next': from + 1,
              ':expiresAt': secondsFrom(table.now(), keptDays),
              ...(from === 0 ? {} : { ':from': from }),
            },
          }),
        ),
      ),
    find: async (runKey, revision) => {
      const item = await readItem(table, planKey(runKey, revision));
      if (item === null || item['status'] !== 'COMPLETED') return null;
      return z.parse(StoredPlan, JSON.parse(z.parse(z.string(), item['data'])));
    },
  };
}
