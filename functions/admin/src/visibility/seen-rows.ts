import { codes } from '@dispatcher/contracts';
import type {
  DeliveryRow,
  DispatchRow,
  InboundUse,
  RouteProjection,
  RouteResult,
  RouteRow,
  RouteStatus,
  RunSearchResult,
} from '@dispatcher/store';
import { codeSeenBySource, isSeenByTarget, reasonSeenBySource } from './seen-codes.ts';
import { repositoryOfTarget } from './seen-lines.ts';
import { type LimitedViewer, seenSides, sees, withoutSource } from './viewer.ts';

// The rows of lists and the routes as the viewer sees them; null for what is hidden.

export function deliverySeenBy(viewer: LimitedViewer, row: DeliveryRow): DeliveryRow | null {
  // A message that became a dead letter is not known to be of any repository.
  if (row.kind === 'dead-lettered') return null;
  const about = row.kind === 'requested' ? repositoryOfTarget(row.target) : row.repository;
  return about !== null && sees(viewer, about) ? row : null;
}

export function searchResultSeenBy(viewer: LimitedViewer, result: RunSearchResult): RunSearchResult | null {
  return result.repository !== null && sees(viewer, result.repository) ? result : null;
}

export function dispatchSeenBy(viewer: LimitedViewer, row: DispatchRow): DispatchRow | null {
  // A message names the other side, or quotes what GitHub said about it.
  const { message: _, ...own } = row;
  switch (seenSides(viewer, row.route)) {
    case 'both':
      return row;
    case 'source': {
      const code = row.state === 'failed' && row.code !== null ? codeSeenBySource(row.code) : null;
      const state = row.state === 'failed' ? 'failed' : 'accepted';
      // `updatedAt` would say when the run of the target ended.
      return { ...own, state, code, conclusion: null, targetRunUrl: null, updatedAt: row.time };
    }
    case 'target':
      return isSeenByTarget(row.code) ? { ...own, route: withoutSource(row.route) } : null;
    default:
      return null;
  }
}

export function routeSeenBy(viewer: LimitedViewer, row: RouteRow): RouteRow | null {
  switch (seenSides(viewer, row.route)) {
    case 'both':
      return row;
    case 'source': {
      const results = row.results.map(resultSeenBySource);
      const failing = row.state === 'failed';
      return { ...statusSeenBySource(row), results, successRate: null, p50DurationMs: null, failing };
    }
    case 'target':
      return isSeenByTarget(row.code) ? { ...row, route: withoutSource(row.route) } : null;
    default:
      return null;
  }
}

export function projectionSeenBy(viewer: LimitedViewer, route: RouteProjection): RouteProjection | null {
  switch (seenSides(viewer, route.route)) {
    case 'both':
      return route;
    case 'source': {
      const { counts, agreement } = route;
      return {
        ...route,
        latest: statusSeenBySource(route.latest),
        results: route.results.map(resultSeenBySource),
        successRate: null,
        p50DurationMs: null,
        lastSuccess: null,
        counts: { ...counts, completed: 0, succeeded: 0 },
        agreement: agreement === null ? null : { ...agreement, ...reasonSeenBySource(agreement) },
      };
    }
    case 'target': {
      const { latest, agreement } = route;
      if (!isSeenByTarget(latest.code)) return null;
      const own = agreement !== null && isSeenByTarget(agreement.code) ? agreement : null;
      // A message names the source.
      return {
        ...route,
        route: withoutSource(route.route),
        latest: { ...latest, route: withoutSource(route.route) },
        agreement: own === null ? null : { ...own, message: codes[own.code].title },
      };
    }
    default:
      return null;
  }
}

/** @param use of a repository that the viewer sees */
export function inboundUseSeenBy(viewer: LimitedViewer, use: InboundUse): InboundUse | null {
  if (seenSides(viewer, use.route) === 'both') return use;
  return isSeenByTarget(use.lastCode) ? { ...use, route: withoutSource(use.route) } : null;
}

function statusSeenBySource<Status extends RouteStatus>(status: Status): Status {
  const { conclusion: _, targetRunUrl: __, code, state, ...rest } = status;
  const reason = code === undefined ? {} : { code: codeSeenBySource(code) };
  return { ...rest, state: state === 'completed' ? 'accepted' : state, ...reason } as Status;
}

const resultSeenBySource = (result: RouteResult): RouteResult =>
  result.state === 'completed'
    ? { ...result, state: 'accepted-unverified', conclusion: null, durationMs: null }
    : result;
