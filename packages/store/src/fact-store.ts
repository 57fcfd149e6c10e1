import type { Fact } from '@dispatcher/contracts';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { createProjectionReads } from './projections/read-projections.ts';
import type { ProjectionReads } from './projections/projection-reads.ts';
import { createRollUp, type RollUp } from './projections/roll-up.ts';
import { createFactReads, type FactReads } from './facts/read-facts.ts';
import { createListReads, type ListReads } from './lists/read-lists.ts';
import { recordFacts } from './record-facts.ts';

/** The fact log and its projections. The facts function writes them, the admin API reads them. */
export interface FactStore extends FactReads, ListReads, ProjectionReads {
  /** Stores and counts each fact exactly once, however often it is passed. @throws Error if the caller must retry */
  recordFacts(facts: readonly Fact[]): Promise<void>;
  readonly rollUp: RollUp;
}

export interface FactStoreOptions {
  readonly client: DynamoDBDocumentClient;
  /** Physical names: `FACTS_TABLE` and `PROJECTIONS_TABLE`. */
  readonly table: string;
  readonly projectionsTable: string;
  /** Waits before a contended transaction is retried; a timer by default. */
  readonly pause?: (milliseconds: number) => Promise<unknown>;
  /** Days after which recorded facts expire: `FACT_RETENTION_DAYS`. Default: 400. */
  readonly retentionDays?: number;
}

export function createFactStore(options: FactStoreOptions): FactStore {
  const { client, table, projectionsTable, pause, retentionDays } = options;
  const reader = { client, tables: { facts: table, projections: projectionsTable } };
  const writer = {
    ...reader,
    ...(pause === undefined ? {} : { pause }),
    ...(retentionDays === undefined ? {} : { retentionDays }),
  };
  return {
    ...createFactReads(reader),
    ...createListReads(reader),
    ...createProjectionReads(reader),
    recordFacts: (facts) => recordFacts(writer, facts),
    rollUp: createRollUp(reader),
  };
}
