import { type Fact, fullName, Outcome, type Trigger } from '@dispatcher/contracts';
import * as z from 'zod/mini';
import type { FactSummary } from './fact-summary.ts';

/** A run that a search found: where to look for it. */
export const RunSearchResult = z.object({
  runKey: z.string(),
  deliveryId: z.string(),
  time: z.iso.datetime(),
  /** Null where a key asked: then `key` is its name. */
  repository: z.nullable(z.string()),
  workflow: z.nullable(z.string()),
  key: z.nullable(z.string()),
  commit: z.nullable(z.string()),
  outcome: z.nullable(Outcome),
  dispatchId: z.nullable(z.string()),
});
export type RunSearchResult = z.infer<typeof RunSearchResult>;

/** A line of a search, and what it is found by: the partition keys of the indexes `by-search` and `by-commit`. */
export interface Findable {
  readonly found: RunSearchResult;
  readonly search: string;
  readonly commit?: string;
}

export const runIdSearch = (runId: string): string => `run#${runId}`;
export const dispatchSearch = (dispatchId: string): string => `dispatch#${dispatchId}`;

/**
 * A run is found by its id and its commit, the run of a dispatch by the dispatch's id, and what it started by its id.
 */
export function findableOf(fact: Fact): Findable | null {
  switch (fact.type) {
    case 'run.planned': {
      const { trigger: run, outcome } = fact.data;
      const found = { ...sourceOf(fact.runKey, run), time: fact.time, outcome, dispatchId: null };
      // A key's request is found by its dispatch and by what that started: it has neither run nor commit of its own.
      if (run.type !== 'run.completed') return null;
      return { found, search: runIdSearch(String(run.run.id)), commit: run.run.headSha };
    }
    case 'route.decided': {
      const { trigger: run, decision } = fact.data;
      const { dispatchId } = decision;
      const found = { ...sourceOf(fact.runKey, run), time: fact.time, outcome: null, dispatchId };
      return { found, search: dispatchSearch(dispatchId) };
    }
    case 'dispatch.accepted': {
      const { runKey, correlationId: deliveryId, time } = fact;
      const { workflowRunId, dispatchId, route } = fact.data;
      // Which run an event started is never known.
      if (workflowRunId === null || !('workflow' in route.target)) return null;
      const found = { runKey, deliveryId, time, ...route.target, key: null, commit: null, outcome: null, dispatchId };
      return { found, search: runIdSearch(String(workflowRunId)) };
    }
    default:
      return null;
  }
}

/** The run that a delivery told of, by a fact of the delivery's journey; null where the fact is about what followed. */
export function foundByDelivery(fact: FactSummary): RunSearchResult | null {
  const { correlationId: deliveryId, time } = fact;
  if (fact.type === 'run.planned') {
    const { trigger: run, outcome } = fact.data;
    return { ...sourceOf(fact.runKey, run), time, outcome, dispatchId: null };
  }
  if (fact.type === 'delivery.repeated') {
    const { runKey, data } = fact;
    const { repository, workflow } = data;
    return { runKey, deliveryId, time, repository, workflow, key: null, commit: null, outcome: null, dispatchId: null };
  }
  return null;
}

function sourceOf(runKey: string, origin: Trigger) {
  const { deliveryId } = origin;
  if (origin.type === 'dispatch.requested') {
    return { runKey, deliveryId, repository: null, workflow: null, key: origin.key.name, commit: null };
  }
  const { repository, workflow, run } = origin;
  return { runKey, deliveryId, repository: fullName(repository), workflow, key: null, commit: run.headSha };
}
