import type { Code, Fact, Route } from '@dispatcher/contracts';
import { orderOf, routeIdOf } from './keys.ts';

/** What was heard of a route last. */
export interface RouteStatus {
  readonly routeId: string;
  readonly route: Route;
  readonly state: 'allowed' | 'denied' | 'accepted' | 'failed' | 'completed';
  readonly time: string;
  readonly runKey: string;
  readonly dispatchId: string;
  /** The decision's, or the refusal's; absent where GitHub took the dispatch. */
  readonly code?: Code;
  readonly conclusion?: string | null;
  readonly targetRunUrl?: string | null;
}

export function routeStatusKey(routeId: string) {
  return { pk: `route#${routeId}`, sk: 'latest' };
}

export interface LatestStatus {
  readonly order: string;
  readonly status: RouteStatus;
}

export function statusOf(fact: Fact): RouteStatus | null {
  const { time } = fact;
  switch (fact.type) {
    case 'route.decided': {
      const { routeId, route, effect, dispatchId, code } = fact.data.decision;
      const state = effect === 'allow' ? 'allowed' : 'denied';
      return { routeId, route, state, time, runKey: fact.runKey, dispatchId, code };
    }
    case 'dispatch.accepted': {
      const { routeId, route, dispatchId, htmlUrl: targetRunUrl } = fact.data;
      return { routeId, route, state: 'accepted', time, runKey: fact.runKey, dispatchId, targetRunUrl };
    }
    case 'dispatch.failed': {
      const { routeId, route, dispatchId, code } = fact.data;
      return { routeId, route, state: 'failed', time, runKey: fact.runKey, dispatchId, code };
    }
    case 'dispatch.completed': {
      const { routeId, route, dispatchId, conclusion, targetRunUrl } = fact.data;
      return { routeId, route, state: 'completed', time, runKey: fact.runKey, dispatchId, conclusion, targetRunUrl };
    }
    default:
      return null;
  }
}

/** The newest status of every route in the batch. The same order decides between batches, at the write. */
export function latestStatuses(facts: readonly Fact[]): LatestStatus[] {
  const latest = new Map<string, LatestStatus>();
  for (const fact of facts) {
    const routeId = routeIdOf(fact);
    const status = statusOf(fact);
    if (routeId === undefined || status === null) continue;
    const order = orderOf(fact);
    const known = latest.get(routeId);
    if (known === undefined || known.order < order) latest.set(routeId, { order, status });
  }
  return [...latest.values()];
}
