import { FileReference, Plan, DateTime } from '@dispatcher/contracts';
import * as z from 'zod/mini';
import { decodePlan } from './plan-encoding.ts';

/** A `dispatching.yml` that a plan was decided on, and the Git blob id under which its content is stored. */
export const PlanFile = z.object({ ...FileReference.shape, blobId: z.string() });
export type PlanFile = z.infer<typeof PlanFile>;

/**
 * The stored result of the idempotent read-and-decide step. It is stored as deflated JSON text, so that a repeat creates
 * its facts from exactly the same bytes.
 */
export const StoredPlan = z.object({
  plan: Plan,
  /** The `time` of the plan's facts. */
  plannedAt: DateTime,
  files: z.optional(z.array(PlanFile)),
});
export type StoredPlan = z.infer<typeof StoredPlan>;

/**
 * The attributes of a record: options of Powertools' `DynamoDBPersistenceLayer` (2.35), which writes them in the planning
 * function.
 */
export const planPersistence = {
  keyAttr: 'pk',
  expiryAttr: 'expiresAt',
  inProgressExpiryAttr: 'inProgressUntil',
  statusAttr: 'status',
  dataAttr: 'data',
} as const;

/** The status of a record whose plan is complete. */
export const completedStatus = 'COMPLETED';

/** Returns the idempotency payload of one plan. A raised revision is planned anew; the earlier plan stays. */
export function planPayload(runKey: string, revision: number): string {
  return `${runKey}#${revision}`;
}

/** Returns the key of the record of one revision: all plans of a run are in one partition, in the order of their revisions. */
export function planKey(runKey: string, revision: number): { readonly pk: string; readonly sk: string } {
  return { pk: runKey, sk: String(revision).padStart(6, '0') };
}

const PlanItem = z.object({
  status: z.string(),
  data: z.optional(z.instanceof(Uint8Array)),
  expiresAt: z.optional(z.number()),
});

/** Returns the plan of a record; null if there is none, it is being planned at this moment, or it has expired. */
export function parsePlanItem(item: Readonly<Record<string, unknown>> | undefined, now: number): StoredPlan | null {
  if (item === undefined) return null;
  const { status, data, expiresAt } = z.parse(PlanItem, item);
  // DynamoDB can take days to delete expired items.
  if (status !== completedStatus || data === undefined || (expiresAt ?? Infinity) * 1000 <= now) return null;
  return z.parse(StoredPlan, JSON.parse(decodePlan(data)));
}
