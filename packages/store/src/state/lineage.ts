import { Route, WorkflowReference } from '@dispatcher/contracts';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { retentionDays, readItem, expirySeconds, type StateTable } from './state-table.ts';

/** Where a run that one of our dispatches started comes from. */
export const LineageRecord = z.object({
  dispatchId: z.string(),
  /** Of the source's run, as are the correlation id and the URL. */
  runKey: z.string(),
  correlationId: z.string(),
  sourceRunUrl: z.nullable(z.string()),
  routeId: z.string(),
  route: Route,
  /** How many dispatches lead to this run: 1 for a run that a root's dispatch started. */
  depth: z.int(),
  /** Every repository and workflow on the way, the root first, this run's own last. */
  path: z.array(WorkflowReference),
  acceptedAt: z.iso.datetime(),
});
export type LineageRecord = z.infer<typeof LineageRecord>;

export interface LineageStore {
  /**
   * @param repositoryId of the repository the run is in. Null where no dispatch of ours is known to have started it.
   */
  find(repositoryId: number, workflowRunId: number): Promise<LineageRecord | null>;
  put(repositoryId: number, workflowRunId: number, lineage: LineageRecord): Promise<void>;
}

/** The item, apart from the table: the ledger writes it in the transaction that settles the dispatch. */
export function lineageItem(repositoryId: number, workflowRunId: number, lineage: LineageRecord, now: number) {
  return { ...lineage, pk: lineageKey(repositoryId, workflowRunId), expiresAt: expirySeconds(now, retentionDays) };
}

function lineageKey(repositoryId: number, workflowRunId: number): string {
  return `lineage#${repositoryId}#${workflowRunId}`;
}

export function createLineageStore(table: StateTable): LineageStore {
  return {
    find: async (repositoryId, workflowRunId) => {
      const item = await readItem(table, lineageKey(repositoryId, workflowRunId));
      return item === null ? null : z.parse(LineageRecord, item);
    },
    put: async (repositoryId, workflowRunId, lineage) => {
      const item = lineageItem(repositoryId, workflowRunId, lineage, table.now());
      await table.client.send(new PutCommand({ TableName: table.name, Item: item }));
    },
  };
}
