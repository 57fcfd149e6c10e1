import { createHash } from 'node:crypto';
import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { Plan } from '@dispatcher/contracts';
import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { retentionDays, readItem, expirySeconds, type StateTable } from './state-table.ts';

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
export const planRetentionSeconds = retentionDays * 24 * 60 * 60;

/** The idempotency payload of one plan: a raised revision is planned anew, and the earlier plan stays. */
export function planPayload(runKey: string, revision: number): string {
  return `${runKey}#${revision}`;
}

/** What an operator's *again* made of a run: which plan counts now, and how often each route was dispatched again. */
export const Revision = z.object({
  revision: z.int(),
  /** By route id; absent is 0. */
  generations: z.record(z.string(), z.int()),
  /** The one route that this revision decides on; null: all of them. */
  routeId: z.nullable(z.string()),
});
export type Revision = z.infer<typeof Revision>;

export interface RevisionRequest {
  /** The same id is the same action: it raises the revision once, however often it is asked for. */
  readonly actionId: string;
  readonly routeId: string | null;
  /** The route whose generation is raised as well; null: none is. */
  readonly raiseGenerationOf: string | null;
}

export interface PlanStore {
  /** Raises the run's revision by one, from 0 where nobody has. @returns what this action raised it to */
  raise(runKey: string, request: RevisionRequest): Promise<Revision>;
  /** Null where that revision was not planned, or is being planned right now. */
  find(runKey: string, revision: number): Promise<StoredPlan | null>;
  /** The plan that counts now: of the highest revision that was planned. Null where the run was not planned. */
  newest(runKey: string): Promise<StoredPlan | null>;
}

// Powertools hashes the payload's JSON; a test plans through it and reads the result here.
function planKey(runKey: string, revision: number): string {
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
    raise: async (runKey, request) => {
      for (let tries = 1; ; tries += 1) {
        const raised = await read(actionKey(request.actionId));
        if (raised !== null) return raised;
        const next = nextRevision((await read(revisionKey(runKey))) ?? unplanned, request);
        if (await writeRevision(table, runKey, request.actionId, next)) return next;
        if (tries === maxTries) throw new Error(`The revision of run ${runKey} is being raised by others; try again.`);
        await table.pause(minPauseMs * 2 ** tries * Math.random());
      }
    },
    find,
    newest: async (runKey) => {
      // A revision that was raised and then not planned, for a process that died, leaves the one before it in force.
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
 * Revision and action together, so that neither a repeat nor a neighbour raises it twice. False where one was quicker.
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
