import type { Fact } from '@dispatcher/contracts';
import { orderOf } from '../facts/fact-keys.ts';
import * as z from 'zod/mini';
import { RouteProjection, RouteResult, RouteRow } from './projection-schemas.ts';
import { routeRowOf } from './latest-rows.ts';

/** Number of results in a route projection, newest first. */
export const maxRouteResults = 30;

type Agreement = NonNullable<RouteProjection['agreement']>;
type Ordered<T> = { readonly order: string; readonly value: T };

const ordered = <T extends z.core.$ZodType>(value: T) => z.object({ order: z.string(), value });

/** State of a route besides its results: one item. Each part is the newest of its kind, by order. */
export const RouteStatus = z.object({
  latest: ordered(RouteRow),
  agreement: z.nullable(ordered(RouteProjection.shape.agreement.def.innerType)),
  lastSuccess: z.nullable(ordered(RouteResult)),
  /** Success rate of the newest results; null without results. */
  successRate: z.nullable(z.number()),
});
export type RouteStatus = z.infer<typeof RouteStatus>;

/** Returns the fact's final result; null for facts without one, such as an allowed decision. */
export function resultOf(fact: Fact): RouteResult | null {
  const { id: factId, time } = fact;
  switch (fact.type) {
    case 'route.decided': {
      const { effect, dispatchId, code } = fact.data.decision;
      if (effect === 'allow') return null;
      const { runKey } = fact;
      return { factId, time, runKey, dispatchId, state: 'denied', code, conclusion: null, targetRunUrl: null };
    }
    case 'dispatch.failed': {
      const { dispatchId, code } = fact.data;
      const { runKey } = fact;
      return { factId, time, runKey, dispatchId, state: 'failed', code, conclusion: null, targetRunUrl: null };
    }
    case 'dispatch.completed': {
      const { dispatchId, conclusion, targetRunUrl, code = null } = fact.data;
      return { factId, time, runKey: fact.runKey, dispatchId, state: 'completed', code, conclusion, targetRunUrl };
    }
    case 'dispatch.accepted': {
      const { dispatchId, workflowRunId, htmlUrl: targetRunUrl, code = null } = fact.data;
      if (workflowRunId !== null) return null;
      const state = 'accepted-unverified';
      return { factId, time, runKey: fact.runKey, dispatchId, state, code, conclusion: null, targetRunUrl };
    }
    default:
      return null;
  }
}

const succeeded = ({ state, conclusion }: RouteResult): boolean => state === 'completed' && conclusion === 'success';

function newer<T>(a: Ordered<T> | null, b: Ordered<T> | null): Ordered<T> | null {
  if (a === null || b === null) return a ?? b;
  return a.order < b.order ? b : a;
}

/**
 * What is known after these facts of one route, in whatever order and however often they are merged.
 * @param known null where nothing is yet
 * @param results the newest of the route, those of the facts included; null where none of the facts is a result
 */
export function mergeStatus(
  known: RouteStatus | null,
  facts: readonly Fact[],
  results: readonly RouteResult[] | null,
): RouteStatus | null {
  let merged = known;
  for (const fact of facts) merged = mergeFact(merged, fact);
  if (merged === null || results === null || results.length === 0) return merged;
  return { ...merged, successRate: results.filter(succeeded).length / results.length };
}

function mergeFact(known: RouteStatus | null, fact: Fact): RouteStatus | null {
  const row = routeRowOf(fact);
  if (row === null) return known;
  const order = orderOf(fact);
  const result = resultOf(fact);
  const success = result !== null && succeeded(result) ? { order, value: result } : null;
  const latest = { order, value: row };
  return {
    latest: newer(known?.latest ?? null, latest) ?? latest,
    agreement: newer(known?.agreement ?? null, agreementOf(fact)),
    lastSuccess: newer(known?.lastSuccess ?? null, success),
    successRate: known?.successRate ?? null,
  };
}

function agreementOf(fact: Fact): Ordered<Agreement> | null {
  if (fact.type !== 'route.decided') return null;
  const { effect, code, responsible, message } = fact.data.decision;
  return {
    order: orderOf(fact),
    value: { agreed: effect === 'allow', code, responsible, message, decidedAt: fact.time },
  };
}
