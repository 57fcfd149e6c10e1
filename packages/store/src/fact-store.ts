import { randomUUID } from 'node:crypto';
import type { Fact } from '@dispatcher/contracts';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import type { LogWriter } from './log/append.ts';
import { readOwner } from './log/put-fact.ts';
import { type RebuildReport, rebuildProjections } from './log/rebuild.ts';
import type { LogSource } from './log/fold-log.ts';
import { recordFacts } from './log/record-facts.ts';
import { type VerifyReport, verifyProjections } from './log/verify.ts';
import { createListReads, type ListReads } from './lists/read-lists.ts';
import { type ConsentIndex, createConsentIndex } from './projections/consent-index.ts';
import { createProjectionReads } from './projections/read-projections.ts';
import type { ProjectionReads } from './projections/projection-reads.ts';
import { createRollUp, type RollUp } from './projections/roll-up.ts';
import type { FactWriter } from './facts/fact-writer.ts';
import { createFactReads, type FactReads } from './facts/read-facts.ts';
import { settleFacts } from './facts/settle-facts.ts';

/** The fact log and its projections. The facts function writes them, the admin API reads them. */
export interface FactStore extends FactReads, ListReads, ProjectionReads {
  /**
   * Stores each fact exactly once, however often it is passed. The next roll-up counts it.
   * @throws Error if the caller must retry
   */
  recordFacts(facts: readonly Fact[]): Promise<void>;
  /** Returns whether the fact is stored. */
  isRecorded(fact: Fact): Promise<boolean>;
  readonly rollUp: RollUp;
  readonly consentIndex: ConsentIndex;
  /** Folds every recorded fact again and replaces the projections. */
  rebuild(): Promise<RebuildReport>;
  /** Folds every recorded fact again and compares. */
  verify(): Promise<VerifyReport>;
}

export interface FactStoreOptions {
  readonly client: DynamoDBDocumentClient;
  /** Physical names: `FACTS_TABLE` and `PROJECTIONS_TABLE`. */
  readonly table: string;
  readonly projectionsTable: string;
  /** Waits before a contended write is retried; a timer by default. */
  readonly pause?: (milliseconds: number) => Promise<unknown>;
  /** Days after which recorded facts expire: `FACT_RETENTION_DAYS`. Default: 400. */
  readonly retentionDays?: number;
  /** Number of logs: `FACT_SHARDS`. Default: 1. */
  readonly shards?: number;
  /** Milliseconds since the epoch. */
  readonly now?: () => number;
  readonly newEntryId?: () => string;
  /** Creates the items of a fact. Tests replace it. */
  readonly itemsOf?: FactWriter['itemsOf'];
  /** Where the roll-up reads the log. Tests replace it. */
  readonly source?: LogSource;
}

export function createFactStore(options: FactStoreOptions): FactStore {
  const { client, table, projectionsTable, pause, retentionDays } = options;
  const { shards = 1, now = Date.now, newEntryId = randomUUID, itemsOf, source } = options;
  const reader = { client, tables: { facts: table, projections: projectionsTable } };
  const writer: LogWriter = {
    ...reader,
    ...(pause === undefined ? {} : { pause }),
    ...(retentionDays === undefined ? {} : { retentionDays }),
    ...(itemsOf === undefined ? {} : { itemsOf }),
    shards,
    now,
    newEntryId,
    ends: new Map(),
  };
  return {
    ...createFactReads(reader),
    ...createListReads(reader),
    ...createProjectionReads(reader),
    recordFacts: async (facts) => {
      await recordFacts(writer, facts);
      await settleFacts(writer, facts);
    },
    isRecorded: async (fact) => (await readOwner(writer, fact)) !== undefined,
    rollUp: createRollUp(writer, { afterFold: settleFacts, ...(source === undefined ? {} : { source }) }),
    consentIndex: createConsentIndex(writer, now),
    rebuild: () => rebuildProjections(writer),
    verify: () => verifyProjections(writer),
  };
}
