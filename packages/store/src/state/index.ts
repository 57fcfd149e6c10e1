import { setTimeout } from 'node:timers/promises';
import type { DynamoDBDocumentClient } from '@aws-sdk/lib-dynamodb';
import { type AttemptStore, createAttemptStore } from './attempts.ts';
import { type CheckRecords, createCheckRecords } from './check-records.ts';
import { createCommitRunStore, type CommitRunStore } from './commit-runs.ts';
import { createDelayStore, type DelayStore } from './delays.ts';
import { createDeliveryCheckStore, type DeliveryCheckStore } from './delivery-check.ts';
import { createTrackingIssues, type TrackingIssues } from './tracking-issues.ts';
import { createJobTokenStore, type JobTokenStore } from './job-tokens.ts';
import { createLedger, type Ledger } from './ledger.ts';
import { createObservationStore, type ObservationStore } from './observations.ts';
import { createSweepStore, type SweepStore } from './sweep.ts';
import { createLineageStore, type LineageStore } from './lineage.ts';
import { createLookStore, type LookStore } from './looks.ts';
import { createPauseStore, type PauseStore } from './pause.ts';
import { createPlanProblemStore, type PlanProblemStore } from './plan-problems.ts';
import { createRateLimits, type RateLimits } from './rate-limits.ts';
import { createRevisionStore, type RevisionStore } from './revisions.ts';
import { createWithdrawalStore, type WithdrawalStore } from './withdrawals.ts';
import { createRepositoryIdStore, type RepositoryIdStore } from './repository-ids.ts';
import { createFairnessQueue, type FairnessQueue } from './fairness-queue.ts';
import { type ItemRead, readAlone, type StateTable } from './state-table.ts';

export { type AttemptStore, createAttemptStore } from './attempts.ts';
export { type CombinedReadsOptions, createCombinedReads } from './combined-reads.ts';
export * from './check-records.ts';
export type { CommitRunStore, StoredCommit } from './commit-runs.ts';
export { Delay, type DelayStore } from './delays.ts';
export { DeliveryCheck, type DeliveryCheckStore } from './delivery-check.ts';
export * from './tracking-issues.ts';
export type { JobTokenStore, TokenUse } from './job-tokens.ts';
export { type Ledger, slotKey } from './ledger.ts';
export * from './ledger-records.ts';
export { LineageRecord, type LineageStore } from './lineage.ts';
export type { LookStore } from './looks.ts';
export { Revision, type RevisionRequest, type RevisionStore } from './revisions.ts';
export { memberBuckets, Observation, type ObservationStore } from './observations.ts';
export { ListedRepository, Sweep, type SweepStore, SweptInstallation } from './sweep.ts';
export type { PlanProblemStore } from './plan-problems.ts';
export { retentionDays } from './state-table.ts';
export { Pause, pauseKey, type PauseStore } from './pause.ts';
export { type Outage, outageWaitMs, type RateLimits } from './rate-limits.ts';
export type { WithdrawalStore } from './withdrawals.ts';
export {
  type RepositoryIdStore,
  repositoryIdsPrefix,
  type RepositoryPair,
  StoredRepositoryIds,
} from './repository-ids.ts';
export type { FairnessQueue } from './fairness-queue.ts';

/** State of planning and dispatch. Each part is an interface of its own, so a use case depends only on those it needs. */
export interface StateStore {
  readonly attempts: AttemptStore;
  readonly lineage: LineageStore;
  readonly looks: LookStore;
  readonly pause: PauseStore;
  readonly planProblems: PlanProblemStore;
  readonly observations: ObservationStore;
  readonly sweep: SweepStore;
  readonly delays: DelayStore;
  readonly deliveryCheck: DeliveryCheckStore;
  readonly jobTokens: JobTokenStore;
  readonly ledger: Ledger;
  readonly issues: TrackingIssues;
  readonly checks: CheckRecords;
  readonly commitRuns: CommitRunStore;
  readonly rateLimits: RateLimits;
  readonly revisions: RevisionStore;
  readonly repositoryIds: RepositoryIdStore;
  readonly fairnessQueue: FairnessQueue;
  readonly withdrawals: WithdrawalStore;
}

export interface StateStoreOptions {
  readonly client: DynamoDBDocumentClient;
  /** Physical name: `STATE_TABLE`. */
  readonly table: string;
  /** Returns milliseconds since the epoch; the system clock by default. */
  readonly now?: () => number;
  /** Waits before a contended write is retried; a timer by default. */
  readonly pause?: (milliseconds: number) => Promise<unknown>;
  /** Reads an item; with a request of its own by default. */
  readonly read?: ItemRead;
}

/** Returns the table that the stores share, for a function that needs few of them. */
export function createStateTable({
  client,
  table: name,
  now = Date.now,
  pause = setTimeout,
  read = readAlone(client, name),
}: StateStoreOptions): StateTable {
  return { client, name, now, pause, read };
}

export function createStateStore(options: StateStoreOptions): StateStore {
  const table = createStateTable(options);
  return {
    attempts: createAttemptStore(table),
    lineage: createLineageStore(table),
    looks: createLookStore(table),
    pause: createPauseStore(table),
    planProblems: createPlanProblemStore(table),
    observations: createObservationStore(table),
    sweep: createSweepStore(table),
    delays: createDelayStore(table),
    deliveryCheck: createDeliveryCheckStore(table),
    jobTokens: createJobTokenStore(table),
    ledger: createLedger(table),
    issues: createTrackingIssues(table),
    checks: createCheckRecords(table),
    commitRuns: createCommitRunStore(table),
    rateLimits: createRateLimits(table),
    revisions: createRevisionStore(table),
    repositoryIds: createRepositoryIdStore(table),
    fairnessQueue: createFairnessQueue(table),
    withdrawals: createWithdrawalStore(table),
  };
}
