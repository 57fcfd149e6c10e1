import { TransactionCanceledException } from '@aws-sdk/client-dynamodb';
import { TransactWriteCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { retentionDays, readItem, expirySeconds, type StateTable } from './state-table.ts';
import { isAbsent, nowSeconds, updateLive } from './update-live.ts';

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

export interface RevisionStore {
  /** Raises the run's revision by one; it starts at 0. @returns the revision that this action raised it to */
  raiseRevision(runKey: string, request: RevisionRequest): Promise<Revision>;
  /** Returns whether this action has raised a revision. */
  isRaised(actionId: string): Promise<boolean>;
  /**
   * Records that the plan of this revision is stored, before it is published: it replaces the decisions of earlier ones.
   * Never lowers what is recorded.
   */
  setCurrent(runKey: string, planned: Pick<Revision, 'revision' | 'routeId'>): Promise<void>;
}

/** Returns the key of the item that says which revision counts: of all routes, and by route id. */
export const currentKey = (runKey: string): string => `current#${runKey}`;
const allRoutes = 'all';
const revisionKey = (runKey: string): string => `revision#${runKey}`;
const actionKey = (actionId: string): string => `action#${actionId}`;

// Longer than the plans: a revision that is counted from 0 again must not find the plan of an earlier one.
const revisionDays = retentionDays + 2;

const unplanned: Revision = { revision: 0, generations: {}, routeId: null };
const maxTries = 5;
const minPauseMs = 20;

export function createRevisionStore(table: StateTable): RevisionStore {
  const read = async (pk: string): Promise<Revision | null> => {
    const item = await readItem(table, pk);
    return item === null ? null : z.parse(Revision, item);
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
    isRaised: async (actionId) => (await read(actionKey(actionId))) !== null,
    setCurrent: async (runKey, { revision, routeId }) => {
      await updateLive(table, currentKey(runKey), {
        UpdateExpression: 'SET #of = :revision, expiresAt = :expiresAt',
        ConditionExpression: 'attribute_not_exists(#of) OR #of < :revision',
        ExpressionAttributeNames: { '#of': routeId ?? allRoutes },
        ExpressionAttributeValues: {
          ':revision': revision,
          ':expiresAt': expirySeconds(table.now(), retentionDays),
        },
      });
    },
  };
}

/** Returns the revision whose decision on the route counts: 0 without an item, which only a replay writes. */
export function currentRevisionOf(item: Readonly<Record<string, unknown>> | null, routeId: string): number {
  const revisionOf = (name: string) => z.parse(z._default(z.int(), 0), item?.[name]);
  return Math.max(revisionOf(allRoutes), revisionOf(routeId));
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
  const expiresAt = expirySeconds(table.now(), revisionDays);
  const put = (pk: string, condition: object) => ({
    Put: { TableName: table.name, Item: { ...next, pk, expiresAt }, ...condition },
  });
  const isNew = { ConditionExpression: isAbsent, ExpressionAttributeValues: nowSeconds(table) };
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
