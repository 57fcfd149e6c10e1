export * from './access/index.ts';
export {
  type CheckNeeds,
  type CheckReads,
  type CheckReadsOptions,
  type CheckSnapshot,
  createCheckReads,
} from './check-reads.ts';
export {
  createDispatchReads,
  type DispatchNeeds,
  type DispatchReads,
  type DispatchReadsOptions,
  type DispatchSnapshot,
} from './dispatch-reads.ts';
export * from './document-client.ts';
export { InvalidCursorError } from './cursor.ts';
export { createFactStore, type FactStore, type FactStoreOptions } from './fact-store.ts';
export { parseFact } from './facts/fact-bytes.ts';
export { auditActions, FactLine } from './facts/fact-line.ts';
export type { FactReads } from './facts/read-facts.ts';
export { RecordedFact, recordedFacts } from './facts/recorded-fact.ts';
export { HistoryFact, runHistory, RunRevision } from './facts/run-history.ts';
export { type RunSearch, RunSearchResult } from './facts/run-search.ts';
export { factsOfRun, routesOfFacts } from './facts/whole-run.ts';
export type { DeadLetterFilter } from './lists/dead-letter-filter.ts';
export {
  type AuditFilter,
  type DeliveryFilter,
  type DispatchFilter,
  type FactFilter,
  filteredKinds,
  listedFactTypes,
  matchesFact,
} from './lists/filters.ts';
export { filteredRouteStates, type RouteFilter } from './lists/route-filter.ts';
export { maxExamined, type ListReads } from './lists/read-lists.ts';
export { AuditRow, DeliveryRow, DispatchRow } from './lists/rows.ts';
export type { IsSeen, Page, PageRequest, TimeRange } from './pages.ts';
export type { RebuildReport } from './log/rebuild.ts';
export type { Difference, VerifyReport } from './log/verify.ts';
export { FactTooLargeError } from './log/record-facts.ts';
export { type FoldReport, LogRestoredError } from './log/fold-log.ts';
export { maxShards } from './log/log-keys.ts';
export { type CandidateStore, createCandidateStore } from './projections/candidate-store.ts';
export { createSweepProgressStore, type SweepProgressStore } from './projections/sweep-progress.ts';
export { type BudgetStore, createBudgetStore } from './projections/budgets.ts';
export * from './plans/index.ts';
export type { ConsentIndex, ObservedConfig } from './projections/consent-index.ts';
export type { ProjectionReads } from './projections/projection-reads.ts';
export type { RollUp } from './projections/roll-up.ts';
export * from './state/index.ts';
export { type StoredItem, StoredItemError } from './stored-item.ts';
export {
  DeadLetter,
  DeadLetterState,
  DeadLetterSummary,
  type Freshness,
  HourlyActivity,
  InboundUse,
  Installation,
  Latency,
  Queues,
  Repository,
  RepositoryRow,
  RouteProjection,
  RouteResult,
  RouteRow,
  RouteState,
  RouteStatus,
  Status,
  StatusCheck,
  StatusFigures,
  statusOf,
  Summary,
  SummaryWindow,
  SweepProgress,
  Trend,
} from '@dispatcher/projections';
