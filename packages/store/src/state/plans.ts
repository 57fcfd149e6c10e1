import { createHash } from 'node:crypto';
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { Plan } from '@dispatcher/contracts';
import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { retentionDays, readItem, expirySeconds, type StateTable } from './state-table.ts';

/**
 * The stored result of the idempotent read-and-decide step. It is stored as JSON text, so that a repeat creates its facts
 * from exactly the same bytes.
 */
export const StoredPlan = z.object({
  plan: Plan,
  /** The `time` of the plan's facts. */
  plannedAt: z.iso.datetime(),
});
export type StoredPlan = z.infer<typeof StoredPlan>;

/**
 * Options for Powertools' idempotency (2.35), which writes the plans: those of its `DynamoDBPersistenceLayer`, so that
 * its records fit the `state` table, and those of its `IdempotencyConfig`, so that {@link PlanStore} can read them.
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
export const planRetentionSeconds = retentionDays * 24 * 60 * 60;

/** Returns the idempotency payload of one plan. A raised revision is planned anew; the earlier plan stays. */
export function planPayload(runKey: string, revision: number): string {
  return `${runKey}#${revision}`;
}

/** The effect of an operator's replays on a run: which plan is in force, and how often each route was dispatched again. */
export const Revision = z.object({
  revision: z.int(),
  /** By route id; 0 if absent. */
  generations: z.record(z.string(), z.int()),
  /** The only route that this revision decides on; null for all routes. */
  routeId: z.nullable(z.string()),
});
export type Revision = z.infer<typeof Revision>;

export interface RevisionRequest {
  /** Identifies the action: a repeat with the same id does not raise the revision again. */
  readonly actionId: string;
  readonly routeId: string | null;
  /** The route whose generation is raised too; null for none. */
  readonly raiseGenerationOf: string | null;
}

export interface PlanStore {
  /** Raises the run's revision by one; it starts at 0. @returns the revision that this action raised it to */
  raiseRevision(runKey: string, request: RevisionRequest): Promise<Revision>;
  /** Returns null if that revision was not planned, or is being planned at this moment. */
  getPlan(runKey: string, revision: number): Promise<StoredPlan | null>;
  /**
   * Returns the revision of a later plan that decides on the route too, and so replaces the decision of an earlier one;
   * null if there is none.
   */
  findOvertaking(
    runKey: string,
    decision: { readonly revision: number; readonly routeId: string },
  ): Promise<number | null>;
  /** Returns the plan in force: that of the highest planned revision. Null if the run was not planned. */
  getNewestPlan(runKey: string): Promise<StoredPlan | null>;
}

// Powertools hashes the payload's JSON. A test writes plans through Powertools and reads them here.
export function planKey(runKey: string, revision: number): string {
  const hash = createHash(planHashFunction).update(JSON.stringify(planPayload(runKey, revision)));
  return `${planKeyPrefix}#${hash.digest('base64')}`;
}

const revisionKey = (runKey: string): string => `revision#${runKey}`;
const actionKey = (actionId: string): string => `action#${actionId}`;

const unplanned: Revision = { revision: 0, generations: {}, routeId: null };
const maxTries = 5;
const minPauseMs = 20;

export function createPlanStore(table: StateTable): PlanStore {
  const read = async (pk: string): Promise<Revision | null> => {
    const item = await readItem(table, pk);
    return item === null ? null : z.parse(Revision, item);
  };
  const find = async (runKey: string, revision: number): Promise<StoredPlan | null> => {
    const item = await readItem(table, planKey(runKey, revision));
    if (item === null || item['status'] !== 'COMPLETED') return null;
    return z.parse(StoredPlan, JSON.parse(z.parse(z.string(), item['data'])));
  };
  return {
    raiseRevision: async (runKey, request) => {
      for (let tries = 1; ; tries += 1) {
        const raised = await read(actionKey(request.actionId));
        if (raised !== null) return raised;
        const next = nextRevision((await read(revisionKey(runKey))) ?? unplanned, request);
        if (await writeRevision(table, runKey, request.actionId, next)) return next;
        if (tries === maxTries)
          throw new Error(
            `Could not raise the revision of run ${runKey}: other requests raised it at the same time. Try again.`,
          );
        await table.pause(minPauseMs * 2 ** tries * Math.random());
      }
    },
    getPlan: find,
    findOvertaking: async (runKey, { revision, routeId }) => {
      const raised = await read(revisionKey(runKey));
      if (raised === null) return null;
      for (let later = raised.revision; later > revision; later -= 1) {
        // A raised revision whose plan is not stored yet replaces nothing.
        const stored = await find(runKey, later);
        if (stored === null) continue;
        // A plan for all routes replaces a route that it no longer contains. Which routes an earlier revision was for is
        // not stored.
        const isForRoute = later === raised.revision && (raised.routeId === null || raised.routeId === routeId);
        if (isForRoute || stored.plan.decisions.some((decision) => decision.routeId === routeId)) return later;
      }
      return null;
    },
    getNewestPlan: async (runKey) => {
      // If a process crashed between raising a revision and planning it, the plan before it stays in force.
      let { revision } = (await read(revisionKey(runKey))) ?? unplanned;
      for (; revision > 0; revision -= 1) {
        const plan = await find(runKey, revision);
        if (plan !== null) return plan;
      }
      return find(runKey, 0);
    },
  };
}

function nextRevision(from: Revision, { routeId, raiseGenerationOf: raised }: RevisionRequest): Revision {
  const generations = { ...from.generations };
  if (raised !== null) generations[raised] = (generations[raised] ?? 0) + 1;
  return { revision: from.revision + 1, generations, routeId };
}

/**
 * Writes revision and action in one transaction, so that neither a repeat nor a concurrent action raises it twice.
 * Returns false if another action was first.
 */
async function writeRevision(table: StateTable, runKey: string, actionId: string, next: Revision): Promise<boolean> {
  const expiresAt = expirySeconds(table.now(), retentionDays);
  const put = (pk: string, condition: object) => ({
    Put: { TableName: table.name, Item: { ...next, pk, expiresAt }, ...condition },
  });
  const isNew = { ConditionExpression: 'attribute_not_exists(pk)' };
  const isNext = {
    ConditionExpression: 'revision = :from',
    ExpressionAttributeValues: { ':from': next.revision - 1 },
  };
  const items = [put(actionKey(actionId), isNew), put(revisionKey(runKey), next.revision === 1 ? isNew : isNext)];
  try {
    await table.client.send(new TransactWriteCommand({ TransactItems: items }));
    return true;
  } catch (error) {
    if (error instanceof TransactionCanceledException) return false;
    throw error;
  }
}
