export * from './access/index.ts';
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
export { FactSummary } from './facts/fact-summary.ts';
export type { FactReads } from './facts/read-facts.ts';
export { HistoryFact, runHistory, RunRevision } from './facts/run-history.ts';
export { RunSearchResult } from './facts/run-search.ts';
export { factsOfRun, routesOfFacts } from './facts/whole-run.ts';
export type { DeadLetterFilter } from './lists/dead-letter-filter.ts';
export { type AuditFilter, type DeliveryFilter, type DispatchFilter, filteredKinds } from './lists/filters.ts';
export { filteredRouteStates, type RouteFilter } from './lists/route-filter.ts';
export { auditActions, AuditRow, DeliveryRow, DispatchRow } from './lists/rows.ts';
export type { Page, PageRequest, TimeRange } from './pages.ts';
export type { RebuildReport } from './log/rebuild.ts';
export type { Difference, VerifyReport } from './log/verify.ts';
export { FactTooLargeError } from './log/record-facts.ts';
export { type FoldReport, LogRestoredError } from './log/fold-log.ts';
export { maxShards } from './log/log-keys.ts';
export { type BudgetStore, createBudgetStore } from './projections/budgets.ts';
export * from './plans/index.ts';
export type { ProjectionReads, RunSearch } from './projections/projection-reads.ts';
export type { RollUp } from './projections/roll-up.ts';
export * from './state/index.ts';
export { StoredItemError } from './stored-item.ts';
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
  StatusFigures,
  statusOf,
  Summary,
  SummaryWindow,
  Trend,
} from '@dispatcher/projections';
