import { type DynamoDBDocumentClient, GetCommand } from '@aws-sdk/lib-dynamodb';
import { queryEach, readPage, type Page, type PageRequest } from '../pages.ts';
import { parsePlanItem, planKey, type StoredPlan } from './stored-plan.ts';

export interface PlanStore {
  /** Returns null if that revision was not planned, or is being planned at this moment. The read is consistent. */
  getPlan(runKey: string, revision: number): Promise<StoredPlan | null>;
  /** Returns the plan in force: that of the highest planned revision. Null if the run was not planned. */
  getNewestPlan(runKey: string): Promise<StoredPlan | null>;
}

export interface PlanStoreOptions {
  readonly client: DynamoDBDocumentClient;
  /** Physical name: `PLANS_TABLE`. */
  readonly table: string;
  /** Returns milliseconds since the epoch; the system clock by default. */
  readonly now?: () => number;
}

export function createPlanStore({ client, table, now = Date.now }: PlanStoreOptions): PlanStore {
  const find = async (runKey: string, revision: number): Promise<StoredPlan | null> => {
    const { Item: item } = await client.send(
      new GetCommand({ TableName: table, Key: planKey(runKey, revision), ConsistentRead: true }),
    );
    return parsePlanItem(item, now());
  };
  return {
    getPlan: find,
    getNewestPlan: async (runKey) => {
      // A revision whose planning has not completed, or whose process crashed, leaves the plan before it in force.
      const items = queryEach(client, {
        TableName: table,
        KeyConditionExpression: 'pk = :pk',
        ExpressionAttributeValues: { ':pk': runKey },
        ScanIndexForward: false,
        ConsistentRead: true,
        Limit: 2,
      });
      for await (const item of items) {
        const stored = parsePlanItem(item, now());
        if (stored !== null) return stored;
      }
      return null;
    },
  };
}

/** Reads the plans of the admin API. Every read is one `Query` page or one `GetItem`. */
export interface PlanReads {
  /** The plans of one run, or the one of a revision; newest revision first. A revision that is being planned is left out. */
  plans(runKey: string, request: PageRequest & { readonly revision?: number | undefined }): Promise<Page<StoredPlan>>;
}

/** A plan of 100 targets is inflated to 700 KB, so a page holds few. */
const pageSize = 5;

export function createPlanReads({ client, table, now = Date.now }: PlanStoreOptions): PlanReads {
  return {
    plans: async (runKey, { revision, cursor }) => {
      if (revision !== undefined) {
        const { Item: item } = await client.send(new GetCommand({ TableName: table, Key: planKey(runKey, revision) }));
        return { items: listOf(parsePlanItem(item, now())), cursor: null };
      }
      const list = { table, index: null, hash: 'pk', value: runKey, newestFirst: true };
      const page = await readPage(client, list, { cursor, limit: pageSize }, (item) => parsePlanItem(item, now()));
      return { ...page, items: page.items.flatMap(listOf) };
    },
  };
}

const listOf = (stored: StoredPlan | null): readonly StoredPlan[] => (stored === null ? [] : [stored]);
