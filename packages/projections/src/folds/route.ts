import {
  Code,
  type Decision,
  type Fact,
  foldName,
  isDryRun,
  isLeftToAnotherRun,
  Responsible,
  Route,
} from '@dispatcher/contracts';
import * as z from 'zod/mini';
import { routeOf } from '../facts/about.ts';
import { decodeTime, shortOrderOf } from '../facts/order.ts';
import { type InboundUse, type RouteProjection, type RouteRow, RouteState } from '../read-models/schemas.ts';
import { addResults, decodeResults, statisticsOf } from './route-results.ts';

// Names and orders are short: a route with its results is written every minute in which it is used, and one write unit
// is 1 KB.

const Latest = z.object({
  order: z.string(),
  state: RouteState,
  runKey: z.string(),
  dispatchId: z.string(),
  code: z.optional(Code),
  conclusion: z.optional(z.nullable(z.string())),
  url: z.optional(z.nullable(z.string())),
});
const LatestDecision = z.object({
  order: z.string(),
  agreed: z.boolean(),
  code: Code,
  responsible: Responsible,
  message: z.string(),
});
const Success = z.object({ order: z.string(), runKey: z.string(), dispatchId: z.string(), url: z.string() });

/** Status, results and counts of one route. Its newest parts are the newest by order, whatever the order of the facts. */
export const FoldedRoute = z.object({
  route: Route,
  latest: Latest,
  decision: z.nullable(LatestDecision),
  /** `latest` if the newest step is also the newest success, as it is for a route that works. */
  success: z.nullable(z.union([z.literal('latest'), Success])),
  results: z.string(),
  allowed: z.int(),
  denied: z.int(),
  started: z.int(),
  failed: z.int(),
  completed: z.int(),
  succeeded: z.int(),
});
export type FoldedRoute = z.infer<typeof FoldedRoute>;

/** @param facts facts about this route */
export function foldRoute(known: FoldedRoute | null, facts: readonly Fact[]): FoldedRoute | null {
  let state = known;
  for (const fact of facts) state = foldFact(state, fact);
  return state === null ? null : { ...state, results: addResults(state.results, facts) };
}

function foldFact(known: FoldedRoute | null, fact: Fact): FoldedRoute | null {
  const of = routeOf(fact);
  const step = latestOf(fact);
  if (of === null || step === null) return known;
  const isNewest = known === null || isBefore(known.latest, step);
  const latest = isNewest ? step : known.latest;
  const succeeds = fact.type === 'dispatch.completed' && fact.data.conclusion === 'success';
  const success = newer(known === null ? null : successOf(known), succeeds ? successBy(fact, step) : null);
  return {
    route: isNewest ? of.route : known.route,
    latest,
    decision: newer(known?.decision ?? null, decisionOf(fact)),
    success: success !== null && success.order === latest.order ? 'latest' : success,
    results: known?.results ?? '',
    allowed: (known?.allowed ?? 0) + Number(step.state === 'allowed'),
    denied: (known?.denied ?? 0) + Number((step.state === 'denied' || step.state === 'dry-run') && !isLeft(step)),
    started: (known?.started ?? 0) + Number(step.state === 'accepted'),
    failed: (known?.failed ?? 0) + Number(step.state === 'failed'),
    completed: (known?.completed ?? 0) + Number(step.state === 'completed'),
    succeeded: (known?.succeeded ?? 0) + Number(succeeds),
  };
}

/** What is left to another run says nothing about the route, so every other step counts as newer. */
function isBefore(left: Latest, right: Latest): boolean {
  return isLeft(left) === isLeft(right) ? left.order < right.order : isLeft(left);
}

function isLeft({ code }: Latest): boolean {
  return code !== undefined && isLeftToAnotherRun({ code });
}

function newer<T extends { readonly order: string }>(left: T | null, right: T | null): T | null {
  if (left === null || right === null) return left ?? right;
  return left.order < right.order ? right : left;
}

type Latest = z.infer<typeof Latest>;
type Success = z.infer<typeof Success>;

