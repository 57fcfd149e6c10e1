import { Route, WorkflowReference, DateTime } from '@dispatcher/contracts';
import { PutCommand } from '@aws-sdk/lib-dynamodb';
import * as z from 'zod/mini';
import { retentionDays, readItem, expirySeconds, type StateTable } from './state-table.ts';

/** Origin of a run that Dispatcher started. */
export const LineageRecord = z.object({
  dispatchId: z.string(),
  /** Key of the source's run; the correlation id and the URL are the source's too. */
  runKey: z.string(),
  correlationId: z.string(),
  sourceRunUrl: z.nullable(z.string()),
  routeId: z.string(),
  route: Route,
  /** Number of dispatches that lead to this run: 1 for a run started by a dispatch of a root run. */
  depth: z.int(),
  /** The lineage path: every repository and workflow, the root first and this run's last. */
  path: z.array(WorkflowReference),
  acceptedAt: DateTime,
});
export type LineageRecord = z.infer<typeof LineageRecord>;

export interface LineageStore {
  /**
   * Returns null if no dispatch is known to have started the run.
   * @param repositoryId the repository that the run is in
   */
  getLineage(repositoryId: number, workflowRunId: number): Promise<LineageRecord | null>;
  putLineage(repositoryId: number, workflowRunId: number, lineage: LineageRecord): Promise<void>;
}

/** Returns the item to write. The ledger writes it in the transaction that completes the dispatch. */
export function lineageItem(repositoryId: number, workflowRunId: number, lineage: LineageRecord, now: number) {
  return { ...lineage, pk: lineageKey(repositoryId, workflowRunId), expiresAt: expirySeconds(now, retentionDays) };
}

function lineageKey(repositoryId: number, workflowRunId: number): string {
  return `lineage#${repositoryId}#${workflowRunId}`;
}

export function createLineageStore(table: StateTable): LineageStore {
  return {
    getLineage: async (repositoryId, workflowRunId) => {
      const item = await readItem(table, lineageKey(repositoryId, workflowRunId));
      return item === null ? null : z.parse(LineageRecord, item);
    },
    putLineage: async (repositoryId, workflowRunId, lineage) => {
      const item = lineageItem(repositoryId, workflowRunId, lineage, table.now());
      await table.client.send(new PutCommand({ TableName: table.name, Item: item }));
    },
  };
}
