import { type DeliveryIgnored, type Fact, fullName, Outcome, type Trigger } from '@dispatcher/contracts';
import * as z from 'zod/mini';
import type { DeliveryRow } from '../lists/rows.ts';
import type { FactSummary } from './fact-summary.ts';

/** One result of a search for runs. */
export const RunSearchResult = z.object({
  runKey: z.string(),
  deliveryId: z.string(),
  time: z.iso.datetime(),
  /** Null for a request by an API key: `key` is then the key's name. */
  repository: z.nullable(z.string()),
  /** Null for a request by an API key, and for a run that belongs to no workflow file. */
  workflow: z.nullable(z.string()),
  key: z.nullable(z.string()),
  commit: z.nullable(z.string()),
  outcome: z.nullable(Outcome),
  dispatchId: z.nullable(z.string()),
});
export type RunSearchResult = z.infer<typeof RunSearchResult>;

/** A search result with its partition keys in the indexes `by-search` and `by-commit`. */
export interface SearchEntry {
  readonly result: RunSearchResult;
  readonly search: string;
  readonly commit?: string;
}

export const runIdSearch = (runId: string): string => `run#${runId}`;
export const dispatchSearch = (dispatchId: string): string => `dispatch#${dispatchId}`;

/**
 * Returns what a search finds by this fact. A source run is found by its id and commit, an ignored run by its id, the run behind a dispatch by the
 * dispatch id, and a started run by its id.
 */
export function searchEntryOf(fact: Fact): SearchEntry | null {
  switch (fact.type) {
    case 'run.planned': {
      const { trigger: run, outcome } = fact.data;
      const result = { ...sourceOf(fact.runKey, run), time: fact.time, outcome, dispatchId: null };
      // A request by an API key has no run and no commit. It is found by its dispatch and by the run that started.
      if (run.type !== 'run.completed') return null;
      return { result, search: runIdSearch(String(run.run.id)), commit: run.run.headSha };
    }
    case 'delivery.ignored': {
      const search = runIdSearch(fact.runKey.split('-')[1] ?? '');
      return { result: ignoredResult(fact), search };
    }
    case 'route.decided': {
      const { trigger: run, decision } = fact.data;
      const { dispatchId } = decision;
      const result = { ...sourceOf(fact.runKey, run), time: fact.time, outcome: null, dispatchId };
      return { result, search: dispatchSearch(dispatchId) };
    }
    case 'dispatch.accepted': {
      const { runKey, correlationId: deliveryId, time } = fact;
      const { workflowRunId, dispatchId, route } = fact.data;
      // GitHub never reports which run an event started.
      if (workflowRunId === null || !('workflow' in route.target)) return null;
      const result = { runKey, deliveryId, time, ...route.target, key: null, commit: null, outcome: null, dispatchId };
      return { result, search: runIdSearch(String(workflowRunId)) };
    }
    default:
      return null;
  }
}

/** Returns the run of a delivery from a fact of its timeline; null for facts about later steps. */
export function resultOfDelivery(fact: FactSummary): RunSearchResult | null {
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
  if (fact.type === 'delivery.ignored') return ignoredResult(fact);
  return null;
}

/** Returns the run of a row of the list of deliveries. */
export function resultOfRow(row: DeliveryRow): RunSearchResult {
  const { runKey, deliveryId, time } = row;
  return {
    runKey,
    deliveryId,
    time,
    repository: 'repository' in row ? row.repository : null,
    workflow: 'workflow' in row ? row.workflow : null,
    key: 'key' in row ? row.key : null,
    commit: 'commit' in row ? row.commit : null,
    outcome: 'outcome' in row ? row.outcome : null,
    dispatchId: null,
  };
}

function ignoredResult({ runKey, correlationId: deliveryId, time, data }: DeliveryIgnored): RunSearchResult {
  const nothing = { workflow: null, key: null, commit: null, outcome: null, dispatchId: null };
  return { runKey, deliveryId, time, repository: data.repository, ...nothing };
}

function sourceOf(runKey: string, trigger: Trigger) {
  const { deliveryId } = trigger;
  if (trigger.type === 'dispatch.requested') {
    return { runKey, deliveryId, repository: null, workflow: null, key: trigger.key.name, commit: null };
  }
  const { repository, workflow, run } = trigger;
  return { runKey, deliveryId, repository: fullName(repository), workflow, key: null, commit: run.headSha };
}