function latestOf(fact: Fact): Latest | null {
  const order = shortOrderOf(fact);
  switch (fact.type) {
    case 'route.decided': {
      const { dispatchId, code } = fact.data.decision;
      return { order, state: stateOf(fact.data.decision), runKey: fact.runKey, dispatchId, code };
    }
    case 'dispatch.accepted': {
      const { dispatchId, htmlUrl: url } = fact.data;
      return { order, state: 'accepted', runKey: fact.runKey, dispatchId, url };
    }
    case 'dispatch.failed': {
      const { dispatchId, code } = fact.data;
      return { order, state: 'failed', runKey: fact.runKey, dispatchId, code };
    }
    case 'dispatch.completed': {
      const { dispatchId, conclusion, targetRunUrl: url } = fact.data;
      return { order, state: 'completed', runKey: fact.runKey, dispatchId, conclusion, url };
    }
    default:
      return null;
  }
}

function stateOf(decision: Decision): Latest['state'] {
  if (decision.effect === 'allow') return 'allowed';
  return isDryRun(decision) ? 'dry-run' : 'denied';
}

function decisionOf(fact: Fact): FoldedRoute['decision'] {
  if (fact.type !== 'route.decided' || isLeftToAnotherRun(fact.data.decision)) return null;
  const { effect, code, responsible, message } = fact.data.decision;
  return { order: shortOrderOf(fact), agreed: effect === 'allow', code, responsible, message };
}

function successBy(fact: Fact & { readonly type: 'dispatch.completed' }, { order }: Latest): Success {
  const { runKey, data } = fact;
  return { order, runKey, dispatchId: data.dispatchId, url: data.targetRunUrl };
}

function successOf({ latest, success }: FoldedRoute): Success | null {
  if (success !== 'latest') return success;
  const { order, runKey, dispatchId, url } = latest;
  return { order, runKey, dispatchId, url: url ?? '' };
}

/** Returns the lower-case repository whose workflow the route starts. */
export const targetOf = ({ route }: FoldedRoute): string => foldName(route.target.repository);

const failures: ReadonlySet<string | null | undefined> = new Set(['failure', 'startup_failure', 'timed_out']);

/** Returns whether the newest dispatch of a route could not be started, or its run failed. A refusal is not a failure. */
export const isFailing = ({ state, conclusion }: Pick<RouteRow, 'state' | 'conclusion'>): boolean =>
  state === 'failed' || (state === 'completed' && failures.has(conclusion));

export function routeRowOf(routeId: string, state: FoldedRoute): RouteRow {
  const { route, latest } = state;
  const { order, url, code, conclusion, ...rest } = latest;
  const results = decodeResults(state.results);
  return {
    routeId,
    route,
    time: decodeTime(order),
    ...rest,
    ...(code === undefined ? {} : { code }),
    ...(conclusion === undefined ? {} : { conclusion }),
    ...(url === undefined ? {} : { targetRunUrl: url }),
    results,
    ...statisticsOf(results),
    failing: isFailing(latest),
  };
}

export function routeProjectionOf(routeId: string, state: FoldedRoute): RouteProjection {
  const { results, successRate, p50DurationMs, failing: _, ...latest } = routeRowOf(routeId, state);
  const success = successOf(state);
  const { allowed, denied, started, failed, completed, succeeded } = state;
  return {
    routeId,
    route: state.route,
    latest,
    results,
    lastSuccess:
      success === null
        ? null
        : {
            time: decodeTime(success.order),
            runKey: success.runKey,
            dispatchId: success.dispatchId,
            targetRunUrl: success.url,
          },
    successRate,
    p50DurationMs,
    counts: { allowed, denied, started, failed, completed, succeeded },
    agreement: agreementOf(state),
  };
}

function agreementOf({ decision }: FoldedRoute): RouteProjection['agreement'] {
  if (decision === null) return null;
  const { order, ...rest } = decision;
  return { ...rest, decidedAt: decodeTime(order) };
}

/** Returns how the target's workflow is used by this route; null before its first decision. */
export function inboundUseOf(routeId: string, { route, decision, allowed, denied }: FoldedRoute): InboundUse | null {
  if (decision === null) return null;
  return { routeId, route, allowed, denied, lastAt: decodeTime(decision.order), lastCode: decision.code };
}
