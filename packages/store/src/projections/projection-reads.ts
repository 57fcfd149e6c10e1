import type { DeadLetterFilter } from '../lists/dead-letter-filter.ts';
import type { RouteFilter } from '../lists/route-filter.ts';
import type { GraphOwner, GraphRepository } from '@dispatcher/contracts';
import type { IsSeen, Page, PageRequest } from '../pages.ts';
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
  SweepProgress,
  Trend,
} from '@dispatcher/projections';

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
  /**
   * By target repository, then by route id. With a state or a code, a page contains the matches of up to 2,000 routes, so
   * it can be short or empty and still have a cursor.
   */
  routes(request: PageRequest & RouteFilter, isSeen?: IsSeen<RouteRow>): Promise<Page<RouteRow>>;
  routeProjection(routeId: string): Promise<RouteProjection | null>;
  /** The owners of the consent graph, by name. */
  graphOwners(request: PageRequest): Promise<Page<GraphOwner>>;
  /** The repositories of an owner with their edges, by name. */
  graph(owner: string, request: PageRequest): Promise<Page<GraphRepository>>;
  /** @param fullName `owner/name`, any case */
  graphRepository(fullName: string): Promise<GraphRepository | null>;
  /** The progress of the sweep through each installation. */
  sweeps(request: PageRequest): Promise<Page<SweepProgress>>;
  installations(request: PageRequest): Promise<Page<Installation>>;
}
