import { ProblemError } from '@dispatcher/lambda';
import {
  type DeliveryRow,
  type DispatchRow,
  type FactFilter,
  type FactLine,
  type IsSeen,
  matchesFact,
  type Page,
  type PageRequest,
  type RouteRow,
  type RunSearchResult,
} from '@dispatcher/store';
import type { ApiReads } from '../resources/api-reads.ts';
import { openCursor, sealCursor } from './sealed-cursor.ts';
import { factsSeenBy, planSeenBy } from './seen-history.ts';
import { lineSeenBy } from './seen-lines.ts';
import {
  deliverySeenBy,
  dispatchSeenBy,
  inboundUseSeenBy,
  projectionSeenBy,
  routeSeenBy,
  searchResultSeenBy,
} from './seen-rows.ts';
import { graphOwnerSeenBy, graphRepositorySeenBy } from './seen-graph.ts';
import { type LimitedViewer, sees } from './viewer.ts';

/** @throws ProblemError 403 */
async function refuse(): Promise<never> {
  throw new ProblemError(
    403,
    'This page shows every repository, and you see those that you may read at GitHub. Ask an operator.',
  );
}

/**
 * Returns the reads of a viewer who sees some repositories only. What such a viewer sees of the others is said here and
 * nowhere else; a read that is not listed is refused. Pages can become shorter, or empty with a cursor.
 */
