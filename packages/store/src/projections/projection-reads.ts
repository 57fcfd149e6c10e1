import type { FactSummary } from '../facts/fact-summary.ts';
import type { RunSearchResult } from '../facts/run-search.ts';
import type { DeadLetterFilter } from '../lists/dead-letter-filter.ts';
import type { AuditFilter, DeliveryFilter, DispatchFilter } from '../lists/filters.ts';
import type { RouteFilter } from '../lists/route-filter.ts';
import type { AuditRow, DeliveryRow, DispatchRow } from '../lists/rows.ts';
import type { Page, PageRequest } from '../pages.ts';
import type {
  DeadLetter,
  DeadLetterSummary,
  InboundUse,
  Installation,
  Queues,
  Repository,
  RepositoryRow,
  RouteProjection,
  RouteRow,
  StatusFigures,
  Summary,
  SummaryWindow,
  Trend,
} from '@dispatcher/projections';

/** Search criterion for a run: GitHub's run id (source or target), a source commit, a delivery, or a dispatch id. */
export type RunSearch =
  | { readonly by: 'run-id'; readonly value: string }
  | { readonly by: 'commit'; readonly value: string }
  | { readonly by: 'delivery'; readonly value: string }
  | { readonly by: 'dispatch'; readonly value: string };

/**
 * Reads the projections. Every read is one `GetItem` or one `Query` page of what is stored; null if nothing is.
 * @throws InvalidCursorError for a cursor of another list
 * @throws StoredItemError for an item that does not match its schema
 */
export interface ProjectionReads {
  /** Null before the first roll-up. */
  summary(window: SummaryWindow): Promise<Summary | null>;
  trend(): Promise<Trend | null>;
  queues(): Promise<Queues | null>;
  /** The figures behind the status. Null before the first roll-up. */
  status(): Promise<StatusFigures | null>;
  deadLetterSummary(): Promise<DeadLetterSummary | null>;
  /** Newest first, in any state. @param queue source queue: `runs`, `decisions`, `facts`, `undelivered-events` */
  deadLetters(queue: string, request: PageRequest & DeadLetterFilter): Promise<Page<DeadLetter>>;
  /** By name. */
  repositories(request: PageRequest): Promise<Page<RepositoryRow>>;
  /** @param fullName `owner/name`, any case */
  repository(fullName: string): Promise<Repository | null>;
  /** The routes into the repository, by route id. */
  inboundUses(fullName: string, request: PageRequest): Promise<Page<InboundUse>>;
  /** By target repository, then by route id. */
  routes(request: PageRequest & RouteFilter): Promise<Page<RouteRow>>;
  routeProjection(routeId: string): Promise<RouteProjection | null>;
  installations(request: PageRequest): Promise<Page<Installation>>;
  /** Newest first. A delivery is listed once its run was delayed, planned, repeated, ignored, or dead-lettered. */
  deliveries(request: PageRequest & DeliveryFilter): Promise<Page<DeliveryRow>>;
  /** The runs and requests of these deliveries. A run that was delivered under two GUIDs is listed for each. */
  runs(request: PageRequest & DeliveryFilter): Promise<Page<RunSearchResult>>;
  /** Newest first. */
  audit(request: PageRequest & AuditFilter): Promise<Page<AuditRow>>;
  /** One row per dispatch with its newest step, newest dispatch first. */
  dispatches(request: PageRequest & DispatchFilter): Promise<Page<DispatchRow>>;
  /** Every fact of one dispatch including its decision, oldest first. */
  dispatch(dispatchId: string, request: PageRequest): Promise<Page<FactSummary>>;
  /** Newest first. */
  findRuns(search: RunSearch, request: PageRequest): Promise<Page<RunSearchResult>>;
}