export function visibleReads(reads: ApiReads, viewer: LimitedViewer): ApiReads {
  const refused = Object.fromEntries(Object.keys(reads).map((name) => [name, refuse])) as unknown as ApiReads;
  const { cursorKey } = viewer;
  const opened = <Request extends PageRequest>(request: Request): Request =>
    request.cursor === undefined ? request : { ...request, cursor: openCursor(cursorKey, request.cursor) };
  const sealed = <Item, Seen>(page: Page<Item>, see: (item: Item) => Seen | null): Page<Seen> => ({
    items: page.items.flatMap((item) => see(item) ?? []),
    cursor: page.cursor === null ? null : sealCursor(cursorKey, page.cursor),
  });
  /**
   * Lists one page. Hidden items do not count towards its limit where the read can leave them out: a filter with a hidden
   * name would tell by the cursor whether it has matches.
   * @param see returns null for a hidden item
   */
  const list =
    <Request extends PageRequest, Item, Seen>(
      readPage: (request: Request, isSeen: IsSeen<Item>) => Promise<Page<Item>>,
      see: (item: Item, request: Request) => Seen | null,
    ) =>
    async (request: Request): Promise<Page<Seen>> => {
      const page = await readPage(opened(request), (item) => see(item, request) !== null);
      return sealed(page, (item) => see(item, request));
    };
  const isHidden = (repository: string | undefined) => repository !== undefined && !sees(viewer, repository);
  const line = (each: Parameters<typeof lineSeenBy>[1]) => lineSeenBy(viewer, each);
  /** A fact that matches a filter only by what is hidden would tell it. */
  const matchingLine = (each: FactLine, filter: FactFilter) => {
    const seen = line(each);
    return seen !== null && matchesFact(seen, filter) ? seen : null;
  };
  const resultSeen = (result: RunSearchResult) => searchResultSeenBy(viewer, result);
  const nothing = { items: [], cursor: null } as const;
  return {
    ...refused,
    // Numbers without names.
    summary: (window) => reads.summary(window),
    trend: () => reads.trend(),
    queues: () => reads.queues(),
    status: async () => {
      const figures = await reads.status();
      if (figures === null) return null;
      const { unseenPolicies: _, ...seen } = figures;
      return seen;
    },
    installations: list(
      (request: Parameters<ApiReads['installations']>[0]) => reads.installations(request),
      (each) => each,
    ),
    deadLetterSummary: async () => {
      const summary = await reads.deadLetterSummary();
      return summary === null
        ? null
        : {
            ...summary,
            groups: summary.groups.map(({ sample, ...of }) => ({ ...of, sample: { ...sample, detail: '' } })),
          };
    },
    // A blob id is known from a plan of a repository that is seen, or from the content itself.
    file: (blobId) => reads.file(blobId),
    deliveries: list(
      async (request: Parameters<ApiReads['deliveries']>[0], isSeen: IsSeen<DeliveryRow>) =>
        isHidden(request.repository) ? nothing : reads.deliveries(request, isSeen),
      (row) => deliverySeenBy(viewer, row),
    ),
    delivery: async (id, request) => sealed(await reads.delivery(id, opened(request)), line),
    runs: list(
      async (request: Parameters<ApiReads['runs']>[0], isSeen: IsSeen<RunSearchResult>) =>
        isHidden(request.repository) ? nothing : reads.runs(request, isSeen),
      resultSeen,
    ),
    findRuns: async (search, request) =>
      sealed(await reads.findRuns(search, opened(request), (result) => resultSeen(result) !== null), resultSeen),
    run: async (runKey, request) => {
      const { items, cursor } = await reads.run(runKey, opened(request));
      return sealed({ items: factsSeenBy(viewer, items), cursor }, (fact) => fact);
    },
    plans: async (runKey, request) =>
      sealed(await reads.plans(runKey, opened(request)), (plan) => planSeenBy(viewer, plan)),
    dispatches: list(
      (request: Parameters<ApiReads['dispatches']>[0], isSeen: IsSeen<DispatchRow>) =>
        reads.dispatches(request, isSeen),
      (row, request) => matching(dispatchSeenBy(viewer, row), request),
    ),
    dispatch: async (id, request) => sealed(await reads.dispatch(id, opened(request)), line),
    repositories: list(
      (request: Parameters<ApiReads['repositories']>[0]) => reads.repositories(request),
      (row) => (sees(viewer, row.repository) ? row : null),
    ),
    repository: async (name) => (sees(viewer, name) ? reads.repository(name) : null),
    repositoryFacts: async (name, request) =>
      sees(viewer, name) ? sealed(await reads.repositoryFacts(name, opened(request)), line) : nothing,
    inboundUses: async (name, request) =>
      sees(viewer, name)
        ? sealed(await reads.inboundUses(name, opened(request)), (use) => inboundUseSeenBy(viewer, use))
        : nothing,
    graphOwners: list(
      (request: Parameters<ApiReads['graphOwners']>[0]) => reads.graphOwners(request),
      (owner) => graphOwnerSeenBy(viewer, owner),
    ),
    graph: async (owner, request) =>
      sealed(await reads.graph(owner, opened(request)), (each) => graphRepositorySeenBy(viewer, each)),
    graphRepository: async (name) => {
      const repository = sees(viewer, name) ? await reads.graphRepository(name) : null;
      return repository === null ? null : graphRepositorySeenBy(viewer, repository);
    },
    routes: list(
      // A route from a hidden source would tell by its presence which one it is.
      async (request: Parameters<ApiReads['routes']>[0], isSeen: IsSeen<RouteRow>) =>
        isHidden(request.source) ? nothing : reads.routes(request, isSeen),
      (row, request) => matching(routeSeenBy(viewer, row), request),
    ),
    routeProjection: async (routeId) => {
      const route = await reads.routeProjection(routeId);
      return route === null ? null : projectionSeenBy(viewer, route);
    },
    routeFacts: async (routeId, request) => sealed(await reads.routeFacts(routeId, opened(request)), line),
    facts: async (feed, request) => {
      const page = await reads.facts(feed, opened(request), (each) => matchingLine(each, request) !== null);
      return sealed(page, (each) => matchingLine(each, request));
    },
    newestFacts: async (feed, limit) => (await reads.newestFacts(feed, limit)).flatMap((each) => line(each) ?? []),
  };
}

interface Reason {
  readonly state: string;
  /** Whether the filter `state=failing` accepts the row. */
  readonly failing?: boolean | undefined;
  readonly code?: string | null | undefined;
  readonly conclusion?: string | null | undefined;
}

/** Leaves out a row that matches a filter only by what the viewer may not see: the filter would tell. */
function matching<Row extends Reason>(
  row: Row | null,
  { state, code, conclusion }: { readonly [Name in 'state' | 'code' | 'conclusion']?: string | undefined },
): Row | null {
  return row !== null &&
    (isAs(state, row.state) || (state === 'failing' && row.failing === true)) &&
    isAs(code, row.code) &&
    isAs(conclusion, row.conclusion)
    ? row
    : null;
}

const isAs = (wanted: string | undefined, shown: string | null | undefined): boolean =>
  wanted === undefined || wanted === shown;
